/* What goes wrong with sequences: it is an exception or a critical warning, and no harm.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';

import {assert, collectWrappers, endsWell, equal, refused, run, sequenceError, test, throws} from './harness.js';

const {Sequence} = GcSeq;

const count = GcSeq.sequence(function* count(m, n) {
    for (let i = 0; i < n; i++)
        yield;
    return n;
});

function stepAll(runner) {
    while (runner.step(1))
        ;
}

test('steps that return nonsense', arena => {
    const runner = new GcSeq.Runner({arena});

    for (const name of ['CALL', 'BECOME', 'FAILED']) {
        throws(sequenceError('FAILED'),
            () => runner.run_sync(m => Sequence.steps(m, () => GcSeq.StepResult[name])));
    }
    for (const result of [undefined, null, 99, -1, 1.5, 'text', [], {}])
        throws(TypeError, () => runner.run_sync(m => Sequence.steps(m, () => result)));
});

test('steps used late', arena => {
    const runner = new GcSeq.Runner({arena});
    const kept = [];

    runner.run_sync(m => Sequence.steps(m, (mutation, step) => {
        kept.push(mutation, step);
        return step.done(1);
    }));
    const [m, step] = kept;
    assert(!m.is_active() && !step.is_active());
    const never = arena.mutate(mutation => Sequence.never(mutation));
    refused(() => step.done(null));
    refused(() => step.call(never));
    refused(() => step.emit());
    refused(() => step.get());
    refused(() => step.steal_error());
    refused(() => step.done(5));
    throws(GcObj.Error.NOT_MUTATING, () => count(m, 1));
});

test('steps that outlive their runner', arena => {
    const kept = [];

    for (let i = 0; i < 5; i++) {
        new GcSeq.Runner({arena}).run_sync(m => Sequence.steps(m, (_, step) => {
            kept.push(step);
            return step.done(i);
        }));
        collectWrappers();
        for (const step of kept) {
            assert(!step.is_active());
            refused(() => step.get());
        }
    }
});

test('errors of no domain', arena => {
    const promise = new GcSeq.Promise();

    for (const domain of [0, 99999]) {
        throws(sequenceError('FAILED'),
            () => new GcSeq.Runner({arena}).run_sync(m => Sequence.steps(m, (_, step) => step.throw(domain, 1, 'thrown'))));
        refused(() => promise.reject_literal(domain, 1, 'rejected'));
    }
    assert(!promise.is_settled());
});

test('running twice', arena => {
    const runner = new GcSeq.Runner({arena});
    const once = arena.mutate(m => count(m, 3));

    equal(runner.run_sync(once), 3);
    throws(sequenceError('FINISHED'), () => runner.run_sync(once));
    const twice = arena.mutate(m => count(m, 3));
    const first = runner.run(twice);
    const second = runner.run(twice);
    stepAll(runner);
    equal(first.get_result(), 3);
    throws(sequenceError('BUSY'), () => second.get_result());
});

test('awaiting twice', arena => {
    equal(new GcSeq.Runner({arena}).run_sync(function* (m) {
        const child = count(m, 2);
        yield child;
        try {
            yield child;
        } catch (error) {
            assert(error.matches(...sequenceError('FINISHED')));
            return 'caught';
        }
        return null;
    }), 'caught');
});

test('awaiting itself', arena => {
    const me = [];

    me.push(arena.mutate(GcSeq.sequence(function* () {
        yield me[0];
    })));
    throws(sequenceError('BUSY'), () => new GcSeq.Runner({arena}).run_sync(me[0]));
    me.pop();
});

test('running inside of a step', arena => {
    const runner = new GcSeq.Runner({arena});

    equal(runner.run_sync(function* () {
        yield;
        throws(sequenceError('BUSY'), () => runner.run_sync(count, null, 1));
        const begun = runner.run(count, 2);
        assert(!begun.is_done());
        while (!begun.is_done())
            yield;
        return begun.get_result();
    }), 2);
});

test("another arena's", arena => {
    const stranger = new GcObj.Arena();
    const runner = new GcSeq.Runner({arena});
    const foreign = stranger.mutate(m => count(m, 1));
    const array = stranger.mutate(m => new GcObj.Array(m));

    throws(GcObj.Error.WRONG_ARENA, () => runner.run_sync(foreign));
    throws(GcObj.Error.WRONG_ARENA, () => runner.run(foreign));
    throws(null, () => runner.run_sync(function* () {
        yield foreign;
    }));
    throws(sequenceError('FAILED'), () => runner.run_sync(m => Sequence.steps(m, (n, step) => step.done(array))));
    arena.mutate(m => {
        throws(TypeError, () => Sequence.map(m, foreign, v => v));
        throws(TypeError, () => Sequence.then(m, foreign, v => v));
        throws(TypeError, () => Sequence.value(m, array));
    });
    stranger.verify();
});

test('no sequences', arena => {
    const runner = new GcSeq.Runner({arena});
    let late;

    for (const what of [5, null, undefined, () => 5, () => null, {}])
        throws(TypeError, () => runner.run_sync(what));
    throws(TypeError, () => runner.run_sync(arena.mutate(m => Sequence.never(m)), null, 5));
    arena.mutate(m => {
        late = m;
        throws(TypeError, () => new Sequence(m));
        throws(null, () => Sequence.map(m, null, v => v));
        throws(null, () => Sequence.map(m, arena, v => v));
        throws(null, () => Sequence.map(m, Sequence.never(m), 5));
    });
    throws(TypeError, () => new Sequence());
    throws(TypeError, () => Sequence.never());
    throws(GcObj.Error.NOT_MUTATING, () => Sequence.never(late));
});

test('classes of one\'s own', arena => {
    class Mine extends Sequence {}

    arena.mutate(m => throws(TypeError, () => new Mine(m)));
    assert(Sequence.prototype.vfunc_step === undefined);
});

test('generators that misbehave', arena => {
    const runner = new GcSeq.Runner({arena});
    const swallows = runner.run(function* (m) {
        for (;;) {
            try {
                yield Sequence.never(m);
            } catch {
                return 'swallowed';
            }
        }
    });

    runner.step(10);
    swallows.cancel();
    stepAll(runner);
    equal(swallows.get_result(), 'swallowed');

    throws(TypeError, () => runner.run_sync(function* () {
        yield {};
    }));
    assert(runner.run_sync(function* (m) {
        m.finish();
        yield;
        return m.is_active();
    }));
    assert(!runner.run_sync(function* () {
        const inner = arena.begin();
        yield;
        return inner.is_active();
    }));
    // Run by itself inside of its own step.
    throws(TypeError, () => {
        const iterator = (function* () {
            yield iterator.next();
        })();
        runner.run_sync(GcSeq.sequence(() => iterator));
    });
    const rude = {
        toString() {
            throw new Error('no text');
        },
    };
    try {
        runner.run_sync(function* () {
            throw rude;
        });
        assert(false);
    } catch (error) {
        assert(error === rude);
    }
});

const EXIT = `
import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';
import System from 'system';

const arena = new GcObj.Arena();
const runner = new GcSeq.Runner({arena});
const forever = GcSeq.sequence(function* (m) {
    try {
        yield;
        yield GcSeq.Sequence.never(m);
    } finally {
        print('unexpected');
    }
});
globalThis.kept = [1, 2, 3].map(() => runner.run(forever));
kept.push(runner.run(function* () {
    yield new Promise(() => {});
}));
kept.push(arena.mutate(m => GcSeq.Sequence.map(m, forever(m), v => v)));
runner.step(20);
`;

test('the interpreter ends with runs left', () => {
    for (const ending of ['', 'System.exit(0);', 'runner.step(1);', 'System.gc();']) {
        endsWell(EXIT + ending);
    }
});

run();
