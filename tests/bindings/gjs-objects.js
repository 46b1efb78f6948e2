/* Scopes, containers and what else there is day in, day out.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';

import {assert, collectWrappers, equal, nExternal, run, test, throws} from './harness.js';

test('scopes', arena => {
    let escaped;

    arena.mutate(m => {
        assert(m.is_active());
        equal(m.get_depth(), 1);
        equal(m.get_arena(), arena);
        arena.mutate(inner => equal(inner.get_depth(), 2));
        escaped = m;
    });
    assert(!escaped.is_active());
    equal(escaped.get_depth(), 0);
    equal(escaped.get_arena(), null);
    arena.mutate(m => m.finish());
    arena.collect();
});

test('the same function again, inside of itself', arena => {
    const nest = (m, n) => n === 0 ? m.get_depth() : arena.mutate(nest, n - 1);

    equal(arena.mutate(nest, 10), 11);
    equal(arena.mutate(nest, 10), 11);
});

test('what mutate returns', arena => {
    equal(arena.mutate(() => 42), 42);
    equal(arena.mutate((m, ...args) => args, 1, 2), [1, 2]);
});

test('exceptions pass', arena => {
    const scopes = [];
    const fail = m => {
        scopes.push(m);
        throw new RangeError('as wanted');
    };

    equal(throws(RangeError, () => arena.mutate(fail)).message, 'as wanted');
    throws(RangeError, () => arena.mutate(m => arena.mutate(fail)));
    assert(!scopes.some(m => m.is_active()));
    arena.collect();
});

test('cycles are collected', arena => {
    arena.mutate(m => {
        for (let i = 0; i < 1000; i++) {
            const a = new GcObj.Array(m), b = new GcObj.Array(m);
            a.append(b);
            b.append(a);
            if (i === 0)
                arena.root = GcObj.Array.from(m, [a]);
        }
    });
    equal(nExternal(arena), 0);
    arena.collect();
    // The root and two arrays, each with its elements.
    equal(arena.get_stats().live_objects, 6);
    equal(arena.root.get(0).get(0).get(0), arena.root.get(0));
});

test('a wrapper keeps', arena => {
    const kept = arena.mutate(m => GcObj.Array.from(m, ['x']));

    arena.collect();
    equal([...kept], ['x']);
    equal(nExternal(arena), 1);
});

test('wrappers keep the arena', () => {
    const kept = new GcObj.Arena().mutate(m => GcObj.Array.from(m, ['x']));

    equal(nExternal(kept.get_arena()), 1);
    equal(kept.get(0), 'x');
});

test('identity', arena => {
    arena.mutate(m => {
        const a = new GcObj.Array(m), b = new GcObj.Array(m);
        const [first, second, third] = GcObj.Array.from(m, [a, b, a]);

        assert(first === a && third === a && second === b && a !== b);
        equal(a.hash(), third.hash());
        assert(a instanceof GcObj.Array && a instanceof GcObj.Object && !(a instanceof GcObj.Table));
        equal(a.constructor, GcObj.Array);
        assert(a.to_string().startsWith('GcArray '));
    });
});

const Identified = GcObj.record('Identified', {o: Object});

test('identity by every way', arena => {
    const [a, queue, guardian, ways] = arena.mutate(m => {
        const object = new GcObj.Array(m), roots = new GcObj.RootSet(m);
        const deaths = new GcObj.DeathQueue(m), dead = new GcObj.Guardian(m);
        const key = roots.stash(object), peer = new GcObj.Peer(m, new Gio.SimpleAction({name: 'action'}));
        peer.set_data('data', object);
        deaths.watch(new GcObj.Array(m), object);
        dead.watch(GcObj.Array.from(m, [object]), null);
        arena.root = object;
        const table = GcObj.Table.from(m, [['a', object], [object, object]]);
        return [object, deaths, dead, [arena.root, arena.get_root(), GcObj.Array.from(m, [object]).get(0),
            GcObj.Array.from(m, [object]).list()[0], GcObj.Array.from(m, [object]).pop(), table.get('a'),
            table.get(object), ...[...table.keys()].filter(k => k !== 'a'), ...table.values(),
            new GcObj.WeakRef(m, object).upgrade(), GcObj.Handle.new(object).object, roots.fetch(key),
            GcObj.ListModel.new(object).array, peer.get_data('data'), new Identified(m, {o: object}).o]];
    });
    collectWrappers();
    arena.collect();
    ways.push(queue.pop(), guardian.pop()[0].get(0));
    for (const other of ways)
        assert(other === a && other.hash() === a.hash());
    equal(new Set(ways).size, 1);
    arena.root = null;
});

const VALUES = [null, true, false, 0, -0, -1, 0.5, Infinity, NaN, '', 'grüße 🌳'];

test('values', arena => {
    arena.mutate(m => {
        const array = GcObj.Array.from(m, VALUES);

        equal([...array], VALUES);
        array.push(2n ** 50n, new Uint8Array([0, 255]), Gio.File.new_for_path('/'), array, undefined);
        equal(array.at(-5), 2 ** 50);
        equal(Array.from(array.at(-4)), [0, 255]);
        equal(array.at(-3).get_path(), '/');
        equal(array.at(-2), array);
        equal(array.at(-1), null);
        throws(TypeError, () => array.append([1]));
        throws(TypeError, () => array.append({}));
        throws(TypeError, () => array.append(Symbol('x')));
        throws(RangeError, () => array.append('a\0b'));
        equal(array.length, VALUES.length + 5);
    });
});

test('arrays', arena => {
    const array = arena.mutate(m => GcObj.Array.from(m, [1, 2, 3]));

    // All but construction works outside of a scope.
    equal(array.length, 3);
    equal([array.get(0), array.at(-1), array.at(3), array.at(-4)], [1, 3, undefined, undefined]);
    assert(array.includes(2) && !array.includes(4) && !array.includes(array));
    array.set(0, 'one');
    array.append(null);
    array.insert(1, 1.5);
    equal(array.push('a', 'b'), 7);
    equal([...array], ['one', 1.5, 2, 3, null, 'a', 'b']);
    array.remove(1);
    equal(array.pop(), 'b');
    equal([...array], ['one', 2, 3, null, 'a']);
    equal(array.list(), ['one', 2, 3, null, 'a']);
    equal(array.list_range(1, 3), [2, 3, null]);
    equal([[0, 2], [4, 9], [5, 9], [0, 0]].map(([index, most]) => array.list_range(index, most).length), [2, 1, 0, 0]);
    const n = array.get_n_changes();
    equal(array.get_n_changes(), n);
    array.set(1, 2);
    assert(array.get_n_changes() !== n);
    array.length = 1;
    equal([...array], ['one']);
    array.length = 2;
    equal(array.get(1), null);
    array.clear();
    equal([...array], []);
    equal(array.pop(), null);
});

// What a loop gives while each of its rounds changes what it goes through.
function seen(values, change) {
    const result = [];
    for (const value of values) {
        change(values, result.length);
        result.push(value);
    }
    return result;
}

test('an array that changes while it is gone through', arena => {
    const array = arena.mutate(m => GcObj.Array.from(m, [1, 'b', 3])), plain = [1, 'b', 3];
    const changes = [
        (values, i) => i < 4 && values.push(i),
        values => values.pop(),
        (values, i) => {
            if (values.length > 1)
                values.pop();
            else if (i === 1)
                values.push('x', 'y', 'z');
        },
    ];

    for (const change of changes) {
        equal(seen(array, change), seen(plain, change));
        equal([...array], plain);
    }
    // Once it has ended, it stays so.
    const iterator = array[Symbol.iterator]();
    equal([...iterator], plain);
    array.push('more');
    equal([...iterator], []);
});

test('elements by their index, as of an Array', arena => {
    const plain = [1, null, 'c'], array = arena.mutate(m => GcObj.Array.from(m, plain));
    const indices = [0, 2, 3, -1, -3, -4, 1.9, -0.5, -1.5, NaN, Infinity, -Infinity, 2 ** 32, 2 ** 53, -(2 ** 70), 1e300,
        '1', 'x', '-1', null, undefined, true, [2]];

    for (const index of indices)
        equal(array.at(index), plain.at(index));
    equal(array.at(), 1);
    throws(TypeError, () => array.at(Symbol('x')));
    array.clear();
    equal([array.at(0), array.at(-1)], [undefined, undefined]);
});

// Elements come in chunks there, and what changes shows nevertheless.
test('a long array that changes while it is gone through', arena => {
    const numbers = Array.from({length: 200}, (_, i) => i);
    const set = (values, i, value) => {
        if (i < values.length)
            values instanceof GcObj.Array ? values.set(i, value) : values[i] = value;
    };
    const cut = (values, n) => (values.length = Math.min(n, values.length));

    for (const every of [1, 3, 7, 20, 45]) {
        for (const change of [
            (values, i) => i % every === 0 && set(values, i + 1, -i),
            (values, i) => i % every === 0 && set(values, i + 12, -i),
            (values, i) => i % every === 0 && values.pop(),
            (values, i) => i % every === 0 && i < 150 && values.push(i),
            (values, i) => i === every && cut(values, i),
            (values, i) => i === every + 40 && cut(values, i + 2),
            (values, i) => i === every + 40 && cut(values, 0),
        ]) {
            const array = arena.mutate(m => GcObj.Array.from(m, numbers));
            equal(seen(array, change), seen([...numbers], change));
        }
    }
    collectWrappers();
});

test('ranges', arena => {
    arena.mutate(m => {
        const array = GcObj.Array.from(m, [1]);
        const bytes = new GcObj.Bytes(m, new Uint8Array([1, 2, 3]));

        for (const index of [1, 2 ** 40]) {
            throws(GcObj.Error.RANGE, () => array.get(index));
            throws(GcObj.Error.RANGE, () => array.set(index, null));
            throws(GcObj.Error.RANGE, () => array.remove(index));
            throws(GcObj.Error.RANGE, () => array.list_range(index + 1, 0));
            for (const wrong of [-1, 0.5, 2 ** 64, 'x', null, {}, array])
                throws(TypeError, () => array.list_range(0, wrong));
        }
        for (const index of [-1, 2 ** 70])
            throws(Error, () => array.get(index));
        throws(GcObj.Error.RANGE, () => array.insert(2 ** 40, null));
        throws(GcObj.Error.RANGE, () => {
            array.length = 2 ** 40;
        });
        throws(GcObj.Error.RANGE, () => GcObj.Array.new_sized(m, 2 ** 40));
        throws(GcObj.Error.RANGE, () => GcObj.Bytes.slice(m, bytes, 2, 2));
        throws(GcObj.Error.RANGE, () => GcObj.Bytes.slice(m, bytes, 2 ** 53, 2 ** 53));
        equal([...array], [1]);
    });
});

test('tables', arena => {
    const [key, table] = arena.mutate(m => {
        const array = new GcObj.Array(m);

        throws(TypeError, () => GcObj.Table.from(m, [[5, 5]]));
        return [array, GcObj.Table.from(m, [['a', 1], ['b', null], [array, 'object']])];
    });

    equal(table.size, 3);
    equal([table.get('a'), table.get('b'), table.get(key), table.get('c')], [1, null, 'object', undefined]);
    assert(table.has('b') && table.has(key) && !table.has('c'));
    throws(TypeError, () => table.get(5));
    throws(TypeError, () => table.set({}, 5));
    throws(RangeError, () => table.set('a\0b', 5));
    table.set('a', 'new').set('c', 3);
    assert(table.delete('b') && !table.delete('b'));
    equal([...table.keys()].length, 3);
    assert([...table.keys()].includes(key));
    equal([...table.values()].sort(), [3, 'new', 'object']);
    equal(new Map(table).get(key), 'object');
    const pairs = new Map();
    table.foreach((k, value) => pairs.set(k, value));
    equal(pairs.get('a'), 'new');
    throws(RangeError, () => table.foreach(() => {
        throw new RangeError();
    }));
    table.clear();
    equal([...table], []);
});

test('strings and boxes', arena => {
    arena.mutate(m => {
        const string = new GcObj.String(m, 'grüße');

        equal(`${string}`, 'grüße');
        equal(string.get_length(), 7);
        equal(GcObj.String.concat(m, string, string).get_text(), 'grüßegrüße');
        equal(GcObj.String.intern(m, 'x'), GcObj.String.intern(m, 'x'));
        assert(string.equal(new GcObj.String(m, 'grüße')));
        throws(GcObj.Error.RANGE, () => GcObj.String.new_len(m, new Uint8Array([255])));
        equal(Array.from(new GcObj.Bytes(m, new Uint8Array([0, 1])).get_data()), [0, 1]);
        for (const value of [true, 5, 0.5, 'text', Gio.File.new_for_path('/')])
            equal(new GcObj.Box(m, value).value, value);
        throws(GcObj.Error.TYPE, () => new GcObj.Box(m, 'text').get_int64());
        throws(GcObj.Error.RANGE, () => new GcObj.Box(m, 0.5).get_int64());
    });
});

test('the root property', arena => {
    const roots = [];
    const array = arena.mutate(m => new GcObj.Array(m));

    const id = arena.connect('notify::root', () => roots.push(arena.root));
    arena.root = array;
    equal(arena.root, array);
    arena.root = null;
    equal(arena.root, null);
    arena.set_root(array);
    equal(roots, [array, null, array]);
    throws(Error, () => {
        arena.root = 5;
    });
    throws(Error, () => {
        arena.root = arena;
    });
    equal(arena.root, array);
    // A handler that holds its arena keeps it for ever.
    arena.disconnect(id);
});

// For ever, with all that is in sight here.
const Model = GObject.registerClass({
    Properties: {
        object: GcObj.param_spec_object('object', 'Object', 'An object', GcObj.Object.$gtype,
            GObject.ParamFlags.READWRITE),
    },
    Signals: {'got': {param_types: [GcObj.Object.$gtype]}},
}, class Model extends GObject.Object {});

test('properties and signals of classes in JavaScript', arena => {
    const model = new Model();
    const got = [];
    const array = arena.mutate(m => new GcObj.Array(m));
    const ids = [
        model.connect('notify::object', () => got.push(model.object)),
        model.connect('got', (_model, object) => got.push(object)),
    ];

    model.object = array;
    equal(model.object, array);
    model.emit('got', array);
    equal(got, [array, array]);
    // A handler that holds its own object keeps it for ever, and all that it sees.
    ids.forEach(id => model.disconnect(id));
});

test('errors', arena => {
    const error = throws(GcObj.Error.RANGE, () => GcObj.Array.new_sized(arena.begin(), 2 ** 40));

    assert(error instanceof GcObj.Error && error instanceof GLib.Error);
    equal(error.domain, GcObj.error_quark());
    equal(error.code, GcObj.Error.RANGE);
    assert(error.matches(GcObj.error_quark(), GcObj.Error.RANGE));
    assert(!error.matches(GcObj.Error, GcObj.Error.TYPE));
});

test('figures', arena => {
    arena.mutate(m => {
        arena.root = GcObj.Array.from(m, Array(100).fill(1));
    });
    arena.collect();
    const stats = arena.get_stats();
    equal(stats.live_objects, 102);
    equal(stats.pauses.length, 24);
    const pacing = arena.get_pacing();
    pacing.sleep_factor = 0.25;
    arena.set_pacing(pacing);
    equal(arena.get_pacing().sleep_factor, 0.25);
    arena.heap_limit = 1 << 24;
    equal(arena.get_heap_limit(), 1 << 24);
    assert(arena.check_heap_limit());
});

run();
