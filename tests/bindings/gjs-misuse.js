/* What must not be possible, or must do no harm: an exception, or a critical
 * warning and nothing else.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';
import Gio from 'gi://Gio';
import GObject from 'gi://GObject';

import {assert, collectWrappers, equal, nExternal, refused, run, test, throws, waitFor} from './harness.js';

const MAKERS = [
    m => new GcObj.Array(m),
    m => GcObj.Array.new(m),
    m => GcObj.Array.new_sized(m, 5),
    m => GcObj.Array.from(m, [1]),
    m => new GcObj.Table(m),
    m => new GcObj.String(m, 'text'),
    m => GcObj.String.intern(m, 'text'),
    m => new GcObj.Bytes(m, new Uint8Array([1])),
    m => new GcObj.Box(m, 5),
    m => GcObj.Box.new_double(m, 5),
    m => new GcObj.Guardian(m),
    m => new GcObj.DeathQueue(m),
    m => new GcObj.RootSet(m),
    m => new GcObj.Peer(m, new GObject.Object()),
];

test('a finished mutation', arena => {
    const [m, array] = arena.mutate(mutation => [mutation, new GcObj.Array(mutation)]);

    for (const make of MAKERS)
        refused(() => make(m));
    refused(() => new GcObj.WeakRef(m, array));
    assert(!m.safepoint());
    m.finish();
    throws(GcObj.Error.NOT_MUTATING, () => new GcObj.Array(m));
    throws(GcObj.Error.NOT_MUTATING, () => GcObj.Array.new_sized(m, 1));
    // It stays finished while others are open.
    arena.mutate(other => {
        assert(!m.is_active() && other.is_active());
        for (const make of MAKERS)
            refused(() => make(m));
        m.finish();
        assert(other.is_active());
    });
});

// GJS 1.74 aborts when it is given what is callable and no function of JavaScript's.
test('callable objects', arena => {
    const runner = GcSeq.Runner.new(arena);

    for (const func of [new Proxy(() => 1, {}), (() => 1).bind(null), GcObj.Array, GcObj.Arena]) {
        arena.mutate(m => {
            GcSeq.Sequence.then(m, GcSeq.Sequence.value(m, 5), func);
            GcSeq.Sequence.steps(m, func);
            new GcObj.Guardian(m).set_callback(null, func);
            refused(() => GcSeq.Sequence.steps(m, new Proxy({}, {})));
        });
        arena.write_snapshot_async(Gio.MemoryOutputStream.new_resizable(), 0, null, func);
        runner.run_async(arena.mutate(m => GcSeq.Sequence.value(m, 5)), null, func);
    }
    equal(runner.run_sync(m => GcSeq.Sequence.then(m, GcSeq.Sequence.value(m, 5), new Proxy(x => x + 1, {}))), 6);
    waitFor(() => runner.get_n_runs() === 0);
});

test('a mutation that was dropped', arena => {
    (() => {
        arena.begin();
    })();
    collectWrappers();
    // The scope ended with it.
    arena.collect();
    arena.mutate(m => assert(m.is_active()));
});

test('out of order', arena => {
    const first = arena.begin(), second = arena.begin();

    first.finish();
    assert(first.is_active() && second.is_active());
    second.finish();
    first.finish();
    assert(!first.is_active());
});

test('no mutation at all', arena => {
    for (const make of MAKERS) {
        for (const wrong of [undefined, null, 5, {}, arena])
            refused(() => make(wrong));
    }
    throws(TypeError, () => new GcObj.Array());
    throws(TypeError, () => new GcObj.Table(arena));
});

test('collecting inside', arena => {
    arena.mutate(m => {
        const array = new GcObj.Array(m);

        arena.collect();
        assert(m.is_active());
        equal(array.length, 0);
    });
});

test('another arena\'s objects', arena => {
    const other = new GcObj.Arena();

    arena.mutate(m => other.mutate(n => {
        const array = new GcObj.Array(m), table = new GcObj.Table(m), stranger = new GcObj.Array(n);

        for (const func of [
            () => array.append(stranger),
            () => array.insert(0, stranger),
            () => GcObj.Array.from(m, [stranger]),
            () => table.set('key', stranger),
            () => table.set(stranger, array),
        ])
            throws(GcObj.Error.WRONG_ARENA, func);
        refused(() => table.get(stranger));
        refused(() => table.has(stranger));
        refused(() => GcObj.WeakRef.new(m, stranger));
        refused(() => new GcObj.RootSet(m).stash(stranger));
        refused(() => new GcObj.Guardian(m).watch(stranger, null));
        refused(() => new GcObj.DeathQueue(m).watch(array, stranger));
        refused(() => GcObj.Box.new(m, stranger));
        refused(() => new GcObj.Peer(m, new GObject.Object()).set_data('data', stranger));
        arena.root = stranger;
        equal(arena.root, null);
        equal([array.length, table.size], [0, 0]);
    }));
    equal(nExternal(other), 0);
});

test('wrong types', arena => {
    arena.mutate(m => {
        const array = new GcObj.Array(m), string = new GcObj.String(m, 'text');

        for (const func of [
            () => GcObj.Array.prototype.get_length.call(string),
            () => GcObj.Array.prototype.get_length.call(arena),
            () => GcObj.Array.prototype.get_length.call({}),
            () => GcObj.Array.prototype.get_length.call(null),
            () => GcObj.Array.prototype.get_length(),
            () => GcObj.Array.prototype.length,
            () => string.equal(array),
            () => string.equal(null),
            () => GcObj.String.concat(m, string, array),
            () => GcObj.Handle.new(null),
            () => GcObj.Handle.new(arena),
            () => new GcObj.Handle({object: arena}),
            () => new GcObj.RootSet(m).fetch(m),
            () => new GcObj.Guardian(m).watch(null, null),
            () => new GcObj.Peer(m, null),
            () => new GcObj.Peer(m, array),
            () => GcObj.ListModel.new(string),
            () => GcObj.Handle.new_with_owner(array, array),
        ])
            throws(null, func);
        throws(null, () => {
            arena.root = m;
        });
    });
});

test('no subclasses', arena => {
    arena.mutate(m => {
        class Sub extends GcObj.Array {}

        throws(TypeError, () => new Sub(m));
        throws(null, () => GObject.registerClass(class Other extends GcObj.Array {}));
        throws(null, () => new class extends GcObj.Object {}(m));
    });
});

test('why there are no subclasses', arena => {
    const names = ['Array', 'Box', 'Bytes', 'DeathQueue', 'Guardian', 'Peer', 'Record', 'RootSet', 'String', 'Table',
        'WeakRef'];
    const classes = [...names.map(name => GcObj[name]), GcSeq.AsyncMutex, GcSeq.Channel, GcSeq.Limiter, GcSeq.Once,
        GcSeq.Semaphore, GcSeq.Sequence, GcSeq.TaskGroup];

    arena.mutate(m => {
        for (const Class of classes) {
            const error = throws(TypeError, () => new class extends Class {}(m));
            assert(error.message.endsWith("can't be subclassed; see GcObj.record()"), error.message);
            const registering = throws(TypeError, () => GObject.registerClass(class extends Class {}));
            assert(registering.message.includes('invalid base class'), registering.message);
        }
        // What only functions make is of no use as a base either.
        for (const Class of [GcObj.Object, GcSeq.Item, GcSeq.Outcome, GcSeq.Permit])
            throws(Error, () => new class extends Class {}(m));
    });
});

test('no subclasses of final classes', () => {
    let n = 0;

    for (const namespace of [GcObj, GcSeq]) {
        for (const Class of Object.values(namespace)) {
            if (!(Class?.prototype instanceof GObject.Object))
                continue;
            throws(TypeError, () => GObject.registerClass(class extends Class {}));
            n++;
        }
    }
    assert(n >= 9);
});

test('no impostors', arena => {
    throws(null, () => new GcObj.Object());
    arena.mutate(m => {
        throws(null, () => new GcObj.Object(m));
        throws(null, () => new GcObj.Record(m, GcObj.Record.$gtype));
        refused(() => new GcObj.Array(m).append(Object.create(GcObj.Array.prototype)));
        refused(() => Object.create(GcObj.Array.prototype).length);
    });
    for (const Class of [GcObj.Mutation, GcObj.RootKey, GcObj.Tracer])
        throws(null, () => new Class());
});

test('nothing for bindings alone', arena => {
    arena.mutate(m => {
        const things = [m, new GcObj.Array(m), arena.get_stats(), arena.get_pacing(),
            new GcObj.RootSet(m).stash(new GcObj.Array(m))];

        for (const thing of things) {
            for (const name of ['ref', 'unref', 'free', 'vfunc_finalize', 'vfunc_trace', 'vfunc_init',
                'parent_instance', 'construct', 'save', 'restore'])
                assert(!(name in thing), `${thing} has ${name}`);
        }
        assert(GcObj.trace === undefined);
    });
});

test('a list model without memory', arena => {
    const array = arena.mutate(m => GcObj.Array.from(m, ['a', 'b', 'c']));

    arena.set_heap_limit(1);
    const model = GcObj.ListModel.new(array);
    assert(model.get_n_items() <= 3);
    equal(model.get_item(3), null);
    arena.set_heap_limit(0);
    array.append(array);
    model.flush();
    equal(model.get_n_items(), 4);
    array.remove(3);
});

test('a type of records that is none', () => {
    for (const wrong of [true, 5, 'text', null, undefined, {}, GcObj])
        throws(TypeError, () => GcObj.Record.type_list_fields(wrong));
});

test('runners and list models made by a listener', arena => {
    const made = [];
    const Listener = GObject.registerClass({Implements: [GcObj.Listener]}, class extends GObject.Object {
        vfunc_tell() {
            if (made.length === 0)
                made.push(new GcSeq.Runner({arena}), GcObj.ListModel.new(array));
        }
    });
    let [array, sequence] = arena.mutate(m => [new GcObj.Array(m), GcSeq.Sequence.value(m, 1)]);

    arena.set_listener(new Listener());
    arena.collect();
    arena.set_listener(null);
    equal(made.length, 2);
    refused(() => made[0].start(sequence, null));
    refused(() => made[0].step(1));
    equal(made[1].get_n_items(), 0);
    // The class is for ever.
    made.length = 0;
    array = sequence = null;
});

test('sizes', arena => {
    arena.mutate(m => {
        const array = new GcObj.Array(m);

        for (const size of [2 ** 31, 2 ** 40, 2 ** 53]) {
            throws(GcObj.Error.RANGE, () => GcObj.Array.new_sized(m, size));
            throws(GcObj.Error.RANGE, () => {
                array.length = size;
            });
        }
        for (const size of [-1, 2 ** 64]) {
            throws(null, () => {
                array.length = size;
            });
        }
    });
    arena.set_heap_limit(1 << 20);
    arena.mutate(m => {
        throws(GcObj.Error.HEAP_LIMIT, () => GcObj.Array.new_sized(m, 1 << 20));
        throws(GcObj.Error.HEAP_LIMIT, () => new GcObj.Bytes(m, new Uint8Array(1 << 21)));
    });
});

test('a heap far beyond its limit', arena => {
    arena.set_heap_limit(1);
    arena.mutate(m => {
        const array = new GcObj.Array(m);

        array.add_external_bytes(2 ** 53);
        for (let i = 0; i < 100; i++)
            GcObj.Box.new_int64(m, i);
        throws(GcObj.Error.HEAP_LIMIT, () => array.append(array));
    });
    arena.set_heap_limit(0);
    arena.mutate(m => GcObj.Array.from(m, ['a']));
});

run();
