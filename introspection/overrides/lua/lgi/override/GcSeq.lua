-- Sequences for Lua: functions that stop in the middle, and combinators that take plain
-- functions. An error never crosses a callback, where lgi would jump over the library's frames.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local coroutine, debug, error, getmetatable, ipairs, pcall, select, setmetatable, tonumber, tostring, type =
  coroutine, debug, error, getmetatable, ipairs, pcall, select, setmetatable, tonumber, tostring, type
local unpack_list = table.unpack or unpack

local lgi = require 'lgi'
local core = require 'lgi.core'
local GLib, GObject = lgi.GLib, lgi.GObject
local GcObj = lgi.require('GcObj', '1.0')
local GcSeq = lgi.GcSeq
local values = require 'lgi.override.GcObj-values'
local as_value, is_a, unpack = values.as_value, values.is_a, values.unpack

local is_keyword = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
               until while]]):gmatch('%a+') do
  is_keyword[word] = true
end

-- Whatever is raised crosses the library as an error with a number, by which it is found again.
-- What nobody asks for is forgotten after so many others.

local MAX_RAISED = 64
local DOMAIN = GcSeq.SequenceError.quark()
local EXCEPTION = GcSeq.SequenceError.EXCEPTION
local raised, last = {}, 0

-- Domain, code and message: lgi can't give a GError to a function.
local function error_of(value)
  if type(value) == 'userdata' and core.record.query(value, 'repo') == GLib.Error then
    return core.record.field(value, GLib.Error._field.domain), core.record.field(value, GLib.Error._field.code),
           value.message
  end
  last = last + 1
  raised[last] = { value }
  raised[last - MAX_RAISED] = nil
  return DOMAIN, EXCEPTION, ('%s #%d'):format(tostring(value), last)
end

local function fail(step, value)
  return step:throw(error_of(value))
end

local function from_error(err, goes_on)
  if not err:matches(GcSeq.SequenceError, 'EXCEPTION') then return err end
  local number = tonumber(err.message:match('#(%d+)$'))
  local found = raised[number]
  if not found then return err end
  if not goes_on then raised[number] = nil end
  return found[1]
end

-- Steps

local Step = GcSeq.Step
local native = { done = Step.done, emit = Step.emit, get = Step.get, get_error = Step.get_error,
                 steal_error = Step.steal_error }
-- The mutations of steps that are lent to functions of Lua's, and these steps, the innermost last.
local mutations = setmetatable({}, { __mode = 'k' })
local lent = {}

function Step.done(step, value)
  return native.done(step, as_value(mutations[step], value))
end

function Step.emit(step, value)
  return native.emit(step, as_value(mutations[step], value))
end

function Step.get(step)
  return unpack(native.get(step))
end

function Step.fail(step, value)
  return fail(step, value)
end

function Step.throw_into()
  error("lgi can't give an error to a sequence", 2)
end

-- lgi refers to what is not given away as long as it likes. The error goes with the step.
function Step.get_error(step)
  local err = native.get_error(step)
  return err and err:copy()
end

function Step.steal_error(step)
  local err = native.steal_error(step)
  return err and from_error(err)
end

local results = {}
for _, name in ipairs { 'FAILED', 'CONTINUE', 'WAIT', 'CALL', 'BECOME', 'YIELD', 'DONE' } do
  results[name] = name
  results[GcSeq.StepResult[name]] = name
end

-- A function of m and step that may raise an error, as one that does not.
local function step_function(func)
  return function (m, step)
    mutations[step] = m
    lent[#lent + 1] = step
    local ok, result = pcall(func, m, step)
    lent[#lent] = nil
    if ok and not results[result] then
      ok, result = false, ('a step returned %s, which is no GcSeq.StepResult'):format(tostring(result))
    end
    if not ok then
      -- (Which the step may be over for.)
      ok, result = pcall(fail, step, result)
      if not ok or not results[result] then result = 'FAILED' end
    end
    mutations[step] = nil
    return result
  end
end

local function settle(m, step, result)
  return is_a(GcSeq.Sequence, result) and step:become(result) or step:done(result)
end

local function go_on(m, step, result)
  return step:become(is_a(GcSeq.Sequence, result) and result or GcSeq.Sequence.value(m, result))
end

-- A function is given a value and m, and returns a value or a sequence, but for these.
local function given_value(step) return step:get() end
local function given_error(step) return from_error(step:get_error()) end
local function shown_error(step) return from_error(step:get_error(), true) end
local function given_pair(step)
  local pair = step:get()
  return pair[1], pair[2]
end
local function judge(m, step, result) return step:done(not not result) end
local function judge_error(m, step, result)
  if result then from_error(step:get_error()) end       -- that is the last of it
  return step:done(not not result)
end
-- A number is the place of one of several functions.
local kinds = {
  generator_all_match = { given_value, judge },
  generator_any_match = { given_value, judge },
  generator_filter = { given_value, judge },
  generator_find = { given_value, judge },
  generator_flat_map = { given_value, go_on },
  generator_fold = { given_pair, settle },
  generator_scan = { given_pair, settle },
  generator_take_while = { given_value, judge },
  ['loop_while 2'] = { given_value, judge },
  ['retry 6'] = { shown_error, judge_error },
  catch = { given_error, go_on },
  defer = { nil, go_on },
  finally = { nil, settle },
  inspect = { given_value, function (m, step) return step:done() end },
  map_error = { given_error, function (m, step, result) return fail(step, result) end },
  or_else = { given_error, go_on },
  scope = { given_value, go_on },
  ['then'] = { given_value, go_on },
}
local usual = { given_value, settle }

local function plain_function(name, func, i)
  local given, made = unpack_list(kinds[name .. ' ' .. i] or kinds[name] or usual, 1, 2)
  return step_function(function (m, step)
    if not given then return made(m, step, func(m)) end
    local first, second = given(step)
    if given == given_pair then return made(m, step, func(first, second, m)) end
    return made(m, step, func(first, m))
  end)
end

-- A function that gives an item each time, and nil in the end.
local function next_function(name, func)
  return step_function(function (m, step)
    local item = func()
    if item == nil then return step:done() end
    return step:emit(item)
  end)
end

-- A function of a promise: it settles that, or what it returns or raises does.
local function promise_function(name, func)
  return function (promise)
    local ok, result = pcall(func, promise)
    if not ok then
      promise:reject(result)
    elseif result ~= nil then
      promise:resolve(result)
    end
  end
end

local functions = {
  steps = function (name, func) return step_function(func) end,
  body = function (name, func) return step_function(func) end,
  generator_from_func = next_function,
  from_async = promise_function,
}

-- The arguments that may be anything, by their places.
local value_places = {
  value = 1,
  catch_value = 4,
  generator_once = 1,
  generator_fold = 2,
  generator_scan = 2,
  loop = 1,
  loop_break = 1,
  loop_while = 1,
}

-- What can be called, such as a class, as a function: lgi takes it as well, and lets the error of a result
-- that is of the wrong type jump over the library's frames.
local function as_function(value)
  local metatable = type(value) == 'table' and getmetatable(value)
  if not (metatable and metatable.__call) then return value end
  return function (...) return value(...) end
end

-- Where a callable wants functions: the places among what a script gives after m. lgi takes any table or userdata there.
local function function_places(info)
  local hidden, places, place = {}, {}, -1
  for i = 1, #info.args do
    local kind = info.args[i].typeinfo
    if kind.tag == 'array' and kind.array_length then hidden[kind.array_length + 1] = true end
  end
  for i = 1, #info.args do
    local kind = info.args[i].typeinfo
    local interface = kind.tag == 'interface' and kind.interface
    if not (hidden[i] or kind.tag == 'void' or interface and interface.name == 'DestroyNotify') then
      place = place + 1
      places[place] = interface and interface.type == 'callback'
    end
  end
  return places
end

local function accepting(name, func, info)
  local places = function_places(info)
  local wrap = functions[name] or plain_function
  return function (m, ...)
    local args, n = { ... }, select('#', ...)
    for i = 1, n do
      if type(args[i]) == 'thread' then error('a function is wanted, and no thread', 0) end
      if places[i] and args[i] ~= nil and type(as_function(args[i])) ~= 'function' then
        error('a function is wanted, and no ' .. type(args[i]), 0)
      end
      if i == value_places[name] then
        args[i] = as_value(m, args[i])
      else
        local given = as_function(args[i])
        args[i] = type(given) == 'function' and wrap(name, given, i) or given
      end
    end
    return func(m, unpack_list(args, 1, n))
  end
end

local Sequence = GcSeq.Sequence
local methods = core.gi.GcSeq.Sequence.methods
for i = 1, #methods do
  local name = methods[i].name
  if methods[i].flags.is_constructor then
    Sequence[name] = accepting(name, Sequence[name], methods[i])
    -- As PyGObject does.
    if is_keyword[name] then Sequence[name .. '_'] = Sequence[name] end
  end
end

function Sequence.error(m, value)
  return Sequence.body(m, 'error', function () error(value, 0) end)
end

-- lgi would run the function in the midst of others, in the same state of Lua: what one raises, another
-- catches, on another thread's stack.
function Sequence.in_thread()
  error('lgi runs no function on another thread', 2)
end

-- lgi ends the process when it is to give a GError to a function.
GcSeq.sequence_error = Sequence.error

local namespace = core.gi.GcSeq
for i = 1, #namespace do
  local name = namespace[i].name
  if name:match('^generator_') then GcSeq[name] = accepting(name, GcSeq[name], namespace[i]) end
end

-- Functions that stop in the middle. What they say comes next is the first value that their
-- coroutine yields.

local CALL, EMIT, PAUSE = {}, {}, {}

local function body(func, ...)
  local args, n = { ... }, select('#', ...)
  local thread

  return function (m, step)
    local err = step:steal_error()
    local ok, what, value
    if not thread then
      thread = coroutine.create(func)
      ok, what, value = coroutine.resume(thread, m, unpack_list(args, 1, n))
      args = nil
    elseif err ~= nil then
      ok, what, value = coroutine.resume(thread, false, err)
    else
      ok, what, value = coroutine.resume(thread, true, step:get())
    end
    if not ok then error(what, 0) end
    if coroutine.status(thread) == 'dead' then return settle(m, step, what) end
    if what == CALL then return step:call(value) end
    if what == EMIT then return step:emit(value) end
    if what == PAUSE then return 'CONTINUE' end
    error('a sequence stops by GcSeq.await(), try_await(), emit() and pause() alone', 0)
  end
end

local function check(ok, value)
  if ok then return value end
  error(value, 0)
end

-- Awaits a sequence: gives its result, or raises its error.
function GcSeq.await(sequence)
  return check(coroutine.yield(CALL, sequence))
end

-- Awaits a sequence: true and its result, or false and its error, as pcall() does.
function GcSeq.try_await(sequence)
  return coroutine.yield(CALL, sequence)
end

-- Gives an item, and goes on when the next one is wanted.
function GcSeq.emit(item)
  check(coroutine.yield(EMIT, item))
end

-- Ends the step.
function GcSeq.pause()
  check(coroutine.yield(PAUSE))
end

-- Makes a function that makes sequences of a function. Its first argument is the mutation.
function GcSeq.sequence(func)
  local info = debug.getinfo(func, 'S')
  local name = ('%s:%d'):format(info.short_src, info.linedefined)
  return function (m, ...)
    return Sequence.body(m, name, body(func, ...))
  end
end

-- Runs

local Run, Runner = GcSeq.Run, GcSeq.Runner
local get_result, run, run_finish = Run.get_result, Runner.run, Runner.run_finish

-- A result; or nil and what was raised.
local function outcome(value, err)
  if err then return nil, from_error(err) end
  return unpack(value)
end

function Run.get_result(self)
  return outcome(get_result(self))
end

-- Runs a sequence, or what a function of m makes, and waits for it.
function Runner.run(self, what, ...)
  local cancellable, made
  if type(what) == 'function' then
    local m = self:get_arena():begin()
    local ok, result = pcall(what, m, ...)
    m:finish()
    if not ok then error(result, 0) end
    made = result
  else
    made, cancellable = what, ...
  end
  if not is_a(Sequence, made) then error('there is no sequence to run', 2) end
  return outcome(run(self, made, cancellable))
end

function Runner.run_finish(self, result)
  return outcome(run_finish(self, result))
end

local get_value = GcSeq.Item.get_value

function GcSeq.Item.get_value(self)
  return unpack(get_value(self))
end

-- What is shared

local Channel, Promise, TaskGroup = GcSeq.Channel, GcSeq.Promise, GcSeq.TaskGroup
local send, try_send, try_receive = Channel.send, Channel.try_send, Channel.try_receive
local resolve, spawn = Promise.resolve, TaskGroup.spawn

function Channel.send(self, m, item)
  return send(self, m, as_value(m, item))
end

function Channel.try_send(self, m, item)
  return try_send(self, m, as_value(m, item))
end

-- Whether there was an item, and the item.
function Channel.try_receive(self, m)
  local received, item = try_receive(self, m)
  return received, unpack(item)
end

local plain_types = { boolean = 'gboolean', number = 'gdouble', string = 'gchararray' }

function Promise.resolve(self, value)
  if is_a(GcObj.Object, value) then
    value = GObject.Value(GcObj.Object, value)
  elseif value ~= nil then
    value = GObject.Value(assert(plain_types[type(value)], "a promise can't be resolved with that"), value)
  end
  return resolve(self, value)
end

function Promise.reject(self, value)
  return self:reject_literal(error_of(value))
end

-- Runs a sequence beside the one whose step this is; gives its index.
function TaskGroup.spawn(self, step, sequence)
  if sequence == nil then
    if #lent == 0 then error('only a step can spawn', 2) end
    step, sequence = lent[#lent], step
  end
  return spawn(self, step, sequence)
end
