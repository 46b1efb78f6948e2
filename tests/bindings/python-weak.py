# What does not keep objects, or keeps them in another way: weak tables and
# references, guardians, death queues, root sets, handles.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import sys

from harness import GcObj, n_external, raises, run, test, wait_for

from gi.repository import Gio, GLib


def collect(arena):
    gc.collect()
    arena.collect()


@test
def weak_references(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m)
        ref = GcObj.WeakRef(m, array)
    collect(arena)
    assert ref() == ref.upgrade() == array and not ref.is_dead()
    del array
    collect(arena)
    assert ref() is None and ref.is_dropped()


@test
def resurrection(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m, ['x'])
        ref = GcObj.WeakRef(m, array)
    del array
    arena.finish_marking()
    assert arena.get_phase() == GcObj.Phase.MARKED and ref.is_dead() and not ref.is_dropped()
    again = ref.resurrect()
    arena.finish_cycle()
    assert list(again) == ['x']
    del again
    collect(arena)
    assert ref() is None


@test
def weak_keys(arena):
    with arena.mutation() as m:
        key = GcObj.Array(m)
        # The value leads to the key: an ephemeron.
        table = GcObj.Table(m, {key: GcObj.Array(m, [key]), GcObj.Array(m): 'gone', 'text': 1},
                            flags=GcObj.TableFlags.WEAK_KEYS)
    collect(arena)
    assert set(table) == {key, 'text'} and table[key][0] == key
    del key
    collect(arena)
    assert table.items() == [('text', 1)]


@test
def weak_values(arena):
    with arena.mutation() as m:
        value = GcObj.Array(m)
        cache = GcObj.Table(m, {'a': value, 'b': GcObj.Array(m)}, flags=GcObj.TableFlags.WEAK_VALUES)
        assert cache.get_flags() == GcObj.TableFlags.WEAK_VALUES
    collect(arena)
    assert list(cache) == ['a'] and cache['a'] == value
    del value
    collect(arena)
    assert len(cache) == 0 and 'a' not in cache


@test
def death_queues(arena):
    with arena.mutation() as m:
        deaths = GcObj.DeathQueue(m)
        kept = GcObj.Array(m)
        deaths.watch(GcObj.Array(m), GcObj.String(m, 'the first'))
        deaths.watch(kept, GcObj.String(m, 'the second'))
    collect(arena)
    assert deaths.get_n_queued() == 1 and deaths.get_n_watched() == 1
    assert str(deaths.pop()) == 'the first' and deaths.pop() is None
    del kept
    collect(arena)
    assert str(deaths.pop()) == 'the second'


@test
def guardians(arena):
    with arena.mutation() as m:
        guardian = GcObj.Guardian(m)
        guardian.watch(GcObj.Array(m, ['x']), 'tag')
        guardian.watch(GcObj.Array(m, ['y']), None)
    collect(arena)
    popped = {tag: list(array) for array, tag in (guardian.pop(), guardian.pop())}
    assert popped == {'tag': ['x'], None: ['y']}
    assert guardian.pop()[0] is None


@test
def guardians_call(arena):
    delivered = []

    def on_dead(guardian, array, tag):
        delivered.append((list(array), tag))
        # It may be watched again.
        if len(delivered) == 1:
            guardian.watch(array, 'again')

    with arena.mutation() as m:
        guardian = GcObj.Guardian(m)
        guardian.set_callback(None, on_dead)
        guardian.watch(GcObj.Array(m, ['x']), 'tag')
    collect(arena)
    assert not delivered
    wait_for(lambda: delivered)
    assert delivered == [(['x'], 'tag')]
    collect(arena)
    wait_for(lambda: len(delivered) == 2)
    assert delivered[1] == (['x'], 'again')
    guardian.set_callback(None, None)


@test
def guardians_of_the_dead(arena):
    """The callback goes with the guardian."""
    class Probe:
        def __call__(self, *args):
            raise AssertionError

    with arena.mutation() as m:
        guardian = GcObj.Guardian(m)
        probe = Probe()
        guardian.set_callback(None, probe)
    alive = len([thing for thing in gc.get_objects() if isinstance(thing, Probe)])
    assert alive == 1
    del guardian, probe
    collect(arena)
    while GLib.MainContext.default().iteration(False):
        pass
    collect(arena)
    assert not [thing for thing in gc.get_objects() if isinstance(thing, Probe)]


@test
def failing_callbacks(arena):
    calls = []

    def fail(guardian, array, tag):
        calls.append(tag)
        raise ZeroDivisionError('as wanted: PyGObject prints it')

    with arena.mutation() as m:
        guardian = GcObj.Guardian(m)
        guardian.set_callback(None, fail)
        for tag in 'abc':
            guardian.watch(GcObj.Array(m), tag)
    collect(arena)
    wait_for(lambda: len(calls) == 3)
    # What Python keeps of an exception that it printed.
    sys.last_value = sys.last_traceback = sys.last_exc = None
    # A collection is possible again.
    collect(arena)


@test
def root_sets(arena):
    with arena.mutation() as m:
        roots, others = GcObj.RootSet(m), GcObj.RootSet(m)
        key = roots.stash(GcObj.Array(m, ['kept']))
    collect(arena)
    assert list(roots.fetch(key)) == ['kept'] and key in roots and len(roots) == 1
    assert key not in others
    raises(GcObj.Error.WRONG_SET, others.fetch, key)
    assert roots.remove(key) and not roots.remove(key)
    raises(GcObj.Error.WRONG_SET, roots.fetch, key)
    key = roots.stash(others)
    del key
    collect(arena)
    assert len(roots) == 0


@test
def keys_outlive_sets(arena):
    other = GcObj.Arena()
    with other.mutation() as m:
        roots = GcObj.RootSet(m)
        key = roots.stash(GcObj.Array(m))
    del roots, m
    collect(other)
    assert other.get_stats().live_objects == 0
    del other
    gc.collect()
    with arena.mutation() as m:
        assert key not in GcObj.RootSet(m)
    copied = key.copy()
    del key, copied


@test
def handles(arena):
    with arena.mutation() as m:
        store = Gio.ListStore.new(GcObj.Handle)
        for i in range(5):
            store.append(GcObj.Handle.new(GcObj.Array(m, [i])))
    collect(arena)
    assert n_external(arena) == 5
    assert [handle.get_object()[0] for handle in store] == list(range(5))
    assert store[3].props.object[0] == 3
    store.remove_all()


@test
def idle_collection(arena):
    arena.attach(None)
    with arena.mutation() as m:
        for _ in range(20000):
            GcObj.Box.new_int64(m, 5)
    gc.collect()
    before = arena.get_stats().n_cycles
    # The main loop has nothing else to do.
    arena.start_cycle()
    wait_for(lambda: arena.get_stats().n_cycles > before)
    arena.detach()


run()
