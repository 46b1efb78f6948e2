-- How arguments are made, by the types that gir.py gives them: gives the functions that need a scope, and
-- those for what only a run gives.
--
-- SPDX-License-Identifier: LGPL-2.1-or-later

local lgi = require 'lgi'
local GcObj, GcSeq = lgi.require('GcObj', '1.0'), lgi.require('GcSeq', '1.0')
local GLib, Gio = lgi.GLib, lgi.Gio
local Sequence = GcSeq.Sequence
local Holder = GcObj.record('Holder', { o = 'userdata', b = 'boolean', d = 'number', i = 'integer', s = 'string' })

-- How arguments of a type are made. A scope is open.
local make = {
  Mutation = function (m) return m end,
  Arena = function (m) return m:get_arena() end,
  Array = function (m) return GcObj.Array(m, { GcObj.Array(m), GcObj.String(m, 'x') }) end,
  Box = function (m) return GcObj.Box(m, GcObj.Array(m)) end,
  Bytes = function (m) return GcObj.Bytes(m, 'data') end,
  DeathQueue = function (m) return GcObj.DeathQueue(m) end,
  Guardian = function (m) return GcObj.Guardian(m) end,
  Handle = function (m) return GcObj.Handle.new(GcObj.Array(m)) end,
  ListModel = function (m) return GcObj.ListModel.new(GcObj.Array(m)) end,
  Object = function (m) return GcObj.Array(m) end,
  ['Object[]'] = function (m) return { GcObj.Array(m), GcObj.String(m, 'x') } end,
  Peer = function (m) return GcObj.Peer(m, Gio.SimpleAction.new('action')) end,
  Record = function (m) return Holder(m, { o = GcObj.Array(m), s = 'text' }) end,
  RootSet = function (m) return GcObj.RootSet(m) end,
  String = function (m) return GcObj.String(m, 'text') end,
  Table = function (m) return GcObj.Table(m, { o = GcObj.Array(m), [GcObj.Array(m)] = 'x' }) end,
  WeakRef = function (m) return GcObj.WeakRef(m, GcObj.Array(m)) end,

  AsyncMutex = function (m) return GcSeq.AsyncMutex.new(m) end,
  Channel = function (m) return GcSeq.Channel.new(m, 5) end,
  Limiter = function (m) return GcSeq.Limiter.new(m, 1) end,
  Once = function (m) return GcSeq.Once.new(m, Sequence.value(m, 1)) end,
  Promise = function () return GcSeq.Promise() end,
  Permit = function (m) return GcSeq.AsyncMutex.new(m):try_lock(m) end,
  Runner = function (m) return GcSeq.Runner { arena = m:get_arena() } end,
  Semaphore = function (m) return GcSeq.Semaphore.new(m, 1) end,
  Sequence = function (m) return Sequence.value(m, GcObj.Array(m)) end,
  ['Sequence[]'] = function (m) return { Sequence.value(m, 1), Sequence.never(m) } end,
  TaskGroup = function (m) return GcSeq.TaskGroup.new(m) end,

  PromiseFunc = function () return function (promise) promise:resolve(1) end end,
  StepFunc = function () return function (value) return value end end,
  TableFunc = function () return function () end end,
  GuardianFunc = function () return function () end end,
  TableFlags = function () return {} end,
  GType = function () return Holder._gtype end,
  ['GObject.Object'] = function () return Gio.SimpleAction.new('action') end,
  ['GObject.Value'] = function (m) return GcObj.Array(m) end,
  ['GLib.Bytes'] = function () return GLib.Bytes.new('data') end,
  ['GLib.MainContext'] = function () return GLib.MainContext.default() end,
  ['GLib.Error'] = function () return 'an error' end,
  ['GLib.Quark'] = function () return Gio.io_error_quark() end,
  ['GLib.IOCondition'] = function () return { 'OUT' } end,
  ['GLib.Source'] = function () return GLib.idle_source_new() end,
  ['Gio.AsyncReadyCallback'] = function () return function () end end,
  ['Gio.Cancellable'] = function () return Gio.Cancellable() end,
  ['Gio.File'] = function () return Gio.File.new_for_path('/nonexistent/file') end,
  ['Gio.ListModel'] = function () return Gio.ListStore.new(Gio.File) end,
  ['Gio.Subprocess'] = function () return Gio.Subprocess.new({ 'true' }, {}) end,
  ['Gio.Task'] = function () return Gio.Task.new() end,
  ['guint8[]'] = function () return 'data' end,
  utf8 = function () return 'o' end,
  gboolean = function () return true end,
  gdouble = function () return 1 end,
}
for number in ('gint guint gint64 guint64 gsize gssize'):gmatch('%a%w*') do
  make[number] = function () return 1 end
end

-- The same for what only a run gives. No scope is open.
local make_outside = {
  Item = function (arena)
    return GcSeq.Runner { arena = arena }:run(function (m)
      return GcSeq.generator_next(m, GcSeq.generator_range(m, 0, 3, 1))
    end)
  end,
  Outcome = function (arena)
    return GcSeq.Runner { arena = arena }:run(function (m)
      return Sequence.all_settled(m, { Sequence.value(m, GcObj.Array(m)) })
    end)[1]
  end,
  Run = function (arena)
    local runner = GcSeq.Runner { arena = arena }
    local run = runner:start(arena:mutate(function (m) return Sequence.value(m, GcObj.Array(m)) end))
    while runner:step(1) do end
    return run
  end,
}

return make, make_outside
