-- Sequences of functions that stop in the middle, in Lua; skipped where lgi is missing.
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
local GcSeq = lgi.require('GcSeq', '1.0')
local GLib, Gio = lgi.GLib, lgi.Gio
local Sequence = GcSeq.Sequence
local tests = {}

local function test(name, func)
  tests[#tests + 1] = { name, func }
end

local count = GcSeq.sequence(function (m, n)
  for _ = 1, n do GcSeq.pause() end
  return n
end)

local function make(arena, func, ...)
  local m = arena:begin()
  local made = func(m, ...)
  m:finish()
  return made
end

test('values come back', function (runner)
  local echo = GcSeq.sequence(function (m, value) return GcSeq.await(Sequence.value(m, value)) end)
  for _, value in ipairs { true, false, 0, 7, -1, 0.5, 2 ^ 53, '', 'text', 'ä€😀' } do
    assert(runner:run(echo, value) == value, tostring(value))
  end
  assert(runner:run(echo, nil) == nil)
  local file = Gio.File.new_for_path('/')
  assert(runner:run(echo, file):equal(file))
  local array = runner:run(function (m) return Sequence.value(m, GcObj.Array.new(m)) end)
  assert(array:get_length() == 0)
  local value, err = runner:run(echo, {})
  assert(value == nil and tostring(err):find("can't hold a table"))
end)

test('awaiting', function (runner)
  local add = GcSeq.sequence(function (m, ...)
    local total = 0
    for _, n in ipairs { ... } do total = total + GcSeq.await(count(m, n)) end
    return total
  end)
  assert(runner:run(add, 1, 2, 3) == 6)
  assert(runner:run(make(runner:get_arena(), add, 4)) == 4)
end)

test('garbage is collected between steps', function ()
  local eager = GcObj.Arena()
  eager:set_zeal({ 'SAFEPOINT', 'VERIFY' })
  local litter = GcSeq.sequence(function (m)
    local kept = GcObj.Array.new(m)
    for i = 1, 100 do
      kept:append(GcObj.Box.new_double(m, i))
      GcSeq.pause()
    end
    return kept:get_length()
  end)
  assert(GcSeq.Runner { arena = eager }:run(litter) == 100)
end)

test('combinators take functions', function (runner)
  assert(runner:run(function (m)
    local s = Sequence.map(m, Sequence.value(m, 2), function (v) return v * 3 end)
    s = Sequence.map(m, s, function (v, mutation)
      local array = GcObj.Array.new(mutation)
      array:append(GcObj.Box.new_double(mutation, v))
      return array
    end)
    s = Sequence.map(m, s, function (array) return #array end)
    return Sequence.then_(m, s, function (v, mutation) return Sequence.value(mutation, v .. '!') end)
  end) == '1!')
  assert(runner:run(function (m) return Sequence.defer(m, function (mutation) return count(mutation, 3) end) end) == 3)
  local _, err = runner:run(function (m)
    return Sequence.map(m, Sequence.value(m, 1), function () error({ 'mine' }) end)
  end)
  assert(err[1] == 'mine')
end)

test('errors, clean-up, joins and scopes', function (runner)
  local fail = GcSeq.sequence(function (m, value) GcSeq.pause() error(value, 0) end)
  assert(runner:run(function (m)
    return Sequence.or_else(m, fail(m, 'x'), function (err) return err .. '!' end)
  end) == 'x!')
  assert(select(2, runner:run(function (m)
    return Sequence.map_error(m, fail(m, 'x'), function (err) return err .. '?' end)
  end)) == 'x?')
  local n = 0
  assert(runner:run(function (m)
    return Sequence.finally(m, count(m, 2), function () n = n + 1 end)
  end) == 2 and n == 1)
  local array = runner:run(function (m) return Sequence.all(m, { count(m, 3), count(m, 1) }) end)
  assert(array:get_length() == 2 and array[1] == 3)
  local log = {}
  local task = GcSeq.sequence(function (m, i) log[#log + 1] = GcSeq.await(count(m, i)) end)
  local main = GcSeq.sequence(function (m, group)
    for i = 1, 3 do group:spawn(task(m, i)) end
    -- What still runs when it ends is cancelled.
    while #log < 3 do GcSeq.await(Sequence.sleep(m, 2000)) end
    return 'main'
  end)
  assert(runner:run(function (m)
    return Sequence.scope(m, function (group, mutation) return main(mutation, group) end)
  end) == 'main' and #log == 3)
end)

test('promises and channels', function (runner)
  local channel = make(runner:get_arena(), GcSeq.Channel.new, 1)
  runner:start(make(runner:get_arena(), GcSeq.sequence(function (m)
    for _, item in ipairs { 1, 'two', true } do GcSeq.await(channel:send(m, item)) end
    channel:close()
  end)))
  assert(runner:run(GcSeq.sequence(function (m)
    local text = ''
    for _ = 1, 3 do text = text .. tostring(GcSeq.await(channel:receive(m))) end
    return text
  end)) == '1twotrue')
  assert(runner:run(function (m) return Sequence.from_async(m, function (promise) promise:resolve('done') end) end)
         == 'done')
  assert(runner:run(function (m) return Sequence.from_async(m, function () return 5 end) end) == 5)
  assert(select(2, runner:run(function (m)
    return Sequence.from_async(m, function () error('x', 0) end)
  end)) == 'x')
end)

test('loops and generators', function (runner)
  assert(runner:run(function (m)
    return Sequence.loop(m, 1, function (v, n) return v < 100 and Sequence.value(n, v * 2) or v end)
  end) == 128)
  assert(runner:run(function (m) return Sequence.repeat_(m, 5, function (i, n) return count(n, i) end) end) == 4)
  local array = runner:run(function (m)
    local odd = GcSeq.generator_filter(m, GcSeq.generator_range(m, 0, 6, 1), function (v) return v % 2 == 1 end)
    return GcSeq.generator_collect(m, GcSeq.generator_map(m, odd, function (v) return v * v end))
  end)
  assert(array:get_length() == 3 and array[3] == 25)
  assert(runner:run(function (m)
    return GcSeq.generator_fold(m, GcSeq.generator_range(m, 0, 4, 1), 'x', function (a, v) return a .. v end)
  end) == 'x0123')
  assert(runner:run(GcSeq.sequence(function (m)
    local letters, text = ('abc'):gmatch('.'), ''
    local generator = GcSeq.generator_from_func(m, letters)
    while true do
      local item = GcSeq.await(GcSeq.generator_next(m, generator))
      if item:is_end() then return text end
      text = text .. item:get_value()
    end
  end)) == 'abc')
end)

test("awaiting in lgi's asynchronous functions", function (runner)
  local value, failed = Gio.Async.call(function ()
    local value = runner:async_run(make(runner:get_arena(), count, 3))
    local _, err = runner:async_run(make(runner:get_arena(), GcSeq.sequence(function () error('x', 0) end)))
    return value, err
  end)()
  assert(value == 3 and failed == 'x')
end)

test('functions as steps', function (runner)
  local n = 0
  assert(runner:run(function (m)
    return Sequence.steps(m, function (mutation, step)
      n = n + 1
      if n == 1 then return 'CONTINUE' end
      if n == 2 then return step:call(Sequence.value(mutation, 'called')) end
      return step:done(step:get() .. n)
    end)
  end) == 'called3')
end)

test('what is raised is itself', function (runner)
  local mine = {}
  local fail = GcSeq.sequence(function () GcSeq.pause() error(mine) end)
  local catch = GcSeq.sequence(function (m)
    local ok, err = GcSeq.try_await(fail(m))
    assert(not ok and err == mine)
    return 'caught'
  end)
  local pass_on = GcSeq.sequence(function (m) GcSeq.await(Sequence.map(m, fail(m), tostring)) end)
  assert(runner:run(catch) == 'caught')
  assert(select(2, runner:run(pass_on)) == mine)
  assert(select(2, runner:run(GcSeq.sequence(function () error('text', 0) end))) == 'text')
end)

test('errors keep domain and code', function (runner)
  local _, err = runner:run(GcSeq.sequence(function (m)
    local ok, caught = GcSeq.try_await(Sequence.error(m, GLib.Error(Gio.IOErrorEnum, 'NOT_FOUND', 'gone')))
    assert(not ok and caught:matches(Gio.IOErrorEnum, 'NOT_FOUND') and caught.message == 'gone')
    error(GLib.Error(Gio.IOErrorEnum, 'BUSY', 'busy'))
  end))
  assert(err:matches(Gio.IOErrorEnum, 'BUSY') and err.message == 'busy')
end)

-- lgi refers to errors that are lent, which go with what failed.
test('errors are kept', function (runner)
  local kept = {}
  for i = 1, 20 do
    runner:run(function (m)
      local failing = Sequence.error(m, GLib.Error(Gio.IOErrorEnum, 'BUSY', 'number ' .. i))
      return Sequence.catch(m, failing, 0, -1, function (err)
        kept[i] = err
        return i
      end)
    end)
  end
  runner:get_arena():collect()
  for i = 1, 20 do assert(kept[i]:matches(Gio.IOErrorEnum, 'BUSY') and kept[i].message == 'number ' .. i) end
end)

test('cancelling', function (runner)
  local log = {}
  local started = runner:start(make(runner:get_arena(), GcSeq.sequence(function (m)
    local ok, err = GcSeq.try_await(Sequence.never(m))
    assert(not ok and err:matches(Gio.IOErrorEnum, 'CANCELLED'))
    log[1] = GcSeq.await(count(m, 3))
    error(err)
  end)))
  runner:step(10)
  started:cancel()
  while runner:step(1) do end
  local value, err = started:get_result()
  assert(value == nil and err:matches(Gio.IOErrorEnum, 'CANCELLED') and log[1] == 3)
end)

test('items pass by', function (runner)
  local give = GcSeq.sequence(function () for i = 1, 3 do GcSeq.emit(i) end return 10 end)
  local pass = GcSeq.sequence(function (m) return GcSeq.await(give(m)) end)
  local total, begun = 0, false
  assert(runner:run(function (m)
    local generator = pass(m)
    return Sequence.steps(m, function (_, step)
      if begun then total = total + step:get() end
      if begun and not step:is_item() then return step:done(total) end
      begun = true
      return step:call(generator)
    end)
  end) == 16)
  local _, err = runner:run(give)
  assert(err:matches(GcSeq.SequenceError, 'UNWANTED'))
end)

test('steps that outlive their runner', function (runner)
  local arena, kept = runner:get_arena(), {}
  for i = 1, 5 do
    GcSeq.Runner.new(arena):run(function (m)
      return Sequence.steps(m, function (_, step)
        kept[i] = step
        return step:done(i)
      end)
    end)
    collectgarbage()
    collectgarbage()
    for _, step in ipairs(kept) do assert(not step:is_active() and step:get() == nil) end
  end
end)

test('misuse', function (runner)
  local arena = runner:get_arena()
  for _, result in ipairs { false, 'NONSENSE', 99, -1, {} } do
    local value, err = runner:run(function (m) return Sequence.steps(m, function () return result end) end)
    assert(value == nil and tostring(err):find('no GcSeq.StepResult'), tostring(err))
  end
  local value, err = runner:run(function (m) return Sequence.steps(m, function () return 'CALL' end) end)
  assert(value == nil and err:matches(GcSeq.SequenceError, 'FAILED'))

  local once = make(arena, count, 2)
  assert(runner:run(once) == 2)
  value, err = runner:run(once)
  assert(value == nil and err:matches(GcSeq.SequenceError, 'FINISHED'))

  value, err = runner:run(GcSeq.sequence(function (m) return GcSeq.await(5) end))
  assert(value == nil and err)
  value, err = runner:run(GcSeq.sequence(function () coroutine.yield('other') end))
  assert(value == nil and tostring(err):find('stops by'))
  assert(not pcall(runner.run, runner, 5))
  assert(not pcall(runner.run, runner, function () return 5 end))
  assert(not pcall(runner.run, runner, error))

  value, err = runner:run(GcSeq.sequence(function (m)
    local inner, inner_err = runner:run(count, 1)
    assert(inner == nil and inner_err:matches(GcSeq.SequenceError, 'BUSY'))
    return 'refused'
  end))
  assert(value == 'refused', tostring(err))

  local kept
  runner:run(function (m) return Sequence.steps(m, function (_, step) kept = step return step:done() end) end)
  assert(not kept:is_active())
end)

-- A coroutine as a callback, and other threads, would have errors jump over the library's frames.
test('callbacks that lgi does not survive', function (runner)
  local arena = runner:get_arena()
  local function refused(text, func, ...)
    local ok, err = pcall(func, ...)
    assert(not ok and tostring(err):find(text, 1, true), tostring(err))
  end
  local thread = coroutine.create(function () error('raised') end)
  arena:mutate(function (m)
    refused('no thread', Sequence.steps, m, thread)
    refused('another thread', Sequence.in_thread, m, function () end)
  end)
  arena:write_snapshot_async(Gio.MemoryOutputStream.new_resizable(), 0, nil, thread)
  while coroutine.status(thread) ~= 'dead' do GLib.MainContext.default():iteration(true) end
end)

print('1..' .. #tests)
local failed = false
for number, entry in ipairs(tests) do
  local arena = GcObj.Arena()
  local ok, message = pcall(entry[2], GcSeq.Runner { arena = arena })
  if ok then
    -- Functions that the arena's objects have are let go with these.
    for _ = 1, 3 do
      collectgarbage() collectgarbage()
      while GLib.MainContext.default():iteration(false) do end
      arena:collect()
    end
    local n = arena:get_stats().n_external_refs
    if n ~= 0 then ok, message = false, n .. ' external references are left' end
    if arena:get_stats().live_objects ~= 0 then ok, message = false, 'objects are left' end
  end
  failed = failed or not ok
  print((ok and 'ok ' or 'not ok ') .. number .. ' - ' .. entry[1])
  if not ok then io.stderr:write(entry[1], ': ', tostring(message), '\n') end
end
os.exit(failed and 1 or 0)
