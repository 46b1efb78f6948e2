# GObjects in an arena.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc

from harness import GcObj, n_external, run, test

from gi.repository import Gio, GLib


def collect(arena):
    gc.collect()
    arena.collect()


@test
def in_and_out_again(arena):
    with arena.mutation() as m:
        arena.root = GcObj.Array(m, [GcObj.Peer.new(m, Gio.SimpleAction(name='save'))])
    collect(arena)
    assert arena.root[0].get_object().props.name == 'save'
    assert arena.root[0].is_alive()
    assert arena.get_n_peers() == 1
    arena.root = None
    for _ in range(3):
        collect(arena)
    assert arena.get_n_peers() == 0


@test
def a_cycle_through_both_worlds(arena):
    action = Gio.SimpleAction(name='save')
    with arena.mutation() as m:
        peer = GcObj.Peer.new(m, action)
        peer.set_data('list', GcObj.Array(m, [peer, 'x']))
        assert peer.get_data('nothing') is None
        del peer
    collect(arena)
    assert arena.get_n_peers() == 1
    with arena.mutation() as m:
        assert str(GcObj.Peer.new(m, action).get_data('list')[1]) == 'x'
    del action
    for _ in range(3):
        collect(arena)
    assert arena.get_n_peers() == 0
    assert arena.get_stats().live_objects == 0


@test
def a_list_model(arena):
    owner = Gio.SimpleAction(name='owner')
    changes = []
    with arena.mutation() as m:
        model = GcObj.ListModel.new_with_owner(GcObj.Array(m, ['a', 'b']), owner)
    model.connect('items-changed', lambda self, *change: changes.append(change))
    gc.collect()
    assert n_external(arena) == 0
    with arena.mutation() as m:
        model.get_array().append(GcObj.String(m, 'c'))
    assert model.get_n_items() == 2
    while GLib.MainContext.default().iteration(False):
        pass
    assert model.get_n_items() == 3
    assert changes == [(2, 0, 1)], changes
    assert str(model.get_item(2).get_object()) == 'c'


run()
