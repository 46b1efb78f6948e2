/* Listeners written in a script: they are called after the pause, and may not disturb it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';

import {assert, collectWrappers, equal, run, test, throws} from './harness.js';

// By two of the hooks.
const Witness = GObject.registerClass({Implements: [GcObj.Listener]}, class Witness extends GObject.Object {
    _init() {
        super._init();
        this.pauses = [];
        this.ends = [];
    }

    vfunc_paused(arena, event) {
        this.pauses.push([event.reason, event.duration_ns, event.n]);
    }

    vfunc_collection_ended(arena, event) {
        this.ends.push([event.is_minor, event.n, event.to_string()]);
    }
});

// Keeps what it was given.
const Keeper = GObject.registerClass({Implements: [GcObj.Listener]}, class Keeper extends GObject.Object {
    vfunc_paused(arena, event) {
        this.event = event;
    }
});

// By the one that gets all; it tries what it may not do.
const Everything = GObject.registerClass({Implements: [GcObj.Listener]}, class Everything extends GObject.Object {
    _init() {
        super._init();
        this.types = [];
    }

    vfunc_tell(arena, event) {
        this.types.push(event.type);
        arena.collect();
        assert(arena.get_stats().heap_bytes >= 0);
    }
});

function fill(arena) {
    arena.mutate(m => arena.set_root(GcObj.Array.from(m, ['a', 'b', 'c'])));
    collectWrappers();
}

test('hooks', arena => {
    const witness = new Witness();

    fill(arena);
    arena.set_listener(witness);
    assert(arena.get_listener() === witness);
    assert(arena.listener === witness);
    arena.collect();
    equal(witness.pauses.length, 1);
    equal(witness.pauses[0][0], GcObj.PauseReason.REQUEST);
    assert(witness.pauses[0][1] > 0);
    equal(witness.ends.length, 1);
    equal(witness.ends[0][0], false);
    assert(witness.ends[0][1] >= 4);
    assert(witness.ends[0][2].startsWith('collection ended: major'));
    arena.set_listener(null);
    arena.collect();
    equal(witness.pauses.length, 1);
});

test('everything, and what may not be done', arena => {
    const everything = new Everything();

    GLib.log_set_handler('GcObj', GLib.LogLevelFlags.LEVEL_CRITICAL, () => {});
    fill(arena);
    arena.set_listener(everything);
    arena.collect();
    arena.set_listener(null);
    equal(everything.types[0], GcObj.EventType.COLLECTION_BEGUN);
    equal(everything.types[everything.types.length - 1], GcObj.EventType.PAUSED);
    arena.verify();
});

// GJS does not copy what it gives to a hook, nor free what a script made as the library does.
test('events that are kept', arena => {
    const keeper = new Keeper();

    fill(arena);
    arena.set_listener(keeper);
    arena.collect();
    arena.set_listener(null);
    assert(keeper.event.to_string().startsWith('pause'), keeper.event.to_string());
    for (const name of ['collection', 'time_ns', 'duration_ns', 'heap_bytes', 'debt_bytes'])
        keeper.event[name] = 12345;
    keeper.tell(arena, new GcObj.Event({type: GcObj.EventType.PAUSED, n: 7}));
    collectWrappers();
    equal(keeper.event.n, 7);
    equal(keeper.event.copy().type, GcObj.EventType.PAUSED);
});

// Without a scope, which hooks can't begin.
test('going through arrays', arena => {
    const numbers = Array.from({length: 100}, (_, i) => i), found = [];
    const Reader = GObject.registerClass({Implements: [GcObj.Listener]}, class Reader extends GObject.Object {
        vfunc_paused(from) {
            const {root} = from;
            assert(!from.can_begin());
            found.push([...root], root.list(), root.list_range(98, 9), root.at(-1));
        }
    });

    assert(arena.can_begin());
    arena.mutate(m => {
        assert(arena.can_begin());
        arena.root = GcObj.Array.from(m, numbers);
    });
    arena.set_listener(new Reader());
    arena.collect();
    arena.set_listener(null);
    equal(found.length, 4);
    equal(found[0], numbers);
    equal(found[1], numbers);
    equal(found[2], [98, 99]);
    equal(found[3], 99);
});

test('chains', arena => {
    const chain = new GcObj.ListenerChain(), first = new Witness(), second = new Witness();

    chain.add(first);
    chain.add(second);
    arena.set_listener(chain);
    arena.collect();
    assert(chain.remove(second));
    arena.collect();
    arena.set_listener(null);
    equal(first.pauses.length, 2);
    equal(second.pauses.length, 1);
});

test('trace files', arena => {
    const folder = GLib.dir_make_tmp('gcobj-XXXXXX');
    const path = GLib.build_filenamev([folder, 'trace.json']);

    arena.set_listener(GcObj.TraceFile.new(path));
    arena.collect();
    arena.set_listener(null);
    const names = JSON.parse(new TextDecoder().decode(GLib.file_get_contents(path)[1])).traceEvents.map(e => e.name);

    for (const name of ['pause', 'mark', 'major collection', 'Heap'])
        assert(names.includes(name), `no ${name}`);
    GLib.unlink(path);
    GLib.rmdir(folder);
    assert(throws(null, () => GcObj.TraceFile.new(path)).matches(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND));
});

run();
