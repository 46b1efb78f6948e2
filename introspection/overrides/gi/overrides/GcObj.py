# Arenas for Python: scopes as context managers, containers that act like
# Python's, and classes of records.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import inspect
import operator
import re
import sys
import types
import typing

import gi
from gi.overrides import override
from gi.module import get_introspection_module

# Before that PyGObject drops references to objects of fundamental types, or crashes.
if gi.version_info < (3, 48):
    raise ImportError(f'GcObj needs PyGObject 3.48, and this is {gi.__version__}')

from gi.repository import GLib, GObject

GcObj = get_introspection_module('GcObj')

__all__ = []


def export(thing):
    __all__.append(thing.__name__)
    return thing


## Values

# A container holds objects. What else Python has is wrapped on the way in, and
# is itself again on the way out.

def pack(m, value):
    """Gives a Python value as an object of the arena."""
    if value is None or isinstance(value, GcObj.Object):
        return value
    if isinstance(value, bool):
        return GcObj.Box.new_boolean(m, value)
    if isinstance(value, int):
        return GcObj.Box.new_int64(m, value)
    if isinstance(value, float):
        return GcObj.Box.new_double(m, value)
    if isinstance(value, str):
        return GcObj.String.new(m, text(value))
    if isinstance(value, bytes):
        return GcObj.Bytes.new(m, value)
    if isinstance(value, (GObject.Object, GObject.GBoxed)):
        return GcObj.Box.new(m, value)
    raise TypeError(f"an arena can't hold a {type(value).__name__}")


def text(value):
    if not isinstance(value, str):
        raise TypeError(f'a str is wanted, and no {type(value).__name__}')
    # PyGObject would end it there.
    if '\0' in value:
        raise ValueError("text in an arena can't contain a nul")
    return value


def pack_for(owner, value):
    """The same from anywhere, for an object of the owner's arena."""
    if value is None or isinstance(value, GcObj.Object):
        return value
    with owner.get_arena().mutation() as m:
        return pack(m, value)


def unpack_list(owner, list_function):
    # What a list holds is not referenced until Python has wrapped it: in a scope nobody collects.
    with owner.get_arena().mutation():
        return [unpack(value) for value in list_function()]


# By class; those of values are set where these are. What has none stays as it is.
unpackers = {}


def unpack(value):
    return unpackers[type(value)](value) if type(value) in unpackers else value


## Classes

def is_of_bindings(cls):
    """Whether PyGObject makes it, or an override does."""
    return cls.__module__.startswith(('gi.', '__gi__'))


@classmethod
def refuse_subclass(cls, **kwargs):
    if not is_of_bindings(cls):
        raise TypeError(f"{cls.__name__}: {cls.__mro__[1].__name__} can't be subclassed")


def forbid_subclasses(namespace, names):
    """GObject refuses as well, with a warning and a RuntimeError that does not say why."""
    for name in names:
        getattr(namespace, name).__init_subclass__ = refuse_subclass


forbid_subclasses(GcObj, ['Arena', 'Handle', 'ListModel', 'ListenerChain', 'Mutation', 'TraceFile', 'TypeCount'])


## Scopes

# What is called often is not looked for in the object each time.
begin, leave = GcObj.Arena.begin, GcObj.Mutation.leave


@export
@override
class Mutation(GcObj.Mutation):
    def __enter__(self):
        return self

    def __exit__(self, kind, exception, traceback):
        leave(self)


@export
@override
class Arena(GcObj.Arena):
    root = property(GcObj.Arena.get_root, GcObj.Arena.set_root)

    # A scope: `with arena.mutation() as m:`
    mutation = begin

    # The library's own swallows exceptions.
    def mutate(self, func, /, *args, **kwargs):
        """Calls func(m, …) in a scope and gives what it returns."""
        m = begin(self)
        try:
            return func(m, *args, **kwargs)
        finally:
            leave(m)


## Objects

class Meta(type(GcObj.Object)):
    # For each wrapper PyGObject asks the class for these. Python looks in all metaclasses first.
    __info__ = __gtype__ = None


@export
@override
class Object(GcObj.Object, metaclass=Meta):
    # Python compares and hashes wrappers by the object's address, which stays
    # as it is for as long as there is a wrapper.

    def __new__(cls, m, *args):
        if not hasattr(cls, 'new'):
            raise TypeError(f'there are no objects of type {cls.__name__} itself')
        return cls.new(m, *args)

    def __init__(self, *args, **kwargs):
        pass

    def __init_subclass__(cls, **kwargs):
        if not is_of_bindings(cls):
            raise TypeError(f'{cls.__name__}: only GcObj.Record can be subclassed in Python; see GcObj.record')
        super().__init_subclass__(**kwargs)
        # PyGObject makes classes of the library's private types, too.
        for base in cls.__mro__[1:]:
            if base in unpackers:
                unpackers[cls] = unpackers[base]
                break

    def __setattr__(self, name, value):
        # It would be lost with the wrapper, of which an object has many in its life.
        if not hasattr(type(self), name):
            raise AttributeError(f"a {type(self).__name__} can't have an attribute '{name}'")
        super().__setattr__(name, value)

    def __repr__(self):
        return f'<{self.to_string()}>'

    def __reduce_ex__(self, protocol):
        raise TypeError(f"a GcObj.Object can't be copied or pickled: this {type(self).__name__} belongs to an arena")


@export
@override
class String(GcObj.String):
    """Text, which str() gives."""

    def __new__(cls, m, value):
        return cls.new(m, text(value))

    def __str__(self):
        return self.get_text()


@export
@override
class Bytes(GcObj.Bytes):
    """Bytes, which bytes() gives."""

    def __bytes__(self):
        return self.get_data()

    def __len__(self):
        return self.get_size()


@export
@override
class Box(GcObj.Box):
    """A boolean, a number, a GObject or a boxed value as an object of the arena."""

    def __new__(cls, m, value):
        if isinstance(value, bool):
            return cls.new_boolean(m, value)
        if isinstance(value, int):
            return cls.new_int64(m, value)
        if isinstance(value, GcObj.Object):
            # PyGObject finds no type by itself for records.
            value = GObject.Value(GcObj.Object, value)
        elif not isinstance(value, (float, str, GObject.Object, GObject.GBoxed)):
            # Not any: the collector would not see what is in a list.
            raise TypeError(f"a box can't hold a {type(value).__name__}")
        return cls.new(m, value)

    @property
    def value(self):
        return self.get_value()


unpackers.update({
    String: GcObj.String.get_text,
    Bytes: GcObj.Bytes.get_data,
    Box: GcObj.Box.get_value,
})


## Containers

get_element, get_length = GcObj.Array.at, GcObj.Array.get_length
get_n_changes, list_range = GcObj.Array.get_n_changes, GcObj.Array.list_range

# How many elements are given one by one before they come in chunks; how long these are, at first and at most.
N_ALONE, FIRST_CHUNK, CHUNK = 8, 8, 32


def list_objects(array, index, most):
    """Gives elements as they are."""
    arena = array.get_arena()
    if arena.can_begin():
        with arena.mutation():          # see unpack_list()
            return list_range(array, index, most)
    # In a hook, where there are no scopes, one by one.
    list_range(array, index, 0)
    return [get_element(array, i) for i in range(index, min(index + most, get_length(array)))]


def list_chunk(array, index, n):
    """Gives the next elements, last first, and after how many changes: another thread may make more in between."""
    n_changes = get_n_changes(array)
    try:
        return list_objects(array, index, n)[::-1], n_changes
    except GLib.Error:
        return [], 0                    # it has become shorter


@export
@override
class Array(GcObj.Array):
    """A list: Array(m, values). Strings, numbers and so on become objects of the arena, and are themselves again."""

    def __new__(cls, m, values=()):
        return cls.new_from_list(m, [pack(m, value) for value in values])

    __len__ = get_length

    def _index(self, index, what=0):
        n = get_length(self) + what
        index = operator.index(index)
        if not -n <= index < n:
            raise IndexError(f'there is no element {index} in an array of {len(self)}')
        return index % n

    def __getitem__(self, index):
        if type(index) is int:
            try:
                value = get_element(self, index)
            except (GLib.Error, OverflowError):
                raise IndexError(f'there is no element {index} in an array of {len(self)}') from None
            return unpackers[type(value)](value) if type(value) in unpackers else value
        if isinstance(index, slice):
            return self.list()[index]
        return self[int(operator.index(index))]

    at = __getitem__

    def __setitem__(self, index, value):
        self.set(self._index(index), value)

    def __delitem__(self, index):
        self.remove(self._index(index))

    def __iter__(self):
        # As of a list: what comes is what is there by then, and the length is asked for when so many have come. Many
        # wrappers at once cost less, but whatever the program does meanwhile may change the array: it is asked.
        index = n = 0
        n_alone = patience = N_ALONE
        size = FIRST_CHUNK
        while index < n or index < (n := get_length(self)):
            if n_alone == 0 and n - index >= FIRST_CHUNK:
                chunk, n_changes = list_chunk(self, index, size)
                if not chunk:
                    return
                while chunk and get_n_changes(self) == n_changes:
                    value = chunk.pop()
                    index += 1
                    yield unpackers[type(value)](value) if type(value) in unpackers else value
                size = min(size * 2, CHUNK)
                if chunk:
                    # What is changed all the time is better asked for each.
                    patience *= 2
                    n_alone, size = patience, FIRST_CHUNK
                    chunk.clear()
                continue
            try:
                value = get_element(self, index)
            except GLib.Error:
                if index < get_length(self):
                    raise
                return
            index += 1
            if n_alone > 0:
                n_alone -= 1
            yield unpackers[type(value)](value) if type(value) in unpackers else value

    def __contains__(self, value):
        if isinstance(value, GcObj.Object):
            return self.contains(value)
        return any(value == element for element in self)

    def get(self, index):
        # A negative one is refused.
        value = get_element(self, index) if index >= 0 else super().get(index)
        return unpackers[type(value)](value) if type(value) in unpackers else value

    def list(self):
        return self.list_range(0, sys.maxsize)

    def list_range(self, index, most):
        return [unpack(value) for value in list_objects(self, index, most)]

    def set(self, index, value):
        super().set(index, pack_for(self, value))

    def append(self, value):
        super().append(pack_for(self, value))

    def extend(self, values):
        # All of them first: an array that is extended by itself would have no end.
        for value in tuple(values):
            self.append(value)

    def insert(self, index, value):
        super().insert(index, pack_for(self, value))

    def pop(self):
        if len(self) == 0:
            raise IndexError('the array is empty')
        return unpack(super().pop())


@export
@override
class Table(GcObj.Table):
    """A dict whose keys are strings or objects: Table(m, items). Its flags make keys or values weak."""

    def __new__(cls, m, items=(), *, flags=GcObj.TableFlags.STRONG):
        self = cls.new(m, flags)
        self.update(items)
        return self

    def __len__(self):
        return self.get_size()

    def __bool__(self):
        return len(self) > 0

    def __contains__(self, key):
        if isinstance(key, str):
            return self.contains_string(text(key))
        return isinstance(key, GcObj.Object) and self.contains(key)

    def __getitem__(self, key):
        # None may be a value.
        if key not in self:
            raise KeyError(key)
        return self.get(key)

    def __setitem__(self, key, value):
        value = pack_for(self, value)
        if isinstance(key, str):
            self.insert_string(text(key), value)
        elif isinstance(key, GcObj.Object):
            self.insert(key, value)
        else:
            raise TypeError(f"a key is a str or an object, and no {type(key).__name__}")

    def __delitem__(self, key):
        if key not in self:
            raise KeyError(key)
        if isinstance(key, str):
            self.remove_string(key)
        else:
            self.remove(key)

    def __iter__(self):
        return iter(self.keys())

    def get(self, key, default=None):
        if key not in self:
            return default
        return unpack(self.lookup_string(key) if isinstance(key, str) else self.lookup(key))

    def keys(self):
        return unpack_list(self, self.list_keys)

    def values(self):
        return unpack_list(self, self.list_values)

    def items(self):
        # No entry of a weak table goes in a scope.
        with self.get_arena().mutation():
            return list(zip(self.keys(), self.values()))

    def update(self, items):
        for key, value in items.items() if hasattr(items, 'items') else items:
            self[key] = value

    # The library's own swallows exceptions.
    def foreach(self, func):
        for key, value in self.items():
            func(key, value)


@export
@override
class RootSet(GcObj.RootSet):
    """Objects that are kept alive: RootSet(m)."""

    def __len__(self):
        return self.get_size()

    def __contains__(self, key):
        return self.contains(key)


@export
@override
class WeakRef(GcObj.WeakRef):
    """Refers to an object without keeping it alive; a call gives the object, or None."""

    # As weakref.ref() is used.
    __call__ = GcObj.WeakRef.upgrade


## Records

FIELD_TYPES = {
    str: GObject.TYPE_STRING,
    int: GObject.TYPE_INT64,
    float: GObject.TYPE_DOUBLE,
    bool: GObject.TYPE_BOOLEAN,
    bytes: GcObj.Bytes.__gtype__,
    object: GcObj.Object.__gtype__,
    typing.Any: GcObj.Object.__gtype__,
}


def field_type(cls, name, annotation):
    """The GType of an annotation; the class that is being made is TYPE_NONE."""
    if isinstance(annotation, str):
        names = getattr(sys.modules.get(cls.__module__), '__dict__', {})
        annotation = eval(annotation, names, {cls.__name__: cls})
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        rest = [a for a in typing.get_args(annotation) if a is not type(None)]
        if len(rest) == 1:
            return field_type(cls, name, rest[0])
    if annotation is cls:
        return GObject.TYPE_NONE
    if isinstance(annotation, GObject.GType):
        return annotation
    if annotation in FIELD_TYPES:
        return FIELD_TYPES[annotation]
    if isinstance(annotation, type) and hasattr(annotation, '__gtype__'):
        return annotation.__gtype__
    raise TypeError(f"{cls.__name__}.{name}: a field can't be a {annotation!r}")


def type_name(cls):
    """Names of GTypes are the process's: module and class, in the letters that GType allows."""
    name = f'{cls.__module__}.{cls.__qualname__}'.replace('.<locals>', '').replace('.', '+')
    return re.sub(r'[^A-Za-z0-9_+]', lambda match: f'-{ord(match[0]):x}', name)


def accessors(name, gtype):
    """How a field is read and written; the library's methods are looked for once."""
    # A number, which PyGObject need not copy.
    field = GLib.quark_from_string(name)
    if gtype.is_a(GcObj.Object):
        get, set_ = GcObj.Record.id_get_object, GcObj.Record.id_set_object
        return lambda self: unpack(get(self, field)), lambda self, value: set_(self, field, pack_for(self, value))
    if gtype == GObject.TYPE_STRING:
        get, set_ = GcObj.Record.id_get_string, GcObj.Record.id_set_string
        return (lambda self: get(self, field),
                lambda self, value: set_(self, field, None if value is None else text(value)))
    if gtype == GObject.TYPE_BOOLEAN:
        get, set_ = GcObj.Record.id_get_boolean, GcObj.Record.id_set_boolean
    elif gtype == GObject.TYPE_INT64:
        get, set_, index = GcObj.Record.id_get_int64, GcObj.Record.id_set_int64, operator.index
        # PyGObject would cut a float.
        return lambda self: get(self, field), lambda self, value: set_(self, field, index(value))
    elif gtype == GObject.TYPE_DOUBLE:
        get, set_ = GcObj.Record.id_get_double, GcObj.Record.id_set_double
    else:
        get, set_ = GcObj.Record.get_value, GcObj.Record.set_value
        return (lambda self: get(self, name)[1],
                lambda self, value: set_(self, name, GObject.Value(gtype, value)))
    return lambda self: get(self, field), lambda self, value: set_(self, field, value)


@export
@override
class Record(GcObj.Record):
    """What classes of records derive from; see record()."""

    # Fields' names don't begin so.
    __defaults__ = {}
    __setters__ = {}

    def __new__(cls, m, **fields):
        self = GcObj.Record.new(m, cls)
        for name, value in {**cls.__defaults__, **fields}.items():
            if not self.has_field(name):
                raise TypeError(f"a {cls.__name__} has no field '{name}'")
            setattr(self, name, value)
        return self

    def __init_subclass__(cls, **kwargs):
        # Not the parent's, which refuses. PyGObject registers no type where one is given.
        super(GcObj.Object, cls).__init_subclass__(**kwargs)
        if '__gtype__' not in cls.__dict__:
            hints = {name: annotation for name, annotation in inspect.get_annotations(cls).items()
                     if typing.get_origin(annotation) is not typing.ClassVar}
            cls.__defaults__ = {**cls.__defaults__,
                                **{name: cls.__dict__[name] for name in hints if name in cls.__dict__}}
            cls.__gtype__ = GcObj.Record.type_register(
                type_name(cls), cls.__gtype__, list(hints),
                [field_type(cls, name, annotation) for name, annotation in hints.items()])
            cls.__gtype__.pytype = cls
        for name in GcObj.Record.type_list_fields(cls.__gtype__):
            if not isinstance(getattr(cls, name, None), property):
                gtype = GcObj.Record.type_get_field_type(cls.__gtype__, name)
                setattr(cls, name, property(*accessors(name, gtype)))
        # By name, which is quicker than by way of what all objects do.
        cls.__setters__ = {name: getattr(cls, name).fset for name in GcObj.Record.type_list_fields(cls.__gtype__)}

    def __setattr__(self, name, value):
        setter = self.__setters__.get(name)
        if setter is None:
            super().__setattr__(name, value)
        else:
            setter(self, value)


@export
def record(cls):
    """Makes a class of records of a class with annotated fields.

    What derives from such a class is one too, with or without the decorator.
    """
    if issubclass(cls, Record):
        return cls
    bases = tuple(base for base in cls.__bases__ if base is not object)
    namespace = {name: value for name, value in cls.__dict__.items()
                 if name not in ('__dict__', '__weakref__')}
    namespace['__qualname__'] = cls.__qualname__
    return type(Record)(cls.__name__, (*bases, Record), namespace)


## Wrappers

# For each one PyGObject looks in all classes from the object's on for the GType, and for what tells it how to
# take references. That is the root's: elsewhere it would only be told to look there. Both are found at once here.
for cls in Array, Box, Bytes, Record, RootSet, String, Table, WeakRef:
    cls.__info__ = Object.__info__
    cls.__gtype__ = cls.__gtype__
