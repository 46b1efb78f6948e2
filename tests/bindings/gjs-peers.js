/* GObjects in an arena.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {assert, collectWrappers, equal, nExternal, run, test} from './harness.js';

function collect(arena) {
    collectWrappers();
    arena.collect();
}

test('in and out again', arena => {
    (() => {
        const action = new Gio.SimpleAction({name: 'save'});

        arena.mutate(m => {
            arena.root = GcObj.Array.from(m, [new GcObj.Peer(m, action)]);
        });
    })();
    collect(arena);
    equal(arena.root.get(0).get_object().name, 'save');
    assert(arena.root.get(0).is_alive());
    equal(arena.get_n_peers(), 1);
    arena.set_root(null);
    for (let i = 0; i < 3; i++)
        collect(arena);
    equal(arena.get_n_peers(), 0);
});

test('a cycle through both worlds', arena => {
    (() => {
        const action = new Gio.SimpleAction({name: 'save'});

        arena.mutate(m => {
            const peer = new GcObj.Peer(m, action);

            peer.set_data('list', GcObj.Array.from(m, [peer, 'x']));
            assert(peer.get_data('list').get(0) === peer);
            equal(peer.get_data('nothing'), null);
        });
        collect(arena);
        equal(arena.get_n_peers(), 1);
        // The peer is found again by its GObject.
        arena.mutate(m => equal(`${GcObj.Peer.new(m, action).get_data('list').get(1)}`, 'x'));
    })();
    for (let i = 0; i < 3; i++)
        collect(arena);
    equal(arena.get_n_peers(), 0);
    equal(arena.get_stats().live_objects, 0);
});

test('a list model', arena => {
    const owner = new Gio.SimpleAction({name: 'owner'});
    const model = arena.mutate(m => GcObj.ListModel.new_with_owner(GcObj.Array.from(m, ['a', 'b']), owner));
    const changes = [];

    model.connect('items-changed', (self, position, removed, added) => changes.push([position, removed, added]));
    collectWrappers();
    equal(nExternal(arena), 0);
    equal([0, 1].map(i => `${model.get_item(i).get_object()}`), ['a', 'b']);
    arena.mutate(m => model.get_array().append(new GcObj.String(m, 'c')));
    equal(model.get_n_items(), 2);
    while (GLib.MainContext.default().iteration(false))
        ;
    equal(model.get_n_items(), 3);
    equal(changes.map(String), ['2,0,1']);
    equal(`${model.get_item(2).get_object()}`, 'c');
});

run();
