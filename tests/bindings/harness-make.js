/* How arguments are made, by the types that gir.py gives them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

const {Sequence} = GcSeq;
const Holder = GcObj.record('Holder', {o: Object, b: Boolean, d: Number, i: BigInt, s: String});
const DATA = new Uint8Array([1, 2, 3, 4]);

// How arguments of a type are made. A scope is open.
export const MAKE = {
    'Mutation': m => m,
    'Arena': m => m.get_arena(),
    'Array': m => GcObj.Array.from(m, [new GcObj.Array(m), 'x']),
    'Box': m => new GcObj.Box(m, new GcObj.Array(m)),
    'Bytes': m => new GcObj.Bytes(m, DATA),
    'DeathQueue': m => new GcObj.DeathQueue(m),
    'Guardian': m => new GcObj.Guardian(m),
    'Handle': m => GcObj.Handle.new(new GcObj.Array(m)),
    'ListModel': m => GcObj.ListModel.new(new GcObj.Array(m)),
    'Object': m => new GcObj.Array(m),
    'Object[]': m => [new GcObj.Array(m), new GcObj.String(m, 'x')],
    'Peer': m => new GcObj.Peer(m, new Gio.SimpleAction({name: 'action'})),
    'Record': m => new Holder(m, {o: new GcObj.Array(m), s: 'text'}),
    'RootSet': m => new GcObj.RootSet(m),
    'String': m => new GcObj.String(m, 'text'),
    'Table': m => GcObj.Table.from(m, [['o', new GcObj.Array(m)], [new GcObj.Array(m), 'x']]),
    'WeakRef': m => new GcObj.WeakRef(m, new GcObj.Array(m)),

    'AsyncMutex': m => new GcSeq.AsyncMutex(m),
    'Channel': m => new GcSeq.Channel(m, 5),
    'Limiter': m => new GcSeq.Limiter(m, 1),
    'Once': m => new GcSeq.Once(m, Sequence.value(m, 1)),
    'Permit': m => new GcSeq.AsyncMutex(m).try_lock(m),
    'Promise': () => new GcSeq.Promise(),
    'Runner': m => new GcSeq.Runner({arena: m.get_arena()}),
    'Semaphore': m => new GcSeq.Semaphore(m, 1),
    'Sequence': m => Sequence.value(m, new GcObj.Array(m)),
    'Sequence[]': m => [Sequence.value(m, 1), Sequence.never(m)],
    'TaskGroup': m => new GcSeq.TaskGroup(m),

    'PromiseFunc': () => promise => promise.resolve(1),
    'StepFunc': () => value => value,
    'TableFunc': () => () => {},
    'GuardianFunc': () => () => {},
    'TableFlags': () => GcObj.TableFlags.STRONG,
    'GType': () => Holder.$gtype,
    'GObject.Object': () => new Gio.SimpleAction({name: 'action'}),
    'GObject.Value': m => new GcObj.Array(m),
    'GLib.Bytes': () => new GLib.Bytes(DATA),
    'GLib.MainContext': () => GLib.MainContext.default(),
    'GLib.Error': () => new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.FAILED, 'made'),
    'GLib.Quark': () => Gio.io_error_quark(),
    'GLib.IOCondition': () => GLib.IOCondition.OUT,
    'GLib.Source': () => GLib.idle_source_new(),
    'Gio.AsyncReadyCallback': () => () => {},
    'Gio.Cancellable': () => new Gio.Cancellable(),
    'Gio.File': () => Gio.File.new_for_path('/nonexistent/file'),
    'Gio.ListModel': () => new Gio.ListStore({item_type: Gio.File}),
    'Gio.Subprocess': () => Gio.Subprocess.new(['true'], Gio.SubprocessFlags.NONE),
    'Gio.Task': () => Gio.Task.new(null, null, null),
    'guint8[]': () => DATA,
    'utf8': () => 'o',
    'gboolean': () => true,
    'gdouble': () => 1,
};
for (const number of ['gint', 'guint', 'gint64', 'guint64', 'gsize', 'gssize'])
    MAKE[number] = () => 1;

// The same for what only a run gives. No scope is open.
export const MAKE_OUTSIDE = {
    // One by itself comes as what is in it.
    'Item': arena => new GcSeq.Runner({arena})
        .run_sync(m => Sequence.all(m, [GcSeq.generator_next(m, GcSeq.generator_range(m, 0, 3, 1))])).get(0),
    'Outcome': arena =>
        new GcSeq.Runner({arena}).run_sync(m => Sequence.all_settled(m, [MAKE.Sequence(m)])).get(0),
    'Run': arena => {
        const runner = new GcSeq.Runner({arena});
        const started = runner.run(MAKE.Sequence);
        while (runner.step(1))
            ;
        return started;
    },
};
