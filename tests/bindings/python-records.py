# Classes of records.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import copy
import pickle
import typing

from harness import GcObj, n_external, raises, run, test

from gi.repository import Gio, GObject


@GcObj.record
class Person:
    """Somebody."""

    name: str
    age: int = 18
    parent: 'Person'
    children: GcObj.Array
    CONSTANT: typing.ClassVar[int] = 5

    def greet(self):
        return f'{self.name}, {self.age}'

    @property
    def is_adult(self):
        return self.age >= 18


@GcObj.record
class Student(Person):
    school: str = 'Trinity'

    def greet(self):
        return super().greet() + ' of ' + self.school


# The decorator may be left out.
class Doctor(Student):
    thesis: 'GcObj.String | None'


class Direct(GcObj.Record):
    n: int


@GcObj.record
class Everything:
    number: float
    flag: bool
    data: bytes
    anything: object
    also: typing.Any
    maybe: typing.Optional[int]
    itself: 'Everything | None'
    file: Gio.File
    kind: Gio.FileType
    flags: GObject.BindingFlags
    big: GObject.TYPE_UINT64
    small: GObject.TYPE_UINT
    names: GObject.TYPE_STRV


@test
def as_in_the_manual(arena):
    with arena.mutation() as m:
        ada = Person(m, name='Ada', age=36)
        byron = Person(m, name='Byron', children=GcObj.Array(m, [ada]))
        ada.parent = byron
        arena.root = byron
    del ada, byron
    assert n_external(arena) == 0
    arena.collect()
    assert [child.name for child in arena.root.children] == ['Ada']
    assert arena.root.children[0].parent == arena.root
    assert arena.root.parent is None


@test
def classes(arena):
    assert Person.__gtype__.name == '__main__+Person' and Person.__gtype__.parent.name == 'GcRecord'
    assert Student.__gtype__.parent == Person.__gtype__ and Doctor.__gtype__.parent == Student.__gtype__
    assert issubclass(Doctor, Person) and issubclass(Person, GcObj.Record)
    assert Person.__name__ == 'Person' and Person.__doc__ == 'Somebody.' and Person.CONSTANT == 5
    assert GcObj.Record.type_list_fields(Doctor) == ['name', 'age', 'parent', 'children', 'school', 'thesis']
    with arena.mutation() as m:
        student = Student(m, name='Ada')
        arena.root = GcObj.Array(m, [student])
        assert type(arena.root[0]) is Student and isinstance(student, Person)
        assert student.age == 18 and student.is_adult and student.school == 'Trinity'
        assert arena.root[0].greet() == 'Ada, 18 of Trinity'
        assert Doctor(m, school='none').school == 'none'
        # A parent's field takes objects of derived types.
        person = Person(m, parent=student)
        assert person.parent.greet() == student.greet()
        assert Direct(m, n=3).n == 3


@test
def types_of_fields(arena):
    with arena.mutation() as m:
        every = Everything(m, number=0.5, flag=True, data=b'\0', anything='text', also=5, maybe=7,
                           file=Gio.File.new_for_path('/'), kind=Gio.FileType.DIRECTORY,
                           flags=GObject.BindingFlags.BIDIRECTIONAL, big=2**64 - 1, small=2**32 - 1,
                           names=['a', 'b'])
        every.itself = every
    assert (every.number, every.flag, every.data, every.anything) == (0.5, True, b'\0', 'text')
    assert (every.also, every.maybe, every.big, every.small) == (5, 7, 2**64 - 1, 2**32 - 1)
    assert every.itself == every and every.file.get_path() == '/' and every.names == ['a', 'b']
    assert every.kind == Gio.FileType.DIRECTORY and every.flags == GObject.BindingFlags.BIDIRECTIONAL
    every.anything = None
    every.anything = every
    assert every.anything == every
    every.file = None
    assert every.file is None
    with arena.mutation() as m:
        new = Everything(m)
        assert (new.number, new.flag, new.data, new.file, new.maybe) == (0, False, None, None, 0)


@test
def wrong_values(arena):
    with arena.mutation() as m:
        ada = Person(m, name='Ada')
        every = Everything(m)
        raises(TypeError, setattr, ada, 'name', 5)
        raises(TypeError, setattr, ada, 'name', b'Ada')
        raises(ValueError, setattr, ada, 'name', 'A\0da')
        raises(TypeError, setattr, ada, 'age', 'old')
        raises(TypeError, setattr, ada, 'age', 1.5)
        raises(TypeError, setattr, ada, 'age', None)
        raises(OverflowError, setattr, ada, 'age', 2**63)
        raises(GcObj.Error.TYPE, setattr, ada, 'parent', every)
        raises(GcObj.Error.TYPE, setattr, ada, 'parent', 'Byron')
        raises(TypeError, setattr, ada, 'parent', [])
        raises(TypeError, setattr, every, 'number', 'x')
        raises(TypeError, setattr, every, 'file', 'x')
        raises(OverflowError, setattr, every, 'small', 2**32)
        raises(AttributeError, setattr, ada, 'nmae', 'Ada')
        raises(AttributeError, getattr, ada, 'nmae')
        raises(AttributeError, delattr, ada, 'name')
        raises(TypeError, lambda: Person(m, nmae='Ada'))
        raises(TypeError, lambda: Person(m, 'Ada'))
        raises(TypeError, Person)
        assert ada.name == 'Ada' and ada.age == 18 and ada.parent is None
    raises(GcObj.Error.NOT_MUTATING, Person, m)
    other = GcObj.Arena()
    with other.mutation() as m:
        raises(GcObj.Error.WRONG_ARENA, setattr, Person(m), 'parent', ada)
    for function in pickle.dumps, copy.copy, copy.deepcopy:
        raises(TypeError, function, ada)


@test
def names_of_types(arena):
    def make(**annotations):
        return GcObj.record(type('Clash', (), {'__annotations__': annotations, '__module__': 'a.b'}))

    first = make(a=int, b=str)
    assert first.__gtype__.name == 'a+b+Clash'
    # The same again is the same; anything else is a clash.
    assert make(a=int, b=str).__gtype__ == first.__gtype__
    raises(GcObj.Error.EXISTS, lambda: make(a=int))
    raises(GcObj.Error.EXISTS, lambda: make(b=str, a=int))

    @GcObj.record
    class Local:
        itself: 'Local'

    assert Local.__gtype__.name == '__main__+names_of_types+Local'
    with arena.mutation() as m:
        assert isinstance(Local(m, itself=Local(m)).itself, Local)


@test
def fields_that_cannot_be(arena):
    def make(name, annotation):
        namespace = {'__annotations__': {name: annotation}, '__module__': 'a'}
        return lambda: GcObj.record(type('Bad', (), namespace))

    for annotation in (list, dict[str, int], typing.Union[int, str], 5, None, '5'):
        raises(TypeError, make('field', annotation))
    raises(NameError, make('field', 'Unknown'))
    raises(GcObj.Error.TYPE, make('field', GObject.TYPE_POINTER))
    for name in ('__field', 'get_value', 'hash', 'not a name'):
        raises(GcObj.Error.NAME, make(name, int))


@test
def types_of_others(arena):
    """What C, or another module, registered."""
    gtype = GcObj.Record.type_register('TestsRaw', Person, ['extra'], [int])
    with arena.mutation() as m:
        raw = GcObj.Record.new(m, gtype)
        assert isinstance(raw, Person) and raw.get_record_type() == gtype
        raw.name = 'Ada'
        assert raw.greet() == 'Ada, 0'
        assert raw.list_fields()[-1] == 'extra' and raw.has_field('extra')
        raw.extra = 5
        assert raw.extra == raw.get_int64('extra') == 5
        raises(GcObj.Error.TYPE, GcObj.Record.new, m, GcObj.Array)
        raises(GcObj.Error.TYPE, GcObj.Record.new, m, GcObj.Record)


@test
def cycles_of_records(arena):
    with arena.mutation() as m:
        for _ in range(1000):
            a, b = Person(m, name='a'), Student(m, name='b')
            a.parent, b.parent = b, a
            b.children = GcObj.Array(m, [a, b])
    del a, b
    assert n_external(arena) == 0
    arena.collect()
    assert arena.get_stats().live_objects == 0


run()
