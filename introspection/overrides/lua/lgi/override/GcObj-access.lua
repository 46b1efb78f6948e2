-- How objects of arenas are indexed, and what Lua's operators do to them. Names of methods come
-- first. What other keys mean, `#`, tostring() and pairs(), a class says in its hooks.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local debug, error, pairs, pcall, rawget, rawset, select, setmetatable, tostring, type =
  debug, error, pairs, pcall, rawget, rawset, select, setmetatable, tostring, type

local core = require 'lgi.core'
local component = require 'lgi.component'

local access = {}

-- What lgi asks of every object.
local internal = { _native = true, _type = true, _gtype = true, _class = true }

-- By class: methods and hooks, found once and inherited. lgi itself would search for each access.
local known = {}

local function know(class)
  if known[class] then return known[class] end

  local parent = rawget(class, '_parent')
  parent = parent and know(parent)
  -- A table's keys may be any number of names: what is no method is not kept.
  local methods = setmetatable({}, { __index = function (self, name)
    if type(name) ~= 'string' or name:find('^_') then return nil end
    local loaded = rawget(class, '_method')
    local found = rawget(class, name) or (loaded and loaded[name]) or (parent and parent.methods[name])
    if found then self[name] = found end
    return found or nil
  end })
  known[class] = setmetatable({ methods = methods }, { __index = parent })
  return known[class]
end

-- Hooks of a class, and of those that derive from it:
--   index (object, key, class): the value, or nil and what is wrong
--   newindex (object, key, value, class): raises what is wrong
--   len (object), tostring (object), pairs (object): as Lua's
function access.define(class, hooks)
  local entry = know(class)
  for name, hook in pairs(hooks) do entry[name] = hook end
end

-- lgi calls this for all reading and writing of what an object has; writing comes with a value.
function access.access(class, object, key, ...)
  local entry = known[class]
  if not entry then
    -- Where lgi finds it next time.
    rawset(class, '_access', access.access)
    entry = know(class)
  end

  if select('#', ...) == 0 then
    local method = entry.methods[key]
    if method then return method end
    if entry.index and not internal[key] then
      local value, err = entry.index(object, key, class)
      if err then error(err, 3) end
      return value
    end
  elseif entry.newindex then
    if entry.methods[key] then error(("%s: `%s' is a method"):format(class._name, key), 3) end
    local ok, err = pcall(entry.newindex, object, key, (...), class)
    if not ok then error(err, 3) end
    return
  end
  return component.mt._access(class, object, key, ...)
end

-- The metatable is one for all of lgi's objects.
function access.set_operators(any_object)
  local metatable = debug.getmetatable(any_object)

  for name, wrong in pairs { len = 'has no length', pairs = 'has no pairs', tostring = '' } do
    local inherited = metatable['__' .. name]

    metatable['__' .. name] = function (object)
      local class = core.object.query(object, 'repo')
      local hook = class and know(class)[name]
      if hook then return hook(object) end
      if inherited then return inherited(object) end
      error(('a %s %s'):format(class and class._name or 'value', wrong), 2)
    end
  end
end

return access
