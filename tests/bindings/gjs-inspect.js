/* Looking into the heap from a script: snapshots, paths to roots, a census, drawings.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {assert, collectWrappers, equal, run, test, throws} from './harness.js';

// The arena's root is a table that has an array by the name "list".
function fill(arena) {
    arena.mutate(m => arena.set_root(GcObj.Table.from(m, [['list', GcObj.Array.from(m, ['a', 'b'])]])));
    collectWrappers();
}

function read(stream) {
    const bytes = stream.steal_as_bytes().toArray();

    return JSON.parse(new TextDecoder().decode(bytes));
}

function memoryStream() {
    return Gio.MemoryOutputStream.new_resizable();
}

test('snapshots', arena => {
    fill(arena);
    const stream = memoryStream();

    assert(arena.write_snapshot(stream, null));
    stream.close(null);
    const heap = read(stream);
    equal(heap.nodes.length, heap.snapshot.node_count * 7);
    equal(heap.edges.length, heap.snapshot.edge_count * 3);
    for (const name of ['GcTable', 'GcArray', 'list', 'a', '(Arena root)'])
        assert(heap.strings.includes(name), `no ${name}`);
});

test('snapshots that fail', arena => {
    const stream = memoryStream();

    stream.close(null);
    assert(throws(null, () => arena.write_snapshot(stream, null)).matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED));
    const file = Gio.File.new_for_path('/nonexistent/folder/a.heapsnapshot');
    assert(throws(null, () => arena.save_snapshot(file, null)).matches(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND));
});

test('asynchronous snapshots', arena => {
    fill(arena);
    const loop = new GLib.MainLoop(null, false);
    const stream = memoryStream();
    let ok = false;

    arena.write_snapshot_async(stream, GLib.PRIORITY_DEFAULT, null, (source, result) => {
        ok = source.write_snapshot_finish(result);
        loop.quit();
    });
    loop.run();
    assert(ok);
    stream.close(null);
    assert(read(stream).strings.includes('GcTable'));
});

test('paths to roots', arena => {
    fill(arena);
    const array = arena.get_root().lookup_string('list');
    const path = arena.find_path_to_root(array);

    equal(path.get_root(), '(Arena root)');
    equal(path.get_length(), 3);
    equal([0, 1, 2].map(i => path.get_edge(i)), ['root', 'storage', 'list']);
    equal([0, 1, 2].map(i => path.get_type_name(i)), ['GcTable', 'GcTableSlots', 'GcArray']);
    assert(path.get_id(0) > 0 && path.get_id(0) !== path.get_id(1));
    assert(path.to_string().startsWith('(Arena root)\n'));
    arena.set_root(null);
    equal(arena.find_path_to_root(array).get_root(), '(External references)');
    throws(GcObj.Error.WRONG_ARENA, () => new GcObj.Arena().find_path_to_root(array));
});

test('census', arena => {
    fill(arena);
    const census = arena.take_census();
    const lines = [...Array(census.get_n_items()).keys()].map(i => census.get_item(i));

    assert(census instanceof Gio.ListModel);
    const strings = lines.find(line => line.type_name === 'GcString');
    equal(strings.n_objects, 3);
    assert(strings.bytes > 0 && strings.object_type === GcObj.String.$gtype);
    equal(lines.map(line => line.bytes + line.external_bytes).sort((a, b) => b - a),
        lines.map(line => line.bytes + line.external_bytes));
});

test('drawings', arena => {
    fill(arena);
    const array = arena.get_root().lookup_string('list');

    assert(arena.to_dot(array, 2, 0).includes('GcArray @'));
    assert(arena.to_dot(null, 3, 0).startsWith('digraph'));
    throws(GcObj.Error.WRONG_ARENA, () => new GcObj.Arena().to_dot(array, 1, 1));
});

run();
