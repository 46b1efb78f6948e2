-- GObjects in an arena.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local harness = dofile((arg[0]:match('^(.*/)') or '') .. 'harness.lua')
local test, raises = harness.test, harness.raises
local lgi = require 'lgi'
local GcObj = lgi.require('GcObj', '1.0')
local Gio = lgi.Gio

local collect = harness.settle

test('in and out again', function (arena)
  do
    local action = Gio.SimpleAction.new('save')
    arena:mutate(function (m) arena.root = GcObj.Array(m, { GcObj.Peer(m, action) }) end)
  end
  collect(arena)
  assert(arena.root[1]:get_object().name == 'save')
  assert(arena.root[1]:is_alive() and arena:get_n_peers() == 1)
  arena.root = nil
  collect(arena)
  assert(arena:get_n_peers() == 0)
end)

test('one peer for each GObject', function (arena)
  local action = Gio.SimpleAction.new('save')
  arena:mutate(function (m)
    assert(GcObj.Peer(m, action) == GcObj.Peer(m, action))
    assert(GcObj.Peer(m, action):get_object() == action)
    assert(GcObj.Peer(m, action) ~= GcObj.Peer(m, Gio.SimpleAction.new('open')))
  end)
end)

test('a cycle through both worlds', function (arena)
  local action = Gio.SimpleAction.new('save')
  arena:mutate(function (m)
    local peer = GcObj.Peer(m, action)
    peer:set_data('list', GcObj.Array(m, { peer, 'x' }))
    assert(peer:get_data('list')[1] == peer)
    assert(peer:get_data('nothing') == nil)
  end)
  collect(arena)
  assert(arena:get_n_peers() == 1)
  -- The peer is found again by its GObject.
  arena:mutate(function (m) assert(GcObj.Peer(m, action):get_data('list')[2] == 'x') end)
  action = nil
  collect(arena)
  assert(arena:get_n_peers() == 0 and arena:get_stats().live_objects == 0)
end)

test('no GObject', function (arena)
  arena:mutate(function (m)
    for _, wrong in ipairs { 'text', 5, {}, print } do assert(not pcall(GcObj.Peer, m, wrong)) end
    assert(not pcall(GcObj.Peer, m, nil))
  end)
  raises('GcObj.Mutation', GcObj.Peer, Gio.SimpleAction.new('save'))
end)

harness.run()
