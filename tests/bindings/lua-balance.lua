-- Every callable that takes or returns objects leaves the count of external references as it was. Which
-- there are, and with arguments of what types, gir.py says: what is new is called too.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local folder = arg[0]:match('^(.*/)') or ''
local harness = dofile(folder .. 'harness.lua')
local make, make_outside = dofile(folder .. 'harness-make.lua')
local test = harness.test
local lgi = require 'lgi'
local GcObj, GcSeq = lgi.require('GcObj', '1.0'), lgi.require('GcSeq', '1.0')
local GLib, GObject, Gio = lgi.GLib, lgi.GObject, lgi.Gio
local Sequence = GcSeq.Sequence
local unpack = table.unpack or unpack

local ROUNDS = 5

local function stashed(m)
  local set = GcObj.RootSet(m)
  return { set, set:stash(GcObj.Array(m)) }
end

local function field(name, value)
  return function (m) return { make.Record(m), name, value } end
end

local function id_field(name, value)
  return field(GLib.quark_from_string(name), value)
end

-- What more is wanted of the arguments.
local special = {
  ['Array.get'] = function (m) return { make.Array(m), 0 } end,
  ['Box.new'] = function (m) return { m, GObject.Value(GcObj.Object, GcObj.Array(m)) } end,
  ['Box.get_boolean'] = function (m) return { GcObj.Box(m, true) } end,
  ['Box.get_double'] = function (m) return { GcObj.Box(m, 0.5) } end,
  ['Box.get_int64'] = function (m) return { GcObj.Box.new_int64(m, 5) } end,
  ['DeathQueue.pop'] = function (m)
    local queue = GcObj.DeathQueue(m)
    queue:watch(GcObj.Array(m), GcObj.String(m, 'dead'))
    return { queue }
  end,
  ['Record.get_boolean'] = field 'b',
  ['Record.get_double'] = field 'd',
  ['Record.get_int64'] = field 'i',
  ['Record.get_string'] = field 's',
  ['Record.set_boolean'] = field('b', true),
  ['Record.set_double'] = field('d', 1),
  ['Record.set_int64'] = field('i', 1),
  ['Record.set_string'] = field('s', 'x'),
  ['Record.id_get_boolean'] = id_field 'b',
  ['Record.id_get_double'] = id_field 'd',
  ['Record.id_get_int64'] = id_field 'i',
  ['Record.id_get_object'] = id_field 'o',
  ['Record.id_get_string'] = id_field 's',
  ['Record.id_set_boolean'] = id_field('b', true),
  ['Record.id_set_double'] = id_field('d', 1),
  ['Record.id_set_int64'] = id_field('i', 1),
  ['Record.id_set_object'] = function (m) return id_field('o', GcObj.Array(m))(m) end,
  ['Record.id_set_string'] = id_field('s', 'x'),
  ['Record.set_value'] = function (m) return { make.Record(m), 'o', GObject.Value(GcObj.Object, GcObj.Array(m)) } end,
  ['RootSet.contains'] = stashed,
  ['RootSet.fetch'] = stashed,
  ['RootSet.remove'] = stashed,
  ['Sequence.from_signal'] = function (m) return { m, Gio.SimpleAction.new('action'), 'activate' } end,
  ['Sequence.from_property'] = function (m)
    return { m, Gio.SimpleAction.new('action'), 'enabled', GObject.Value('gboolean', false) }
  end,
}

local special_outside = {
  ['Runner.run_finish'] = function (arena)
    local runner, result = GcSeq.Runner { arena = arena }, nil
    runner:run_async(arena:mutate(make.Sequence), nil, function (_, given) result = given end)
    while not result do GLib.MainContext.default():iteration(true) end
    return { runner, result }
  end,
}

-- What can't be called so, and why.
local skipped = {
  ['TaskGroup.cancel_one'] = 'there has to be a child, and its step',
  ['Step.throw_into'] = "lgi can't give a GError to a function",
  ['Sequence.in_thread'] = 'lgi runs no function on another thread',
  ['Sequence.from_child'] = 'it waits for a child of the process',
}

local function lines(variable)
  local file = assert(io.open(os.getenv(variable)))
  local list = {}
  for line in file:lines() do
    local words = {}
    for word in line:gmatch('%S+') do words[#words + 1] = word end
    list[#list + 1] = { name = words[1], kind = words[2], types = { unpack(words, 4) } }
  end
  file:close()
  return list
end

local function find(namespace, name)
  local class, member = name:match('^(.*)%.(.*)$')
  return class and namespace[class][member] or namespace[name]
end

local function has(types, wanted)
  for _, kind in ipairs(types) do
    if kind == wanted then return true end
  end
end

-- Those that are made outside of scopes; a function that adds the others.
local function arguments(arena, callable)
  local list = special_outside[callable.name] and special_outside[callable.name](arena)
  if list then return function () return list end end
  list = {}
  for i, kind in ipairs(callable.types) do
    if make_outside[kind] then list[i] = make_outside[kind](arena) end
  end

  return function (m, step)
    if special[callable.name] then return special[callable.name](m) end
    for i, kind in ipairs(callable.types) do
      if kind == 'Step' then
        list[i] = step
      elseif list[i] == nil then
        list[i] = assert(make[kind], 'make has to say how to make a ' .. kind)(m)
      end
    end
    return list
  end
end

-- Calls it where it is to be called: in a step, in a scope, or outside of any. Raises if it fails.
local function call(arena, callable, func)
  local function check(result, err)
    if type(err) == 'userdata' and GLib.Error:is_type_of(err) then error(tostring(err), 0) end
    assert(result ~= nil or callable.kind ~= 'constructor', 'nothing was made')
    return result
  end
  local n, complete = #callable.types, arguments(arena, callable)

  if has(callable.types, 'Step') then
    local runner = GcSeq.Runner { arena = arena }
    local begun
    local result, err = runner:run(function (m)
      -- Something has to take what it emits.
      return GcSeq.generator_collect(m, Sequence.steps(m, function (mutation, step)
        if begun then return step:done() end
        begun = true
        local result = check(func(unpack(complete(mutation, step), 1, n)))
        if type(result) == 'string' and GcSeq.StepResult[result] then return result end
        return step:done()
      end))
    end)
    if not result then error(err, 0) end
  elseif has(callable.types, 'Mutation') then
    arena:mutate(function (m) check(func(unpack(complete(m), 1, n))) end)
  else
    local list = arena:mutate(complete)
    check(func(unpack(list, 1, n)))
  end
end

local function check_all(arena, namespace, variable)
  local problems, n = {}, 0
  for _, callable in ipairs(lines(variable)) do
    if not skipped[callable.name] then
      local func = assert(find(namespace, callable.name), callable.name)
      local before = harness.n_external(arena)
      for _ = 1, ROUNDS do
        local ok, err = pcall(call, arena, callable, func)
        if not ok then problems[callable.name] = tostring(err) end
      end
      arena.root = nil
      harness.settle(arena)
      local kept = harness.n_external(arena) - before
      if kept ~= 0 then problems[callable.name] = kept .. ' objects are kept' end
      n = n + 1
    end
  end
  local text = {}
  for name, problem in pairs(problems) do text[#text + 1] = name .. ': ' .. problem end
  assert(#text == 0, table.concat(text, '\n'))
  assert(n > 100)
end

test('GcObj', function (arena) check_all(arena, GcObj, 'GCOBJ_CALLABLES') end)
test('GcSeq', function (arena) check_all(arena, GcSeq, 'GCSEQ_CALLABLES') end)

harness.run()
