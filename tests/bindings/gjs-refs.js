/* Whatever takes or gives objects leaves the count of external references as it was.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';

import {assert, equal, leaksValues, nExternal, run, test, throws} from './harness.js';

const ROUNDS = 10;
const DATA = new Uint8Array([1, 2, 3, 4]);
const FIELD = GLib.quark_from_string('o');

// What the calls use.
function makeObjects(m) {
    const o = {m, arena: m.get_arena()};

    o.key = new GcObj.String(m, 'key');
    o.array = GcObj.Array.from(m, [o.key, o.key, o.key]);
    o.bytes = new GcObj.Bytes(m, DATA);
    o.table = GcObj.Table.from(m, [['key', o.array], [o.array, o.array]]);
    o.type = GcObj.Record.type_register('GjsRefs', GcObj.Record.$gtype, ['o'], [GcObj.Object.$gtype]);
    o.record = GcObj.Record.new(m, o.type);
    o.record.set_object('o', o.array);
    o.set = new GcObj.RootSet(m);
    o.rootKey = o.set.stash(o.array);
    o.weak = new GcObj.WeakRef(m, o.array);
    o.guardian = new GcObj.Guardian(m);
    o.deaths = new GcObj.DeathQueue(m);
    o.handle = new GcObj.Handle({object: o.array});
    o.box = new GcObj.Box(m, o.array);
    o.action = new Gio.SimpleAction({name: 'action'});
    o.peer = new GcObj.Peer(m, o.action);
    o.peer.set_data('data', o.array);
    o.model = GcObj.ListModel.new_with_owner(o.array, o.action);
    return o;
}

// By the names that gir.py lists.
const CALLS = {
    'Arena.find_path_to_root': o => [o.arena.set_root(o.array), o.arena.find_path_to_root(o.array).to_string()],
    'Arena.get_root': o => [o.arena.set_root(o.array), o.arena.get_root()],
    'Arena.set_root': o => [o.arena.set_root(o.array), o.arena.set_root(null)],
    'Arena.to_dot': o => [o.arena.set_root(o.array), o.arena.to_dot(o.array, 2, 10)],
    'Array.new': o => [GcObj.Array.new(o.m), new GcObj.Array(o.m)],
    'Array.new_from_list': o => GcObj.Array.new_from_list(o.m, [o.array, o.array]),
    'Array.new_sized': o => GcObj.Array.new_sized(o.m, 5),
    'Array.contains': o => o.array.contains(o.array),
    'Array.at': o => [o.array.at(0), o.array.at(-1)],
    'Array.get': o => [o.array.get(0), [...o.array]],
    'Array.index_of': o => o.array.index_of(o.key),
    'Array.list': o => o.array.list(),
    'Array.list_range': o => o.array.list_range(1, 2),
    'Array.pop': o => [o.array.append(o.table), o.array.pop()],
    'Array.append': o => o.array.append(o.array),
    'Array.insert': o => o.array.insert(0, o.array),
    'Array.set': o => o.array.set(0, o.array),
    'Box.new': o => [GcObj.Box.new(o.m, o.array), new GcObj.Box(o.m, o.array)],
    'Box.new_boolean': o => GcObj.Box.new_boolean(o.m, true),
    'Box.new_double': o => GcObj.Box.new_double(o.m, 0.5),
    'Box.new_int64': o => GcObj.Box.new_int64(o.m, 5),
    'Bytes.new': o => [GcObj.Bytes.new(o.m, DATA), new GcObj.Bytes(o.m, DATA)],
    'Bytes.from_gbytes': o => GcObj.Bytes.from_gbytes(o.m, new GLib.Bytes(DATA)),
    'Bytes.slice': o => GcObj.Bytes.slice(o.m, o.bytes, 1, 2),
    'Bytes.equal': o => o.bytes.equal(o.bytes),
    'DeathQueue.new': o => new GcObj.DeathQueue(o.m),
    'DeathQueue.pop': o => o.deaths.pop(),
    'DeathQueue.watch': o => o.deaths.watch(o.table, o.array),
    'Guardian.new': o => new GcObj.Guardian(o.m),
    'Guardian.pop': o => o.guardian.pop(),
    'Guardian.watch': o => o.guardian.watch(o.array, 'tag'),
    'Handle.new': o => [GcObj.Handle.new(o.array), new GcObj.Handle({object: o.array})],
    'Handle.get_object': o => [o.handle.get_object(), o.handle.object],
    'Handle.new_with_owner': o => GcObj.Handle.new_with_owner(o.array, o.action).get_object(),
    'ListModel.new': o => [GcObj.ListModel.new(o.array), GcObj.ListModel.new(o.array).get_item(0).object],
    'ListModel.new_with_owner': o => GcObj.ListModel.new_with_owner(o.array, o.action),
    'ListModel.get_array': o => [o.model.get_array(), o.model.array, o.model.get_item(1).get_object()],
    'Peer.new': o => [GcObj.Peer.new(o.m, o.action), new GcObj.Peer(o.m, o.action)],
    'Peer.get_data': o => o.peer.get_data('data'),
    'Peer.set_data': o => [o.peer.set_data('other', o.array), o.peer.set_data('other', null)],
    'Record.new': o => GcObj.Record.new(o.m, o.type),
    'Record.get_object': o => o.record.get_object('o'),
    'Record.id_get_object': o => o.record.id_get_object(FIELD),
    'Record.id_set_object': o => [o.record.id_set_object(FIELD, o.array), o.record.id_set_object(FIELD, null)],
    'Record.set_object': o => [o.record.set_object('o', o.array), o.record.set_object('o', null)],
    'RootSet.new': o => new GcObj.RootSet(o.m),
    'RootSet.fetch': o => o.set.fetch(o.rootKey),
    'RootSet.stash': o => o.set.stash(o.array),
    'String.new': o => [GcObj.String.new(o.m, 'text'), new GcObj.String(o.m, 'text')],
    'String.new_len': o => GcObj.String.new_len(o.m, DATA),
    'String.concat': o => GcObj.String.concat(o.m, o.key, o.key),
    'String.intern': o => GcObj.String.intern(o.m, 'text'),
    'String.compare': o => o.key.compare(o.key),
    'String.equal': o => o.key.equal(o.key),
    'Table.new': o => [GcObj.Table.new(o.m, GcObj.TableFlags.WEAK_KEYS), new GcObj.Table(o.m)],
    'Table.contains': o => o.table.contains(o.array),
    'Table.list_keys': o => [o.table.list_keys(), [...o.table]],
    'Table.list_values': o => o.table.list_values(),
    'Table.lookup': o => [o.table.lookup(o.array), o.table.get(o.array)],
    'Table.lookup_string': o => o.table.lookup_string('key'),
    'Table.remove': o => o.table.remove(o.bytes),
    'Table.insert': o => o.table.insert(o.array, o.table),
    'Table.insert_string': o => o.table.insert_string('key', null),
    'WeakRef.new': o => new GcObj.WeakRef(o.m, o.array),
    'WeakRef.resurrect': o => o.weak.resurrect(),
    'WeakRef.upgrade': o => o.weak.upgrade(),

    // What hides in a GValue, or comes to a function of JavaScript's.
    'Record.set_value': o => o.record.set_value('o', o.array),
    'arena.root': o => {
        o.arena.root = o.array;
        assert(o.arena.root === o.array);
        o.arena.root = null;
    },
    'Gio.ListStore': o => new Gio.ListStore({item_type: GcObj.Handle}).append(GcObj.Handle.new(o.array)),
};

const VALUE_CALLS = {
    'Box.get_value': o => o.box.get_value(),
    'Record.get_value': o => o.record.get_value('o'),
};

// These need a scope: their first argument says so.
const MAKES = ['new', 'new_from_list', 'new_sized', 'new_boolean', 'new_double', 'new_int64', 'new_len',
    'from_gbytes', 'slice', 'concat', 'intern'];

// An object that is referenced too often counts once: what a call used goes before the count.
function check(arena, calls, make, names = Object.keys(calls)) {
    for (const name of names) {
        const before = nExternal(arena);
        (() => {
            const objects = make();
            for (let i = 0; i < ROUNDS; i++)
                calls[name](objects);
        })();
        equal(`${name}: ${nExternal(arena) - before} objects kept`, `${name}: 0 objects kept`);
    }
}

test('every callable is here', () => {
    const [, data] = GLib.file_get_contents(GLib.getenv('OBJECT_CALLABLES'));
    const names = new TextDecoder().decode(data).trim().split('\n');
    const missing = names.filter(name => !(name in CALLS));

    assert(names.length > 1 && missing.length === 0, missing.join(' '));
});

test('inside a scope', arena => {
    arena.mutate(m => check(arena, CALLS, () => makeObjects(m)));
});

test('outside of scopes', arena => {
    check(arena, CALLS, () => arena.mutate(makeObjects),
        Object.keys(CALLS).filter(name => name === 'Handle.new' || !MAKES.includes(name.split('.')[1])));
});

if (!leaksValues) {
    test('values that functions fill in', arena => {
        check(arena, VALUE_CALLS, () => arena.mutate(makeObjects));
    });
}

test('callbacks', arena => {
    check(arena, {
        'Arena.mutate': o => o.arena.mutate(m => new GcObj.Array(m)),
        'Table.foreach': o => o.table.foreach(() => {}),
    }, () => arena.mutate(makeObjects));
});

const FAILING = {
    'another arena\'s in an array': (mine, stranger) => mine.array.append(stranger.array),
    'out of range': mine => mine.array.set(100, mine.array),
    'another arena\'s in a table': (mine, stranger) => mine.table.insert(stranger.array, mine.array),
    'another arena\'s in a record': (mine, stranger) => mine.record.set_object('o', stranger.array),
    'another arena\'s in a record, by an id': (mine, stranger) => mine.record.id_set_object(FIELD, stranger.array),
    'no such field, by an id': mine => mine.record.id_get_object(GLib.quark_from_string('none')),
    'no such field': mine => mine.record.set_object('none', mine.array),
    'another arena\'s in a list':
        (mine, stranger) => GcObj.Array.new_from_list(mine.m, [mine.array, stranger.array]),
    'no type of records': mine => GcObj.Record.new(mine.m, GcObj.Array.$gtype),
    'not inside': mine => GcObj.Bytes.slice(mine.m, mine.bytes, 100, 100),
    'not UTF-8': mine => GcObj.String.new_len(mine.m, new Uint8Array([255])),
    'another set\'s key': (mine, stranger) => mine.set.fetch(stranger.rootKey),
    'not a value': mine => mine.array.append(GObject),
};

test('calls that fail', arena => {
    const other = new GcObj.Arena();
    const calls = {};

    for (const [name, call] of Object.entries(FAILING))
        calls[name] = objects => throws(null, () => call(...objects));

    arena.mutate(m => other.mutate(n => {
        check(arena, calls, () => [makeObjects(m), makeObjects(n)]);
        equal(nExternal(other), 0);
    }));
});

run();
