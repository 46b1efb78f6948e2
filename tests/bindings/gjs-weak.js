/* What does not keep objects, or keeps them in another way: weak tables and
 * references, guardians, death queues, root sets, handles.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {assert, collectWrappers, equal, nExternal, run, test, throws, waitFor} from './harness.js';

function collect(arena) {
    collectWrappers();
    arena.collect();
}

// An object that its holder can let go of.
function hold(object) {
    return {object};
}

test('weak references', arena => {
    const [held, ref] = arena.mutate(m => {
        const array = new GcObj.Array(m);
        return [hold(array), new GcObj.WeakRef(m, array)];
    });

    collect(arena);
    assert(ref.upgrade() === held.object && !ref.is_dead());
    held.object = null;
    collect(arena);
    equal(ref.upgrade(), null);
    assert(ref.is_dropped());
});

test('resurrection', arena => {
    const ref = arena.mutate(m => new GcObj.WeakRef(m, GcObj.Array.from(m, ['x'])));

    collectWrappers();
    arena.finish_marking();
    equal(arena.get_phase(), GcObj.Phase.MARKED);
    assert(ref.is_dead() && !ref.is_dropped());
    const held = hold(ref.resurrect());
    arena.finish_cycle();
    equal([...held.object], ['x']);
    held.object = null;
    collect(arena);
    equal(ref.upgrade(), null);
});

test('weak keys', arena => {
    const [held, table] = arena.mutate(m => {
        const key = new GcObj.Array(m);
        // The value leads to the key: an ephemeron.
        const entries = [[key, GcObj.Array.from(m, [key])], [new GcObj.Array(m), 'gone'], ['text', 1]];
        return [hold(key), GcObj.Table.from(m, entries, GcObj.TableFlags.WEAK_KEYS)];
    });

    collect(arena);
    equal(table.size, 2);
    equal(table.get(held.object).get(0), held.object);
    held.object = null;
    collect(arena);
    equal([...table.keys()], ['text']);
});

test('weak values', arena => {
    const [held, cache] = arena.mutate(m => {
        const value = new GcObj.Array(m);
        return [hold(value), GcObj.Table.from(m, [['a', value], ['b', new GcObj.Array(m)]],
            GcObj.TableFlags.WEAK_VALUES)];
    });

    collect(arena);
    equal([...cache.keys()], ['a']);
    equal(cache.get('a'), held.object);
    held.object = null;
    collect(arena);
    equal([cache.size, cache.get('a')], [0, undefined]);
});

test('death queues', arena => {
    const [held, deaths] = arena.mutate(m => {
        const queue = new GcObj.DeathQueue(m), kept = new GcObj.Array(m);
        queue.watch(new GcObj.Array(m), new GcObj.String(m, 'the first'));
        queue.watch(kept, new GcObj.String(m, 'the second'));
        return [hold(kept), queue];
    });

    collect(arena);
    equal([deaths.get_n_queued(), deaths.get_n_watched()], [1, 1]);
    equal(`${deaths.pop()}`, 'the first');
    equal(deaths.pop(), null);
    held.object = null;
    collect(arena);
    equal(`${deaths.pop()}`, 'the second');
});

function makeGuardian(arena, func = null) {
    return arena.mutate(m => {
        const guardian = new GcObj.Guardian(m);
        if (func !== null)
            guardian.set_callback(null, func);
        guardian.watch(GcObj.Array.from(m, ['x']), 'tag');
        return guardian;
    });
}

test('guardians', arena => {
    const guardian = makeGuardian(arena);

    collect(arena);
    const [array, tag] = guardian.pop();
    equal([...array], ['x']);
    equal(tag, 'tag');
    equal(guardian.pop()[0], null);
});

test('guardians call', arena => {
    const delivered = [];
    const guardian = makeGuardian(arena, (self, array, tag) => {
        delivered.push([...array, tag]);
        // It may be watched again.
        if (delivered.length === 1)
            self.watch(array, 'again');
    });

    collect(arena);
    equal(delivered.length, 0);
    waitFor(() => delivered.length > 0);
    equal(delivered[0], ['x', 'tag']);
    collect(arena);
    waitFor(() => delivered.length === 2);
    equal(delivered[1], ['x', 'again']);
    guardian.set_callback(null, null);
});

test('a callback goes with its guardian', arena => {
    const delivered = [];

    makeGuardian(arena, (...args) => delivered.push(args));
    collect(arena);
    while (GLib.MainContext.default().iteration(false))
        ;
    collect(arena);
    equal(delivered.length, 0);
});

test('failing callbacks', arena => {
    const calls = [];
    const guardian = makeGuardian(arena, (self, array, tag) => {
        calls.push(tag);
        throw new Error('as wanted: GJS prints it');
    });

    collect(arena);
    waitFor(() => calls.length === 1);
    // A collection is possible again.
    collect(arena);
    guardian.set_callback(null, null);
});

test('root sets', arena => {
    const [roots, others, held] = arena.mutate(m => {
        const set = new GcObj.RootSet(m);
        return [set, new GcObj.RootSet(m), hold(set.stash(GcObj.Array.from(m, ['kept'])))];
    });

    collect(arena);
    equal([...roots.fetch(held.object)], ['kept']);
    assert(roots.contains(held.object) && !others.contains(held.object));
    throws(GcObj.Error.WRONG_SET, () => others.fetch(held.object));
    assert(roots.remove(held.object) && !roots.remove(held.object));
    throws(GcObj.Error.WRONG_SET, () => roots.fetch(held.object));
    held.object = roots.stash(others);
    held.object = null;
    collect(arena);
    equal(roots.get_size(), 0);
});

test('keys outlive sets', arena => {
    const key = new GcObj.Arena().mutate(m => new GcObj.RootSet(m).stash(new GcObj.Array(m)));

    collectWrappers();
    arena.mutate(m => assert(!new GcObj.RootSet(m).contains(key)));
});

test('handles', arena => {
    const store = new Gio.ListStore({item_type: GcObj.Handle});

    arena.mutate(m => {
        for (let i = 0; i < 5; i++)
            store.append(new GcObj.Handle({object: GcObj.Array.from(m, [i])}));
    });
    collect(arena);
    equal(nExternal(arena), 5);
    for (let i = 0; i < store.get_n_items(); i++)
        equal(store.get_item(i).object.get(0), i);
    equal(store.get_item(3).get_object().get(0), 3);
    store.remove_all();
});

test('idle collection', arena => {
    arena.attach(null);
    arena.mutate(m => {
        for (let i = 0; i < 2000; i++)
            GcObj.Box.new_double(m, 5);
    });
    collectWrappers();
    const before = arena.get_stats().n_cycles;
    arena.start_cycle();
    for (let i = 0; i < 10000 && arena.get_stats().n_cycles === before; i++)
        GLib.MainContext.default().iteration(false);
    assert(arena.get_stats().n_cycles > before);
    arena.detach();
});

run();
