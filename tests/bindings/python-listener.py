# Listeners written in a script: they are called after the pause, and may not disturb it.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import os
import tempfile

from harness import GcObj, GLib, run, test

from gi.repository import GObject, Gio


class Witness(GObject.Object, GcObj.Listener):
    """By two of the hooks."""

    def __init__(self):
        super().__init__()
        self.pauses = []
        self.ends = []

    def do_paused(self, arena, event):
        self.pauses.append((event.reason, event.duration_ns, event.n))

    def do_collection_ended(self, arena, event):
        self.ends.append((event.is_minor, event.n, event.copy()))


class Everything(GObject.Object, GcObj.Listener):
    """By the one that gets all."""

    def __init__(self):
        super().__init__()
        self.types = []

    def do_tell(self, arena, event):
        self.types.append(event.type)


def fill(arena):
    with arena.mutation() as m:
        arena.set_root(GcObj.Array(m, ['a', 'b', 'c']))


@test
def hooks(arena):
    witness = Witness()
    fill(arena)
    arena.set_listener(witness)
    assert arena.get_listener() == witness
    assert arena.props.listener == witness
    arena.collect()
    assert len(witness.pauses) == 1
    reason, duration, n = witness.pauses[0]
    assert reason == GcObj.PauseReason.REQUEST
    assert duration > 0 and n >= 4, (duration, n)
    assert len(witness.ends) == 1
    is_minor, n, event = witness.ends[0]
    assert not is_minor and n >= 4 and event.live_objects == n
    assert event.to_string().startswith('collection ended: major')
    arena.set_listener(None)
    arena.collect()
    assert len(witness.pauses) == 1


@test
def going_through_arrays(arena):
    """Without a scope, which hooks can't begin."""
    found = []

    class Reader(GObject.Object, GcObj.Listener):
        def do_paused(self, arena, event):
            root = arena.get_root()
            found.extend((arena.can_begin(), list(root), root.list(), root[90:], root.list_range(98, 9), root[-1]))

    with arena.mutation() as m:
        assert arena.can_begin()
        arena.set_root(GcObj.Array(m, range(100)))
    assert arena.can_begin()
    arena.set_listener(Reader())
    arena.collect()
    arena.set_listener(None)
    numbers = list(range(100))
    assert found == [False, numbers, numbers, numbers[90:], [98, 99], 99], found


@test
def everything(arena):
    everything = Everything()
    fill(arena)
    arena.set_listener(everything)
    arena.collect()
    arena.set_listener(None)
    kinds = everything.types
    assert kinds[0] == GcObj.EventType.COLLECTION_BEGUN and kinds[-1] == GcObj.EventType.PAUSED, kinds
    assert GcObj.EventType.MARKED in kinds and GcObj.EventType.SWEPT in kinds


class Rogue(GObject.Object, GcObj.Listener):
    """Tries what a hook may not do, and fails by itself."""

    n = 0

    def do_paused(self, arena, event):
        Rogue.n += 1
        arena.collect()
        assert arena.begin() is None
        assert arena.get_stats().heap_bytes > 0


@test
def rogues(arena):
    GLib.log_set_handler('GcObj', GLib.LogLevelFlags.LEVEL_CRITICAL, lambda *args: None, None)
    fill(arena)
    arena.set_listener(Rogue())
    arena.collect()
    arena.collect()
    assert Rogue.n == 2
    arena.set_listener(None)
    arena.verify()


@test
def slices(arena):
    """Safe points of a script's own work."""
    witness = Witness()
    arena.set_listener(witness)
    pacing = GcObj.Pacing.new()
    pacing.min_sleep = 1 << 16
    arena.set_pacing(pacing)
    for _ in range(300):
        with arena.mutation() as m:
            GcObj.Array(m, ['x' * 100] * 100)
    arena.set_listener(None)
    assert witness.pauses and witness.ends
    assert {reason for reason, _, _ in witness.pauses} == {GcObj.PauseReason.DEBT}


@test
def chains(arena):
    chain, first, second = GcObj.ListenerChain(), Witness(), Everything()
    chain.add(first)
    chain.add(second)
    arena.set_listener(chain)
    arena.collect()
    assert chain.remove(second)
    assert not chain.remove(second)
    arena.collect()
    arena.set_listener(None)
    assert len(first.pauses) == 2
    assert second.types.count(GcObj.EventType.PAUSED) == 1


@test
def trace_files(arena):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'trace.json')
        arena.set_listener(GcObj.TraceFile.new(path))
        arena.collect()
        arena.set_listener(None)
        with open(path, encoding='utf-8') as text:
            names = {event['name'] for event in json.load(text)['traceEvents']}
        assert {'pause', 'mark', 'major collection', 'Heap'} <= names, names
    try:
        GcObj.TraceFile.new(path)
    except GLib.Error as error:
        assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND), repr(error)
    else:
        raise AssertionError('nothing was raised')


run()
