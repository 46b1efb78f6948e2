-- Classes of records in Lua.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local harness = dofile((arg[0]:match('^(.*/)') or '') .. 'harness.lua')
local test, raises = harness.test, harness.raises
local lgi = require 'lgi'
local GcObj = lgi.require('GcObj', '1.0')
local Gio, GObject = lgi.Gio, lgi.GObject

local Person = GcObj.record('Person', {
  name = 'string',
  age = 'integer',
  height = 'number',
  alive = 'boolean',
  parent = 'Person',
  children = GcObj.Array,
  anything = 'userdata',
  file = 'GFile',
})

local Pupil = GcObj.record('Pupil', { school = 'string', best_friend = 'Pupil' }, Person)

test('fields', function (arena)
  local ada = arena:mutate(Person, { name = 'Ada', age = 36, height = 1.65, alive = true })
  assert(ada.name == 'Ada' and ada.age == 36 and ada.height == 1.65 and ada.alive == true)
  assert(ada.parent == nil and ada.children == nil and ada.file == nil)
  ada.name, ada.age, ada.alive = nil, 2 ^ 40, false
  assert(ada.name == nil and ada.age == 2 ^ 40 and ada.alive == false)
  ada.file = Gio.File.new_for_path('/')
  assert(ada.file:get_path() == '/')
  ada.anything = 'text'
  assert(ada.anything == 'text')
  ada.anything = 5
  assert(ada.anything == 5)
  ada.anything = ada
  assert(ada.anything == ada)
end)

test('a cycle', function (arena)
  arena:mutate(function (m)
    local byron = Person(m, { name = 'Byron' })
    local ada = Person(m, { name = 'Ada', parent = byron })
    byron.children = GcObj.Array(m, { ada })
    arena.root = byron
  end)
  assert(harness.n_external(arena) == 0)
  arena:collect()
  for _, child in arena.root.children:ipairs() do
    assert(child.name == 'Ada' and child.parent == arena.root)
  end
end)

test('classes', function (arena)
  local pupil = arena:mutate(Pupil, { name = 'Ada', school = 'at home' })
  pupil.best_friend = pupil
  assert(pupil.name == 'Ada' and pupil.school == 'at home' and pupil.best_friend == pupil)
  assert(Pupil:is_type_of(pupil) and Person:is_type_of(pupil) and GcObj.Record:is_type_of(pupil))
  local ada = arena:mutate(Person)
  assert(not Pupil:is_type_of(ada) and not Pupil:is_type_of(5) and not Person:is_type_of(arena))
  assert(tostring(ada):find('Person 0x'))
  assert(ada:get_record_type() == GObject.Type.name(Person._gtype))

  -- Wrapped anew, it is of its class still.
  arena.root = pupil
  pupil = nil
  harness.n_external(arena)
  assert(Pupil:is_type_of(arena.root) and arena.root.school == 'at home')
end)

test('wrong values', function (arena)
  local ada = arena:mutate(Person, { name = 'Ada' })
  raises('string', function () ada.name = 5 end)
  raises('nul', function () ada.name = 'a\0b' end)
  raises('integer', function () ada.age = 1.5 end)
  raises('number', function () ada.age = 'x' end)
  raises('number', function () ada.height = nil end)
  raises('boolean', function () ada.alive = 1 end)
  raises('TYPE', function () ada.parent = arena:mutate(GcObj.Array) end)
  raises('TYPE', function () ada.children = ada end)
  raises("no `shoe_size'", function () return ada.shoe_size end)
  raises("no `shoe_size'", function () ada.shoe_size = 1 end)
  raises("no `1'", function () return ada[1] end)
  raises('is a method', function () ada.get_string = 1 end)
  raises("no `nonsense'", arena.mutate, arena, Person, { nonsense = 1 })
  raises('lua-records.lua', function () ada.age = 'x' end)
  local other = GcObj.Arena()
  local foreign = other:mutate(Person)
  raises('WRONG_ARENA', function () ada.parent = foreign end)
  assert(ada.name == 'Ada' and ada.parent == nil)
end)

test('wrong types', function (arena)
  raises("can't be of type", GcObj.record, 'Wrong', { a = 'nonsense' })
  raises("can't be of type", GcObj.record, 'Wrong', { a = {} })
  raises("can't be of type", GcObj.record, 'Wrong', { a = 5 })
  raises("method's name", GcObj.record, 'Wrong', { get_string = 'string' })
  raises('EXISTS', function () GcObj.record('Person', { name = 'integer' }) end)
  raises('GcObj.record', arena.mutate, arena, GcObj.Record)
end)

-- lgi takes any number for the address of a type.
test('numbers for types', function (arena)
  raises('a GType is wanted', arena.mutate, arena, GcObj.Record.new, 12345)
  raises('a GType is wanted', GcObj.Record.type_list_fields, 12345)
  raises('a GType is wanted', GcObj.Record.type_get_field_type, 12345, 'a')
  raises('a GType is wanted', GcObj.Record.type_register, 'LuaTestWrong', 12345, {}, {})
  raises('a GType is wanted', GcObj.Record.type_register, 'LuaTestWrong', 'GcRecord', { 'a' }, { 12345 })
  raises('a GType is wanted', GcObj.param_spec_object, 'a', 'a', 'a', 12345, 3)
end)

test('a type that was made elsewhere', function (arena)
  local gtype = GcObj.Record.type_register('LuaTestForeign', 'GcRecord', { 'a', 'b' }, { 'gchararray', 'void' })
  local record = arena:mutate(function (m) return GcObj.Record.new(m, gtype) end)
  record.a, record.b = 'text', record
  assert(record.a == 'text' and record.b == record)
  raises("no `c'", function () return record.c end)
  raises("no `c'", function () record.c = 1 end)
end)

harness.run()
