# What must not be possible, or must do no harm: an exception, or a critical
# warning and nothing else.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import copy
import pickle
import threading

from harness import GcObj, GcSeq, n_external, raises, run, test
from harness_make import MAKE, MAKE_OUTSIDE

from gi.repository import GLib, GObject


def refused(function, *args):
    """Gives nothing, by an exception or a critical warning."""
    try:
        result = function(*args)
    except (GLib.Error, TypeError, ValueError, OverflowError, AttributeError):
        return
    assert not result, f'the result is {result!r}'


MAKERS = [
    lambda m: GcObj.Array(m),
    lambda m: GcObj.Array(m, [None]),
    GcObj.Array.new,
    lambda m: GcObj.Array.new_sized(m, 5),
    lambda m: GcObj.Table(m),
    lambda m: GcObj.String(m, 'text'),
    lambda m: GcObj.String.intern(m, 'text'),
    lambda m: GcObj.Bytes(m, b'data'),
    lambda m: GcObj.Box(m, 5),
    lambda m: GcObj.Box(m, 'text'),
    lambda m: GcObj.Guardian(m),
    lambda m: GcObj.DeathQueue(m),
    lambda m: GcObj.Peer.new(m, GObject.Object()),
    lambda m: GcObj.RootSet(m),
]


@test
def a_finished_mutation(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m)
    for make in MAKERS:
        refused(make, m)
    refused(GcObj.WeakRef, m, array)
    assert not m.safepoint() and m.get_arena() is None
    m.finish()
    raises(GcObj.Error.NOT_MUTATING, GcObj.Array, m)
    # It stays finished while others are open.
    with arena.mutation() as other:
        assert not m.is_active() and other.is_active()
        for make in MAKERS:
            refused(make, m)
        m.finish()
        assert other.is_active()


@test
def an_escaped_mutation(arena):
    escaped = []
    # The library's own function lends a mutation, which nobody can finish.
    super(GcObj.Arena, arena).mutate(lambda m: (escaped.append(m), m.finish(), GcObj.Array(m)))
    assert not escaped[0].is_active()
    for make in MAKERS:
        refused(make, escaped[0])


@test
def a_mutation_that_was_dropped(arena):
    m = arena.begin()
    del m
    # The scope ended with it.
    arena.collect()
    m = arena.begin()
    inner = arena.begin()
    del m
    GcObj.Array(inner)
    inner.finish()
    del inner
    with arena.mutation():
        pass
    arena.collect()


@test
def out_of_order(arena):
    first = arena.begin()
    second = arena.begin()
    first.finish()
    assert first.is_active() and second.is_active()
    second.finish()
    first.finish()
    assert not first.is_active()


@test
def another_threads_mutation(arena):
    results = []

    def work(m):
        for make in MAKERS:
            refused(make, m)
        m.finish()
        results.append(m.is_active())

    with arena.mutation() as m:
        thread = threading.Thread(target=work, args=(m,))
        thread.start()
        thread.join()
        assert results == [True] and m.is_active()


@test
def no_mutation_at_all(arena):
    for make in MAKERS:
        for wrong in (None, 5, arena):
            raises(TypeError, make, wrong)
    raises(TypeError, GcObj.Array)


@test
def collecting_inside(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m)
        arena.collect()
        assert len(array) == 0 and m.is_active()


@test
def another_arenas_objects(arena):
    other = GcObj.Arena()
    with arena.mutation() as m, other.mutation() as n:
        array, table, stranger = GcObj.Array(m), GcObj.Table(m), GcObj.Array(n)
        for function in (
                lambda: array.append(stranger),
                lambda: array.insert(0, stranger),
                lambda: GcObj.Array(m, [stranger]),
                lambda: table.__setitem__('key', stranger),
                lambda: table.__setitem__(stranger, array)):
            raises(GcObj.Error.WRONG_ARENA, function)
        assert stranger not in table and stranger not in array
        refused(table.lookup, stranger)
        refused(GcObj.WeakRef.new, m, stranger)
        refused(GcObj.RootSet(m).stash, stranger)
        refused(GcObj.Guardian(m).watch, stranger, None)
        refused(GcObj.DeathQueue(m).watch, array, stranger)
        refused(GcObj.Box.new, m, GObject.Value(GcObj.Object, stranger))
        arena.set_root(stranger)
        assert arena.root is None
        assert len(array) == len(table) == 0
    stranger = None
    assert n_external(other) == 0


@test
def wrong_types(arena):
    with arena.mutation() as m:
        array, string = GcObj.Array(m), GcObj.String(m, 'text')
        for function in (
                lambda: GcObj.Array.get_length(string),
                lambda: GcObj.Array.get_length(arena),
                lambda: GcObj.Array.get_length(None),
                lambda: string.equal(array),
                lambda: string.equal(None),
                lambda: GcObj.String.concat(m, string, array),
                lambda: GcObj.Handle.new(None),
                lambda: GcObj.Handle.new(arena),
                lambda: arena.set_root(m),
                lambda: GcObj.RootSet(m).fetch(m),
                lambda: GcObj.Guardian(m).watch(None, None)):
            raises(TypeError, function)
        raises(TypeError, GObject.Value, GcObj.Array, string)


@test
def no_subclasses(arena):
    bases = [thing for namespace in (GcObj, GcSeq) for thing in (getattr(namespace, name) for name in dir(namespace))
             if isinstance(thing, type) and issubclass(thing, (GObject.Object, GcObj.Object))]
    assert len(bases) > 20
    for base in bases:
        if base is GcObj.Record:
            continue
        wanted = 'see GcObj.record' if issubclass(base, GcObj.Object) else f"{base.__name__} can't be subclassed"
        assert wanted in str(raises(TypeError, type, 'Sub', (base,), {})), base
    for base in GcObj.Mutation, GcSeq.Step:
        raises(TypeError, type, 'Sub', (base,), {})
    raises(TypeError, type, 'Sub', (GcObj.Array,), {'do_trace': lambda self, tracer: None})


@test
def no_copies(arena):
    outside = {name: make(arena) for name, make in MAKE_OUTSIDE.items()}
    with arena.mutation() as m:
        things = [outside.get(name) or MAKE[name](m) for name in [*MAKE, *MAKE_OUTSIDE]
                  if name.isalpha() and name[0].isupper() and not name.endswith(('Flags', 'Func', 'Type'))]
        things.append(GcObj.RootSet(m).stash(GcObj.Array(m)))
        assert len(things) > 25
        for thing in things:
            for function in copy.copy, copy.deepcopy, pickle.dumps:
                error = str(raises(TypeError, function, thing))
                assert type(thing).__name__ in error or 'non-copyable' in error, error
                assert not isinstance(thing, GcObj.Object) or 'belongs to an arena' in error, error


@test
def no_impostors(arena):
    # What PyGObject would do without the overrides: g_type_create_instance().
    base = next(cls for cls in GcObj.Object.__mro__ if cls.__name__ == 'Fundamental')
    for cls in GcObj.Object, GcObj.Array, GcObj.Record:
        raises(TypeError, cls)
        refused(lambda: base.__init__(base.__new__(cls)))
    with arena.mutation() as m:
        raises(TypeError, GcObj.Object, m)


@test
def an_empty_wrapper(arena):
    """A wrapper that was made around PyGObject's checks holds nothing."""
    base = next(cls for cls in GcObj.Object.__mro__ if cls.__name__ == 'Fundamental')
    try:
        empty = base.__new__(GcObj.Array)
    except TypeError:
        return
    refused(empty.get_length)
    with arena.mutation() as m:
        refused(GcObj.Array(m).append, empty)


@test
def nothing_for_bindings_alone(arena):
    with arena.mutation() as m:
        things = [m, GcObj.Array(m), arena.get_stats(), arena.get_pacing(),
                  GcObj.RootSet(m).stash(GcObj.Array(m))]
        for thing in things:
            for name in ('ref', 'unref', 'free', 'do_finalize', 'do_trace', 'do_init', 'parent_instance',
                         'construct', 'save', 'restore'):
                assert not hasattr(thing, name), f'{thing!r} has {name}'
    assert not hasattr(GcObj, 'trace')


@test
def sizes(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m)
        for size in (2**31, 2**40, 2**61, 2**63, 2**64 - 1):
            raises(GcObj.Error.RANGE, GcObj.Array.new_sized, m, size)
            raises(GcObj.Error.RANGE, array.set_length, size)
        raises(OverflowError, array.set_length, 2**64)
        raises(OverflowError, array.set_length, -1)
    arena.set_heap_limit(1 << 20)
    with arena.mutation() as m:
        raises(GcObj.Error.HEAP_LIMIT, GcObj.Array.new_sized, m, 1 << 20)
        raises(GcObj.Error.HEAP_LIMIT, GcObj.Bytes, m, bytes(1 << 21))


@test
def a_heap_far_beyond_its_limit(arena):
    arena.set_heap_limit(1)
    with arena.mutation() as m:
        array = GcObj.Array.new(m)
        array.add_external_bytes(2**60)
        for i in range(100):
            GcObj.Box.new_int64(m, i)
        raises(GcObj.Error.HEAP_LIMIT, array.append, array)
    arena.set_heap_limit(0)
    with arena.mutation() as m:
        array.append(array)


@test
def wrappers_on_other_threads(arena):
    """They may be the last to let go of an object."""
    def work():
        for _ in range(500):
            with arena.mutation() as m:
                keep.append(GcObj.Array(m, [1, 2]))
            if len(keep) > 10:
                keep.clear()

    keep = []
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keep.clear()


run()
