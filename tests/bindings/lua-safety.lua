-- Whatever a script does, the process goes on: misuse is an error, or a critical warning and nothing else; so
-- are what the collector, finalizers and failing functions could do. The table of
-- docs/reference/gcobj/chapters/languages.xml says which test is for what.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local folder = arg[0]:match('^(.*/)') or ''
local harness = dofile(folder .. 'harness.lua')
local make = dofile(folder .. 'harness-make.lua')
local test, raises, wait_for = harness.test, harness.raises, harness.wait_for
local lgi = require 'lgi'
local GcObj, GcSeq = lgi.require('GcObj', '1.0'), lgi.require('GcSeq', '1.0')
local GLib, GObject, Gio = lgi.GLib, lgi.GObject, lgi.Gio
local Sequence = GcSeq.Sequence
local unpack = table.unpack or unpack

local function collect(arena)
  harness.n_external(arena)
  while GLib.MainContext.default():iteration(false) do end
  arena:collect()
end

-- Gives nothing, by an error or a critical warning.
local function refused(func, ...)
  local ok, result = pcall(func, ...)
  assert(not ok or not result, 'the result is ' .. tostring(result))
end

local function lines(variable)
  local file, list = assert(io.open(os.getenv(variable))), {}
  for line in file:lines() do
    local words = {}
    for word in line:gmatch('%S+') do words[#words + 1] = word end
    list[#list + 1] = words
  end
  file:close()
  return list
end

-- Misuse

local makers = {
  GcObj.Array, GcObj.Array.new, GcObj.Table, GcObj.Guardian, GcObj.DeathQueue, GcObj.RootSet, GcSeq.Channel.new,
  Sequence.never,
  function (m) return GcObj.Array.new_sized(m, 5) end,
  function (m) return GcObj.Array(m, { 1 }) end,
  function (m) return GcObj.String(m, 'text') end,
  function (m) return GcObj.String.intern(m, 'text') end,
  function (m) return GcObj.Bytes(m, 'data') end,
  function (m) return GcObj.Box(m, 5) end,
  function (m) return GcObj.Box.new_double(m, 5) end,
  function (m) return GcObj.Peer(m, Gio.SimpleAction.new('action')) end,
  function (m) return Sequence.value(m, 1) end,
}

test('a finished mutation', function (arena)
  local m = arena:begin()
  local array = GcObj.Array(m)
  m:finish()
  for _, maker in ipairs(makers) do refused(maker, m) end
  refused(GcObj.WeakRef, m, array)
  assert(not m:safepoint() and m:get_arena() == nil and m:get_depth() == 0)
  m:finish()
  -- It stays finished while others are open.
  arena:mutate(function (other)
    assert(not m:is_active() and other:is_active())
    for _, maker in ipairs(makers) do refused(maker, m) end
    m:finish()
    assert(other:is_active())
  end)
end)

test('an escaped mutation', function (arena)
  local escaped
  arena:mutate(function (m) escaped = m end)
  for _, maker in ipairs(makers) do refused(maker, escaped) end
  GcSeq.Runner { arena = arena }:run(function (m) escaped = m return Sequence.value(m, 1) end)
  for _, maker in ipairs(makers) do refused(maker, escaped) end
  -- That of a step.
  GcSeq.Runner { arena = arena }:run(function (m)
    return Sequence.steps(m, function (mutation, step) escaped = mutation return step:done() end)
  end)
  for _, maker in ipairs(makers) do refused(maker, escaped) end
end)

test('a mutation that was dropped', function (arena)
  do arena:begin() end
  harness.n_external(arena)
  -- The scope ended with it.
  arena:collect()
  arena:mutate(function (m) assert(m:get_depth() == 1) end)
end)

test('out of order', function (arena)
  local first, second = arena:begin(), arena:begin()
  first:finish()
  assert(first:is_active() and second:is_active())
  second:finish()
  first:finish()
  assert(not first:is_active())
end)

test('no mutation at all', function (arena)
  for _, maker in ipairs(makers) do
    for _, wrong in ipairs { false, 5, {}, arena, 'text' } do refused(maker, wrong) end
    refused(maker)
  end
end)

test("another arena's objects", function (arena)
  local other = GcObj.Arena()
  arena:mutate(function (m)
    other:mutate(function (n)
      local array, t, stranger = GcObj.Array(m), GcObj.Table(m), GcObj.Array(n)
      raises('WRONG_ARENA', function () array[1] = stranger end)
      raises('WRONG_ARENA', function () t.key = stranger end)
      raises('WRONG_ARENA', function () t[stranger] = array end)
      raises('WRONG_ARENA', GcObj.Array, m, { stranger })
      for _, func in ipairs {
        function () return array:insert(0, stranger) end,
        function () return t:get(stranger) end,
        function () return t:has(stranger) end,
        function () return array:contains(stranger) end,
        function () return GcObj.WeakRef.new(m, stranger) end,
        function () return GcObj.RootSet(m):stash(stranger) end,
        function () return GcObj.Guardian(m):watch(stranger, nil) end,
        function () return GcObj.DeathQueue(m):watch(array, stranger) end,
        function () return GcObj.Box(m, stranger) end,
        function () return GcObj.Peer(m, Gio.SimpleAction.new('action')):set_data('data', stranger) end,
        function () return Sequence.map(m, Sequence.value(n, 1), tostring) end,
        function () return GcSeq.Once.new(m, Sequence.value(n, 1)) end,
      } do refused(func) end
      arena.root = stranger
      assert(arena.root == nil and #array == 0 and #t == 0)
    end)
  end)
  assert(harness.n_external(other) == 0)
end)

test('wrong types', function (arena)
  arena:mutate(function (m)
    local array, text = GcObj.Array(m), GcObj.String(m, 'text')
    for _, func in ipairs {
      function () return GcObj.Array.get_length(text) end,
      function () return GcObj.Array.get_length(arena) end,
      function () return GcObj.Array.get_length({}) end,
      function () return GcObj.Array.get_length() end,
      function () return text:equal(array) end,
      function () return text:equal(nil) end,
      function () return GcObj.String.concat(m, text, array) end,
      function () return GcObj.Handle.new(nil) end,
      function () return GcObj.Handle.new(arena) end,
      function () return GcObj.RootSet(m):fetch(m) end,
      function () return GcObj.Guardian(m):watch(nil, nil) end,
      function () return GcObj.ListModel.new(text) end,
      function () return GcObj.Object(m) end,
      function () return Sequence.map(m, array, tostring) end,
      function () return Sequence.map(m, nil, tostring) end,
    } do refused(func) end
    refused(function () arena.root = m return arena.root end)
  end)
end)

test('sizes', function (arena)
  arena:mutate(function (m)
    local array = GcObj.Array(m)
    for _, size in ipairs { 2 ^ 31, 2 ^ 40, 2 ^ 53, -1 } do
      refused(GcObj.Array.new_sized, m, size)
      refused(function () return array:set_length(size) end)
      refused(function () return array:get(size) end)
    end
    assert(#array == 0)
  end)
end)

test('collecting inside', function (arena)
  arena:mutate(function (m)
    local array = GcObj.Array(m)
    arena:collect()
    assert(#array == 0 and m:is_active())
  end)
end)

test('nothing for bindings alone', function (arena)
  arena:mutate(function (m)
    for _, thing in ipairs { m, GcObj.Array(m), arena:get_stats(), GcObj.RootSet(m):stash(GcObj.Array(m)) } do
      for _, name in ipairs { 'ref', 'unref', 'free', 'trace', 'finalize', 'init', 'construct', 'save' } do
        local ok, found = pcall(function () return thing[name] end)
        assert(not ok or not found, name)
      end
    end
  end)
end)

-- Use after collection

test('use after collection', function (arena)
  -- What is not held moves or is overwritten.
  arena:set_zeal { 'RELOCATE', 'CLOBBER', 'VERIFY' }
  local kept, elements, key, handle, model, pairs_of = {}, nil, nil, nil, nil, nil
  arena:mutate(function (m)
    for _, name in ipairs { 'Array', 'Box', 'Bytes', 'Peer', 'Record', 'RootSet', 'String', 'Table', 'WeakRef' } do
      kept[name] = make[name](m)
    end
    elements, pairs_of = kept.Array:list(), kept.Table:pairs()
    key = kept.RootSet:stash(GcObj.Array(m, { 'stashed' }))
    handle, model = GcObj.Handle.new(GcObj.Array(m, { 'held' })), GcObj.ListModel.new(kept.Array)
  end)
  for _ = 1, 4 do collect(arena) end
  assert(elements[1]:get_length() == 0 and elements[2] == 'x')
  assert(pairs_of() and pairs_of() and not pairs_of())
  assert(kept.RootSet:fetch(key)[1] == 'stashed' and handle:get_object()[1] == 'held')
  assert(tostring(kept.String) == 'text' and kept.Record.s == 'text' and #kept.Bytes == 4)
  assert(kept.WeakRef:upgrade() == nil and kept.Peer:get_object().name == 'action')
  -- Taken out of what holds it.
  local item = model:get_item(1)
  kept.Array:clear()
  model:flush()
  collect(arena)
  assert(tostring(item:get_object()) == 'x' and model:get_item(1) == nil)
  assert(kept.RootSet:remove(key))
  local found, err = kept.RootSet:fetch(key)
  assert(not found and err:matches(GcObj.Error, 'WRONG_SET'))
  arena:set_zeal {}
end)

test('iterators of what changes', function (arena)
  local array, t = arena:mutate(function (m)
    return GcObj.Array(m, { 1, 2, 3, 4, 5, 6 }), GcObj.Table(m, { a = 1, b = 2, c = 3 })
  end)
  local n = 0
  for _ in array:ipairs() do
    n = n + 1
    array:pop()
    collect(arena)
  end
  assert(n == 3)
  for key in t:pairs() do
    t[key] = nil
    collect(arena)
  end
  assert(#t == 0)
end)

test('what is boxed after collections', function (arena)
  local Holder = GcObj.Record.type_register('LuaSafetyHolder', GcObj.Record._gtype, { 'boxed' }, { GObject.Value._gtype })
  local array = arena:mutate(GcObj.Array, { GObject.Value('gchararray', 'in an array') })
  local holder = arena:mutate(GcObj.Record.new, Holder)
  holder.boxed = GObject.Value('gchararray', 'in a record')
  local element, field = array[1], holder.boxed
  array[1], holder.boxed = nil, nil
  for _ = 1, 3 do
    collectgarbage()
    collect(arena)
  end
  for _ = 1, 100 do GObject.Value('gchararray', 'another') end
  assert(element.value == 'in an array' and field.value == 'in a record')
end)

test('an arena that was disposed of', function (arena)
  local array = arena:mutate(GcObj.Array, { 'x' })
  local owner = Gio.SimpleAction { name = 'owner' }
  local handle = GcObj.Handle.new_with_owner(array, owner)
  arena:run_dispose()
  arena.root = array
  collect(arena)
  assert(handle:get_object() == array)
  assert(arena.root[1] == 'x' and #arena:mutate(GcObj.Array, { array }) == 1)
end)

-- Resurrection

test('wrappers of resurrected objects', function (arena)
  local array, ref, guardian = arena:mutate(function (m)
    local made = GcObj.Array(m, { 'x' })
    made[2] = made
    return made, GcObj.WeakRef(m, made), GcObj.Guardian(m)
  end)
  guardian:watch(array, 'tag')
  local number = array:hash()
  for _ = 1, 3 do
    array = nil
    collect(arena)
    local popped, tag = guardian:pop()
    -- It has the identity and the cycle that it had.
    assert(tag == 'tag' and popped:hash() == number and popped[1] == 'x' and rawequal(popped[2], popped))
    guardian:watch(popped, 'tag')
    collect(arena)
    assert(popped[2][2] == popped)
    array = popped
  end
  array = nil
  harness.n_external(arena)
  arena:finish_marking()
  local again = ref:resurrect()
  if again then
    arena:finish_cycle()
    assert(again[2] == again)
  end
end)

-- Exceptions. lgi tells nobody of an error in a function that C calls.

test('every kind of callback is here', function ()
  local covered = { ['Gio.AsyncReadyCallback'] = 1, GuardianFunc = 1, MutateFunc = 1, PromiseFunc = 1, StepFunc = 1,
                    TableFunc = 1 }
  for _, variable in ipairs { 'GCOBJ_CALLBACKS', 'GCSEQ_CALLBACKS' } do
    for _, line in ipairs(lines(variable)) do
      -- A listener in Lua would need a class of GObject's with its interface.
      assert(covered[line[1]] or line[1] == 'virtual-method', line[1])
    end
  end
end)

local function failing()
  local count = {}
  return function ()
    count[#count + 1] = true
    error('planted', 0)
  end, count
end

test('errors in scopes and tables', function (arena)
  local t = arena:mutate(GcObj.Table, { a = 1, b = 2 })
  local fail, count = failing()
  raises('planted', arena.mutate, arena, fail)
  raises('planted', arena.mutate, arena, function () arena:mutate(fail) end)
  raises('planted', t.foreach, t, fail)
  assert(#count == 3)
  assert(arena:mutate(function (m) return m:get_depth() end) == 1)
end)

-- Whatever takes a function, with one that fails, of what succeeds and of what does not.
local function each_failing(func)
  for _, line in ipairs(lines 'GCSEQ_CALLABLES') do
    local name, kind, types = line[1], line[2], { unpack(line, 4) }
    local takes = false
    for _, wanted in ipairs(types) do takes = takes or wanted == 'StepFunc' or wanted == 'PromiseFunc' end
    if takes and kind ~= 'method' and name ~= 'Sequence.in_thread' then
      local class, member = name:match('^(.*)%.(.*)$')
      local is_generator = name:find('^generator_')
      for _, source in ipairs {
        function (m) return is_generator and GcSeq.generator_range(m, 0, 3, 1) or Sequence.value(m, 1) end,
        -- As make has it: domain and code of what catch() is for.
        function (m) return Sequence.error(m, GLib.Error(Gio.IOErrorEnum, 'NOT_FOUND', 'source')) end,
      } do
        func(name, class and GcSeq[class][member] or GcSeq[name], types, source, is_generator)
      end
    end
  end
end

test('errors in steps', function (arena)
  local called, n = {}, 0
  each_failing(function (name, func, types, source, is_generator)
    local fail, count = failing()
    local special = { StepFunc = function () return fail end, PromiseFunc = function () return fail end,
                      Sequence = source }
    local result, err = GcSeq.Runner { arena = arena }:run(function (m)
      local list = {}
      for i, kind in ipairs(types) do list[i] = (special[kind] or make[kind])(m) end
      local made = func(unpack(list, 1, #types))
      return is_generator and GcSeq.generator_collect(m, made) or made
    end)
    local is_planted = err == 'planted'
    -- A clean-up's error gives way to one that was there before.
    assert(is_planted == (#count > 0) or name == 'Sequence.finally', name .. ': ' .. tostring(err))
    called[name] = (called[name] or 0) + #count
  end)
  for name, times in pairs(called) do
    assert(times > 0, name)
    n = n + 1
  end
  assert(n > 20)
end)

-- Re-entrancy

test('collecting in callbacks', function (arena)
  local calls, n = {}, 0
  local function collect_here(name)
    return function ()
      arena:collect()
      arena:verify()
      n = n + (calls[name] and 0 or 1)
      calls[name] = true
    end
  end
  local t, guardian, array = arena:mutate(function (m)
    return GcObj.Table(m, { a = GcObj.Array(m) }), GcObj.Guardian(m), GcObj.Array(m)
  end)
  guardian:set_callback(nil, collect_here 'guardian')
  guardian:watch(arena:mutate(GcObj.Array), 'tag')
  local model = GcObj.ListModel.new(array)
  local notified = arena.on_notify:connect(collect_here 'notify', 'root')
  local changed = model.on_items_changed:connect(collect_here 'items')
  arena:mutate(collect_here 'mutate')
  t:foreach(collect_here 'foreach')
  arena.root = array
  array:append(5)
  model:flush()
  collect(arena)
  local runner = GcSeq.Runner { arena = arena }
  runner:run(function (m)
    return Sequence.steps(m, function (_, step) collect_here 'step'() return step:done() end)
  end)
  runner:run(function (m)
    return Sequence.from_async(m, function (promise) collect_here 'promise'() promise:resolve(1) end)
  end)
  runner:run(function (m) return Sequence.map(m, Sequence.value(m, 1), collect_here 'map') end)
  arena:write_snapshot_async(Gio.MemoryOutputStream.new_resizable(), 0, nil, collect_here 'snapshot')
  wait_for(function () return n == 9 end)
  GObject.signal_handler_disconnect(arena, notified)
  GObject.signal_handler_disconnect(model, changed)
  guardian:set_callback(nil, nil)
end)

-- Something whose finalizer calls it.
local function probe(func)
  if newproxy then
    local proxy = newproxy(true)
    getmetatable(proxy).__gc = func
    return proxy
  end
  return setmetatable({}, { __gc = func })
end

test('mutating when something is finalized', function (arena)
  local made = {}
  local function mutate()
    made[#made + 1] = arena:mutate(GcObj.Array, { 'made by a finalizer' })
    arena:collect()
  end
  arena:mutate(function (m)
    -- What goes with an object of the arena: a callback, the function of a step.
    local first, second = probe(mutate), probe(mutate)
    GcObj.Guardian(m):set_callback(nil, function () return first end)
    Sequence.steps(m, function () return second end)
  end)
  for _ = 1, 4 do collect(arena) end
  assert(#made == 2 and made[1][1] == 'made by a finalizer')
end)

test('running in callbacks', function (arena)
  local runner, calls = GcSeq.Runner { arena = arena }, {}
  -- One run at a time: in a step it is refused.
  local function run_here()
    local value, err = runner:run(function (m) return Sequence.value(m, 'inner') end)
    calls[#calls + 1] = value or (err:matches(GcSeq.SequenceError, 'BUSY') and 'busy')
  end
  local t, guardian = arena:mutate(function (m) return GcObj.Table(m, { a = 1 }), GcObj.Guardian(m) end)
  guardian:set_callback(nil, run_here)
  guardian:watch(arena:mutate(GcObj.Array), 'tag')
  t:foreach(run_here)
  runner:run(function (m) return Sequence.steps(m, function (_, step) run_here() return step:done() end) end)
  runner:run(function (m)
    return Sequence.from_async(m, function (promise) run_here() promise:resolve(1) end)
  end)
  assert(table.concat(calls, ' ') == 'inner busy busy', table.concat(calls, ' '))
  collect(arena)
  wait_for(function () return #calls == 4 end)
  assert(calls[4] == 'inner')
  guardian:set_callback(nil, nil)
end)

test('what can be called is a function', function (arena)
  -- Errors on results of the wrong type jumped out of the runner.
  local callable = setmetatable({}, { __call = function () return nil end })
  for _, func in ipairs { callable, GcObj.Array } do
    for _, name in ipairs { 'body', 'steps' } do
      local runner = GcSeq.Runner.new(arena)
      local run = runner:start(arena:mutate(function (m)
        if name == 'body' then return Sequence.body(m, nil, func) end
        return Sequence.steps(m, func)
      end))
      runner:step(5)
      assert(run:is_done() and runner:get_n_runs() == 0)
    end
  end
  raises('a function is wanted', arena.mutate, arena, function (m) return Sequence.body(m, nil, arena) end)
  raises('a function is wanted', arena.mutate, arena, function (m) return Sequence.body(m, nil, {}) end)
  raises('a function is wanted', arena.mutate, arena, function (m) return GcSeq.generator_from_func(m, arena) end)
end)

-- Threads

test('functions on other threads', function (arena)
  -- Errors jumped from one thread's stack to another's.
  raises('another thread', arena.mutate, arena, function (m) return Sequence.in_thread(m, print) end)
end)

-- The end

local EXIT = [[
local lgi = require 'lgi'
local GcObj, GcSeq, Gio = lgi.require('GcObj', '1.0'), lgi.require('GcSeq', '1.0'), lgi.Gio
arena = GcObj.Arena()
arena:attach(nil)
m = arena:begin()
guardian = GcObj.Guardian(m)
guardian:set_callback(nil, function () end)
guardian:watch(GcObj.Array(m), 'tag')
array = GcObj.Array(m, { guardian, Gio.SimpleAction.new('boxed') })
peer = GcObj.Peer(m, Gio.SimpleAction.new('action'))
peer:set_data('array', array)
model = GcObj.ListModel.new(array)
model.on_items_changed = function () end
key = GcObj.RootSet(m):stash(array)
handle = GcObj.Handle.new(array)
arena.root = array
arena.on_notify['root'] = function () end
m:finish()
runner = GcSeq.Runner { arena = arena }
run = runner:start(arena:mutate(GcSeq.Sequence.never))
runner:step(5)
unrun = arena:mutate(function (m) return GcSeq.Sequence.steps(m, function (m, step) return step:done() end) end)
]]

-- lgi calls those that a class has not, too.
test('virtual functions of listeners', function (arena)
  local told = {}
  local Mine = lgi.package('SafetyListeners'):class('SafetyListener', GObject.Object, { GcObj.Listener })
  function Mine:do_paused(of, event) told[#told + 1] = { of, event } end
  function Mine:do_swept() error('raised') end
  for _, listener in ipairs { GcObj.ListenerChain.new(), Mine() } do
    for _, name in ipairs { 'collection_begun', 'started', 'marked', 'remarked', 'cleared', 'swept', 'collection_ended',
                            'paused', 'resized', 'finalized', 'tell' } do
      listener['do_' .. name](listener, arena, GcObj.Event { type = 'PAUSED', n = 3 })
    end
  end
  assert(#told > 0)
  arena:set_listener(Mine())
  told = {}
  collect(arena)
  arena:set_listener(nil)
  assert(#told > 0 and told[1][1] == arena and told[1][2].type == 'PAUSED')
end)

test('a heap far beyond its limit', function (arena)
  arena:set_heap_limit(1)
  arena:mutate(function (m)
    local array = GcObj.Array.new(m)
    array:add_external_bytes(2 ^ 60)
    for i = 1, 100 do GcObj.Box.new_int64(m, i) end
    raises('HEAP_LIMIT', GcObj.Array, m, { array })
  end)
  arena:set_heap_limit(0)
  arena:mutate(GcObj.Array.new)
end)

test('the interpreter ends with live arenas', function ()
  for _, ending in ipairs { '', 'm = arena:begin()', 'arena:start_cycle()', 'arena:step(10)', 'os.exit(0)',
                            'os.exit(0, true)', 'collectgarbage()', 'arena = nil runner = nil collectgarbage()' } do
    local path = os.tmpname()
    local file = io.open(path, 'w')
    file:write(EXIT, ending, '\n')
    file:close()
    local launcher = Gio.SubprocessLauncher.new { 'STDOUT_PIPE', 'STDERR_MERGE' }
    launcher:setenv('G_DEBUG', 'fatal-criticals', true)
    local index = 0
    while arg[index - 1] do index = index - 1 end
    local child = launcher:spawnv { arg[index], path }
    local _, output = child:communicate_utf8(nil, nil)
    os.remove(path)
    assert(child:get_if_exited() and child:get_exit_status() == 0 and not output, ending .. ': ' .. tostring(output))
  end
end)

harness.run()
