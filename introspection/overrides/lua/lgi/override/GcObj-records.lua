-- Classes of records: GcObj.record ('Person', { name = 'string', parent = 'Person' }).
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local debug, error, ipairs, pairs, setmetatable, table, tostring, type =
  debug, error, ipairs, pairs, setmetatable, table, tostring, type

local lgi = require 'lgi'
local core = require 'lgi.core'
local class_mt = require('lgi.class').class_mt
local GObject = lgi.GObject
local GcObj = lgi.GcObj
local access = require 'lgi.override.GcObj-access'
local values = require 'lgi.override.GcObj-values'
local check_mutation, made, pack_for, text, unpack =
  values.check_mutation, values.made, values.pack_for, values.text, values.unpack

local Record = GcObj.Record

-- Types of fields, as type() and math.type() call them.
local types = {
  boolean = 'gboolean',
  integer = 'gint64',
  number = 'gdouble',
  string = 'gchararray',
  userdata = 'GcObject',
}

local function field_type(name, field, declared)
  if declared == name then return 'void' end            -- the type that is being made
  if type(declared) == 'table' and declared._gtype then return declared._gtype end
  local found = types[declared] or (type(declared) == 'string' and GObject.type_from_name(declared))
  if found and GObject.Type.name(found) then return found end
  error(("%s.%s: a field can't be of type %s"):format(name, field, tostring(declared)), 0)
end

-- Fields, by their types: what is read, and what is written.

local function wanted(kind, value)
  if type(value) ~= kind then error(('a %s is wanted, and no %s'):format(kind, type(value)), 0) end
  return value
end

local plain = {
  gboolean = { Record.get_boolean, Record.set_boolean, function (value) return wanted('boolean', value) end },
  gdouble = { Record.get_double, Record.set_double, function (value) return wanted('number', value) end },
  gint64 = { Record.get_int64, Record.set_int64, function (value)
    if wanted('number', value) % 1 ~= 0 then error('an integer is wanted, and no ' .. value, 0) end
    return value
  end },
  gchararray = { Record.get_string, Record.set_string, function (value) return value and text(value) end },
}

local function accessor(name, gtype)
  if plain[gtype] then
    local get, set, convert = plain[gtype][1], plain[gtype][2], plain[gtype][3]
    return {
      get = function (record) return (get(record, name)) end,
      set = function (record, value) return set(record, name, convert(value)) end,
    }
  end
  if GObject.type_is_a(gtype, 'GcObject') then
    return {
      get = function (record) return unpack((Record.get_object(record, name))) end,
      set = function (record, value) return Record.set_object(record, name, pack_for(record, value)) end,
    }
  end
  return {
    get = function (record)
      return values.content(Record.get_value(record, name))
    end,
    set = function (record, value) return Record.set_value(record, name, GObject.Value(gtype, value)) end,
  }
end

-- Accessors by class. Records of types that were made elsewhere have the class GcObj.Record, and are
-- asked for each field.
local fields_of = {}

local function find_field(record, name, class)
  if type(name) ~= 'string' then return nil end
  local fields = fields_of[class]
  if fields then return fields[name] end
  local gtype = Record.get_field_type(record, name)
  return gtype and accessor(name, gtype)
end

access.define(Record, {
  index = function (record, name, class)
    local field = find_field(record, name, class)
    if not field then return nil, ("%s: no `%s'"):format(class._name, tostring(name)) end
    return field.get(record)
  end,

  newindex = function (record, name, value, class)
    local field = find_field(record, name, class)
    if not field then error(("%s: no `%s'"):format(class._name, tostring(name)), 0) end
    local ok, err = field.set(record, value)
    if not ok then error(err, 0) end
  end,
})

-- Names of GTypes are the process's, so that they begin with the script's.
local function type_name(name)
  local level, info = 3, nil
  repeat
    info = debug.getinfo(level, 'S')
    level = level + 1
  until info == nil or info.source:find('^@')
  local script = info and info.short_src:match('([^/\\]*)$'):gsub('%.lua$', '') or ''
  return ('Lua_%s_%s'):format(script, name):gsub('[^%w_]', function (c) return ('-%x'):format(c:byte()) end)
end

local function new(class, m, fields)
  check_mutation(m)
  local record = made(Record.new(m, class._gtype))
  for name, value in pairs(fields or {}) do record[name] = value end
  return record
end

function Record._new(class)
  error(('%s: GcObj.record() makes classes of records'):format(class._name), 2)
end

-- Makes a class of records, which may derive from another such class. A field's type is 'string',
-- 'number', 'integer', 'boolean', 'userdata' for any object of the arena, a class, the name of a
-- GType, or the record's own name.
return function (name, fields, parent)
  parent = parent or Record
  local names, gtypes = {}, {}
  for field in pairs(fields) do names[#names + 1] = field end
  table.sort(names)
  for i, field in ipairs(names) do
    if Record[field] then error(("%s: a field can't have a method's name, %s"):format(name, field), 2) end
    gtypes[i] = field_type(name, field, fields[field])
  end
  local gtype = made(Record.type_register(type_name(name), parent._gtype, names, gtypes))

  local class = setmetatable({ _name = name, _parent = parent, _implements = {}, _new = new, _access = access.access },
                             class_mt)
  class._gtype = core.gtype(gtype)
  -- So that lgi wraps them as what they are.
  core.index[class._gtype] = class
  local accessors = {}
  for _, field in ipairs(Record.type_list_fields(gtype)) do
    accessors[field] = accessor(field, Record.type_get_field_type(gtype, field))
  end
  fields_of[class] = accessors
  return class
end
