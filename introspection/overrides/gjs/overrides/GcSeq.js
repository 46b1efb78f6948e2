/* Sequences for JavaScript: generator functions whose frames an arena runs, combinators
 * that take plain functions, and runs that can be awaited.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* exported _init */

const {Gio, GLib} = imports.gi;

// As it needs the other library, so does the override the other override.
const GcObj = imports.gi.GcObj;
const {acceptFunctions, checkMutation, construct, define, forbidSubclasses, pack, unpack} = imports.overrides.GcObj;

let GcSeq;

/* Exceptions. One crosses the library as an error with a number, by which it is found again at
 * the other end. One that nobody asks for is forgotten after so many others. */

const MAX_EXCEPTIONS = 64;
const onTheirWay = new Map();
let lastNumber = 0;

function toError(exception) {
    if (exception instanceof GLib.Error)
        return exception;
    onTheirWay.set(++lastNumber, exception);
    onTheirWay.delete(lastNumber - MAX_EXCEPTIONS);
    let text = '?';
    try {
        text = String(exception).replaceAll('\0', '\\0');
    } catch {
    }
    return new GLib.Error(GcSeq.SequenceError, GcSeq.SequenceError.EXCEPTION, `${text} #${lastNumber}`);
}

function fromError(error, goesOn = false) {
    if (!error.matches?.(GcSeq.SequenceError, GcSeq.SequenceError.EXCEPTION))
        return error;
    const number = Number(/#(\d+)$/.exec(error.message)?.[1]);
    if (!onTheirWay.has(number))
        return error;
    const exception = onTheirWay.get(number);
    if (!goesOn)
        onTheirWay.delete(number);
    return exception;
}

// Exceptions come in as they were.
function translated(func) {
    try {
        return func();
    } catch (error) {
        throw fromError(error);
    }
}

/* Steps */

function fromResult(value) {
    // What generator_next() gives, as iterators give it.
    if (GcSeq.Item && value instanceof GcSeq.Item)
        return {done: value.is_end(), value: unpack(value.get_value())};
    return unpack(value);
}

function overrideStep() {
    const {done, emit, get, steal_error, fail} = GcSeq.Step.prototype;

    define('Step', {
        // The mutation is set while the step is lent to a function of JavaScript's.
        done(value) {
            return done.call(this, pack(this.mutation, value));
        },
        emit(item) {
            return emit.call(this, pack(this.mutation, item));
        },
        get() {
            return fromResult(get.call(this));
        },
        // Takes what came in as an exception, or null.
        steal_error() {
            const error = steal_error.call(this);
            return error ? fromError(error) : null;
        },
        fail(exception) {
            return fail.call(this, toError(exception));
        },
    }, GcSeq);
}

const N_RESULTS = 7;

// Those that are lent to functions of JavaScript's at the moment, the innermost last.
const lent = [];

// A function of m and step, as a GcStepFunc.
function stepFunction(func) {
    return (m, step) => {
        step.mutation = m;
        lent.push(step);
        try {
            const result = func(m, step);
            if (!Number.isInteger(result) || result < 0 || result >= N_RESULTS)
                throw new TypeError(`A step returned ${String(result)}, which is no GcSeq.StepResult`);
            return result;
        } catch (exception) {
            throw toError(exception);
        } finally {
            lent.pop();
        }
    };
}

function settle(m, step, result) {
    return result instanceof GcSeq.Sequence ? step.become(result) : step.done(result);
}

function goOn(m, step, result) {
    return step.become(result instanceof GcSeq.Sequence ? result : GcSeq.Sequence.value(m, result));
}

// A function is given a value, and returns a value or a sequence, but for these.
const givenValue = step => [step.get()];
const givenError = step => [fromError(step.get_error())];
const shownError = step => [fromError(step.get_error(), true)];
const givenNothing = () => [];
const givenPair = step => [...step.get()];
const N_GIVEN = new Map([[givenValue, 1], [givenError, 1], [shownError, 1], [givenNothing, 0], [givenPair, 2]]);
const judge = (m, step, result) => step.done(Boolean(result));
const judgeError = (m, step, result) => {
    if (result)
        fromError(step.get_error());    // that is the last of it
    return step.done(Boolean(result));
};
// A number is the place of one of several functions.
const KINDS = {
    catch: [givenError, goOn],
    defer: [givenNothing, goOn],
    finally: [givenNothing, settle],
    generator_all_match: [givenValue, judge],
    generator_any_match: [givenValue, judge],
    generator_filter: [givenValue, judge],
    generator_find: [givenValue, judge],
    generator_flat_map: [givenValue, goOn],
    generator_fold: [givenPair, settle],
    generator_scan: [givenPair, settle],
    generator_take_while: [givenValue, judge],
    'loop_while 2': [givenValue, judge],
    'retry 6': [shownError, judgeError],
    inspect: [givenValue, (m, step) => step.done()],
    map_error: [givenError, (m, step, result) => step.fail(result)],
    or_else: [givenError, goOn],
    scope: [givenValue, goOn],
    then: [givenValue, goOn],
};

// A function of a value, or of m and a value, as a GcStepFunc.
function plainFunction(name, func, i) {
    const [given, made] = KINDS[`${name} ${i}`] ?? KINDS[name] ?? [givenValue, settle];
    const wantsMutation = func.length > N_GIVEN.get(given);

    return stepFunction((m, step) => {
        const values = given(step);
        return made(m, step, wantsMutation ? func(m, ...values) : func(...values));
    });
}

// A function that gives what an iterator's next() gives.
function nextFunction(name, func) {
    return stepFunction((m, step) => {
        const {done, value} = func();
        return done ? step.done(value) : step.emit(value);
    });
}

// A function of a promise: it settles that, or what it returns or throws does.
function promiseFunction(name, func) {
    return promise => {
        try {
            const result = func(promise);
            if (typeof result?.then === 'function')
                result.then(value => promise.resolve(value), error => promise.reject(error));
            else if (result !== undefined)
                promise.resolve(result);
        } catch (error) {
            promise.reject(error);
        }
    };
}

const FUNCTIONS = {
    steps: (name, func) => stepFunction(func),
    body: (name, func) => stepFunction(func),
    generator_from_func: nextFunction,
    from_async: promiseFunction,
};

// The arguments that may be anything, by their places.
const VALUES = {
    value: 1,
    catch_value: 4,
    generator_once: 1,
    generator_fold: 2,
    generator_scan: 2,
    loop: 1,
    loop_break: 1,
    loop_while: 1,
};

// The same function, which accepts functions and values of JavaScript's.
function accepting(name, func) {
    const wrap = FUNCTIONS[name] ?? plainFunction;

    return function (m, ...args) {
        checkMutation(m);
        const result = func.call(this, m, ...args.map((argument, i) => {
            if (i + 1 === VALUES[name])
                return pack(m, argument);
            if (argument instanceof Error && !(argument instanceof GLib.Error))
                return toError(argument);
            return typeof argument === 'function' ? wrap(name, argument, i + 1) : argument;
        }));
        if (result === null)
            throw new TypeError(`GcSeq: ${name} was given what it can't use`);
        return result;
    };
}

/* Functions that stop in the middle */

class Emission {
    constructor(item) {
        this.item = item;
    }
}

// The steps of a generator function, or of one that returns at once.
class Body {
    constructor(func, args) {
        this.func = func;
        this.args = args;
        this.iterator = null;
        this.promised = null;
    }

    clear() {
        this.func = this.args = this.iterator = this.promised = null;
    }

    step(m, step) {
        try {
            const result = this.goOn(m, step);
            if (this.iterator === null)
                this.clear();
            return result;
        } catch (exception) {
            this.clear();
            throw exception;
        }
    }

    goOn(m, step) {
        const error = step.steal_error();

        if (this.iterator === null) {
            if (error)
                throw error;
            const made = this.func(m, ...this.args);
            if (typeof made?.next !== 'function' || typeof made.throw !== 'function')
                return settle(m, step, made);
            this.iterator = made;
            return this.take(step, made.next());
        }

        const {promised} = this;
        if (error) {
            this.promised = null;
            return this.take(step, this.iterator.throw(error));
        }
        if (promised) {
            if (!promised.isSettled)            // woken for nothing
                return GcSeq.StepResult.WAIT;
            this.promised = null;
            return this.take(step, promised.isRejected ? this.iterator.throw(promised.value)
                : this.iterator.next(promised.value));
        }
        return this.take(step, this.iterator.next(step.get()));
    }

    // What the function said comes next.
    take(step, {done, value}) {
        if (done) {
            this.clear();
            return step.done(value);
        }
        if (value === undefined || value === null)
            return GcSeq.StepResult.CONTINUE;
        if (value instanceof GcSeq.Sequence)
            return step.call(value);
        if (value instanceof Emission)
            return step.emit(value.item);
        if (typeof value.then === 'function')
            return this.waitFor(step, value);
        return step.emit(value);
    }

    waitFor(step, promise) {
        const waker = step.dup_waker();
        const promised = this.promised = {isSettled: false};
        const settled = isRejected => value => {
            Object.assign(promised, {isSettled: true, isRejected, value});
            waker.wake();
        };
        promise.then(settled(false), settled(true));
        return GcSeq.StepResult.WAIT;
    }
}

// Gives an item, whatever it is: yield GcSeq.emit(null).
function emit(item) {
    return new Emission(item);
}

/* Makes a function that makes sequences of a generator function. The function's first argument is the
 * mutation, in each of its steps the same. It awaits a sequence or a promise by yielding it, gives an item
 * by yielding it, ends its step by a bare yield, and what it returns is the result. */
function sequence(func) {
    return (m, ...args) => {
        const body = new Body(func, args);
        return GcSeq.Sequence.body(m, func.name || null, (mutation, step) => body.step(mutation, step));
    };
}

function makeSequence(m, what, args) {
    if (what instanceof GcSeq.Sequence) {
        if (args.length > 0)
            throw new TypeError('A sequence takes no arguments');
        return what;
    }
    if (typeof what !== 'function')
        throw new TypeError(`${String(what)} is neither a sequence nor a function that makes one`);
    const make = what[Symbol.toStringTag] === 'GeneratorFunction' ? sequence(what) : what;
    const made = make(m, ...args);
    if (!(made instanceof GcSeq.Sequence))
        throw new TypeError(`${what.name || 'A function'} made ${String(made)}, which is no sequence`);
    return made;
}

/* What is shared */

function overrideShared() {
    const {spawn} = GcSeq.TaskGroup.prototype;
    define('TaskGroup', {
        // Runs a sequence beside the one whose step this is; gives its index.
        spawn(...args) {
            if (args.length === 1) {
                if (lent.length === 0)
                    throw new Error('Only a step can spawn');
                args.unshift(lent[lent.length - 1]);
            }
            return spawn.call(this, ...args);
        },
    }, GcSeq);

    const {resolve, reject} = GcSeq.Promise.prototype;
    define('Promise', {
        resolve(value) {
            return resolve.call(this, value ?? null);
        },
        reject(exception) {
            return reject.call(this, toError(exception));
        },
    }, GcSeq);

    const {send, try_send, try_receive} = GcSeq.Channel.prototype;
    define('Channel', {
        send(m, item) {
            return send.call(this, m, pack(m, item));
        },
        try_send(m, item) {
            return try_send.call(this, m, pack(m, item));
        },
        // Whether there was an item, and the item.
        try_receive(m) {
            const [received, item] = try_receive.call(this, m);
            return [received, unpack(item)];
        },
    }, GcSeq);

    for (const name of ['AsyncMutex', 'Channel', 'Limiter', 'Once', 'Semaphore', 'TaskGroup'])
        construct(name, undefined, GcSeq);
}

/* Runs */

function overrideRun() {
    const {get_result} = GcSeq.Run.prototype;

    define('Run', {
        // What it ended with; an exception if it failed, or has not ended.
        get_result() {
            return translated(() => fromResult(get_result.call(this)));
        },
        // So that a run can be awaited.
        then(resolve, reject) {
            this._ended ??= new Promise(ended => {
                if (this.is_done())
                    ended();
                const id = this.is_done() ? 0 : this.connect('notify::done', () => {
                    this.disconnect(id);
                    ended();
                });
            }).then(() => {
                this._result ??= (() => {
                    try {
                        return {value: this.get_result()};
                    } catch (error) {
                        return {error};
                    }
                })();
                if ('error' in this._result)
                    throw this._result.error;
                return this._result.value;
            });
            return this._ended.then(resolve, reject);
        },
        catch(reject) {
            return this.then(undefined, reject);
        },
        finally(func) {
            return this.then(value => value).finally(func);
        },
    }, GcSeq);
}

function overrideRunner() {
    const {run, run_finish, start} = GcSeq.Runner.prototype;

    function make(runner, what, args) {
        const arena = runner.get_arena();
        const made = arena.mutate(m => makeSequence(m, what, args));
        if (made.get_arena() !== arena)
            throw new GLib.Error(GcObj.Error, GcObj.Error.WRONG_ARENA, "The sequence is another arena's");
        return made;
    }

    define('Runner', {
        // Begins to run a sequence, or what a function makes, and gives the run.
        start(what, cancellable = null, ...args) {
            return start.call(this, make(this, what, args), cancellable);
        },
        // The same without something to cancel it by, other than the run: to be awaited.
        run(what, ...args) {
            return this.start(what, null, ...args);
        },
        // Runs it and gives the result, iterating the main context meanwhile.
        run_sync(what, cancellable = null, ...args) {
            const made = make(this, what, args);
            return translated(() => fromResult(run.call(this, made, cancellable)));
        },
        run_finish(result) {
            return translated(() => fromResult(run_finish.call(this, result)));
        },
        // The items of a generator: for await (const item of runner.iterate(…))
        async *iterate(what, ...args) {
            const generator = make(this, what, args);
            try {
                for (;;) {
                    // eslint-disable-next-line no-await-in-loop
                    const {done, value} = await this.run(GcSeq.generator_next, generator);
                    if (done)
                        return;
                    yield value;
                }
            } finally {
                if (generator.get_state() === GcSeq.SequenceState.SUSPENDED)
                    await this.run(GcSeq.generator_close, generator);
            }
        },
    }, GcSeq);
    Gio._promisify(GcSeq.Runner.prototype, 'run_async', 'run_finish');
    acceptFunctions('Runner', ['run_async'], GcSeq);
}

function _init() {
    GcSeq = this;
    // GJS makes errors of a domain by its name, which has to be registered.
    GcSeq.sequence_error_quark();

    overrideStep();
    overrideRun();
    overrideRunner();
    overrideShared();

    // The constructors, and the functions that make generators. That of errors is a function: its
    // name begins as that of an enumeration.
    const {Sequence} = GcSeq;
    for (const name of Object.getOwnPropertyNames(Sequence)) {
        if (typeof Sequence[name] === 'function' && name !== 'prototype')
            Sequence[name] = accepting(name, Sequence[name]);
    }
    for (const name of Object.keys(GcSeq).filter(key => key.startsWith('generator_') || key === 'sequence_error'))
        GcSeq[name] = accepting(name, GcSeq[name]);
    Sequence.error = GcSeq.sequence_error;
    // Its function would never be called, and who waits for it wait for ever.
    Sequence.in_thread = () => {
        throw new Error('GJS runs no function on another thread');
    };

    construct('Sequence', () => {
        throw new TypeError('There are no objects of type GcSeq.Sequence itself');
    }, GcSeq);
    forbidSubclasses(['Promise', 'Run', 'Runner'], GcSeq);
    GcSeq.emit = emit;
    GcSeq.sequence = sequence;
}
