-- What it costs to cross from Lua into the library, beside what GObject's own calls cost.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local found, lgi = pcall(require, 'lgi')
if not found then
  print('not run: lgi is not installed')
  os.exit(77)
end

local GcObj = lgi.require('GcObj', '1.0')
local Gio = lgi.Gio

local arena = GcObj.Arena()
local Person = GcObj.record('Person', { age = 'integer' })
local held, array, lone, person = arena:mutate(function (m)
  local element = GcObj.Array(m)
  return element, GcObj.Array(m, { element }), GcObj.Array(m, { GcObj.Array(m) }), Person(m, { age = 36 })
end)

local cancellable = Gio.Cancellable()
local info, lone_info = Gio.FileInfo(), Gio.FileInfo()
info:set_attribute_object('test::object', cancellable)
info:set_attribute_uint64('time::modified', 1000000)
-- Its object has a wrapper only while it is asked for, as that in lone has.
lone_info:set_attribute_object('test::object', Gio.Cancellable())
local bytes = lgi.GLib.Bytes.new('x')
local action = Gio.SimpleAction { name = 'name' }

local function nothing() return 0 end

local function in_scope(func)
  return function (n)
    arena:mutate(function (m) for _ = 1, n do func(m) end end)
  end
end

-- A function that calls it so many times.
local function loop(func)
  return function (n) for _ = 1, n do func() end end
end

-- What is measured, and what GObject's own takes for as much.
local pairs_of = {
  { 'method', loop(function () return array:get_length() end), loop(function () return cancellable:is_cancelled() end) },
  { 'method with an object', loop(function () return array:index_of(held) end),
    loop(function () info:set_attribute_object('test::object', cancellable) end) },
  { 'length', loop(function () return #array end), loop(function () return cancellable:is_cancelled() end) },
  { 'element', loop(function () return array[1] end),
    loop(function () return info:get_attribute_object('test::object') end) },
  { 'new wrapper', loop(function () return lone:get(0) end),
    loop(function () return lone_info:get_attribute_object('test::object') end) },
  { 'new object', in_scope(GcObj.Array.new), loop(function () return Gio.BytesIcon.new(bytes) end) },
  { 'constructor', in_scope(GcObj.Array), loop(function () return Gio.BytesIcon { bytes = bytes } end) },
  { 'read attribute', loop(function () return person.age end), loop(function () return action.enabled end) },
  { 'write attribute', loop(function () person.age = 5 end), loop(function () action.enabled = true end) },
  { 'scope', loop(function () arena:begin():finish() end),
    loop(function () return info:get_modification_date_time():get_year() end) },
  { 'scope of a function', loop(function () return arena:mutate(nothing) end),
    loop(function () return nothing(info:get_modification_date_time():get_year()) end) },
}

-- Nanoseconds for each.
local function time_of(func, n)
  local begin = os.clock()
  func(n)
  return (os.clock() - begin) * 1e9 / n
end

-- How many times both are called in so many seconds.
local function enough(ours, theirs, wanted)
  local n = 20
  while (time_of(ours, n) + time_of(theirs, n)) * n < wanted * 1e9 / 2 do n = n * 2 end
  return n
end

local function median(numbers)
  table.sort(numbers)
  return numbers[math.floor(#numbers / 2) + 1]
end

local seconds = 10
for i, argument in ipairs(arg) do
  if argument == '--seconds' then seconds = tonumber(arg[i + 1]) end
end

print(('%-24s%8s%9s%7s'):format('Lua', 'GcObj', 'GObject', 'ratio'))
for _, entry in ipairs(pairs_of) do
  local name, ours, theirs = entry[1], entry[2], entry[3]
  local n = enough(ours, theirs, seconds / #pairs_of / 11)
  local a, b, ratios = {}, {}, {}
  -- One after the other, so that what else the machine does is the same for both.
  for round = 1, seconds > 0 and 11 or 1 do
    a[round], b[round] = time_of(ours, n), time_of(theirs, n)
    ratios[round] = a[round] / b[round]
    collectgarbage()
  end
  print(('%-24s%8.0f%9.0f%7.2f'):format(name, median(a), median(b), median(ratios)))
end
