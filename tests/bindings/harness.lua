-- What the Lua tests share: TAP, and an arena for each test that is empty and unreferenced again when
-- it ends. Skips where lgi is missing.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local found, lgi = pcall(require, 'lgi')
if not found then
  print('1..0 # SKIP lgi is not installed')
  os.exit(0)
end

-- What LuaJIT's compiled code saw last it keeps, and we count what is kept.
if jit then jit.off() end
local GcObj = lgi.require('GcObj', '1.0')
local GLib = lgi.GLib
-- What was said is there if the process dies.
io.stdout:setvbuf('line')
local harness, tests = {}, {}

function harness.test(name, func)
  tests[#tests + 1] = { name, func }
end

-- Wrappers that Lua has no use for any more may still be there, and functions that the arena's objects
-- have are let go with these.
function harness.n_external(arena)
  collectgarbage() collectgarbage()
  return arena:get_stats().n_external_refs
end

-- What func raises: text, or a GError with this code.
function harness.raises(wanted, func, ...)
  local ok, err = pcall(func, ...)
  assert(not ok, 'nothing was raised')
  if type(err) == 'userdata' then
    assert(err:matches(GcObj.Error, wanted), tostring(err))
  else
    assert(tostring(err):find(wanted, 1, true), tostring(err))
  end
  return err
end

function harness.wait_for(condition)
  local deadline = GLib.get_monotonic_time() + 30 * GLib.USEC_PER_SEC
  while GLib.get_monotonic_time() < deadline do
    if condition() then return end
    -- Something may be on its way on another thread.
    if not GLib.MainContext.default():iteration(false) then GLib.usleep(100) end
  end
  error('nothing happened')
end

-- A dropped peer needs a cycle that condemns it and one that finds it released.
function harness.settle(arena)
  for _ = 1, 3 do
    harness.n_external(arena)
    while GLib.MainContext.default():iteration(false) do end
    arena:collect()
  end
end

local function run_test(func)
  local arena = GcObj.Arena()
  func(arena)
  arena.root = nil
  harness.settle(arena)
  local n = harness.n_external(arena)
  assert(n == 0, n .. ' external references are left')
  assert(arena:get_stats().live_objects == 0, 'objects are left')
  assert(arena:verify())
end

function harness.run()
  local failed = false
  print('1..' .. #tests)
  for number, entry in ipairs(tests) do
    local ok, message = xpcall(function () run_test(entry[2]) end, function (err)
      return debug.traceback(tostring(err), 2)
    end)
    failed = failed or not ok
    print((ok and 'ok ' or 'not ok ') .. number .. ' - ' .. entry[1])
    if not ok then io.stderr:write(entry[1], ': ', message, '\n') end
  end
  os.exit(failed and 1 or 0)
end

return harness
