# Whatever takes or gives objects leaves the count of external references as it was.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os

from harness import GcObj, n_external, raises, run, test

from gi.repository import Gio, GLib, GObject

ROUNDS = 10
FIELD = GLib.quark_from_string('o')


class Objects:
    """What the calls use."""

    def __init__(self, m):
        self.m = m
        self.key = GcObj.String(m, 'key')
        self.array = GcObj.Array(m, [self.key] * 5)
        self.bytes = GcObj.Bytes(m, b'data')
        self.table = GcObj.Table(m, {'key': self.array, self.array: self.array})
        self.type = GcObj.Record.type_register('PythonRefs', GcObj.Record, ['o'], [GcObj.Object])
        self.record = GcObj.Record.new(m, self.type)
        self.record.set_object('o', self.array)
        self.set = GcObj.RootSet(m)
        self.root_key = self.set.stash(self.array)
        self.weak = GcObj.WeakRef(m, self.array)
        self.guardian = GcObj.Guardian(m)
        self.deaths = GcObj.DeathQueue(m)
        self.handle = GcObj.Handle.new(self.array)
        self.box = GcObj.Box(m, self.array)
        self.action = Gio.SimpleAction(name='action')
        self.peer = GcObj.Peer.new(m, self.action)
        self.peer.set_data('data', self.array)
        self.model = GcObj.ListModel.new_with_owner(self.array, self.action)
        self.arena = m.get_arena()


# By the names that gir.py lists.
CALLS = {
    'Arena.find_path_to_root': lambda o: (o.arena.set_root(o.array), o.arena.find_path_to_root(o.array).to_string()),
    'Arena.get_root': lambda o: (o.arena.set_root(o.array), o.arena.get_root()),
    'Arena.set_root': lambda o: (o.arena.set_root(o.array), o.arena.set_root(None)),
    'Arena.to_dot': lambda o: (o.arena.set_root(o.array), o.arena.to_dot(o.array, 2, 10)),
    'Array.new': lambda o: GcObj.Array.new(o.m),
    'Array.new_from_list': lambda o: GcObj.Array.new_from_list(o.m, [o.array, None, o.array]),
    'Array.new_sized': lambda o: GcObj.Array.new_sized(o.m, 5),
    'Array.contains': lambda o: o.array.contains(o.array),
    'Array.at': lambda o: (o.array.at(-1), o.array[-1]),
    'Array.get': lambda o: (o.array.get(0), o.array[0], o.array[:]),
    'Array.index_of': lambda o: o.array.index_of(o.key),
    'Array.list': lambda o: (o.array.list(), list(o.array)),
    'Array.list_range': lambda o: o.array.list_range(1, 2),
    'Array.pop': lambda o: (o.array.append(o.table), o.array.pop()),
    'Array.append': lambda o: o.array.append(o.array),
    'Array.insert': lambda o: o.array.insert(0, o.array),
    'Array.set': lambda o: o.array.set(0, o.array),
    'Box.new': lambda o: GcObj.Box.new(o.m, o.array),
    'Box.new_boolean': lambda o: GcObj.Box.new_boolean(o.m, True),
    'Box.new_double': lambda o: GcObj.Box.new_double(o.m, 0.5),
    'Box.new_int64': lambda o: GcObj.Box.new_int64(o.m, 5),
    'Bytes.new': lambda o: GcObj.Bytes.new(o.m, b'data'),
    'Bytes.from_gbytes': lambda o: GcObj.Bytes.from_gbytes(o.m, o.bytes.to_gbytes()),
    'Bytes.slice': lambda o: GcObj.Bytes.slice(o.m, o.bytes, 1, 2),
    'Bytes.equal': lambda o: o.bytes.equal(o.bytes),
    'DeathQueue.new': lambda o: GcObj.DeathQueue.new(o.m),
    'DeathQueue.pop': lambda o: o.deaths.pop(),
    'DeathQueue.watch': lambda o: o.deaths.watch(o.table, o.array),
    'Guardian.new': lambda o: GcObj.Guardian.new(o.m),
    'Guardian.pop': lambda o: o.guardian.pop(),
    'Guardian.watch': lambda o: o.guardian.watch(o.array, 'tag'),
    'Handle.new': lambda o: GcObj.Handle.new(o.array),
    'Handle.get_object': lambda o: (o.handle.get_object(), o.handle.props.object),
    'Handle.new_with_owner': lambda o: GcObj.Handle.new_with_owner(o.array, o.action).get_object(),
    'ListModel.new': lambda o: (GcObj.ListModel.new(o.array), GcObj.ListModel.new(o.array).get_item(0).get_object()),
    'ListModel.new_with_owner': lambda o: GcObj.ListModel.new_with_owner(o.array, o.action),
    'ListModel.get_array': lambda o: (o.model.get_array(), o.model.get_item(1).get_object()),
    'Peer.new': lambda o: GcObj.Peer.new(o.m, o.action),
    'Peer.get_data': lambda o: o.peer.get_data('data'),
    'Peer.set_data': lambda o: (o.peer.set_data('other', o.array), o.peer.set_data('other', None)),
    'Record.new': lambda o: GcObj.Record.new(o.m, o.type),
    'Record.get_object': lambda o: o.record.get_object('o'),
    'Record.id_get_object': lambda o: o.record.id_get_object(FIELD),
    'Record.id_set_object': lambda o: (o.record.id_set_object(FIELD, o.array), o.record.id_set_object(FIELD, None)),
    'Record.set_object': lambda o: (o.record.set_object('o', o.array), o.record.set_object('o', None)),
    'RootSet.new': lambda o: GcObj.RootSet.new(o.m),
    'RootSet.fetch': lambda o: o.set.fetch(o.root_key),
    'RootSet.stash': lambda o: o.set.stash(o.array),
    'String.new': lambda o: GcObj.String.new(o.m, 'text'),
    'String.new_len': lambda o: GcObj.String.new_len(o.m, b'text'),
    'String.concat': lambda o: GcObj.String.concat(o.m, o.key, o.key),
    'String.intern': lambda o: GcObj.String.intern(o.m, 'text'),
    'String.compare': lambda o: o.key.compare(o.key),
    'String.equal': lambda o: o.key.equal(o.key),
    'Table.new': lambda o: GcObj.Table.new(o.m, GcObj.TableFlags.WEAK_KEYS),
    'Table.contains': lambda o: o.table.contains(o.array),
    'Table.list_keys': lambda o: o.table.list_keys(),
    'Table.list_values': lambda o: o.table.list_values(),
    'Table.lookup': lambda o: o.table.lookup(o.array),
    'Table.lookup_string': lambda o: o.table.lookup_string('key'),
    'Table.remove': lambda o: o.table.remove(o.bytes),
    'Table.insert': lambda o: o.table.insert(o.array, o.table),
    'Table.insert_string': lambda o: o.table.insert_string('key', None),
    'WeakRef.new': lambda o: GcObj.WeakRef.new(o.m, o.array),
    'WeakRef.resurrect': lambda o: o.weak.resurrect(),
    'WeakRef.upgrade': lambda o: (o.weak.upgrade(), o.weak()),

    # What hides in a GValue, or comes to a function of Python's.
    'Box.get_value': lambda o: o.box.get_value(),
    'GObject.Value': lambda o: GObject.Value(GcObj.Object, o.array).get_value(),
    'Record.get_value': lambda o: o.record.get_value('o'),
    'Record.set_value': lambda o: o.record.set_value('o', GObject.Value(GcObj.Object, o.array)),
    'Table.foreach': lambda o: super(GcObj.Table, o.table).foreach(lambda key, value: None),
    'Arena.mutate': lambda o: super(GcObj.Arena, o.arena).mutate(lambda m: GcObj.Array(m)),
    'arena.root': lambda o: (o.arena.set_property('root', o.array), o.arena.get_property('root'),
                             setattr(o.arena, 'root', o.array), setattr(o.arena, 'root', None)),
    'Gio.ListStore': lambda o: Gio.ListStore.new(GcObj.Handle).append(GcObj.Handle.new(o.array)),
}

# These need a scope: their first argument says so.
MAKES = {'new', 'new_from_list', 'new_sized', 'new_boolean', 'new_double', 'new_int64', 'new_len',
         'from_gbytes', 'slice', 'concat', 'intern'}


# An object that is referenced too often counts once: what a call used goes before the count.
def check(arena, make, names):
    for name in names:
        before = n_external(arena)
        objects = make()
        for _ in range(ROUNDS):
            CALLS[name](objects)
        del objects
        kept = n_external(arena) - before
        assert kept == 0, f'{name}: {kept} objects are kept'


@test
def every_callable_is_here(arena):
    with open(os.environ['OBJECT_CALLABLES'], encoding='utf-8') as text:
        missing = set(text.read().split()) - set(CALLS)
    assert not missing, missing


@test
def inside_a_scope(arena):
    with arena.mutation() as m:
        check(arena, lambda: Objects(m), CALLS)


@test
def outside_of_scopes(arena):
    check(arena, lambda: arena.mutate(Objects),
          [name for name in CALLS if name.split('.')[1] not in MAKES or name == 'Handle.new'])


FAILING = {
    "another arena's in an array": lambda mine, stranger: mine.array.append(stranger.array),
    'out of range': lambda mine, stranger: mine.array.set(100, mine.array),
    "another arena's in a table": lambda mine, stranger: mine.table.insert(stranger.array, mine.array),
    "another arena's in a record": lambda mine, stranger: mine.record.set_object('o', stranger.array),
    "another arena's in a record, by an id": lambda mine, stranger: mine.record.id_set_object(FIELD, stranger.array),
    'no such field, by an id': lambda mine, stranger: mine.record.id_get_object(GLib.quark_from_string('none')),
    'no such field': lambda mine, stranger: mine.record.set_object('none', mine.array),
    "another arena's in a list":
        lambda mine, stranger: GcObj.Array.new_from_list(mine.m, [mine.array, stranger.array]),
    'no type of records': lambda mine, stranger: GcObj.Record.new(mine.m, GcObj.Array),
    'not inside': lambda mine, stranger: GcObj.Bytes.slice(mine.m, mine.bytes, 100, 100),
    'not UTF-8': lambda mine, stranger: GcObj.String.new_len(mine.m, b'\xff'),
    "another set's key": lambda mine, stranger: mine.set.fetch(stranger.root_key),
    'not a value': lambda mine, stranger: mine.array.append([mine]),
}


@test
def calls_that_fail(arena):
    other = GcObj.Arena()
    with arena.mutation() as m, other.mutation() as n:
        for name, call in FAILING.items():
            mine, stranger = Objects(m), Objects(n)
            for _ in range(ROUNDS):
                raises(Exception, call, mine, stranger)
            del mine, stranger
            kept = n_external(arena) + n_external(other)
            assert kept == 0, f'{name}: {kept} objects are kept'


run()
