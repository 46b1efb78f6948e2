# Scopes, containers and what else there is day in, day out.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import random
import sys

from harness import GcObj, n_external, raises, run, test

from gi.repository import Gio, GLib, GObject


@test
def scopes(arena):
    with arena.mutation() as m:
        assert m.is_active() and m.get_depth() == 1 and m.get_arena() == arena
        with arena.mutation() as inner:
            assert inner.get_depth() == 2
        assert not inner.is_active() and m.is_active()
    assert not m.is_active() and m.get_depth() == 0 and m.get_arena() is None
    # A scope that is never entered is none.
    arena.mutation()
    arena.collect()


@test
def finished_inside(arena):
    with arena.mutation() as m:
        m.finish()
    assert not m.is_active()


@test
def what_mutate_returns(arena):
    assert arena.mutate(lambda m: 42) == 42
    assert arena.mutate(lambda m, *args, **kwargs: (args, kwargs), 1, two=2) == ((1,), {'two': 2})
    assert arena.mutate(lambda m: arena.mutate(lambda n: n.get_depth())) == 2


@test
def exceptions_pass(arena):
    scopes = []

    def fail(m):
        scopes.append(m)
        raise ZeroDivisionError('as wanted')

    assert str(raises(ZeroDivisionError, arena.mutate, fail)) == 'as wanted'
    assert str(raises(ZeroDivisionError, arena.mutate, lambda m: arena.mutate(fail))) == 'as wanted'
    try:
        with arena.mutation() as m:
            scopes.append(m)
            with arena.mutation() as inner:
                scopes.append(inner)
                raise LookupError
    except LookupError:
        pass
    assert not any(m.is_active() for m in scopes)
    arena.collect()


@test
def cycles_are_collected(arena):
    with arena.mutation() as m:
        for _ in range(1000):
            a, b = GcObj.Array(m), GcObj.Array(m)
            a.append(b)
            b.append(a)
        arena.root = GcObj.Array(m, [a])
    del a, b
    assert n_external(arena) == 0
    arena.collect()
    # The root and two arrays, each with its elements.
    assert arena.get_stats().live_objects == 6
    assert arena.root[0][0][0] == arena.root[0]


@test
def a_wrapper_keeps(arena):
    kept = arena.mutate(lambda m: GcObj.Array(m, ['x']))
    arena.collect()
    assert list(kept) == ['x']
    assert n_external(arena) == 1


@test
def wrappers_keep_the_arena(arena):
    other = GcObj.Arena()
    kept = other.mutate(lambda m: GcObj.Array(m, ['x']))
    del other
    assert n_external(kept.get_arena()) == 1
    assert kept[0] == 'x'


@test
def identity(arena):
    with arena.mutation() as m:
        a, b = GcObj.Array(m), GcObj.Array(m)
        arena.root = GcObj.Array(m, [a, b, a])
    first, second, third = arena.root
    assert first == third == a and hash(first) == hash(third) == hash(a)
    assert first != second and second == b
    assert len({first, second, third}) == 2
    assert a.hash() == first.hash()
    assert a != 5 and a is not None
    assert repr(a).startswith('<GcArray ')


@test
def identity_by_every_way(arena):
    @GcObj.record
    class Identified:
        o: object

    with arena.mutation() as m:
        a = GcObj.Array(m)
        queue, roots, guardian = GcObj.DeathQueue(m), GcObj.RootSet(m), GcObj.Guardian(m)
        key, peer = roots.stash(a), GcObj.Peer.new(m, Gio.SimpleAction(name='action'))
        peer.set_data('data', a)
        queue.watch(GcObj.Array(m), a)
        guardian.watch(GcObj.Array(m, [a]), None)
        arena.root = a
        table = GcObj.Table(m, {'a': a, a: a})
        ways = [arena.root, arena.get_root(), arena.props.root, GcObj.Array(m, [a])[0], GcObj.Array(m, [a]).list()[0],
                GcObj.Array(m, [a]).pop(), table['a'], table[a], *(k for k in table if k != 'a'),
                GcObj.Box(m, a).value, GcObj.WeakRef(m, a)(), GcObj.Handle.new(a).get_object(),
                GcObj.ListModel.new(a).get_array(), roots.fetch(key), peer.get_data('data'), Identified(m, o=a).o,
                GObject.Value(GcObj.Object, a).get_value()]
    gc.collect()
    arena.collect()
    ways += [queue.pop(), guardian.pop()[0][0]]
    for other in ways:
        assert other == a and hash(other) == hash(a) and other.hash() == a.hash()
    assert len(set(ways)) == 1
    arena.root = None


@test
def attributes_do_not_stick(arena):
    array = arena.mutate(GcObj.Array)
    raises(AttributeError, setattr, array, 'remark', 'lost with the wrapper')


VALUES = [None, True, False, 0, -1, 2**63 - 1, -2**63, 0.5, float('inf'), '', 'grüße 🌳', b'', b'\0\xff']


@test
def values(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m, VALUES)
        assert list(array) == VALUES
        assert [type(value) for value in array] == [type(value) for value in VALUES]
        array.append(Gio.File.new_for_path('/'))
        assert array[-1].get_path() == '/'
        array.append(array)
        assert array[-1] == array
        raises(TypeError, array.append, [1])
        raises(TypeError, array.append, object())
        raises(OverflowError, array.append, 2**63)
        raises(UnicodeEncodeError, array.append, '\ud800')
        raises(ValueError, array.append, 'a\0b')
        assert len(array) == len(VALUES) + 2


@test
def arrays(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m, [1, 2, 3])
        empty = GcObj.Array(m)
    # All but construction works outside of a scope.
    assert len(array) == 3 and array and not empty
    assert (array[0], array[-1], array[1:], array[::-1]) == (1, 3, [2, 3], [3, 2, 1])
    assert 2 in array and 4 not in array and array not in array
    array[0] = 'one'
    array.append(None)
    array.insert(1, 1.5)
    array.extend('ab')
    empty.extend([1, 2])
    empty.extend(empty)
    assert list(empty) == [1, 2, 1, 2]
    assert list(array) == ['one', 1.5, 2, 3, None, 'a', 'b']
    del array[-1]
    del array[1]
    assert array.pop() == 'a' and list(array) == ['one', 2, 3, None]
    assert array.get(0) == 'one'
    array.set(0, True)
    assert array[0] is True
    assert array.list() == list(array) and array.list_range(1, 2) == list(array)[1:3]
    assert [len(array.list_range(index, n)) for index, n in ((0, 2), (len(array) - 1, 9), (len(array), 9), (0, 0))] == [2, 1, 0, 0]
    assert array.at(-1) == array[len(array) - 1] == array[-1]
    n = array.get_n_changes()
    assert array.get_n_changes() == n
    array.append(None)
    assert array.get_n_changes() != n
    array.set_length(5)
    assert array[4] is None
    array.clear()
    assert len(array) == 0 and list(array) == []
    raises(IndexError, array.pop)


@test
def an_array_that_changes_while_it_is_gone_through(arena):
    overrides = sys.modules['gi.overrides.GcObj']
    array = arena.mutate(lambda m: GcObj.Array(m, [1, 'b', 3]))
    plain = [1, 'b', 3]

    def seen(values, change):
        result = []
        for value in values:
            change(values, len(result))
            result.append(value)
        return result

    def replace(values, i):
        values[i] = values[len(values) - 1] = i

    def grow(values, i):
        if i < 4:
            values.append(i)

    def shrink(values, i):
        values.pop()

    def shrink_and_grow(values, i):
        if len(values) > 1:
            values.pop()
        elif i == 1:
            values.extend('xyz')

    for change in replace, grow, shrink, shrink_and_grow:
        assert seen(array, change) == seen(plain, change) and list(array) == plain
    # Once it has ended, it stays so.
    iterator = iter(array)
    assert list(iterator) == plain
    array.append('more')
    assert list(iterator) == []


@test
def a_long_array_that_changes_while_it_is_gone_through(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m)
    for seed in range(60):
        often = (0.5, 0.05, 0.01)[seed % 3]
        plain = list(range(100))
        array.clear()
        array.extend(plain)

        def seen(values):
            chance, result = random.Random(seed), []
            for value in values:
                result.append(value)
                if chance.random() > often or len(result) > 300:
                    continue
                what = chance.randrange(5)
                if what == 0:
                    values.append(len(result))
                elif what == 1 and len(values) > 0:
                    values.pop()
                elif what == 2 and len(values) > 0:
                    values[chance.randrange(len(values))] = len(result)
                elif what == 3:
                    values.insert(chance.randrange(len(values) + 1), len(result))
                elif len(values) > 0:
                    del values[chance.randrange(len(values))]
            return result

        assert seen(array) == seen(plain) and list(array) == plain, seed


@test
def what_going_through_an_array_holds(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m, [GcObj.Array(m) for _ in range(200)])
    before = n_external(arena)
    most = 0
    for _ in array:
        most = max(most, n_external(arena) - before)
    # Some of what comes next, and nothing of what is over.
    assert 1 < most <= 33, most
    assert n_external(arena) - before == 1
    del _
    iterator = iter(array)
    for _ in range(50):
        next(iterator)
    assert n_external(arena) > before
    array.clear()
    assert list(iterator) == [] and n_external(arena) == before
    array.extend(arena.mutate(lambda m: [GcObj.Array(m) for _ in range(50)]))
    iterator = iter(array)
    for _ in range(20):
        next(iterator)
    del iterator
    gc.collect()
    assert n_external(arena) == before


@test
def how_often_it_is_called(arena):
    overrides = sys.modules['gi.overrides.GcObj']
    names = 'get_element', 'get_length', 'get_n_changes', 'list_chunk'
    own = {name: getattr(overrides, name) for name in names}
    calls = []

    def count(name):
        return lambda *args: calls.append(name) or own[name](*args)

    for name in names:
        setattr(overrides, name, count(name))

    def calls_of(function):
        calls.clear()
        function()
        return {name: calls.count(name) for name in names if name in calls}

    with arena.mutation() as m:
        array, few = GcObj.Array(m, range(200)), GcObj.Array(m, range(10))
    # Each element by one call, and a few more; most in chunks.
    assert calls_of(lambda: [None for _ in few]) == {'get_element': 10, 'get_length': 2}
    n = calls_of(lambda: [None for _ in array])
    assert n['get_element'] < 20 and n['list_chunk'] < 10 and n['get_n_changes'] < 210 and n['get_length'] == 2, n

    # Where each is changed, not in chunks.
    def change_all():
        for i, _ in enumerate(array):
            array.set(i, None)

    n = calls_of(change_all)
    assert n['get_element'] > 190 and n['list_chunk'] < 7, n
    assert calls_of(lambda: (array[3], array[-1], array[True])) == {'get_element': 3}
    for name in names:
        setattr(overrides, name, own[name])


@test
def ranges(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m, [1])
        for index in (1, -2, 2**40, 2**70):
            raises(IndexError, lambda: array[index])
            raises(IndexError, array.__setitem__, index, None)
            raises(IndexError, array.__delitem__, index)
        for function in array.get, array.remove:
            raises(GcObj.Error.RANGE, function, 1)
            raises(GcObj.Error.RANGE, function, 2**40)
            raises(OverflowError, function, -1)
            raises(OverflowError, function, 2**70)
        raises(GcObj.Error.RANGE, array.list_range, 2, 0)
        raises(GcObj.Error.RANGE, array.set, 2**40, None)
        raises(GcObj.Error.RANGE, array.insert, 2**40, None)
        raises(GcObj.Error.RANGE, array.set_length, 2**40)
        raises(GcObj.Error.RANGE, GcObj.Array.new_sized, m, 2**40)
        raises(GcObj.Error.RANGE, GcObj.Array.new_sized, m, 2**64 - 1)
        data = GcObj.Bytes(m, b'abc')
        raises(GcObj.Error.RANGE, GcObj.Bytes.slice, m, data, 2, 2)
        raises(GcObj.Error.RANGE, GcObj.Bytes.slice, m, data, 2**63, 2**63)
        for wrong in 'x', 0.0, None:
            raises(TypeError, lambda: array[wrong])
        assert array[False] == 1
        assert list(array) == [1]


@test
def tables(arena):
    with arena.mutation() as m:
        key = GcObj.Array(m)
        table = GcObj.Table(m, {'a': 1, 'b': None, key: 'object'})
        raises(TypeError, GcObj.Table, m, {5: 5})
    assert len(table) == 3 and table
    assert table['a'] == 1 and table['b'] is None and table[key] == 'object'
    assert 'b' in table and key in table and 'c' not in table and 5 not in table
    assert table.get('c') is None and table.get('c', 7) == 7 and table.get('b', 7) is None
    raises(KeyError, lambda: table['c'])
    raises(KeyError, lambda: table[5])
    raises(KeyError, table.__delitem__, 'c')
    raises(TypeError, table.__setitem__, 5, 5)
    raises(ValueError, table.__setitem__, 'a\0b', 5)
    table['a'] = 'new'
    del table['b']
    assert set(table) == {'a', key} == set(table.keys())
    assert sorted(table.values()) == ['new', 'object']
    assert dict(table.items()) == {'a': 'new', key: 'object'}
    pairs = []
    table.foreach(lambda *pair: pairs.append(pair))
    assert dict(pairs) == dict(table.items())
    raises(ZeroDivisionError, table.foreach, lambda key, value: 1 / 0)
    table.update([('x', 1)])
    table.clear()
    assert len(table) == 0 and not table
    pairs.clear()


@test
def strings_and_boxes(arena):
    with arena.mutation() as m:
        string = GcObj.String(m, 'grüße')
        assert str(string) == 'grüße' and string.get_length() == 7
        assert GcObj.String.concat(m, string, string).get_text() == 'grüßegrüße'
        assert GcObj.String.intern(m, 'x') == GcObj.String.intern(m, 'x')
        assert string.equal(GcObj.String(m, 'grüße')) and string != GcObj.String(m, 'grüße')
        raises(ValueError, GcObj.String, m, 'a\0b')
        raises(GcObj.Error.RANGE, GcObj.String.new_len, m, b'\xff')
        data = GcObj.Bytes(m, b'\0\1')
        assert bytes(data) == b'\0\1' and len(data) == 2 and data.to_gbytes().get_data() == b'\0\1'
        for value in (True, 5, 2**40, 0.5, 'text', string, Gio.File.new_for_path('/')):
            assert GcObj.Box(m, value).value == value
        raises(GcObj.Error.TYPE, GcObj.Box(m, 'text').get_int64)
        raises(GcObj.Error.RANGE, GcObj.Box(m, 0.5).get_int64)
        raises(TypeError, GcObj.Box, m, [])


@test
def the_root_property(arena):
    roots = []
    arena.connect('notify::root', lambda arena, pspec: roots.append(arena.root))
    with arena.mutation() as m:
        array = GcObj.Array(m)
    arena.root = array
    assert arena.root == arena.props.root == arena.get_property('root') == array
    arena.root = None
    assert arena.root is None and arena.props.root is None
    arena.set_property('root', array)
    arena.set_root(None)
    assert roots == [array, None, array, None]
    raises(TypeError, setattr, arena, 'root', 5)
    assert arena.root is None
    roots.clear()


@test
def values_and_signals(arena):
    class Emitter(GObject.Object):
        __gsignals__ = {'got': (GObject.SignalFlags.RUN_LAST, None, (GcObj.Object,))}

    got = []
    emitter = Emitter()
    emitter.connect('got', lambda emitter, *args: got.extend(args))
    with arena.mutation() as m:
        array = GcObj.Array(m)
    emitter.emit('got', array)
    assert got == [array]
    value = GObject.Value(GcObj.Object, array)
    assert value.get_value() == array
    got.clear()


@test
def errors(arena):
    error = raises(GcObj.Error.RANGE, GcObj.Array.new_sized, arena.begin(), 2**40)
    assert error.domain == 'gc-error-quark' and error.code == GcObj.Error.RANGE
    assert GLib.quark_to_string(GcObj.error_quark()) == error.domain
    assert error.matches(GcObj.Error.quark(), GcObj.Error.RANGE)
    assert not error.matches(GcObj.error_quark(), GcObj.Error.TYPE)


@test
def figures(arena):
    with arena.mutation() as m:
        arena.root = GcObj.Array(m, range(100))
    arena.collect()
    stats = arena.get_stats()
    assert stats.live_objects == 102 and stats.live_bytes > 0 and len(stats.pauses) == 24
    assert stats.to_string()
    pacing = arena.get_pacing()
    pacing.sleep_factor = 0.25
    arena.set_pacing(pacing)
    assert arena.get_pacing().sleep_factor == 0.25
    arena.props.heap_limit = 1 << 24
    assert arena.get_heap_limit() == 1 << 24
    assert arena.check_heap_limit()


run()
