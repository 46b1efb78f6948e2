-- Random calls of everything that the GIR has, with arguments of right and wrong kinds. Run by
-- fuzz.py, which says what this prints and judges it.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local found, lgi = pcall(require, 'lgi')
if not found then
  print('1..0 # SKIP lgi is not installed')
  os.exit(0)
end

local GcObj, GcSeq = lgi.require('GcObj', '1.0'), lgi.require('GcSeq', '1.0')
local GLib, GObject, Gio = lgi.GLib, lgi.GObject, lgi.Gio
local data = dofile(arg[1])
local seed, n_calls, folder, verbose = tonumber(arg[2]), tonumber(arg[3]), arg[4], arg[5] == '1'
local excluded = {}
for i = 6, #arg do excluded[arg[i]] = true end
local NAMESPACES = { GcObj = GcObj, GcSeq = GcSeq }
local CALLS_PER_EPISODE, MAX_POOL, MAX_DEPTH = 60, 80, 3
local null = {}
local unpack = table.unpack or unpack

-- Chance

-- What an episode does may hang on the clock; the next one begins with numbers of its own.
local state
local function reseed(number)
  state = (seed % 1000003 * 1009 + number * 7919) % 2147483646 + 1
end

local function random(n)
  state = state * 16807 % 2147483647
  return math.floor(state / 8) % n
end

local function pick(list) return list[random(#list) + 1] end
local function chance(percent) return random(100) < percent end

-- Whether a critical warning was written since it was asked last. (What is no file has no size.)

local errors = io.open('/proc/self/fd/2', 'rb')
if errors and not errors:seek('end') then errors = nil end

local function complained()
  if not errors then return false end
  local from = errors:seek()
  if errors:seek('end') == from then return false end
  errors:seek('set', from)
  return errors:read('*a'):find('-CRITICAL', 1, true) ~= nil
end

-- What there is: values that calls gave, those of the arena, scopes, runners, and steps that are lent with their
-- mutations, the innermost last.

local pool, arenas, scopes, runners, steps, depth = {}, {}, {}, {}, {}, 0

local function type_name(value)
  if type(value) ~= 'userdata' then return nil end
  local ok, name = pcall(function () return value._type._name end)
  return ok and name and name:match('^Gc%a+%.(%w+)') or nil
end

local function is_a(value, wanted)
  local name = type_name(value)
  while name do
    if name == wanted then return true end
    name = data.parents[name]
  end
  return false
end

local function add(value)
  if type(value) == 'table' then
    for i = 1, math.min(#value, 3) do add(value[i]) end
  elseif type(value) == 'userdata' then
    pool[#pool < MAX_POOL and #pool + 1 or random(MAX_POOL) + 1] = value
    if type_name(value) == 'Runner' then runners[#runners + 1] = value end
  end
  return value
end

local function begin(arena)
  local m = add(arena:begin())
  scopes[#scopes + 1] = m    -- (nil if refused)
  return m
end

local function finish_scopes()
  while #scopes > 0 do
    local m = table.remove(scopes)
    if m:is_active() then m:finish() end
  end
end

-- What only a step may do.

local function lend(m, step, func, ...)
  steps[#steps + 1] = { m = m, step = step }
  local ok, result = pcall(func, ...)
  steps[#steps] = nil
  if not ok then error(result, 0) end
  return result
end

-- Runs the sequence that a function makes, and gives its result if it ended soon.
local function drive(make)
  finish_scopes()
  local arena = pick(arenas)
  local runner = add(GcSeq.Runner.new(arena))
  local run = add(runner:start(arena:mutate(make)))
  for _ = 1, 20 do
    if run:is_done() then return add(run:get_result()) end
    runner:step(5)
  end
end

local function in_step(func)
  return function (m)
    return GcSeq.Sequence.body(m, 'fuzz', function (mutation, step) return lend(mutation, step, func, step) end)
  end
end

-- Functions that scripts give: they answer anything, and do what they should not.

local random_call, step_call, wrong

local function callback()
  local manner = random(6)
  return function (...)
    local args = { ... }
    for i = 1, select('#', ...) do
      add(args[i])
      -- What only a step may do.
      if is_a(args[i], 'Step') and depth < MAX_DEPTH and chance(60) then return lend(args[1], args[i], step_call) end
    end
    local now = depth >= MAX_DEPTH and 5 or manner
    if now == 0 then
      error('raised')
    elseif now == 1 then
      arenas[1]:collect()
      return pick { true, false, 5 }
    elseif now == 2 then
      local result
      arenas[1]:mutate(function (m) result = GcObj.Array.new(m) end)
      return add(result)
    elseif now == 3 then
      for _ = 1, 3 do random_call() end
      return pick(pool)
    elseif now == 4 then
      GLib.MainContext.default():iteration(false)
      collectgarbage()
      return wrong()
    end
    return pick { 0, 1, 2, true, args[1] or 3 }
  end
end

-- Arguments

local WRONG = { null, true, -1, 2 ^ 64, -2 ^ 70, 0 / 0, 1 / 0, 'text', '', {}, { null }, { 1, 'a' }, print, GcObj.Array, GcObj,
                GObject.Object(), GLib.Bytes('a'), coroutine.create(function () end), io.stdout }

function wrong()
  if chance(40) and #pool > 0 then return pick(pool) end
  return chance(10) and callback() or pick(WRONG)
end

local function path()
  return chance(10) and '' or pick { folder, folder, '/nonexistent' } .. '/file' .. random(3)
end

local FIELDS = { 'object', 'string', 'int64', 'double', 'boolean', 'value' }
-- This, and the last that was registered.
local record_types = { GcObj.Record.type_register('FuzzRecord', GcObj.Record._gtype, FIELDS,
  { GcObj.Object._gtype, 'gchararray', 'gint64', 'gdouble', 'gboolean', 'gint' }) }
local subprocess
local function child()
  subprocess = subprocess or Gio.Subprocess.new({ 'true' }, {})
  return subprocess
end

local Listener = lgi.package('FuzzListeners'):class('FuzzListener', GObject.Object, { GcObj.Listener })
for _, call in ipairs(data.calls) do
  if call.kind == 'virtual-method' then
    Listener['do_' .. call.member] = function (_, ...)
      if depth < MAX_DEPTH and arenas[1] then callback()(...) end
    end
  end
end

local NUMBERS = { 0, 1, 2, 3, 7, 100, -1, 2 ^ 31, 2 ^ 32 - 1, 2 ^ 32, 2 ^ 40, 2 ^ 53, 0.5 }
local MAKERS = {
  gboolean = function () return chance(50) end,
  gdouble = function () return pick { 0, 0.5, -1, 1e300, 0 / 0, 1 / 0, 1 } end,
  gint = function () return pick { 0, 1, 5, -1, 2 ^ 31 - 1 } end,
  guint = function () return pick { 0, 1, 2, 5, 100, 4294967295 } end,
  utf8 = function ()
    if chance(20) then return pick(FIELDS) end
    return pick { '', 'a', 'name', 'key', 'object', 'ä€😀', ('x'):rep(1000), 'notify::listener', 'nul\0inside', '\255' }
  end,
  filename = path,
  GType = function ()
    return pick { GcObj.Object._gtype, GcObj.Array._gtype, GcObj.Record._gtype, GObject.Object._gtype,
                  pick(record_types), pick(record_types), 'gint64', 'gdouble', 'gboolean', 'gchararray', 'void' }
  end,
  ['GLib.Bytes'] = function () return GLib.Bytes('ab') end,
  ['GLib.Error'] = function () return GLib.Error(Gio.IOErrorEnum, 'FAILED', 'made') end,
  ['GLib.MainContext'] = function () return pick { GLib.MainContext.default(), GLib.MainContext.new(), null } end,
  ['GLib.Pid'] = function () return pick { 1, 4194304, tonumber(child():get_identifier()) or 1 } end,
  ['GLib.Quark'] = function ()
    return pick { Gio.io_error_quark(), GcObj.error_quark(), 0, 99999, GLib.quark_from_string(pick(FIELDS)) }
  end,
  ['GLib.Source'] = function () return GLib.timeout_source_new(0) end,
  ['GLib.IOCondition'] = function () return pick { 0, 1, 4 } end,
  ['GObject.Object'] = function ()
    return pick { GObject.Object(), Gio.SimpleAction.new('action'), Gio.Cancellable() }
  end,
  ['GObject.ParamFlags'] = function () return pick { 0, 3 } end,
  ['GObject.Value'] = function ()
    local object
    for _, value in ipairs(pool) do
      if is_a(value, 'Object') then object = value end
    end
    return pick { GObject.Value('gint64', 5), GObject.Value('gdouble', 0.5), GObject.Value('gchararray', 'text'),
                  object and GObject.Value(GcObj.Object, object) or null, 5, 'text' }
  end,
  ['Gio.Cancellable'] = function ()
    local cancellable = Gio.Cancellable()
    if chance(30) then cancellable:cancel() end
    return pick { cancellable, null }
  end,
  ['Gio.File'] = function () return Gio.File.new_for_path(path()) end,
  ['Gio.ListModel'] = function ()
    return pick { Gio.ListStore.new(Gio.File._gtype), Gio.ListStore.new(GcObj.Handle._gtype) }
  end,
  ['Gio.OutputStream'] = function () return Gio.MemoryOutputStream.new_resizable() end,
  ['Gio.Subprocess'] = child,
  ['Gio.Task'] = function () return Gio.Task.new() end,
  ['Gio.AsyncResult'] = function () return Gio.Task.new() end,
  Listener = function () return chance(50) and Listener() or GcObj.ListenerChain.new() end,
  Event = function () return GcObj.Event { n = random(3) } end,
  Arena = function () return pick(arenas) end,
  Mutation = function ()
    return chance(90) and (steps[#steps] and steps[#steps].m or scopes[#scopes]) or begin(pick(arenas))
  end,
}
for _, name in ipairs { 'gint64', 'guint64', 'gsize', 'gssize' } do
  MAKERS[name] = function () return chance(70) and random(4) or pick(NUMBERS) end
end
for _, name in ipairs { 'MutateFunc', 'StepFunc', 'PromiseFunc', 'TableFunc', 'GuardianFunc', 'Gio.AsyncReadyCallback' } do
  MAKERS[name] = callback
end
for _, name in ipairs { 'EventType', 'PauseReason', 'TableFlags', 'Zeal' } do
  MAKERS[name] = function () return chance(80) and random(4) or pick { -1, 255, 2 ^ 30 } end
end

local tried, by_result, step_calls = {}, {}, {}
for _, call in ipairs(data.calls) do
  tried[call.name] = { 0, 0 }
  by_result[call.result] = by_result[call.result] or {}
  if not excluded[call.name] then
    table.insert(by_result[call.result], call)
    if call.owner == 'Step' then table.insert(step_calls, call) end
  end
end

local function needs_step(call)
  for _, kind in ipairs(call.arguments) do
    if kind == 'Step' then return true end
  end
  return call.owner == 'Step' or call.name:find('GcSeq.TaskGroup.c', 1, true) == 1
end

local perform, right

-- What no call gives as such.
local RECIPES = {
  Item = function ()
    return drive(function (m)
      local generator = chance(50) and GcSeq.generator_once(m, 5) or GcSeq.generator_empty(m)
      return GcSeq.Sequence.all(m, { GcSeq.generator_next(m, generator) })
    end):get(0)
  end,
  Outcome = function ()
    return drive(function (m)
      local sequence = chance(50) and GcSeq.Sequence.value(m, 5) or
        GcSeq.sequence_error(m, GLib.Error(Gio.IOErrorEnum, 'FAILED', 'made'))
      return GcSeq.Sequence.all_settled(m, { sequence })
    end):get(0)
  end,
  Record = function () return GcObj.Record.new(right('Mutation', 0), record_types[1]) end,
  TypeCount = function () return pick(arenas):take_census():get_item(random(3)) end,
  Waker = function ()
    local waker
    drive(in_step(function (step) waker = step:dup_waker() return GcSeq.StepResult.WAIT end))
    return waker
  end,
}

function right(kind, level)
  local inner = kind:match('^(.*)%[%]$')
  if inner then
    if inner == 'guint8' then return ('x'):rep(random(20)) end
    local list = {}
    for i = 1, random(4) do list[i] = right(inner, level) end
    return list
  end
  if MAKERS[kind] and ((kind ~= 'Arena' and kind ~= 'Mutation') or chance(80)) then return MAKERS[kind]() end
  if kind == 'Step' and #steps > 0 and chance(90) then return steps[#steps].step end
  -- Most sequences can be used once.
  local known, new_ones = {}, kind == 'Sequence' and chance(80)
  for _, value in ipairs(pool) do
    if is_a(value, kind) and not (new_ones and value:get_state() ~= 'NEW') then known[#known + 1] = value end
  end
  -- The last one is more likely to be of use.
  if #known > 0 and chance(80) then return chance(50) and known[#known] or pick(known) end
  if RECIPES[kind] and chance(80) then
    local ok, made = pcall(RECIPES[kind])
    return ok and made ~= nil and add(made) or null
  end
  if level > 3 or #(by_result[kind] or {}) == 0 then return null end
  local made = perform(pick(by_result[kind]), level + 1, false)
  return made == nil and null or made
end

-- The result of something asynchronous.
local function result_of(begin_)
  local result
  begin_(function (_, given) result = given end)
  for _ = 1, 100 do
    if result then break end
    GLib.MainContext.default():iteration(false)
    GLib.usleep(100)
  end
  return result
end

-- What chance would hardly bring about: half of the calls find it.
local PREPARATIONS = {
  ['GcObj.Arena.uninhibit'] = function (args) args[1]:inhibit() end,
  ['GcObj.Arena.write_snapshot_finish'] = function (args)
    finish_scopes()
    args[2] = result_of(function (done)
      args[1]:write_snapshot_async(Gio.MemoryOutputStream.new_resizable(), 0, nil, done)
    end)
  end,
  ['GcSeq.Runner.run_finish'] = function (args)
    finish_scopes()
    local value = args[1]:get_arena():mutate(function (m) return GcSeq.Sequence.value(m, 5) end)
    args[2] = result_of(function (done) args[1]:run_async(value, nil, done) end)
  end,
  ['GcSeq.Sequence.from_property'] = function (args)
    args[2], args[3], args[4] = Gio.SimpleAction.new('action'), 'enabled', GObject.Value('gboolean', true)
  end,
  ['GcSeq.TaskGroup.cancel_one'] = function (args)
    local lent = steps[#steps]
    args[2] = args[1]:spawn(lent.step, GcSeq.Sequence.never(lent.m))
  end,
}
-- Fields are named as what reads and writes them.
for _, call in ipairs(data.calls) do
  local kind = call.arguments[1]
  if call.owner == 'Record' and call.kind == 'method' and (kind == 'utf8' or kind == 'GLib.Quark') then
    local field = call.member:match('[^_]*$')
    PREPARATIONS[call.name] = function (args) args[2] = kind == 'utf8' and field or GLib.quark_from_string(field) end
  end
end

-- What would not come back, or not in time, and what would be refused nearly always.
local RESTRICTED = {
  ['GcObj.Record.type_register'] = function (args)
    if chance(50) then return end
    args[1], args[2], args[3] = 'FuzzRecord' .. tried['GcObj.Record.type_register'][1], GcObj.Record._gtype, { 'object', 'key', 'a' }
    args[4] = { GcObj.Object._gtype, 'gchararray', pick { 'gint64', 'gdouble', 'gboolean' } }
  end,
  ['GcSeq.Runner.run'] = function (args)
    local cancellable = Gio.Cancellable()
    GLib.timeout_add(GLib.PRIORITY_HIGH, 2, function () cancellable:cancel() return false end)
    -- Beside another that has no end a runner of less priority would never come to it.
    if is_a(args[1], 'Runner') then args[1]:set_priority(GLib.PRIORITY_HIGH) end
    -- (Others may go on in spite of being cancelled.)
    if #scopes > 0 or chance(30) then
      args[2] = pick(WRONG)
    else
      local m = pick(arenas):begin()
      args[2] = chance(50) and GcSeq.Sequence.never(m) or GcSeq.Sequence.idle(m)
      m:finish()
    end
    args[3] = cancellable
  end,
  ['GcSeq.Runner.step'] = function (args)
    if is_a(args[1], 'Runner') and args[1]:get_n_runs() > 0 then args[2] = random(100) end
  end,
}

-- With the other budget a run without an end would come back, with both as they may be now it would not.
local function tame(call, runner)
  if call.member:find('budget') and call.kind ~= 'get' and is_a(runner, 'Runner') then
    runner:set_budget_steps(100)
    runner:set_budget_us(100)
  end
end

-- Calls

local HAS_INSTANCE = { method = true, ['virtual-method'] = true, get = true, set = true }
local KEYWORDS = { ['repeat'] = 'repeat_', ['then'] = 'then_' }

local function invoke(call, args, n)
  local namespace = NAMESPACES[call.namespace]
  local class = call.owner == '' and namespace or namespace[call.owner]
  local name = call.member:gsub('%-', '_')
  if call.kind == 'get' then return args[1][name] end
  if call.kind == 'set' then
    args[1][name] = args[2]
    return nil
  end
  if call.kind == 'virtual-method' then
    return args[1]['do_' .. name](unpack(args, 1, n))
  end
  if call.kind == 'new' then return class { [name] = args[1] } end
  name = KEYWORDS[name] or name
  if call.kind == 'method' and chance(80) and is_a(args[1], call.owner) then
    return args[1][name](args[1], unpack(args, 2, n))
  end
  return class[name](unpack(args, 1, n))
end

local function show(value)
  local ok, text = pcall(tostring, value)
  return (tostring(ok and text):gsub('%c', '?'):sub(1, 60))
end

function perform(call, level, may_be_wrong)
  local args, types, n = {}, {}, 0
  if HAS_INSTANCE[call.kind] then
    n = 1
    args[1], types[1] = right(call.owner, level), call.owner
  end
  for _, kind in ipairs(call.arguments) do
    n = n + 1
    args[n], types[n] = right(kind, level), kind
  end
  -- (An argument may be nil, or refused.)
  if PREPARATIONS[call.name] and chance(50) then pcall(PREPARATIONS[call.name], args) end
  if may_be_wrong and n > 0 then
    local i = random(n + 1) + 1
    if i > n and chance(50) then n = n - 1 else args[i], n = wrong(), math.max(n, i) end
  end
  if RESTRICTED[call.name] then
    RESTRICTED[call.name](args)
    n = math.max(n, #args)
  end
  for i = 1, n do
    if args[i] == null then args[i] = nil end
  end
  local count = tried[call.name]
  count[1] = count[1] + 1
  if verbose then
    local texts = {}
    for i = 1, n do texts[i] = show(args[i]) end
    print('# ' .. ('  '):rep(level + depth) .. call.name .. ' (' .. table.concat(texts, ', ') .. ')')
    io.stdout:flush()
  end
  depth = depth + 1
  complained()
  local ok, result = pcall(invoke, call, args, n)
  depth = depth - 1
  if not ok then return nil end
  if not complained() then count[2] = count[2] + 1 end
  tame(call, call.kind == 'new' and result or args[1])
  if call.name == 'GcObj.Record.type_register' and result then record_types[2] = result end
  return add(result)
end

local everything, deck, n, n_episodes, n_decks = {}, {}, 0, 0, 0
for _, call in ipairs(data.calls) do
  if not excluded[call.name] then everything[#everything + 1] = call end
end

local function deal()
  if #deck == 0 then
    deck = { unpack(everything) }
    n_decks = n_decks - 1
    reseed(n_decks)
    for i = #deck, 2, -1 do
      local j = random(i) + 1
      deck[i], deck[j] = deck[j], deck[i]
    end
  end
  return table.remove(deck)
end

function random_call(call)
  n = n + 1
  call = call or pick(everything)
  if not needs_step(call) or #steps > 0 or chance(20) then
    perform(call, 0, chance(30))
  else
    pcall(drive, in_step(function () return perform(call, 0, chance(30)) end))
  end
end

function step_call() return perform(pick(step_calls), 0, chance(20)) end

-- What is no callable of the GIR's: the language's own ways to use a value.
local EXTRAS = {
  function (value) return tostring(value) end,
  function (value) return #value end,
  function (value) return value == pick(pool) end,
  function (value) return value[1] end,
  function (value) return value.nonsense end,
  function (value) value.nonsense = wrong() end,
  function (value) return value() end,
  function (value) return add(value:get_item(random(5))) end,
  function (value) return drive(function () return value end) end,
  function () return drive(function (m) return GcSeq.Sequence.body(m, 'fuzz', callback()) end) end,
  function (value) return value:run_dispose() end,
  function (value) return lgi.package('Fuzz'):class('X' .. n, value._type or GcObj.Array) end,
  function (value) for _ in ipairs(value) do return end end,
  function (value) value.on_notify = callback() end,
  function (value) return #scopes == 0 and value:verify() end,
  function (value) return value._native end,
}

local function episode()
  local hand = {}
  for i = 1, CALLS_PER_EPISODE do hand[i] = deal() end
  n_episodes = n_episodes + 1
  reseed(n_episodes)
  pool, scopes, runners = {}, {}, {}
  arenas = { GcObj.Arena(), GcObj.Arena() }
  for _, call in ipairs(hand) do
    if chance(10) then finish_scopes() end
    random_call(call)
    if chance(10) and #pool > 0 then pcall(pick(EXTRAS), pick(pool)) end
    if chance(5) then GLib.MainContext.default():iteration(false) end
    if chance(2) then collectgarbage() end
    -- An arena that goes while its objects are in use.
    if chance(2) then arenas[2] = GcObj.Arena() end
  end
  for _, value in ipairs(pool) do
    if is_a(value, 'Mutation') and value:is_active() then table.insert(scopes, 1, value) end
  end
  finish_scopes()
  -- What goes on for ever would use its budget in each later episode.
  for _, runner in ipairs(runners) do runner:set_budget_steps(1) end
  local arena = arenas[1]
  pool, arenas, runners = {}, { GcObj.Arena() }, {}
  collectgarbage() collectgarbage()
  for _ = 1, 20 do
    if not GLib.MainContext.default():iteration(false) then break end
  end
  arena:collect()
  arena:verify()
end

while n < n_calls do episode() end
for name, count in pairs(tried) do print(name .. '\t' .. count[1] .. '\t' .. count[2]) end
for name in pairs(RESTRICTED) do print('restricted\t' .. name) end
print('done ' .. n)
