-- What an arena's objects are in Lua. A container holds objects; what else Lua has is wrapped on
-- the way in, and is itself again on the way out.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local error, math, rawget, tostring, type = error, math, rawget, tostring, type

local lgi = require 'lgi'
local core = require 'lgi.core'
local GLib, GObject = lgi.GLib, lgi.GObject
local GcObj = lgi.GcObj

local values = {}

-- The class of an object, of this library's or any other's.
local function class_of(value)
  return type(value) == 'userdata' and core.object.query(value, 'repo') or nil
end

function values.is_a(class, value)
  local found = class_of(value)
  while found do
    if found == class then return true end
    found = rawget(found, '_parent')
  end
  return false
end
local is_a = values.is_a

-- What fails in the library with a critical warning alone.
function values.check_mutation(m)
  if not (type(m) == 'userdata' and core.record.query(m, 'repo') == GcObj.Mutation) then
    error('the first argument is a GcObj.Mutation', 0)
  end
  if not m:is_active() then error(GLib.Error(GcObj.Error, 'NOT_MUTATING', 'the mutation is finished'), 0) end
end

-- Constructors that fail say so by a second result.
function values.made(object, err)
  return object or error(err or 'nothing was made', 0)
end
local made = values.made

-- lgi would end text at a nul.
function values.text(value)
  if type(value) ~= 'string' then error('a string is wanted, and no ' .. type(value), 0) end
  if value:find('\0', 1, true) then error("text in an arena can't contain a nul", 0) end
  return value
end

-- Lua's strings are bytes: those that are no text are kept as bytes.
local function pack_string(m, value)
  if not value:find('\0', 1, true) then
    local object, err = GcObj.String.new(m, value)
    if object then return object end
    if not err:matches(GcObj.Error, 'RANGE') then error(err, 0) end
  end
  return made(GcObj.Bytes.new(m, value))
end

-- What is boxed keeps its type.
local function pack_foreign(m, value)
  local class = class_of(value) or core.record.query(value, 'repo')
  if not (class and class._gtype) then error("an arena can't hold " .. tostring(value), 0) end
  return made(GcObj.Box.new(m, GObject.Value(class._gtype, value)))
end

-- Gives a value of Lua's as an object of the arena.
function values.pack(m, value)
  local kind = type(value)
  if kind == 'nil' then return nil end
  if kind == 'userdata' then
    return is_a(GcObj.Object, value) and value or pack_foreign(m, value)
  end
  if kind == 'string' then return pack_string(m, value) end
  if kind == 'boolean' then return made(GcObj.Box.new_boolean(m, value)) end
  if kind == 'number' then
    if math.type and math.type(value) == 'integer' then return made(GcObj.Box.new_int64(m, value)) end
    return made(GcObj.Box.new_double(m, value))
  end
  error("an arena can't hold a " .. kind, 0)
end

-- The same from anywhere, for an object of the owner's arena.
function values.pack_for(owner, value)
  if value == nil or is_a(GcObj.Object, value) then return value end
  return owner:get_arena():mutate(values.pack, value)
end

-- For functions that take any value.
function values.as_value(m, value)
  local object = values.pack(m, value)
  return object and GObject.Value(GcObj.Object, object)
end

-- lgi gives all numbers as floating-point ones.
local to_integer = math.tointeger or function (value) return value end

-- A method that gives an integer, as Lua knows integers.
function values.counting(method)
  if not math.tointeger then return method end
  return function (...) return to_integer((method(...))) end
end

-- lgi refers to what is boxed in a GValue and keeps neither.
local values_of = setmetatable({}, { __mode = 'k' })

function values.content(value)
  local content = value.value
  if type(content) == 'userdata' and not class_of(content) then values_of[content] = value end
  return content
end

local unbox = {
  gboolean = function (box) return (box:get_boolean()) end,
  gdouble = function (box) return (box:get_double()) end,
  gint64 = function (box) return to_integer((box:get_int64())) end,
}

function values.unpack(value)
  local class = class_of(value)
  if class == GcObj.String then return value:get_text() end
  if class == GcObj.Bytes then return value:get_data() end
  if class == GcObj.Box then
    local get = unbox[value:get_value_type()]
    if get then return get(value) end
    return values.content(value:get_value())
  end
  return value
end

return values
