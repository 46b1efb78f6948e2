-- Arenas, arrays, tables and values, as Lua uses them.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local harness = dofile((arg[0]:match('^(.*/)') or '') .. 'harness.lua')
local test, raises = harness.test, harness.raises
local lgi = require 'lgi'
local GcObj = lgi.require('GcObj', '1.0')
local GLib, Gio, GObject = lgi.GLib, lgi.Gio, lgi.GObject

test('a target program', function (arena)
  arena:mutate(function(m) local t = GcObj.Table.new(m); t['answer'] = 42; arena.root = t end)
  assert(arena.root['answer'] == 42 and arena.root.answer == 42)
end)

test('mutate', function (arena)
  assert(select('#', arena:mutate(function () end)) == 0)
  local a, b, c = arena:mutate(function (m, x, y) return y, nil, x end, 1, 2)
  assert(a == 2 and b == nil and c == 1)

  local mine, kept = {}, nil
  local ok, err = pcall(arena.mutate, arena, function (m) kept = m error(mine) end)
  assert(not ok and err == mine and not kept:is_active())
  raises('NOT_MUTATING', GcObj.Array, kept)
  assert(not pcall(GcObj.Array))

  -- It nests, and may be finished early.
  arena:mutate(function (outer)
    arena:mutate(function (inner) assert(inner:is_active()) end)
    assert(outer:is_active() and #GcObj.Array(outer) == 0)
    outer:finish()
  end)
  raises('call', arena.mutate, arena, nil)
end)

test('the root', function (arena)
  assert(arena.root == nil)
  arena.root = arena:mutate(GcObj.Array)
  assert(#arena.root == 0 and arena.root == arena:get_root())
  arena.root = nil
  assert(arena.root == nil)
end)

test('identity', function (arena)
  local array = arena:mutate(GcObj.Array)
  array:append(array)
  assert(array[1] == array and rawequal(array[1], array))
  local seen = { [array] = 'seen' }
  assert(seen[array[1]] == 'seen')
  assert(array ~= arena:mutate(GcObj.Array))
  assert(array:hash() == array[1]:hash())
end)

local Identified = GcObj.record('Identified', { o = 'userdata' })

test('identity by every way', function (arena)
  local a, queue, guardian, ways
  arena:mutate(function (m)
    local roots = GcObj.RootSet(m)
    a, queue, guardian = GcObj.Array(m), GcObj.DeathQueue(m), GcObj.Guardian(m)
    local key, peer = roots:stash(a), GcObj.Peer(m, Gio.SimpleAction.new('action'))
    peer:set_data('data', a)
    queue:watch(GcObj.Array(m), a)
    guardian:watch(GcObj.Array(m, { a }), nil)
    arena.root = a
    local t = GcObj.Table(m, { a = a, [a] = a })
    ways = { arena.root, arena:get_root(), GcObj.Array(m, { a })[1], GcObj.Array(m, { a }):list()[1],
             GcObj.Array(m, { a }):pop(), t.a, t[a], GcObj.Box(m, a):get_value().value, GcObj.WeakRef(m, a):upgrade(),
             GcObj.Handle.new(a):get_object(), GcObj.ListModel.new(a):get_array(), roots:fetch(key),
             peer:get_data('data'), Identified(m, { o = a }).o }
    for key, value in t:pairs() do
      ways[#ways + 1] = value
      if key ~= 'a' then ways[#ways + 1] = key end
    end
  end)
  harness.n_external(arena)
  arena:collect()
  ways[#ways + 1] = queue:pop()
  ways[#ways + 1] = guardian:pop()[1]
  assert(#ways == 19)
  for _, other in ipairs(ways) do assert(rawequal(other, a) and other:hash() == a:hash()) end
end)

test('values', function (arena)
  local array = arena:mutate(GcObj.Array)
  for i, value in ipairs { true, false, 0, -1.5, 2 ^ 53, '', 'ä€😀', 'nul \0 and \255', 'more \255' } do
    array[i] = value
    assert(array[i] == value, tostring(value))
  end
  array:clear()
  array[1] = Gio.File.new_for_path('/')
  assert(array[1]:get_path() == '/')
  array[1] = GLib.Bytes.new('boxed')
  assert(array[1]:get_size() == 5)
  raises('hold a table', function () array[1] = {} end)
  raises('hold a function', function () array[1] = print end)
  raises('hold file', function () array[1] = io.stdout end)
  raises('lua-objects.lua', function () array[1] = {} end)
end)

test('boxes, strings and bytes', function (arena)
  arena:mutate(function (m)
    assert(GcObj.Box(m, 4).value == 4 and GcObj.Box(m, false).value == false)
    assert(GcObj.Box(m, Gio.File.new_for_path('/')).value:get_path() == '/')
    local array = GcObj.Array(m)
    assert(GcObj.Box(m, array):get_value().value == array)
    for _, wrong in ipairs { 'text', {}, print } do assert(not pcall(GcObj.Box, m, wrong)) end
    assert(not pcall(GcObj.Box, m, nil))

    local text = GcObj.String(m, 'text')
    assert(tostring(text) == 'text' and #text == 4)
    raises('nul', GcObj.String, m, 'a\0b')
    raises('RANGE', GcObj.String, m, 'a\255')
    raises('number', GcObj.String, m, 5)
    local bytes = GcObj.Bytes(m, 'a\0b')
    assert(tostring(bytes) == 'a\0b' and #bytes == 3)
  end)
  raises('no objects of type GcObj.Object', arena.mutate, arena, GcObj.Object)
  raises('GcObj.Mutation', GcObj.Array)
  raises('GcObj.Mutation', GcObj.String, arena, 'text')
end)

test('arrays', function (arena)
  local array = arena:mutate(GcObj.Array, { 'one', 2, nil, true }, 4)
  assert(#array == 4 and array[1] == 'one' and array[2] == 2 and array[3] == nil and array[4] == true)
  assert(array[0] == nil and array[5] == nil and array[1.5] == nil and array[-1] == nil)
  array[1] = 'first'
  array[#array + 1] = 'last'
  array[2] = nil
  assert(#array == 5)
  for _, index in ipairs { 0, 7, -1, 1.5, 'x' } do
    raises('there is no element', function () array[index] = 1 end)
  end

  local seen = {}
  for i, value in array:ipairs() do seen[#seen + 1] = i .. '=' .. tostring(value) end
  assert(table.concat(seen, ' ') == '1=first 2=nil 3=nil 4=true 5=last')
  local list, n = array:list()
  assert(n == 5 and list[1] == 'first' and list[2] == nil and list[5] == 'last')

  list, n = array:list_range(3, 9)
  assert(n == 2 and list[1] == true and list[2] == 'last' and list[3] == nil)
  list, n = array:list_range(1, 2)
  assert(n == 2 and list[1] == nil and #array == 5 and select(2, array:list_range(5, 1)) == 0)
  list, n = array:list_range(6, 1)
  assert(list == nil and n:matches(GcObj.Error, 'RANGE'))

  -- Methods count from 0.
  assert(array:at(0) == 'first' and array:at(-1) == 'last' and array:at(-2) == true and array:at(1) == nil)
  local changes = array:get_n_changes()
  assert(array:get_n_changes() == changes)
  assert(array:get(0) == 'first' and array:set(0, 'again') and array[1] == 'again')
  assert(array:insert(0, 'new') and array:remove(1) and array[1] == 'new')
  assert(array:get_n_changes() ~= changes)
  assert(array:contains('last') and array:index_of(true) == 3 and not array:contains('absent'))
  assert(array:contains(nil) and array:index_of(nil) == 1)
  assert(array:pop() == 'last' and #array == 4)
  array:clear()
  assert(#array == 0 and array:pop() == nil)

  local value, err = array:get(7)
  assert(value == nil and err:matches(GcObj.Error, 'RANGE'))
  value, err = array:at(-1)
  assert(value == nil and err:matches(GcObj.Error, 'RANGE'))
  raises("no `absent'", function () return array.absent end)
  raises('is a method', function () array.append = 1 end)
  local other = GcObj.Arena()
  local foreign = other:mutate(GcObj.Array)
  raises('WRONG_ARENA', function () array[1] = foreign end)
  assert(#array == 0)
end)

test('an array that changes while it is gone through', function (arena)
  local array, n = arena:mutate(GcObj.Array, { 1 }), 0
  for _, value in array:ipairs() do
    n = n + value
    if value < 5 then array:append(value + 1) end
  end
  assert(n == 15)
end)

test('tables', function (arena)
  local key, t = arena:mutate(function (m)
    return GcObj.Array(m), GcObj.Table(m, { name = 'Ada', age = 36 })
  end)
  assert(#t == 2 and t.name == 'Ada' and t['age'] == 36 and t.absent == nil)
  t[key] = t
  assert(t[key] == t and t:has(key) and t:has('name') and not t:has('absent'))
  t.name = nil
  assert(#t == 2 and t.name == nil and not t:has('name'))
  local seen = {}
  for k, value in t:pairs() do
    seen[k] = value
    t[k] = nil                          -- what is gone through was there in the beginning
  end
  assert(seen.age == 36 and seen[key] == t and #t == 0)
  t.one = 1
  t:foreach(function (k, value) assert(k == 'one' and value == 1) end)
  raises('mine', t.foreach, t, function () error('mine') end)

  for _, wrong in ipairs { 1, true, print } do
    raises('a key is', function () t[wrong] = 1 end)
    raises('a key is', function () return t[wrong] end)
    raises('a key is', t.get, t, wrong)
  end
  raises('nul', function () t['a\0b'] = 1 end)
  -- Methods come first.
  raises("`insert' is a method", function () t.insert = 1 end)
  t:set('insert', 1)
  assert(type(t.insert) ~= 'number' and t:get('insert') == 1)
  for _, name in ipairs { '_parent', '_name', 'class', 'x_y', '' } do
    assert(t[name] == nil)
    t[name] = name
    assert(t[name] == name)
  end
  t:set('insert', nil)
  assert(t:get('insert') == nil)
end)

test('a weak table', function (arena)
  local t = arena:mutate(GcObj.Table, nil, { 'WEAK_VALUES' })
  local kept = arena:mutate(GcObj.Array)
  t.kept = kept
  t.lost = arena:mutate(GcObj.Array)
  arena.root = t
  harness.n_external(arena)
  arena:collect()
  assert(t.kept == kept and t.lost == nil)
end)

test('other objects', function (arena)
  arena:mutate(function (m)
    local array, set = GcObj.Array(m), GcObj.RootSet(m)
    set:stash(array)
    assert(#set == 1)
    assert(GcObj.WeakRef(m, array):upgrade() == array)
    assert(tostring(array):find('^GcArray 0x'))
    raises('no length', function () return #GcObj.WeakRef(m, array) end)
    raises('there is no element extra', function () array.extra = 1 end)
    raises("no `extra'", function () set.extra = 1 end)
  end)
  -- What lgi's other objects are is as it was.
  local file = Gio.File.new_for_path('/')
  assert(tostring(file):find('^lgi.obj'))
  raises('no length', function () return #file end)
end)

test('classes', function (arena)
  local array = arena:mutate(GcObj.Array)
  assert(GcObj.Array:is_type_of(array) and GcObj.Object:is_type_of(array) and not GcObj.Table:is_type_of(array))
  assert(array._type == GcObj.Array and GObject.Type.name(array._gtype) == 'GcArray')
end)

-- Lua 5.2 and later ask objects themselves.
if _VERSION ~= 'Lua 5.1' then
  test('pairs', function (arena)
    local t = arena:mutate(GcObj.Table, { one = 1 })
    for key, value in pairs(t) do assert(key == 'one' and value == 1) end
    for i, value in pairs(arena:mutate(GcObj.Array, { 'x' })) do assert(i == 1 and value == 'x') end
    assert(not pcall(pairs, arena))
  end)
end
if math.type then
  test('ipairs and integers', function (arena)
    local array = arena:mutate(GcObj.Array, { 1, 2.5, math.tointeger(2 ^ 50) })
    for i, value in ipairs(array) do assert(array[i] == value) end
    assert(math.type(array[1]) == 'integer' and math.type(array[2]) == 'float')
    assert(math.type(#array) == 'integer' and math.type(array:index_of(1)) == 'integer')
    assert(math.type(select(2, array:list())) == 'integer')
  end)
end

harness.run()
