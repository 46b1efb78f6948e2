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
local state, n_calls, folder, verbose = tonumber(arg[2]) % 2147483646 + 1, tonumber(arg[3]), arg[4], arg[5] == '1'
local excluded = {}
for i = 6, #arg do excluded[arg[i]] = true end
local NAMESPACES = { GcObj = GcObj, GcSeq = GcSeq }
local CALLS_PER_EPISODE, MAX_POOL, MAX_DEPTH = 60, 80, 3
local null = {}
local unpack = table.unpack or unpack

-- Chance

local function random(n)
  state = state * 16807 % 2147483647
  return math.floor(state / 8) % n
end

local function pick(list) return list[random(#list) + 1] end
local function chance(percent) return random(100) < percent end

-- What there is: values that calls gave, those of the arena, scopes, and runners.

local pool, arenas, scopes, runners, depth = {}, {}, {}, {}, 0

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

-- Functions that scripts give: they answer anything, and do what they should not.

local random_call, step_call, wrong

local function callback()
  local manner = random(6)
  return function (...)
    local args = { ... }
    for i = 1, select('#', ...) do
      add(args[i])
      -- What only a step may do.
      if is_a(args[i], 'Step') and depth < MAX_DEPTH and chance(60) then return step_call() end
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

local subprocess, record_type
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
  guint = function () return pick { 0, 1, 2, 5, 100 } end,
  utf8 = function ()
    return pick { '', 'a', 'key', 'object', 'ä€😀', ('x'):rep(1000), 'notify::listener', 'nul\0inside', '\255' }
  end,
  filename = path,
  GType = function ()
    return pick { GcObj.Object._gtype, GcObj.Array._gtype, GcObj.Record._gtype, GObject.Object._gtype,
                  record_type or 'gint64', 'gint64', 'gdouble', 'gboolean', 'gchararray', 'void' }
  end,
  ['GLib.Bytes'] = function () return GLib.Bytes('ab') end,
  ['GLib.Error'] = function () return GLib.Error(Gio.IOErrorEnum, 'FAILED', 'made') end,
  ['GLib.MainContext'] = function () return pick { GLib.MainContext.default(), GLib.MainContext.new(), null } end,
  ['GLib.Pid'] = function () return pick { 1, 4194304, tonumber(child():get_identifier()) or 1 } end,
  ['GLib.Quark'] = function () return pick { Gio.io_error_quark(), GcObj.error_quark(), 0, 99999 } end,
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
  Mutation = function () return #scopes > 0 and chance(90) and scopes[#scopes] or begin(pick(arenas)) end,
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

local perform

local function right(kind, level)
  local inner = kind:match('^(.*)%[%]$')
  if inner then
    if inner == 'guint8' then return ('x'):rep(random(20)) end
    local list = {}
    for i = 1, random(4) do list[i] = right(inner, level) end
    return list
  end
  if MAKERS[kind] and ((kind ~= 'Arena' and kind ~= 'Mutation') or chance(80)) then return MAKERS[kind]() end
  local known = {}
  for _, value in ipairs(pool) do
    if is_a(value, kind) then known[#known + 1] = value end
  end
  -- The last one is more likely to be of use.
  if #known > 0 and chance(80) then return chance(50) and known[#known] or pick(known) end
  if level > 3 or #(by_result[kind] or {}) == 0 then return null end
  local made = perform(pick(by_result[kind]), level + 1, false)
  return made == nil and null or made
end

-- What would not come back, or not in time, and what would be refused nearly always.
local BOUNDED = {
  ['GcObj.Record.type_register'] = function (args)
    if chance(50) then return end
    args[1], args[2], args[3] = 'FuzzRecord' .. tried['GcObj.Record.type_register'][1], GcObj.Record._gtype, { 'object', 'key', 'a' }
    args[4] = { GcObj.Object._gtype, 'gchararray', pick { 'gint64', 'gdouble', 'gboolean' } }
  end,
  ['GcSeq.Runner.run'] = function (args)
    local cancellable = Gio.Cancellable()
    GLib.timeout_add(GLib.PRIORITY_DEFAULT, 2, function () cancellable:cancel() return false end)
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
}
for _, name in ipairs { 'step', 'set_budget_steps', 'set_budget_us', 'budget-steps (set)', 'budget-us (set)' } do
  BOUNDED['GcSeq.Runner.' .. name] = function (args)
    args[2] = chance(80) and random(100) or pick { null, 'text', -1 }
  end
end
for _, name in ipairs { 'budget-steps (new)', 'budget-us (new)' } do
  BOUNDED['GcSeq.Runner.' .. name] = function (args) args[1] = random(100) end
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
  if may_be_wrong and n > 0 then
    local i = random(n + 1) + 1
    if i > n and chance(50) then n = n - 1 else args[i], n = wrong(), math.max(n, i) end
  end
  if BOUNDED[call.name] then
    BOUNDED[call.name](args)
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
  local ok, result = pcall(invoke, call, args, n)
  depth = depth - 1
  if not ok then return nil end
  count[2] = count[2] + 1
  if call.name == 'GcObj.Record.type_register' and result then record_type = result end
  return add(result)
end

local deck, n = {}, 0

local function next_call()
  if #deck == 0 then
    for _, call in ipairs(data.calls) do
      if not excluded[call.name] then deck[#deck + 1] = call end
    end
    for i = #deck, 2, -1 do
      local j = random(i) + 1
      deck[i], deck[j] = deck[j], deck[i]
    end
  end
  return table.remove(deck)
end

function random_call()
  n = n + 1
  perform(next_call(), 0, chance(30))
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
  function (value)
    -- A sequence is run: this, or one whose function is lent steps.
    finish_scopes()
    local arena = pick(arenas)
    local runner = add(GcSeq.Runner.new(arena))
    if chance(50) or not is_a(value, 'Sequence') then
      arena:mutate(function (m) value = add(GcSeq.Sequence.body(m, 'fuzz', callback())) end)
    end
    add(runner:start(value))
    for _ = 1, 20 do runner:step(5) end
  end,
  function (value) return value:run_dispose() end,
  function (value) return lgi.package('Fuzz'):class('X' .. n, value._type or GcObj.Array) end,
  function (value) for _ in ipairs(value) do return end end,
  function (value) value.on_notify = callback() end,
  function (value) return #scopes == 0 and value:verify() end,
  function (value) return value._native end,
}

local function episode()
  pool, scopes, runners = {}, {}, {}
  arenas = { GcObj.Arena(), GcObj.Arena() }
  local stop = n + CALLS_PER_EPISODE
  while n < stop do
    if chance(10) then finish_scopes() end
    random_call()
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
for name in pairs(BOUNDED) do print('restricted\t' .. name) end
print('done ' .. n)
