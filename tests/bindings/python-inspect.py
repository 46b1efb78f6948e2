# Looking into the heap from a script: snapshots, paths to roots, a census, drawings.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json

from harness import GcObj, raises, run, test

from gi.repository import Gio, GLib


def fill(arena):
    """The arena's root is a table that has an array by the name "list"."""
    with arena.mutation() as m:
        arena.set_root(GcObj.Table(m, {'list': GcObj.Array(m, ['a', 'b'])}))


def read(stream):
    stream.close()
    return json.loads(stream.steal_as_bytes().get_data())


@test
def snapshots(arena):
    fill(arena)
    stream = Gio.MemoryOutputStream.new_resizable()
    assert arena.write_snapshot(stream)
    heap = read(stream)
    assert len(heap['nodes']) == heap['snapshot']['node_count'] * 7
    assert len(heap['edges']) == heap['snapshot']['edge_count'] * 3
    assert {'GcTable', 'GcArray', 'list', 'a', '(Arena root)'} <= set(heap['strings'])


def fails(code, function, *args):
    """With an error of Gio's."""
    try:
        function(*args)
    except GLib.Error as error:
        assert error.matches(Gio.io_error_quark(), code), repr(error)
    else:
        raise AssertionError('nothing was raised')


@test
def snapshots_that_fail(arena):
    stream = Gio.MemoryOutputStream.new_resizable()
    stream.close()
    fails(Gio.IOErrorEnum.CLOSED, arena.write_snapshot, stream)
    fails(Gio.IOErrorEnum.NOT_FOUND, arena.save_snapshot, Gio.File.new_for_path('/nonexistent/folder/a.heapsnapshot'))


@test
def asynchronous_snapshots(arena):
    fill(arena)
    loop = GLib.MainLoop()
    stream = Gio.MemoryOutputStream.new_resizable()
    results = []

    def done(source, result):
        results.append(source.write_snapshot_finish(result))
        loop.quit()

    arena.write_snapshot_async(stream, GLib.PRIORITY_DEFAULT, None, done)
    loop.run()
    assert results == [True]
    assert 'GcTable' in read(stream)['strings']


@test
def paths_to_roots(arena):
    fill(arena)
    array = arena.get_root().lookup_string('list')
    path = arena.find_path_to_root(array)
    assert path.get_root() == '(Arena root)'
    assert [path.get_edge(i) for i in range(path.get_length())] == ['root', 'storage', 'list']
    assert [path.get_type_name(i) for i in range(3)] == ['GcTable', 'GcTableSlots', 'GcArray']
    assert len({path.get_id(i) for i in range(3)}) == 3
    assert path.to_string().startswith('(Arena root)\n')
    arena.set_root(None)
    assert arena.find_path_to_root(array).get_root() == '(External references)'
    raises(GcObj.Error.WRONG_ARENA, GcObj.Arena().find_path_to_root, array)


@test
def census(arena):
    fill(arena)
    lines = {line.get_type_name(): line for line in arena.take_census()}
    assert lines['GcString'].get_n_objects() == 3
    assert lines['GcString'].get_bytes() > 0 and lines['GcString'].get_external_bytes() == 0


@test
def drawings(arena):
    fill(arena)
    array = arena.get_root().lookup_string('list')
    assert 'GcArray @' in arena.to_dot(array, 2, 0)
    assert arena.to_dot(None, 3, 0).startswith('digraph')
    raises(GcObj.Error.WRONG_ARENA, GcObj.Arena().to_dot, array, 1, 1)


run()
