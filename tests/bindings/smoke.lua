-- Whether Lua can drive an arena: a smoke test, skipped where lgi is missing.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local found, lgi = pcall(require, 'lgi')
if not found then
  print('1..0 # SKIP lgi is not installed')
  os.exit(0)
end

local GcObj = lgi.require('GcObj', '1.0')
local arena = GcObj.Arena()
local number = 0

local function test(name, func)
  number = number + 1
  local ok, message = pcall(func)
  print((ok and 'ok ' or 'not ok ') .. number .. ' - ' .. name)
  if not ok then io.stderr:write(tostring(message), '\n') end
end

local function n_external()
  collectgarbage() collectgarbage()
  return arena:get_stats().n_external_refs
end

print('1..5')

test('objects in a cycle', function ()
  local m = arena:begin()
  local array = GcObj.Array.new(m)
  local text = GcObj.String.new(m, 'text')
  assert(array:append(array) and array:append(text))
  assert(array:get(0) == array and array:get(1) == 'text')
  arena:set_root(array)
  m:finish()
  assert(not m:is_active())
end)

test('counts are balanced', function ()
  assert(n_external() == 0)
  assert(arena:get_root():get_length() == 2)
  assert(n_external() == 0)
end)

test('errors', function ()
  local m = arena:begin()
  local array, err = GcObj.Array.new_sized(m, 2 ^ 40)
  m:finish()
  assert(array == nil and err:matches(GcObj.Error, 'RANGE'))
end)

test('a mutation that escapes', function ()
  local escaped
  arena:mutate(function (m)
    escaped = m
    arena:set_root(GcObj.Array.new(m))
  end)
  assert(arena:get_root():get_length() == 0)
  -- lgi does not copy it: it may be another scope's by now, and is never freed.
  assert(not escaped:is_active())
  assert(not GcObj.Array.new_sized(escaped, 1))
end)

test('collection', function ()
  arena:set_root(nil)
  assert(n_external() == 0)
  arena:collect()
  assert(arena:get_stats().live_objects == 0)
end)
