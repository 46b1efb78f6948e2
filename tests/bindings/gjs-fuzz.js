/* Random calls of everything that the GIR has, with arguments of right and wrong kinds. Run by fuzz.py,
 * which says what this prints and judges it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import System from 'system';

const [dataPath, seed, nCalls, folder, verbose, ...excluded] = ARGV;
const {calls, parents} = JSON.parse(new TextDecoder().decode(GLib.file_get_contents(dataPath)[1]));
const NAMESPACES = {GcObj, GcSeq};
const CALLS_PER_EPISODE = 60;
const MAX_POOL = 80;
const MAX_DEPTH = 3;

/* Chance */

// What an episode does may hang on the clock; the next one begins with numbers of its own.
let state;

function reseed(number) {
    state = Number(seed) + Math.imul(number, 0x9e3779b9) >>> 0;
}

function random(n) {
    state = state + 0x6d2b79f5 >>> 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) % n;
}

const pick = list => list[random(list.length)];
const chance = percent => random(100) < percent;

/* Whether a critical warning was written since it was asked last. (A handler of JavaScript's could be called
 * during a collection of garbage.) */

const ERRORS = '/proc/self/fd/2';
const errors = GLib.file_test(ERRORS, GLib.FileTest.IS_REGULAR) ? Gio.File.new_for_path(ERRORS).read(null) : null;

function complained() {
    const from = errors?.tell();
    errors?.seek(0, GLib.SeekType.END, null);
    const length = errors ? errors.tell() - from : 0;
    if (length === 0)
        return false;
    errors.seek(from, GLib.SeekType.SET, null);
    return new TextDecoder().decode(errors.read_bytes(length, null).toArray()).includes('-CRITICAL');
}

/* What there is: values that calls gave, those of the arena, scopes, and steps that are lent, the innermost last. */

let pool, arenas, scopes, depth = 0;
const steps = [];

const classes = new Map(Object.keys(parents).map(name => [name, GcObj[name]]));
for (const call of calls)
    classes.set(call.owner, call.owner ? NAMESPACES[call.namespace][call.owner] : null);
const classOf = name => classes.get(name);

function isA(value, name) {
    const Class = name.includes('.') ? name.split('.').reduce((object, part) => object?.[part], {Gio, GLib, GObject})
        : classOf(name);
    return typeof Class === 'function' && value instanceof Class;
}

function add(value) {
    if (Array.isArray(value)) {
        value.slice(0, 3).forEach(add);
    } else if (value !== null && (typeof value === 'object' || typeof value === 'function')) {
        if (pool.length < MAX_POOL)
            pool.push(value);
        else
            pool[random(MAX_POOL)] = value;
    }
    return value;
}

function begin(arena) {
    const m = add(arena.begin());
    if (m !== null)
        scopes.push(m);
    return m;
}

function isOpen(value) {
    try {
        return value instanceof GcObj.Mutation && value.is_active();
    } catch (error) {
        return false;                   // an object with no more than the prototype
    }
}

function finishScopes() {
    while (scopes.length > 0) {
        const m = scopes.pop();
        if (isOpen(m))
            m.finish();
    }
}

/* What only a step may do. */

const needsStep = call => [call.owner, ...call.arguments].includes('Step') || call.name.startsWith('GcSeq.TaskGroup.c');
const stepCalls = calls.filter(needsStep);

function lend(step, func) {
    steps.push(step);
    try {
        return func();
    } finally {
        steps.pop();
    }
}

// Runs the sequence that a function makes, and gives its result if it ended soon.
function drive(make) {
    finishScopes();
    const arena = pick(arenas);
    const runner = add(new GcSeq.Runner({arena}));
    const run = add(runner.start(arena.mutate(make)));
    for (let i = 0; i < 20 && !run.is_done(); i++)
        runner.step(5);
    return run.is_done() ? add(run.get_result()) : null;
}

const inStep = func => m => GcSeq.Sequence.body(m, 'fuzz', (_, step) => lend(step, () => func(step)));

/* Functions that scripts give: they raise, answer anything, and do what they should not. */

function callback() {
    const manner = random(7);

    const func = (...args) => {
        const now = depth >= MAX_DEPTH ? 6 : manner;
        args.forEach(add);
        const step = args.find(arg => isA(arg, 'Step'));
        if (step && now !== 6 && chance(60))
            return lend(step, () => perform(pick(stepCalls), 0, chance(20)));
        switch (now) {
        case 0:
            throw new Error('raised');
        case 1:
            throw new GLib.Error(GcObj.Error, GcObj.Error.RANGE, 'raised');
        case 2:
            arenas[0].collect();
            return pick([true, false, null, 5]);
        case 3:
            return add(arenas[0].mutate(m => new GcObj.Array(m)));
        case 4:
            for (let i = 0; i < 3; i++)
                randomCall();
            return pick(pool);
        case 5:
            GLib.MainContext.default().iteration(false);
            System.gc();
            return wrong();
        default:
            return pick([...args, 0, 1, 2, true, null]);
        }
    };
    // Those that name more arguments are given the mutation, too.
    return chance(50) ? func : (m, a, b) => func(m, a, b);
}

/* Arguments */

const NUMBERS = [0, 1, 2, 3, 7, 100, -1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 2 ** 53, 0.5];
const FIELDS = ['object', 'string', 'int64', 'double', 'boolean', 'value'];
const TEXTS = ['', 'a', 'key', 'name', 'object', 'ä€😀', 'x'.repeat(1000), 'notify::listener', 'nul\0inside'];
const WRONG = [null, undefined, true, -1, 2 ** 64, -(2 ** 70), NaN, Infinity, 'text', '', [], [null], [1, 'a'], {}, 10n ** 30n,
    Symbol.iterator, GcObj.Array, GcObj, Object.create(GcObj.Array.prototype), Object.create(GcObj.Mutation.prototype),
    GcObj.Array.prototype, GObject.Object.prototype, new GObject.Object(), new GLib.Bytes([1]), new Uint8Array(9)];

const wrong = () => chance(40) && pool.length > 0 ? pick(pool) : chance(10) ? callback() : pick(WRONG);

const path = () => chance(10) ? '' : GLib.build_filenamev([pick([folder, folder, '/nonexistent']), `file${random(3)}`]);

const MAKERS = {
    'gboolean': () => chance(50),
    'gdouble': () => pick([0, 0.5, -1, 1e300, NaN, Infinity, 1]),
    'gint': () => pick([0, 1, 5, -1, 2 ** 31 - 1]),
    'guint': () => pick([0, 1, 2, 5, 100, 2 ** 32 - 1]),
    'utf8': () => pick(chance(20) ? FIELDS : TEXTS),
    'filename': path,
    'GType': () => pick([GcObj.Object, GcObj.Array, GcObj.Record, GObject.Object, Gio.File, pick(recordTypes), pick(recordTypes),
        GObject.TYPE_INT64, GObject.TYPE_DOUBLE, GObject.TYPE_BOOLEAN, GObject.TYPE_NONE, GObject.TYPE_STRING]),
    'GLib.Bytes': () => new GLib.Bytes([1, 2]),
    'GLib.Error': () => pick([new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.FAILED, 'made'), new Error('made')]),
    'GLib.MainContext': () => pick([GLib.MainContext.default(), new GLib.MainContext(), null]),
    'GLib.Pid': () => pick([1, 1 << 22, child().get_identifier() | 0]),
    'GLib.Quark': () => pick([Gio.io_error_quark(), GcObj.error_quark(), 0, 99999,
        GLib.quark_from_string(pick(FIELDS))]),
    'GLib.Source': () => GLib.timeout_source_new(0),
    'GLib.IOCondition': () => pick([0, GLib.IOCondition.IN, GLib.IOCondition.OUT]),
    'GObject.Object': () => pick([new GObject.Object(), new Gio.SimpleAction({name: 'action'}), new Gio.Cancellable()]),
    'GObject.ParamFlags': () => pick([0, GObject.ParamFlags.READWRITE]),
    'GObject.Value': () => pick([null, 5, 0.5, 'text', true, new GObject.Object(), pool.length > 0 ? pick(pool) : 1]),
    'Gio.Cancellable': () => {
        const cancellable = new Gio.Cancellable();
        if (chance(30))
            cancellable.cancel();
        return pick([cancellable, null]);
    },
    'Gio.File': () => Gio.File.new_for_path(path()),
    'Gio.ListModel': () => pick([new Gio.ListStore({item_type: Gio.File}), new Gio.ListStore({item_type: GcObj.Handle})]),
    'Gio.OutputStream': () => Gio.MemoryOutputStream.new_resizable(),
    'Gio.Subprocess': child,
    'Gio.Task': () => Gio.Task.new(null, null, null),
    'Gio.AsyncResult': () => Gio.Task.new(pick([null, arenas[0]]), null, null),
    'Listener': () => new Listener(),
    'Arena': () => pick(arenas),
    'Mutation': () => (chance(90) && (steps[steps.length - 1]?.mutation || scopes[scopes.length - 1])) || begin(pick(arenas)),
    'Event': () => new GcObj.Event({type: random(10), n: random(3)}),
};
for (const type of ['gint64', 'guint64', 'gsize', 'gssize'])
    MAKERS[type] = () => chance(70) ? random(4) : pick(NUMBERS);
for (const type of ['MutateFunc', 'StepFunc', 'PromiseFunc', 'TableFunc', 'GuardianFunc', 'Gio.AsyncReadyCallback'])
    MAKERS[type] = callback;
for (const type of ['EventType', 'PauseReason', 'TableFlags', 'Zeal'])
    MAKERS[type] = () => chance(80) ? random(4) : pick([-1, 255, 1 << 30]);

let subprocess = null;
function child() {
    subprocess ??= Gio.Subprocess.new(['true'], Gio.SubprocessFlags.NONE);
    return subprocess;
}

// This, and the last that was registered.
const recordTypes = [GcObj.Record.type_register('FuzzRecord', GcObj.Record.$gtype, FIELDS,
    [GcObj.Object.$gtype, GObject.TYPE_STRING, GObject.TYPE_INT64, GObject.TYPE_DOUBLE, GObject.TYPE_BOOLEAN, GObject.TYPE_INT])];

/* What no call gives as such. */
const RECIPES = {
    Item: () => drive(m => GcSeq.Sequence.all(m, [GcSeq.generator_next(m, pick([GcSeq.generator_once(m, 5),
        GcSeq.generator_empty(m)]))])).get(0),
    Outcome: () => drive(m => GcSeq.Sequence.all_settled(m, [pick([GcSeq.Sequence.value(m, 5),
        GcSeq.Sequence.error(m, new Error('made'))])])).get(0),
    Record: () => GcObj.Record.new(right('Mutation'), recordTypes[0]),
    Step: () => steps[steps.length - 1],
    TypeCount: () => pick(arenas).take_census().get_item(random(3)),
    Waker: () => {
        let waker = null;
        drive(inStep(step => {
            waker = step.dup_waker();
            return GcSeq.StepResult.WAIT;
        }));
        return waker;
    },
};

// Something of a type, made by any call that gives one.
function fresh(type, level) {
    if (type in RECIPES && chance(80)) {
        try {
            return add(RECIPES[type]());
        } catch (error) {
            return null;
        }
    }
    const makers = calls.filter(call => call.result === type && !excluded.includes(call.name));
    if (makers.length === 0 || level > 3)
        return null;
    return perform(pick(makers), level + 1, false);
}

function isNew(sequence) {
    try {
        return sequence.get_state() === GcSeq.SequenceState.NEW;
    } catch (error) {
        return false;
    }
}

function right(type, level = 0) {
    if (type.endsWith('[]')) {
        const inner = type.slice(0, -2);
        if (inner === 'guint8')
            return new Uint8Array(random(20));
        return Array.from({length: random(4)}, () => right(inner, level));
    }
    if (type in MAKERS && (chance(80) || !(type in {Arena: 0, Mutation: 0, Event: 0})))
        return MAKERS[type]();
    if (type === 'Step' && steps.length > 0 && chance(90))
        return steps[steps.length - 1];
    let known = pool.filter(value => isA(value, type));
    // Most can be used once.
    if (type === 'Sequence' && chance(80))
        known = known.filter(isNew);
    // The last one is more likely to be of use.
    if (known.length > 0 && chance(80))
        return chance(50) ? known[known.length - 1] : pick(known);
    return fresh(type, level);
}

// What would be refused nearly always.
function tryToRegister(args) {
    args.splice(0, 4, `FuzzRecord${n}`, GcObj.Record.$gtype, ['object', 'key', 'a'],
        [GcObj.Object.$gtype, GObject.TYPE_STRING, pick([GObject.TYPE_INT64, GObject.TYPE_DOUBLE, GObject.TYPE_BOOLEAN])]);
}

// The result of something asynchronous.
function resultOf(begin_) {
    let result = null;
    begin_((source, given) => {
        result = given;
    });
    for (let i = 0; i < 100 && result === null; i++) {
        GLib.MainContext.default().iteration(false);
        GLib.usleep(100);
    }
    return result;
}

/* What chance would hardly bring about: half of the calls find it. */
const PREPARATIONS = {
    'GcObj.Arena.uninhibit': ([arena]) => arena.inhibit(),
    'GcObj.Arena.write_snapshot_finish': args => {
        finishScopes();
        args[1] = resultOf(done => args[0].write_snapshot_async(MAKERS['Gio.OutputStream'](), 0, null, done));
    },
    'GcSeq.Runner.run_finish': args => {
        finishScopes();
        const value = args[0].get_arena().mutate(m => GcSeq.Sequence.value(m, 5));
        args[1] = resultOf(done => args[0].run_async(value, null, done));
    },
    'GcSeq.Sequence.from_property': args => args.splice(1, 3, new Gio.SimpleAction({name: 'action'}), 'enabled', true),
    'GcSeq.TaskGroup.cancel_one': args => {
        args[1] = args[0].spawn(steps[steps.length - 1], GcSeq.Sequence.never(steps[steps.length - 1].mutation));
    },
};
// Fields are named as what reads and writes them.
for (const call of calls) {
    if (call.owner === 'Record' && call.kind === 'method' && ['utf8', 'GLib.Quark'].includes(call.arguments[0])) {
        const field = call.member.split('_').pop();
        PREPARATIONS[call.name] = args => {
            args[1] = call.arguments[0] === 'utf8' ? field : GLib.quark_from_string(field);
        };
    }
}

function prepare(call, args) {
    try {
        PREPARATIONS[call.name]?.(args);
    } catch (error) {
        // An argument is null, or refused.
    }
}

/* What would not come back, or not in time. */
const RESTRICTED = {
    'GcObj.Record.type_register': args => chance(50) && tryToRegister(args),
    'GcSeq.Runner.run': (args, runner) => {
        const cancellable = new Gio.Cancellable();
        GLib.timeout_add(GLib.PRIORITY_HIGH, 2, () => cancellable.cancel());
        // Beside another that has no end a runner of less priority would never come to it.
        if (isRunner(runner))
            runner.set_priority(GLib.PRIORITY_HIGH);
        if (chance(80))
            finishScopes();
        const arena = isA(runner, 'Runner') ? runner.get_arena() : pick(arenas);
        // (Others may go on in spite of being cancelled.)
        args[0] = scopes.length > 0 || chance(30) ? pick(WRONG)
            : arena.mutate(m => chance(50) ? GcSeq.Sequence.value(m, 5) : GcSeq.Sequence.never(m));
        args[1] = cancellable;
    },
    'GcSeq.Runner.step': (args, runner) => {
        if (isRunner(runner) && runner.get_n_runs() > 0)
            args[0] = random(100);
    },
};

function isRunner(value) {
    try {
        return value instanceof GcSeq.Runner && value.get_n_steps() >= 0;
    } catch (error) {
        return false;                   // an object with no more than the prototype
    }
}

// With the other budget a run without an end would come back, with both as they may be now it would not.
function tame(call, runner) {
    if (call.member.includes('budget') && call.kind !== 'get' && isRunner(runner)) {
        runner.set_budget_steps(100);
        runner.set_budget_us(100);
    }
}

/* Calls */

const tried = new Map(calls.map(call => [call.name, [0, 0]]));

function invoke(call, instance, args) {
    const namespace = NAMESPACES[call.namespace];
    const Class = call.owner ? namespace[call.owner] : namespace;
    // The override's run() is asynchronous.
    const name = call.name === 'GcSeq.Runner.run' ? 'run_sync' : call.member.replace(/-/g, '_');

    switch (call.kind) {
    case 'constructor':
        return name === 'new' && chance(50) ? new Class(...args) : Class[name](...args);
    case 'function':
        return Class[name](...args);
    case 'method':
        return chance(80) && typeof instance?.[name] === 'function' ? instance[name](...args)
            : Class.prototype[name].apply(instance, args);
    case 'virtual-method':
        return (chance(80) ? instance : Class.prototype)[`vfunc_${name}`].apply(instance, args);
    case 'get':
        return instance[name];
    case 'set':
        instance[name] = args[0];
        return undefined;
    default:
        return new Class({[name]: args[0]});
    }
}

function perform(call, level, mayBeWrong) {
    const hasInstance = ['method', 'virtual-method', 'get', 'set'].includes(call.kind);
    const types = hasInstance ? [call.owner, ...call.arguments] : call.arguments;
    const args = types.map(type => right(type, level));

    if (chance(50))
        prepare(call, args);
    if (mayBeWrong && types.length > 0) {
        const i = random(types.length + 1);
        if (i < types.length)
            args[i] = wrong();
        else if (chance(50))
            args.pop();
        else
            args.push(wrong());
    }
    const instance = hasInstance ? args.shift() : null;
    RESTRICTED[call.name]?.(args, instance);
    const count = tried.get(call.name);
    count[0]++;
    if (verbose === '1')
        print(`# ${'  '.repeat(level + depth)}${call.name} on ${show(instance)} (${args.map(show)})`);
    depth++;
    try {
        complained();
        const result = invoke(call, instance, args);
        if (!complained())
            count[1]++;
        tame(call, call.kind === 'new' ? result : instance);
        if (call.name === 'GcObj.Record.type_register')
            recordTypes[1] = result;
        return add(result);
    } catch (error) {
        return null;
    } finally {
        depth--;
    }
}

function show(value) {
    try {
        return typeof value === 'function' ? 'function' : Array.isArray(value) ? `[${value.map(show)}]`
            : String(value).slice(0, 80);
    } catch (error) {
        return '?';
    }
}

let n = 0;
let nEpisodes = 0;
let nDecks = 0;
let deck = [];

function deal() {
    if (deck.length === 0) {
        deck = calls.filter(call => !excluded.includes(call.name));
        reseed(--nDecks);
        for (let i = deck.length - 1; i > 0; i--) {
            const j = random(i + 1);
            [deck[i], deck[j]] = [deck[j], deck[i]];
        }
    }
    return deck.pop();
}

function randomCall(call = pick(calls.filter(({name}) => !excluded.includes(name)))) {
    n++;
    if (!needsStep(call) || steps.length > 0 || chance(20)) {
        perform(call, 0, chance(30));
        return;
    }
    try {
        drive(inStep(() => perform(call, 0, chance(30))));
    } catch (error) {
        // The step's.
    }
}

const promise = () => pick([Promise.resolve(wrong()), Promise.reject(new Error('rejected')), new Promise(() => {})]);

/* What is no callable of the GIR's: the language's own ways to use a value. */
const EXTRAS = [
    value => String(value),
    value => JSON.stringify(value),
    value => [...value],
    value => value.length,
    value => value === pick(pool),
    value => Object.keys(value),
    value => new value.constructor(),
    value => new value.constructor(pick(pool), wrong(), wrong()),
    // (GObject.Object.new() is GJS's.)
    value => String(value).includes('Gc') && value.constructor.new(wrong(), wrong()),
    value => value.get_item(random(5)),
    value => GObject.registerClass(class extends value.constructor {}),
    value => value.run_dispose(),
    value => arenas[0].mutate(m => GcObj.Array.from(m, [value, wrong()])),
    value => value.connect('notify', callback()),
    value => value.then(callback(), callback()),
    value => drive(() => value),
    () => drive(m => GcSeq.Sequence.body(m, 'fuzz', callback())),
    value => drive(m => GcSeq.sequence(function* (...args) {
        yield pick([null, promise(), value, wrong()]);
        yield wrong();
        return callback()(...args);
    })(m, value)),
    value => scopes.length === 0 && value.verify(),
];

const vfuncs = calls.filter(call => call.kind === 'virtual-method');
const members = {};
for (const call of vfuncs) {
    members[`vfunc_${call.member}`] = function (arena, event) {
        if (depth < MAX_DEPTH && pool)
            callback()(arena, event);
    };
}
const ListenerClass = class extends GObject.Object {};
Object.assign(ListenerClass.prototype, members);
const Listener = GObject.registerClass({GTypeName: 'FuzzListener', Implements: [GcObj.Listener]}, ListenerClass);

function episode() {
    const hand = Array.from({length: CALLS_PER_EPISODE}, deal);
    reseed(++nEpisodes);
    pool = [];
    scopes = [];
    arenas = [new GcObj.Arena(), new GcObj.Arena()];
    if (chance(30))
        arenas[0].set_listener(new Listener());
    for (const call of hand) {
        if (chance(10))
            finishScopes();
        randomCall(call);
        if (chance(10)) {
            try {
                const value = pool.length > 0 ? pick(pool) : null;
                const extra = pick(EXTRAS);
                if (verbose === '1')
                    print(`# ${extra} of ${show(value)}`);
                extra(value);
            } catch (error) {
                // As it should.
            }
        }
        if (chance(5))
            GLib.MainContext.default().iteration(false);
        if (chance(2))
            System.gc();
        // An arena that goes while its objects are in use.
        if (chance(2))
            arenas[1] = new GcObj.Arena();
    }
    for (const value of pool) {
        if (isOpen(value))
            scopes.unshift(value);
    }
    finishScopes();
    const arena = arenas[0];
    pool = [];
    arenas = [];
    System.gc();
    for (let i = 0; i < 20 && GLib.MainContext.default().iteration(false); i++)
        ;
    arena.set_listener(null);
    arena.collect();
    arena.verify();
}

while (n < Number(nCalls))
    episode();
for (const [name, [count, good]] of tried)
    print(`${name}\t${count}\t${good}`);
for (const name of Object.keys(RESTRICTED))
    print(`restricted\t${name}`);
print(`done ${n}`);
System.exit(0);
