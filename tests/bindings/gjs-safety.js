/* Whatever a script does, the process goes on: what the collector, finalizers and failing functions could do
 * to it. Misuse by wrong arguments is in gjs-misuse.js. The table of
 * docs/reference/gcobj/chapters/languages.xml says which test is for what.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';

import {assert, collectWrappers, endsWell, equal, run, sequenceError, test, throws, waitFor} from './harness.js';
import {MAKE} from './harness-make.js';

const {Sequence} = GcSeq;

class Planted extends Error {}

// A function that fails each time, and how often it did.
function failing() {
    const fail = () => {
        fail.n++;
        throw new Planted('as wanted');
    };
    fail.n = 0;
    return fail;
}

function collect(arena) {
    collectWrappers();
    while (GLib.MainContext.default().iteration(false))
        ;
    arena.collect();
}

function lines(variable) {
    const [, data] = GLib.file_get_contents(GLib.getenv(variable));
    return new TextDecoder().decode(data).trim().split('\n').map(line => line.split(' '));
}

/* Use after collection */

test('use after collection', arena => {
    const kept = {};
    // What is not held moves or is overwritten.
    arena.set_zeal(GcObj.Zeal.RELOCATE | GcObj.Zeal.CLOBBER | GcObj.Zeal.VERIFY);
    const [m, elements, iterator, key, handle, model] = arena.mutate(mutation => {
        for (const name of ['Array', 'Box', 'Bytes', 'Peer', 'Record', 'RootSet', 'String', 'Table', 'WeakRef'])
            kept[name] = MAKE[name](mutation);
        return [mutation, kept.Array.list(), kept.Array[Symbol.iterator](),
            kept.RootSet.stash(GcObj.Array.from(mutation, ['stashed'])),
            GcObj.Handle.new(GcObj.Array.from(mutation, ['held'])), GcObj.ListModel.new(kept.Array)];
    });
    for (let i = 0; i < 4; i++)
        collect(arena);
    assert(!m.is_active());
    assert(elements[0] instanceof GcObj.Array);
    equal(elements[1], 'x');
    equal([...iterator][1], 'x');
    equal(kept.RootSet.fetch(key).get(0), 'stashed');
    equal(handle.object.get(0), 'held');
    equal(`${kept.String}`, 'text');
    equal(kept.Record.s, 'text');
    equal(kept.Bytes.get_data().length, 4);
    equal(kept.WeakRef.upgrade(), null);
    equal(kept.Peer.get_object().name, 'action');
    // Taken out of what holds it.
    const item = model.get_item(1);
    kept.Array.clear();
    model.flush();
    collect(arena);
    equal(`${item.object}`, 'x');
    equal(model.get_item(1), null);
    assert(kept.RootSet.remove(key));
    throws(GcObj.Error.WRONG_SET, () => kept.RootSet.fetch(key));
    arena.set_zeal(GcObj.Zeal.NONE);
});

test('iterators of what changes', arena => {
    const [array, table, weak] = arena.mutate(m => {
        const entries = make => [...Array(10).keys()].map(i => [`${i}`, make(i)]);
        return [GcObj.Array.from(m, [...Array(10).keys()]), GcObj.Table.from(m, entries(i => i)),
            GcObj.Table.from(m, entries(() => new GcObj.Array(m)), GcObj.TableFlags.WEAK_VALUES)];
    });
    const seen = [];
    for (const element of array) {
        seen.push(element);
        array.pop();
        collect(arena);
    }
    equal(seen, [0, 1, 2, 3, 4]);
    for (const [key] of table) {
        table.delete(key);
        collect(arena);
    }
    for (const key of weak.keys()) {
        collect(arena);
        weak.get(key);
    }
    equal([table.size], [0]);
});

test('an arena that was disposed of', arena => {
    const array = arena.mutate(m => GcObj.Array.from(m, ['x']));
    const owner = new Gio.SimpleAction({name: 'owner'});
    const handle = GcObj.Handle.new_with_owner(array, owner);

    // GJS complains of each use, and goes on.
    arena.run_dispose();
    arena.root = array;
    collect(arena);
    equal(arena.root.get(0), 'x');
    equal(handle.get_object() === array, true);
    equal(arena.mutate(m => GcObj.Array.from(m, [array]).length), 1);
});

/* Resurrection */

test('wrappers of resurrected objects', arena => {
    let [array, ref, guardian] = arena.mutate(m => {
        const made = GcObj.Array.from(m, ['x']);
        made.append(made);
        return [made, new GcObj.WeakRef(m, made), new GcObj.Guardian(m)];
    });
    guardian.watch(array, 'tag');
    const number = array.hash();
    for (let i = 0; i < 3; i++) {
        array = null;
        collect(arena);
        const [popped, tag] = guardian.pop();
        // It has the identity and the cycle that it had.
        equal([tag, popped.hash(), popped.get(0)], ['tag', number, 'x']);
        assert(popped.get(1) === popped);
        guardian.watch(popped, 'tag');
        collect(arena);
        assert(popped.get(1).get(1) === popped);
        array = popped;
    }
    array = null;
    collectWrappers();
    arena.finish_marking();
    const again = ref.resurrect();
    if (again) {
        arena.finish_cycle();
        assert(again.get(1) === again);
    }
    ref = guardian = null;
});

/* Exceptions */

const COVERED = ['Gio.AsyncReadyCallback', 'GuardianFunc', 'MutateFunc', 'PromiseFunc', 'StepFunc', 'TableFunc',
    'virtual-method'];

test('every kind of callback is here', () => {
    const kinds = new Set([...lines('GCOBJ_CALLBACKS'), ...lines('GCSEQ_CALLBACKS')].map(([kind]) => kind));

    equal([...kinds].sort(), COVERED);
});

test('exceptions in scopes and tables', arena => {
    const table = arena.mutate(m => GcObj.Table.from(m, [['a', 1], ['b', 2]]));
    const fail = failing();

    throws(Planted, () => arena.mutate(fail));
    throws(Planted, () => arena.mutate(() => arena.mutate(fail)));
    throws(Planted, () => table.foreach(fail));
    equal(fail.n, 3);
    equal(arena.mutate(m => m.get_depth()), 1);
});

test('exceptions in guardians and handlers', arena => {
    const fail = failing();
    const [guardian, array] = arena.mutate(m => [new GcObj.Guardian(m), new GcObj.Array(m)]);
    arena.mutate(m => {
        guardian.set_callback(null, fail);
        guardian.watch(new GcObj.Array(m), 'tag');
    });
    const model = GcObj.ListModel.new(array);
    const ids = [[arena, arena.connect('notify::root', fail)], [model, model.connect('items-changed', fail)]];
    arena.root = array;
    array.append(5);
    model.flush();
    collect(arena);
    waitFor(() => fail.n >= 3);
    ids.forEach(([sender, id]) => sender.disconnect(id));
    guardian.set_callback(null, null);
});

test('exceptions in asynchronous functions', arena => {
    const fail = failing();
    const runner = new GcSeq.Runner({arena});

    arena.write_snapshot_async(Gio.MemoryOutputStream.new_resizable(), 0, null, fail);
    waitFor(() => fail.n === 1);
    runner.run_async(arena.mutate(m => Sequence.value(m, 1)), null, fail);
    waitFor(() => fail.n === 2);
    const started = runner.run(m => Sequence.value(m, 1));
    const id = started.connect('notify::done', fail);
    waitFor(() => fail.n === 3);
    started.disconnect(id);
    equal(started.get_result(), 1);
});

// The classes are for ever; what they see is not.
let heard = new Set();

function listener(names) {
    const Class = class extends GObject.Object {};

    for (const name of names) {
        Class.prototype[`vfunc_${name}`] = () => {
            heard.add(name);
            throw new Planted(name);
        };
    }
    return new (GObject.registerClass({GTypeName: `Failing_${names[0]}`, Implements: [GcObj.Listener]}, Class))();
}

test('exceptions in listeners', arena => {
    const names = lines('GCOBJ_CALLBACKS').filter(([kind]) => kind === 'virtual-method')
        .map(([, name]) => name.split('.')[1]);

    for (const some of [['tell'], names.filter(name => name !== 'tell')]) {
        arena.set_listener(listener(some));
        arena.mutate(m => {
            for (let i = 0; i < 50; i++)
                new GcObj.Bytes(m, new Uint8Array(1 << 16));
        });
        collect(arena);
        arena.set_listener(null);
    }
    for (const name of ['tell', 'started', 'marked', 'swept', 'paused', 'collection_ended'])
        assert(heard.has(name), `${name} was not called`);
    arena.verify();
    heard = null;
});

// Whatever takes a function, with one that fails, of what succeeds and of what does not.
function* failingSequences() {
    for (const [name, kind, , ...types] of lines('GCSEQ_CALLABLES')) {
        if (!types.some(type => type === 'StepFunc' || type === 'PromiseFunc') || kind === 'method')
            continue;
        // As MAKE has it: domain and code of what catch() is for.
        const error = new GLib.Error(Gio.IOErrorEnum, 1, 'planted');
        const [member, owner = null] = name.split('.').reverse();
        const isGenerator = name.startsWith('generator_');
        for (const source of [m => isGenerator ? GcSeq.generator_range(m, 0, 3, 1) : Sequence.value(m, 1),
            m => Sequence.error(m, error)])
            yield [name, (owner ? GcSeq[owner] : GcSeq)[member], types, source, isGenerator];
    }
}

test('exceptions in steps', arena => {
    const called = {};

    for (const [name, func, types, source, isGenerator] of failingSequences()) {
        if (name === 'Sequence.in_thread')
            continue;
        const fail = failing();
        const special = {StepFunc: () => fail, PromiseFunc: () => fail, Sequence: source};
        try {
            new GcSeq.Runner({arena}).run_sync(m => {
                const made = func(...types.map(type => (special[type] ?? MAKE[type])(m)));
                return isGenerator ? GcSeq.generator_collect(m, made) : made;
            });
            assert(fail.n === 0, `${name}: the exception is lost`);
        } catch (error) {
            // A clean-up's error gives way to one that was there before.
            assert(error instanceof Planted ? fail.n > 0 : fail.n === 0 || name === 'Sequence.finally',
                `${name}: ${error}`);
        }
        called[name] = (called[name] ?? 0) + fail.n;
    }
    assert(Object.keys(called).length > 20);
    equal(Object.keys(called).filter(name => called[name] === 0), []);
});

test('exceptions while iterating', arena => {
    const runner = new GcSeq.Runner({arena});
    const started = runner.run(function* (m) {
        try {
            yield Sequence.never(m);
        } finally {
            // eslint-disable-next-line no-unsafe-finally
            throw new Planted();
        }
    });

    runner.step(5);
    started.cancel();
    while (runner.step(1))
        ;
    throws(Planted, () => started.get_result());
});

/* Re-entrancy */

test('collecting in callbacks', arena => {
    const calls = new Set();
    const collectHere = name => () => {
        arena.collect();
        arena.verify();
        calls.add(name);
    };
    const [table, guardian, array] = arena.mutate(m =>
        [GcObj.Table.from(m, [['a', new GcObj.Array(m)]]), new GcObj.Guardian(m), new GcObj.Array(m)]);
    arena.mutate(m => {
        guardian.set_callback(null, collectHere('guardian'));
        guardian.watch(new GcObj.Array(m), 'tag');
    });
    const model = GcObj.ListModel.new(array);
    const ids = [[arena, arena.connect('notify::root', collectHere('notify'))],
        [model, model.connect('items-changed', collectHere('items'))]];
    arena.mutate(collectHere('mutate'));
    table.foreach(collectHere('foreach'));
    arena.root = array;
    array.append(5);
    model.flush();
    collect(arena);
    const runner = new GcSeq.Runner({arena});
    runner.run_sync(m => Sequence.steps(m, (mutation, step) => {
        collectHere('step')();
        return step.done();
    }));
    runner.run_sync(m => Sequence.from_async(m, promise => {
        collectHere('promise')();
        promise.resolve(1);
    }));
    runner.run_sync(m => Sequence.map(m, Sequence.value(m, 1), collectHere('map')));
    arena.write_snapshot_async(Gio.MemoryOutputStream.new_resizable(), 0, null, collectHere('snapshot'));
    waitFor(() => calls.size === 9);
    ids.forEach(([sender, id]) => sender.disconnect(id));
    guardian.set_callback(null, null);
});

// (Registries of finalization are told in GJS when the script has ended.)
test('mutating when something is finalized', arena => {
    const made = [];

    arena.mutate(m => {
        const guardian = new GcObj.Guardian(m);
        guardian.set_callback(null, () => {
            made.push(arena.mutate(n => GcObj.Array.from(n, ['made by a finalizer'])));
            arena.collect();
        });
        guardian.watch(new GcObj.Array(m), null);
        arena.root = guardian;
    });
    collect(arena);
    waitFor(() => made.length === 1);
    equal(made.pop().get(0), 'made by a finalizer');
    arena.root.set_callback(null, null);
});

test('running in callbacks', arena => {
    const runner = new GcSeq.Runner({arena});
    const calls = [];
    const runHere = () => {
        // One run at a time: in a step it is refused.
        try {
            calls.push(runner.run_sync(m => Sequence.value(m, 'inner')));
        } catch (error) {
            assert(error.matches(...sequenceError('BUSY')), `${error}`);
            calls.push('busy');
        }
    };
    const [guardian, table] = arena.mutate(m => [new GcObj.Guardian(m), GcObj.Table.from(m, [['a', 1]])]);

    arena.mutate(m => {
        guardian.set_callback(null, runHere);
        guardian.watch(new GcObj.Array(m), 'tag');
    });
    table.foreach(runHere);
    runner.run_sync(m => Sequence.steps(m, (mutation, step) => {
        runHere();
        return step.done();
    }));
    runner.run_sync(m => Sequence.from_async(m, promise => {
        runHere();
        promise.resolve(1);
    }));
    equal(calls, ['inner', 'busy', 'busy']);
    collect(arena);
    waitFor(() => calls.length === 4);
    equal(calls[3], 'inner');
    guardian.set_callback(null, null);
});

/* Threads */

test('functions on other threads', arena => {
    arena.mutate(m => equal(throws(Error, () => Sequence.in_thread(m, () => 1)).message,
        'GJS runs no function on another thread'));
});

/* The end */

const EXIT = `
import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';
import Gio from 'gi://Gio';
import GObject from 'gi://GObject';
import System from 'system';

const Listener = GObject.registerClass({Implements: [GcObj.Listener]}, class extends GObject.Object {
    vfunc_tell() {}
});
const arena = new GcObj.Arena();
arena.attach(null);
arena.set_listener(new Listener());
const m = arena.begin();
const guardian = new GcObj.Guardian(m);
guardian.set_callback(null, () => {});
guardian.watch(new GcObj.Array(m), 'tag');
const array = GcObj.Array.from(m, [guardian, new Gio.SimpleAction({name: 'boxed'})]);
const peer = new GcObj.Peer(m, new Gio.SimpleAction({name: 'action'}));
peer.set_data('array', array);
const model = GcObj.ListModel.new(array);
model.connect('items-changed', () => {});
const key = new GcObj.RootSet(m).stash(array);
const handle = GcObj.Handle.new(array);
arena.root = array;
arena.connect('notify::root', () => {});
globalThis.kept = [arena, array, m, model, key, handle];
`;

test('the interpreter ends with live arenas', () => {
    for (const ending of ['', 'm.finish();', 'm.finish(); arena.start_cycle();', 'm.finish(); arena.step(10);',
        'System.exit(0);', 'System.gc();', 'kept.length = 0; System.gc();']) {
        endsWell(EXIT + ending);
    }
});

run();
