/* Sequences of generator functions, combinators, and runs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {
    assert, collectWrappers, equal, ioError, rejects, run, sequenceError, test, throws,
} from './harness.js';

const {Sequence} = GcSeq;

const count = GcSeq.sequence(function* count(m, n) {
    for (let i = 0; i < n; i++)
        yield;
    return n;
});

const fail = GcSeq.sequence(function* fail(m, exception) {
    yield;
    throw exception;
});

const later = value => new Promise(resolve => {
    GLib.timeout_add(GLib.PRIORITY_DEFAULT, 3, () => {
        resolve(value);
        return GLib.SOURCE_REMOVE;
    });
});

function stepAll(runner) {
    while (runner.step(1))
        ;
}

test('values come back', arena => {
    const runner = new GcSeq.Runner({arena});
    const file = Gio.File.new_for_path('/');
    const echo = GcSeq.sequence(function* (m, value) {
        return yield Sequence.value(m, value);
    });

    for (const value of [null, true, false, 0, 7, -1, 0.5, Infinity, 2 ** 53, '', 'text', 'ä€😀', file])
        equal(runner.run_sync(echo, null, value), value);
    equal(runner.run_sync(echo, null, undefined), null);
    equal(runner.run_sync(echo, null, 5n), 5);
    equal([...runner.run_sync(echo, null, new Uint8Array([1, 0, 2]))], [1, 0, 2]);
    const array = arena.mutate(m => GcObj.Array.from(m, [1]));
    assert(runner.run_sync(echo, null, array) === array);
    throws(RangeError, () => runner.run_sync(echo, null, 'nul\0'));
    throws(TypeError, () => runner.run_sync(echo, null, {}));
});

test('records come back', arena => {
    const Person = GcObj.record('SequencePerson', {name: String});
    const make = GcSeq.sequence(function* (m, name) {
        yield;
        return new Person(m, {name});
    });

    const person = new GcSeq.Runner({arena}).run_sync(function* (m) {
        const ada = yield make(m, 'Ada');
        yield;
        ada.name += ' Lovelace';
        return ada;
    });
    assert(person instanceof Person);
    equal(person.name, 'Ada Lovelace');
});

test('awaiting', arena => {
    const runner = new GcSeq.Runner({arena});
    const add = GcSeq.sequence(function* add(m, ...numbers) {
        let total = 0;
        for (const n of numbers)
            total += yield count(m, n);
        return total;
    });

    equal(runner.run_sync(add, null, 1, 2, 3), 6);
    equal(runner.run_sync(m => add(m, 4)), 4);
    equal(runner.run_sync(arena.mutate(m => add(m, 5))), 5);
    equal(arena.mutate(m => add(m)).describe(), 'add');
});

test('garbage is collected between steps', () => {
    const eager = new GcObj.Arena();

    eager.set_zeal(GcObj.Zeal.SAFEPOINT | GcObj.Zeal.VERIFY);
    equal(new GcSeq.Runner({arena: eager}).run_sync(function* (m) {
        const kept = new GcObj.Array(m);
        for (let i = 0; i < 300; i++) {
            kept.push(GcObj.Array.from(m, [i]));
            if (kept.length > 10)
                kept.length = 0;
            yield;
        }
        return kept.length;
    }), 3);
});

test('functions that do not stop', arena => {
    const runner = new GcSeq.Runner({arena});
    const plain = GcSeq.sequence(() => 5);
    const becomes = GcSeq.sequence((m, n) => n === 0 ? plain(m) : becomes(m, n - 1));

    equal(runner.run_sync(plain), 5);
    equal(runner.run_sync(m => becomes(m, 1000)), 5);
});

test('functions as steps', arena => {
    const seen = [];

    equal(new GcSeq.Runner({arena}).run_sync(m => Sequence.steps(m, (mutation, step) => {
        seen.push(step.get());
        if (seen.length === 1)
            return GcSeq.StepResult.CONTINUE;
        if (seen.length === 2)
            return step.call(Sequence.value(mutation, 'called'));
        return step.done(seen.length);
    })), 3);
    equal(seen, [null, null, 'called']);
});

test('combinators take functions', arena => {
    const runner = new GcSeq.Runner({arena});

    equal(runner.run_sync(m => {
        let s = Sequence.map(m, Sequence.value(m, 2), v => v * 3);
        s = Sequence.map(m, s, (mutation, v) => GcObj.Array.from(mutation, [v, v + 1]));
        s = Sequence.map(m, s, array => array.length);
        return Sequence.then(m, s, (mutation, v) => Sequence.value(mutation, `${v}!`));
    }), '2!');
    equal(runner.run_sync(m => Sequence.defer(m, mutation => count(mutation, 3))), 3);
    throws(ReferenceError, () => runner.run_sync(m => Sequence.map(m, Sequence.value(m, 0), () => {
        throw new ReferenceError('x');
    })));
    equal(runner.run_sync(m => Sequence.then(m, Sequence.value(m, 0), v => v + 1)), 1);
    const failing = m => fail(m, new RangeError('x'));
    equal(runner.run_sync(m => Sequence.catch(m, failing(m), 0, -1, e => e.message)), 'x');
    equal(runner.run_sync(m => Sequence.or_else(m, failing(m), (mutation, e) => count(mutation, e.message.length))), 1);
    throws(URIError, () => runner.run_sync(m => Sequence.map_error(m, failing(m), e => new URIError(e.message))));
    const seen = [];
    equal(runner.run_sync(m => Sequence.inspect(m, count(m, 2), v => seen.push(v))), 2);
    equal(runner.run_sync(m => Sequence.finally(m, count(m, 2), mutation => count(mutation, 5))), 2);
    equal(runner.run_sync(m => Sequence.finally(m, count(m, 2), () => {
        seen.push('end');
    })), 2);
    equal(seen, [2, 'end']);
});

test('joins and scopes', arena => {
    const runner = new GcSeq.Runner({arena});
    const log = [];
    const task = GcSeq.sequence(function* (m, n) {
        log.push(yield count(m, n));
    });
    const main = GcSeq.sequence(function* (m, group) {
        for (let n = 0; n < 3; n++)
            group.spawn(task(m, n));
        while (log.length < 3)          // what still runs when it ends is cancelled
            yield Sequence.sleep(m, 2000);
        return 'main';
    });

    equal([...runner.run_sync(m => Sequence.all(m, [count(m, 3), count(m, 1)]))], [3, 1]);
    throws(RangeError, () => runner.run_sync(m => Sequence.all(m, [count(m, 1000), fail(m, new RangeError('x'))])));
    equal(runner.run_sync(m => Sequence.scope(m, (mutation, group) => main(mutation, group))), 'main');
    equal(log.sort(), [0, 1, 2]);
    const group = arena.mutate(m => new GcSeq.TaskGroup(m));
    throws(null, () => group.spawn(null));
});

test('promises and channels', arena => {
    const runner = new GcSeq.Runner({arena});
    const channel = arena.mutate(m => new GcSeq.Channel(m, 1));

    const sender = runner.run(function* (m) {
        for (const item of [1, null, 'text'])
            yield channel.send(m, item);
        channel.close();
    });
    equal([...runner.run_sync(function* (m) {
        const items = [];
        while (items.length < 3)
            items.push(yield channel.receive(m));
        return GcObj.Array.from(m, items);
    })], [1, null, 'text']);
    equal(sender.get_result(), null);

    for (const value of [null, true, 5, 0.5, 'text']) {
        const promise = new GcSeq.Promise();
        const started = runner.run(m => promise.wait(m));
        runner.step(5);
        promise.resolve(value);
        stepAll(runner);
        equal(started.get_result(), value);
    }
    equal(runner.run_sync(m => Sequence.from_async(m, promise => {
        promise.resolve(7);
    })), 7);
    equal(runner.run_sync(m => Sequence.from_async(m, () => later('value'))), 'value');
    throws(RangeError, () => runner.run_sync(m => Sequence.from_async(m, () => {
        throw new RangeError('x');
    })));
});

test('exceptions are themselves', arena => {
    const runner = new GcSeq.Runner({arena});
    class Mine extends Error {}
    const mine = new Mine('text');

    equal(runner.run_sync(function* (m) {
        try {
            yield fail(m, mine);
        } catch (exception) {
            assert(exception === mine);
            return 'caught';
        }
        return null;
    }), 'caught');
    assert(throws(Mine, () => runner.run_sync(function* (m) {
        yield Sequence.map(m, fail(m, mine), v => v);
    })) === mine);
    assert(throws(Mine, () => runner.run_sync(m => Sequence.error(m, mine))) === mine);
    for (const thrown of ['a string', 5, null, undefined]) {
        try {
            runner.run_sync(fail, null, thrown);
            assert(false);
        } catch (exception) {
            equal(exception, thrown);
        }
    }
});

test('errors keep domain and code', arena => {
    const error = throws(ioError('BUSY'), () => new GcSeq.Runner({arena}).run_sync(function* (m) {
        try {
            yield fail(m, new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND, 'gone'));
            assert(false);
        } catch (caught) {
            assert(caught.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND));
            equal(caught.message, 'gone');
        }
        throw new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.BUSY, 'busy');
    }));
    equal(error.message, 'busy');
});

test('exceptions that nobody asks for', arena => {
    const runner = new GcSeq.Runner({arena});
    const runs = [];

    for (let i = 0; i < 200; i++)
        runs.push(runner.run(fail, new RangeError(i)));
    stepAll(runner);
    const error = throws(sequenceError('EXCEPTION'), () => runs[0].get_result());
    assert(error.message.startsWith('RangeError: 0'));
    equal(throws(RangeError, () => runs[199].get_result()).message, '199');
});

test('cancelling', arena => {
    const runner = new GcSeq.Runner({arena});
    const log = [];
    const cleansUp = GcSeq.sequence(function* (m) {
        try {
            yield Sequence.never(m);
        } catch (error) {
            assert(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED));
            log.push(yield count(m, 3));
            throw error;
        } finally {
            log.push('finally');
        }
    });

    const first = runner.run(cleansUp);
    runner.step(10);
    first.cancel();
    stepAll(runner);
    throws(ioError('CANCELLED'), () => first.get_result());
    equal(log, [3, 'finally']);

    const cancellable = new Gio.Cancellable();
    const second = runner.start(cleansUp, cancellable);
    runner.step(10);
    cancellable.cancel();
    stepAll(runner);
    throws(ioError('CANCELLED'), () => second.get_result());
    equal(log, [3, 'finally', 3, 'finally']);

    // Before its first step: its code does not run.
    throws(ioError('CANCELLED'), () => runner.run_sync(cleansUp, cancellable));
    equal(log.length, 4);
});

test('awaiting runs', async arena => {
    const runner = new GcSeq.Runner({arena});
    const first = runner.run(count, 5);

    equal(await first, 5);
    equal(await first, 5);                      // again
    equal(await Promise.all([1, 2, 3].map(n => runner.run(count, n))), [1, 2, 3]);
    await rejects(RangeError, runner.run(fail, new RangeError('x')));
    await runner.run(fail, new RangeError('x')).catch(error => equal(error.message, 'x'));
    const once = arena.mutate(m => count(m, 2));
    equal(await runner.run(once), 2);
    await rejects(sequenceError('FINISHED'), runner.run(once));
    equal(await runner.run_async(arena.mutate(m => count(m, 3)), null), 3);
    await rejects(RangeError, runner.run_async(arena.mutate(m => fail(m, new RangeError('x'))), null));

    const cancelled = runner.run(m => Sequence.never(m));
    await later();
    cancelled.cancel();
    await rejects(ioError('CANCELLED'), cancelled);
});

test('promises in sequences', async arena => {
    equal(await new GcSeq.Runner({arena}).run(function* () {
        equal(yield later('value'), 'value');
        try {
            yield later().then(() => {
                throw new RangeError('x');
            });
        } catch (error) {
            return error.message;
        }
        return null;
    }), 'x');
});

test('promises and cancelling', async arena => {
    const log = [];
    const started = new GcSeq.Runner({arena}).run(function* (m) {
        try {
            yield new Promise(() => {});
        } finally {
            log.push(yield later('cleaned up'));
            log.push(yield count(m, 2));
        }
    });

    await later();
    started.cancel();
    await rejects(ioError('CANCELLED'), started);
    equal(log, ['cleaned up', 2]);
});

test('runs outlive their wrappers', arena => {
    const runner = new GcSeq.Runner({arena});
    const log = [];

    runner.run(function* (m) {
        yield count(m, 100);
        log.push('done');
    });
    collectWrappers();
    arena.collect();
    equal(log.length, 0);
    while (runner.step(10))
        collectWrappers();
    equal(log, ['done']);
});

test('what is dropped half-way', arena => {
    const runner = new GcSeq.Runner({arena});
    const taken = [];
    const gives = GcSeq.sequence(function* () {
        yield 1;
        yield 2;
    });

    arena.mutate(m => count(m, 1));             // never run
    runner.run_sync(m => Sequence.steps(m, (mutation, step) => {
        if (taken.push(step.get()) === 1)
            return step.call(gives(mutation));
        return step.done();
    }));
    equal(taken, [null, 1]);
});

function collect(m, generator) {
    const items = [];
    let begun = false;

    return Sequence.steps(m, (mutation, step) => {
        if (begun && !step.is_item())
            return step.done(GcObj.Array.from(mutation, [...items, step.get()]));
        if (begun)
            items.push(step.get());
        begun = true;
        return step.call(generator);
    });
}

test('items', arena => {
    const runner = new GcSeq.Runner({arena});
    const numbers = GcSeq.sequence(function* (m) {
        for (let i = 0; i < 3; i++) {
            yield i;
            yield count(m, i);
        }
        yield GcSeq.emit(null);
        yield 'text';
        return 'result';
    });
    // Items pass by what awaits their giver.
    const passes = make => GcSeq.sequence(function* (m) {
        return yield make(m);
    });

    for (const make of [numbers, passes(numbers), passes(passes(numbers))])
        equal([...runner.run_sync(m => collect(m, make(m)))], [0, 1, 2, null, 'text', 'result']);
    throws(sequenceError('UNWANTED'), () => runner.run_sync(numbers));
});

test('loops', arena => {
    const runner = new GcSeq.Runner({arena});
    const tries = [];
    const attempt = (m, n) => {
        tries.push(n);
        return n < 2 ? fail(m, new RangeError(n)) : count(m, 7);
    };

    equal(runner.run_sync(m => Sequence.loop(m, 1, (n, v) => v < 100 ? Sequence.value(n, v * 2) : v)), 128);
    equal(runner.run_sync(m => Sequence.loop_while(m, 1, v => v < 100, (n, v) => Sequence.value(n, v * 3))), 243);
    equal(runner.run_sync(m => Sequence.repeat(m, 5, (n, i) => count(n, i))), 4);
    equal(runner.run_sync(m => Sequence.retry(m, 5, 1, 1, 0, attempt, e => e instanceof RangeError)), 7);
    equal(tries, [0, 1, 2]);
    throws(RangeError, () => runner.run_sync(m => Sequence.retry(m, 5, 1, 1, 0, attempt, () => false)));
});

test('generators', arena => {
    const runner = new GcSeq.Runner({arena});
    const collected = make => [...runner.run_sync(m => GcSeq.generator_collect(m, make(m)))];
    // An array of C's numbers has nothing for a script: these are made its own.
    const numbers = m => GcSeq.generator_map(m, GcSeq.generator_range(m, 0, 6, 1), v => v);
    const letters = 'abc'[Symbol.iterator]();

    equal(collected(numbers), [0, 1, 2, 3, 4, 5]);
    equal(collected(m => GcSeq.generator_map(m, numbers(m), v => v * v)), [0, 1, 4, 9, 16, 25]);
    equal(collected(m => GcSeq.generator_filter(m, numbers(m), v => v % 2)), [1, 3, 5]);
    equal(collected(m => GcSeq.generator_scan(m, numbers(m), 10, (a, v) => a + v)), [10, 11, 13, 16, 20, 25]);
    equal(collected(m => GcSeq.generator_from_func(m, () => letters.next())), ['a', 'b', 'c']);
    equal(runner.run_sync(m => GcSeq.generator_fold(m, numbers(m), 'x', (a, v) => a + v)), 'x012345');
    equal(runner.run_sync(m => GcSeq.generator_find(m, numbers(m), v => v > 3)), 4);
    equal(runner.run_sync(function* (m) {
        const generator = numbers(m);
        let total = 0;
        for (;;) {
            const {done, value} = yield GcSeq.generator_next(m, generator);
            if (done)
                return total;
            total += value;
        }
    }), 15);
});

test('items outside', async arena => {
    const runner = new GcSeq.Runner({arena});
    const log = [];
    const items = [];
    const numbers = GcSeq.sequence(function* (m) {
        try {
            for (let i = 0; i < 5; i++)
                yield i;
        } catch {
            log.push(yield count(m, 2));
        }
    });

    for await (const item of runner.iterate(numbers))
        items.push(item);
    equal(items, [0, 1, 2, 3, 4]);
    for await (const item of runner.iterate(numbers)) {
        if (item === 2)
            break;
    }
    equal(log, [2]);
});

run();
