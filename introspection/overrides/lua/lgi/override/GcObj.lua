-- Arenas for Lua: scopes as functions, and containers that act like Lua's tables.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local error, pairs, pcall, tostring, type = error, pairs, pcall, tostring, type

local lgi = require 'lgi'
local GcObj = lgi.GcObj
local access = require 'lgi.override.GcObj-access'
local guards = require 'lgi.override.GcObj-guards'
local values = require 'lgi.override.GcObj-values'
local check_mutation, counting, is_a, made, pack, pack_for, text, unpack =
  values.check_mutation, values.counting, values.is_a, values.made, values.pack, values.pack_for, values.text,
  values.unpack

-- Scopes

local Arena = GcObj.Arena
local begin, leave = Arena.begin, GcObj.Mutation.leave

local function finish(m, ok, ...)
  leave(m)
  if not ok then error((...), 0) end
  return ...
end

-- Calls func(m, ...) in a scope and gives what it returns. (lgi swallows errors in the library's own,
-- and does not copy the mutation that this lends.)
function Arena:mutate(func, ...)
  local m = begin(self)
  return finish(m, pcall(func, m, ...))
end

-- lgi can't set a property to nil.
Arena._attribute = { root = { get = Arena.get_root, set = Arena.set_root } }

-- Objects

local Object = GcObj.Object
Object._access = access.access

function Object._new(class, m, ...)
  if not class.new then error(('there are no objects of type %s itself'):format(class._name), 0) end
  check_mutation(m)
  return made(class.new(m, ...))
end

access.define(Object, { tostring = Object.to_string })

-- Raises what a method says by its second result.
local function check(ok, err)
  if not ok then error(err, 0) end
end

-- Values

local Box, Bytes, String = GcObj.Box, GcObj.Bytes, GcObj.String

function Box._new(class, m, value)
  check_mutation(m)
  if is_a(Object, value) then return made(Box.new(m, values.as_value(m, value))) end
  local box = type(value) ~= 'string' and pack(m, value)
  if not box then error(("a box can't hold a %s"):format(type(value)), 0) end
  return box
end

Box._attribute = { value = { get = unpack } }

function String._new(class, m, value)
  check_mutation(m)
  return made(String.new(m, text(value)))
end

access.define(String, { len = counting(String.get_length), tostring = String.get_text })
access.define(Bytes, { len = counting(Bytes.get_size), tostring = Bytes.get_data })
access.define(GcObj.RootSet, { len = counting(GcObj.RootSet.get_size) })

-- Arrays. Brackets and ipairs() count from 1, as Lua does; methods from 0, as their reference does.

local Array = GcObj.Array
local array = { get = Array.get, at = Array.at, set = Array.set, append = Array.append, insert = Array.insert,
                pop = Array.pop, list_range = Array.list_range, contains = Array.contains, index_of = counting(Array.index_of) }

-- What is nil in the list is nil in the array. `n` is for a list whose last values are.
function Array._new(class, m, list, n)
  check_mutation(m)
  local self = made(Array.new(m))
  for i = 1, n or #(list or {}) do check(array.append(self, pack(m, list[i]))) end
  return self
end

function Array:get(index)
  local value, err = array.get(self, index)
  return unpack(value), err
end

-- From 0, or from the end.
function Array:at(index)
  local value, err = array.at(self, index)
  if err then return nil, err end
  return unpack(value)
end

function Array:set(index, value) return array.set(self, index, pack_for(self, value)) end
function Array:append(value) return array.append(self, pack_for(self, value)) end
function Array:insert(index, value) return array.insert(self, index, pack_for(self, value)) end
function Array:pop() return unpack(array.pop(self)) end

-- Its elements from an index on (from 0) as a table of Lua's, and how many there are.
function Array:list_range(index, most)
  -- What is listed is not referenced until lgi has wrapped it: in a scope nobody collects.
  return self:get_arena():mutate(function ()
    local n = math.min(most, self:get_length() - index)
    local list, err = array.list_range(self, index, most)
    if err then return nil, err end
    for i = 1, n do list[i] = unpack(list[i]) end
    return list, n
  end)
end

function Array:list()
  return self:get_arena():mutate(function () return self:list_range(0, #self) end)
end

-- From 0, or nil. Strings and numbers are looked for by what they are.
function Array:index_of(value)
  if value == nil or is_a(Object, value) then
    local index = array.index_of(self, value)
    return index >= 0 and index or nil
  end
  for i, element in self:ipairs() do
    if element == value then return i - 1 end
  end
end

function Array:contains(value)
  return self:index_of(value) ~= nil
end

local function next_element(self, i)
  if i < self:get_length() then return i + 1, (self:get(i)) end
end

function Array:ipairs()
  return next_element, self, 0
end

access.define(Array, {
  len = counting(Array.get_length),
  pairs = Array.ipairs,

  index = function (self, key)
    if type(key) ~= 'number' then return nil, ("GcObj.Array: no `%s'"):format(tostring(key)) end
    if key >= 1 and key % 1 == 0 then return unpack((array.get(self, key - 1))) end
  end,

  -- The element after the last is a new one, as in a table.
  newindex = function (self, key, value)
    local n = type(key) == 'number' and self:get_length() or -1
    if key == n + 1 then
      check(self:append(value))
    elseif n >= 0 and key >= 1 and key <= n and key % 1 == 0 then
      check(self:set(key - 1, value))
    else
      error(('there is no element %s in an array of %d'):format(tostring(key), n >= 0 and n or self:get_length()), 0)
    end
  end,
})

-- Tables. A key is a string or an object of the arena; nil as a value removes the entry.

local Table = GcObj.Table
local new = Table.new

function Table.new(m, flags)
  return new(m, flags or {})
end

function Table._new(class, m, entries, flags)
  check_mutation(m)
  local self = made(Table.new(m, flags))
  for key, value in pairs(entries or {}) do self:set(key, value) end
  return self
end

local function is_key(key)
  return type(key) == 'string' or is_a(Object, key)
end

local function no_key(key)
  return 'a key is a string or an object of the arena, and no ' .. type(key)
end

-- Whether the key is text.
local function check_key(key)
  if not is_key(key) then error(no_key(key), 0) end
  return type(key) == 'string' and text(key) and true
end

-- For keys of any name: methods and what lgi needs itself come before the entries in `t.key`.
function Table:get(key)
  if check_key(key) then return unpack(self:lookup_string(key)) end
  return unpack(self:lookup(key))
end

function Table:set(key, value)
  local is_text = check_key(key)
  if value == nil then
    self[is_text and 'remove_string' or 'remove'](self, key)
  elseif is_text then
    check(self:insert_string(key, pack_for(self, value)))
  else
    check(self:insert(key, pack_for(self, value)))
  end
end

function Table:has(key)
  if check_key(key) then return self:contains_string(key) end
  return self:contains(key)
end

-- The entries there are now.
function Table:pairs()
  local keys, list = self:get_arena():mutate(function ()
    local keys, list = self:list_keys(), self:list_values()
    for i = 1, #keys do keys[i], list[i] = unpack(keys[i]), unpack(list[i]) end
    return keys, list
  end)
  local i = 0
  return function ()
    i = i + 1
    return keys[i], list[i]
  end
end

-- As for mutate().
function Table:foreach(func)
  for key, value in self:pairs() do func(key, value) end
end

access.define(Table, {
  len = counting(Table.get_size),
  pairs = Table.pairs,
  newindex = Table.set,

  index = function (self, key)
    if not is_key(key) then return nil, no_key(key) end
    return self:get(key)
  end,
})

guards.functions(Arena, 'write_snapshot_async', 5)
guards.functions(GcObj.Guardian, 'set_callback', 3)
guards.gtypes(GcObj, 'param_spec_object', 4)
guards.gtypes(GcObj.Record, 'new', 2)
guards.gtypes(GcObj.Record, 'type_get_field_type', 1)
guards.gtypes(GcObj.Record, 'type_list_fields', 1)
guards.gtypes(GcObj.Record, 'type_register', 2, 4)

access.set_operators(Arena())
GcObj.record = require 'lgi.override.GcObj-records'
