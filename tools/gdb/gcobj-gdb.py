# What gdb shows of arenas and their objects. Installed where gdb loads it by itself, together with the
# library; else "source" it. The library's debug information has to be there.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Printers for GcArena and for pointers to objects, and the command "gc-object"."""

import itertools

import gdb
import gdb.printing

# Those of gc-space-private.h: the geometry of a slab.
SLAB_SIZE = 4 << 20
FIRST_OFFSET = 256 << 10
MARKS = 0x03
STATES = ('sweeping', 'idle', 'marking', 'marked', 'clearing')


class NotAnObject(Exception):
    """With what is known of the address."""


def lookup(name):
    return gdb.lookup_type(name).strip_typedefs()


def pointer_to(name):
    return lookup(name).pointer()


def is_ours(address):
    """Whether some arena has the address: one bit for each slab's size."""
    piece = address // SLAB_SIZE
    registry = gdb.lookup_global_symbol('gc_registry').value()
    return 0 <= piece < registry.type.sizeof * 8 and int(registry[piece // 8]) >> piece % 8 & 1 == 1


class Object:
    """An object of an arena, by its address: its own words say what it is, not the pointer's type."""

    def __init__(self, address):
        self.address = address
        try:
            if address % 8 != 0:
                raise NotAnObject('not an address of an object')
            if not is_ours(address):
                raise NotAnObject('of no arena')
            if address % SLAB_SIZE < FIRST_OFFSET:
                raise NotAnObject("in an arena's own data")
            pointer = gdb.Value(address).cast(pointer_to('struct _GTypeInstance'))
            self.klass = pointer['g_class'].cast(pointer_to('struct _GcObjectClass'))
            if int(self.klass) == 0:
                raise NotAnObject('free memory of an arena')
            self.type_name = self.klass['name'].string()
        except gdb.MemoryError:
            raise NotAnObject('no object: freed, moved, or inside of one') from None

    @property
    def slab(self):
        return gdb.Value(self.address & ~(SLAB_SIZE - 1)).cast(pointer_to('struct _GcSlab'))

    @property
    def heap(self):
        return self.slab['heap'].dereference()

    @property
    def arena(self):
        return self.heap['owner'].cast(pointer_to('struct _GcArena'))

    def state(self):
        """What the last collection, or the one that goes on, knows of it."""
        heap = self.heap
        byte = gdb.Value(int(self.slab) + (self.address % SLAB_SIZE >> 4)).cast(lookup('unsigned char').pointer())
        marks = int(byte.dereference()) & MARKS
        if marks == 0:
            return 'new'
        return 'marked' if marks & int(heap['colour']) else 'not marked'

    def text(self):
        if self.type_name != 'GcString':
            return None
        string = gdb.Value(self.address).cast(pointer_to('struct _GcString'))
        return string['text'].cast(lookup('char').pointer()).string(errors='replace', length=int(string['n']) - 1)

    def fields(self):
        """Of the type's layout: name, offset, how many slots, whether they are numbered."""
        word = lookup('unsigned long').pointer()
        layout = self.klass['layout'].cast(pointer_to('GcLayout'))
        for i in range(int(layout['n_fields'])):
            field = layout['fields'][i]
            n = int(field['n'])
            is_tail = n == 0
            if is_tail:
                counter = gdb.Value(self.address + int(layout['tail_count_offset']))
                n = int(counter.cast(word).dereference())
            yield field['name'].string(), int(field['offset']), n, is_tail or n > 1

    def n_slots(self):
        return sum(n for _, _, n, _ in self.fields())

    def slots(self):
        """Each slot's name and word."""
        word = lookup('unsigned long').pointer()
        for name, offset, n, is_numbered in self.fields():
            for k in range(n):
                address = gdb.Value(self.address + offset + 8 * k)
                yield name + (f'[{k}]' if is_numbered else ''), int(address.cast(word).dereference())

    def __str__(self):
        text = self.text()
        return self.type_name if text is None else f'{self.type_name} "{text if len(text) <= 60 else text[:60] + "…"}"'


def describe(word):
    """A slot's word."""
    if word == 0:
        return 'NULL'
    if word & 7:
        return f'{word >> 3} (immediate)'
    try:
        return f'{word:#x} [{Object(word)}]'
    except NotAnObject as reason:
        return f'{word:#x} ({reason})'


def summary(arena):
    heap = arena['heap']
    stats = heap['stats']
    kind = 'minor collection, ' if int(heap['is_minor']) else ''
    return (f'{kind}{STATES[int(heap["state"])]}, {int(stats["n_cycles"])} cycles and {int(stats["n_minor_cycles"])} minor ones, '
            f'{int(stats["live_objects"])} objects lived, heap {int(stats["heap_bytes"]) >> 10} KiB')


class ObjectPointerPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return describe(int(self.value))


class ArenaPointerPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        try:
            return f'{int(self.value):#x} [GcArena: {summary(self.value.dereference())}]'
        except gdb.MemoryError:
            return f'{int(self.value):#x}'


class ArenaPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return 'GcArena: ' + summary(self.value)

    def children(self):
        heap = self.value['heap']
        word = lookup('unsigned long')
        owner = int(self.value['owner'])
        yield 'root', describe(int(self.value['root'].cast(word)))
        yield 'held by thread', f'{owner:#x}' if owner else 'none'
        yield 'objects referenced from outside', int(heap['external']['n'])
        yield 'finalizers waiting', int(heap['n_dead'])
        yield 'inhibited', int(self.value['n_inhibited'])
        yield 'ref_count', int(self.value['parent_instance']['ref_count'])


def is_object_type(type_):
    """Whether a structure begins with a GcObject."""
    for _ in range(32):
        type_ = type_.strip_typedefs()
        if type_.code != gdb.TYPE_CODE_STRUCT:
            return False
        if type_.tag == '_GcObject':
            return True
        fields = type_.fields()
        if not fields or not hasattr(fields[0], 'bitpos') or fields[0].bitpos != 0:
            return False
        type_ = fields[0].type
    return False


def find_printer(value):
    type_ = value.type.strip_typedefs()
    if type_.code == gdb.TYPE_CODE_STRUCT and type_.tag == '_GcArena':
        return ArenaPrinter(value)
    if type_.code != gdb.TYPE_CODE_PTR or int(value) == 0:
        return None
    target = type_.target().strip_typedefs()
    if target.code != gdb.TYPE_CODE_STRUCT:
        return None
    if target.tag == '_GcArena' and target.fields():
        return ArenaPointerPrinter(value)
    return ObjectPointerPrinter(value) if is_object_type(target) or target.tag == '_GcString' else None


class Printers(gdb.printing.PrettyPrinter):
    def __init__(self):
        super().__init__('gcobj')

    def __call__(self, value):
        return find_printer(value)


class ObjectCommand(gdb.Command):
    """gc-object EXPRESSION: shows the arena object at an address, with its slots.

What it is does not come from the expression's type: a gpointer will do."""

    def __init__(self):
        super().__init__('gc-object', gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        if not argument:
            raise gdb.GdbError('gc-object wants an expression')
        address = int(gdb.parse_and_eval(argument).cast(lookup('unsigned long')))
        try:
            found = Object(address)
            print(f'{address:#x} [{found}], {found.state()}, in {int(found.arena):#x} [GcArena: '
                  f'{summary(found.arena.dereference())}]')
            # As many as gdb shows of an array.
            limit = gdb.parameter('print elements') or None
            for name, word in itertools.islice(found.slots(), limit):
                print(f'  {name} = {describe(word)}')
            if limit and found.n_slots() > limit:
                print(f'  ({found.n_slots() - limit} more: see "help set print elements")')
        except NotAnObject as reason:
            print(f'{address:#x}: {reason}')


def register(objfile):
    """With the library, not for all programs: GLib's printers, which take our objects for its own and can't read them,
    come with a library that is loaded later."""
    gdb.printing.register_pretty_printer(objfile, Printers(), replace=True)


def is_library(objfile):
    return 'libgcobj-' in (objfile.filename or '').rsplit('/', 1)[-1]


def on_new_objfile(event):
    if is_library(event.new_objfile):
        register(event.new_objfile)


ObjectCommand()
if gdb.current_objfile() is not None:
    register(gdb.current_objfile())
else:
    for known in filter(is_library, gdb.objfiles()):
        register(known)
    gdb.events.new_objfile.connect(on_new_objfile)
