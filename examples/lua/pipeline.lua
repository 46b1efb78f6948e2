-- A pipeline that tells how far it is, cancelled half-way and then run to its end.
--
-- SPDX-License-Identifier: CC0-1.0

local lgi = require 'lgi'
local GcObj = lgi.require('GcObj', '1.0')
local GcSeq = lgi.require('GcSeq', '1.0')
local Gio = lgi.Gio

local N = 6
local runner = GcSeq.Runner { arena = GcObj.Arena() }

local square = GcSeq.sequence(function (m, number)
  GcSeq.await(GcSeq.Sequence.sleep(m, 1000))            -- microseconds
  GcSeq.emit(number * number)
end)

local function pipeline(m, cancellable)
  local numbers = GcSeq.generator_range(m, 1, N + 1, 1)
  local watched = GcSeq.generator_map(m, numbers, function (number)
    print(('%d of %d'):format(number, N))
    if cancellable and number == 3 then cancellable:cancel() end
    return number
  end)
  local squares = GcSeq.generator_flat_map(m, watched, function (number, mutation)
    return square(mutation, number)
  end)
  return GcSeq.generator_fold(m, squares, 0, function (total, number) return total + number end)
end

local arena = runner:get_arena()
local cancellable = Gio.Cancellable()
local _, err = runner:run(arena:mutate(pipeline, cancellable), cancellable)
assert(err:matches(Gio.IOErrorEnum, 'CANCELLED'))
print('cancelled')

print(('sum %d'):format(runner:run(pipeline)))
