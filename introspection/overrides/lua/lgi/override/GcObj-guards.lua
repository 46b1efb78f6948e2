-- Arguments that lgi would not survive.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local coroutine, error, ipairs, select, type = coroutine, error, ipairs, select, type
local unpack = table.unpack or unpack

local guards = {}

-- The same function of a class or namespace, with what convert() makes of the arguments at these places.
local function guard(owner, name, convert, places)
  local func = owner[name]
  owner[name] = function (...)
    local args, n = { ... }, select('#', ...)
    for _, i in ipairs(places) do args[i] = convert(args[i]) end
    return func(unpack(args, 1, n))
  end
end

-- lgi takes a coroutine for a callback, and lets its errors jump over the library's frames. Those of a
-- function it catches.
local function as_function(value)
  if type(value) ~= 'thread' then return value end
  return function (...)
    local ok, err = coroutine.resume(value, ...)
    if not ok then error(err, 0) end
  end
end

-- Any number is taken for a GType, and GLib takes a GType for a pointer.
local function check_gtype(value)
  if type(value) == 'number' then error('a GType is wanted, and no number', 0) end
  if type(value) == 'table' then
    for _, element in ipairs(value) do check_gtype(element) end
  end
  return value
end

function guards.functions(owner, name, ...) guard(owner, name, as_function, { ... }) end
function guards.gtypes(owner, name, ...) guard(owner, name, check_gtype, { ... }) end

return guards
