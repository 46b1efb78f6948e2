# How arguments are made, by the types that gir.py gives them.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from harness import GcObj, GcSeq, Gio, GLib

from gi.repository import GObject

Sequence = GcSeq.Sequence


@GcObj.record
class Holder:
    o: object
    b: bool
    d: float
    i: int
    s: str


# How arguments of a type are made. A scope is open.
MAKE = {
    'Mutation': lambda m: m,
    'Arena': lambda m: m.get_arena(),
    'Array': lambda m: GcObj.Array(m, [GcObj.Array(m), 'x']),
    'Box': lambda m: GcObj.Box(m, GcObj.Array(m)),
    'Bytes': lambda m: GcObj.Bytes(m, b'data'),
    'DeathQueue': GcObj.DeathQueue,
    'Guardian': GcObj.Guardian,
    'Handle': lambda m: GcObj.Handle.new(GcObj.Array(m)),
    'ListModel': lambda m: GcObj.ListModel.new(GcObj.Array(m)),
    'Object': GcObj.Array,
    'Object[]': lambda m: [GcObj.Array(m), None, GcObj.String(m, 'x')],
    'Peer': lambda m: GcObj.Peer(m, Gio.SimpleAction(name='action')),
    'Record': lambda m: Holder(m, o=GcObj.Array(m), s='text'),
    'RootSet': GcObj.RootSet,
    'String': lambda m: GcObj.String(m, 'text'),
    'Table': lambda m: GcObj.Table(m, {'o': GcObj.Array(m), GcObj.Array(m): 'x'}),
    'WeakRef': lambda m: GcObj.WeakRef(m, GcObj.Array(m)),

    'AsyncMutex': GcSeq.AsyncMutex,
    'Channel': lambda m: GcSeq.Channel(m, 5),
    'Limiter': lambda m: GcSeq.Limiter(m, 1),
    'Once': lambda m: GcSeq.Once(m, Sequence.value(m, 1)),
    'Permit': lambda m: GcSeq.AsyncMutex(m).try_lock(m),
    'Promise': lambda m: GcSeq.Promise(),
    'Runner': lambda m: GcSeq.Runner(m.get_arena()),
    'Semaphore': lambda m: GcSeq.Semaphore(m, 1),
    'Sequence': lambda m: Sequence.value(m, GcObj.Array(m)),
    'Sequence[]': lambda m: [Sequence.value(m, 1), Sequence.never(m)],
    'TaskGroup': GcSeq.TaskGroup,

    'PromiseFunc': lambda m: lambda promise: promise.resolve(1),
    'StepFunc': lambda m: lambda value: value,
    'TableFunc': lambda m: lambda key, value: None,
    'GuardianFunc': lambda m: lambda guardian, thing, tag: None,
    'TableFlags': lambda m: GcObj.TableFlags.STRONG,
    'GType': lambda m: Holder,
    'GObject.Object': lambda m: Gio.SimpleAction(name='action'),
    'GObject.Value': lambda m: GObject.Value(GcObj.Object, GcObj.Array(m)),
    'GLib.Bytes': lambda m: GLib.Bytes.new(b'data'),
    'GLib.MainContext': lambda m: GLib.MainContext.default(),
    'GLib.Error': lambda m: ValueError('made'),
    'GLib.Quark': lambda m: Gio.io_error_quark(),
    'GLib.IOCondition': lambda m: GLib.IOCondition.OUT,
    'GLib.Source': lambda m: GLib.Idle(),
    'Gio.AsyncReadyCallback': lambda m: lambda *args: None,
    'Gio.Cancellable': lambda m: Gio.Cancellable(),
    'Gio.File': lambda m: Gio.File.new_for_path('/nonexistent/file'),
    'Gio.ListModel': lambda m: Gio.ListStore.new(Gio.File),
    'Gio.Subprocess': lambda m: Gio.Subprocess.new(['true'], Gio.SubprocessFlags.NONE),
    'Gio.Task': lambda m: Gio.Task.new(None, None, None),
    'guint8[]': lambda m: b'data',
    'utf8': lambda m: 'o',
    'gboolean': lambda m: True,
    'gdouble': lambda m: 1.0,
    **{number: lambda m: 1 for number in ('gint', 'guint', 'gint64', 'guint64', 'gsize', 'gssize')},
}


def a_run(arena):
    runner = GcSeq.Runner(arena)
    started = runner.run(MAKE['Sequence'])
    while runner.step(1):
        pass
    return started


def an_outcome(arena):
    return GcSeq.Runner(arena).run_sync(lambda m: Sequence.all_settled(m, [MAKE['Sequence'](m)]))[0]


def an_item(arena):
    return GcSeq.Runner(arena).run_sync(lambda m: GcSeq.generator_next(m, GcSeq.generator_range(m, 0, 3, 1)))


# The same for what only a run gives. No scope is open.
MAKE_OUTSIDE = {'Item': an_item, 'Outcome': an_outcome, 'Run': a_run}
