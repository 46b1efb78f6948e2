# What goes wrong with sequences: it is an exception or a critical warning, and no harm.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import os
import subprocess
import sys

from harness import GcObj, GcSeq, GLib, raises, run, test

Sequence = GcSeq.Sequence


@GcSeq.sequence
def count(m, n):
    for _ in range(n):
        yield
    return n


@test
def steps_that_return_nonsense(arena):
    runner = GcSeq.Runner(arena)
    for result in (GcSeq.StepResult.CALL, GcSeq.StepResult.BECOME, GcSeq.StepResult.FAILED):
        raises(GcSeq.SequenceError.FAILED, runner.run_sync, lambda m: Sequence.steps(m, lambda m, step: result))
    for result in (None, 99, -1, 'text', [], 1.5):
        raises(TypeError, runner.run_sync, lambda m: Sequence.steps(m, lambda m, step: result))


@test
def steps_used_late(arena):
    runner = GcSeq.Runner(arena)
    kept = []

    def keep(m, step):
        kept.append((m, step))
        return step.done(1)

    runner.run_sync(lambda m: Sequence.steps(m, keep))
    m, step = kept.pop()
    assert not m.is_active() and not step.is_active()
    never = arena.mutate(Sequence.never)
    assert not step.done(None)
    assert not step.call(never)
    assert not step.emit()
    assert step.get() is None
    assert step.steal_error() is None
    raises(TypeError, step.done, 5)             # nothing to make a box with
    raises(TypeError, count, m, 1)


@test
def steps_that_outlive_their_runner(arena):
    kept = []
    for i in range(5):
        GcSeq.Runner(arena).run_sync(lambda m: Sequence.steps(m, lambda m, step: kept.append(step) or step.done(i)))
        gc.collect()
        for step in kept:
            assert not step.is_active() and step.get() is None


@test
def steps_of_another_sequence(arena):
    """Inside of the runner's step, all steps are one."""
    runner = GcSeq.Runner(arena)
    kept = []

    @GcSeq.sequence
    def keep(m):
        yield Sequence.steps(m, lambda m, step: kept.append(step) or step.done(1))
        kept[0].done(2)
        kept[0].throw(GcSeq.SequenceError.quark(), 0, 'thrown')
        yield

    raises(GLib.Error, runner.run_sync, keep)


@test
def errors_of_no_domain(arena):
    promise = GcSeq.Promise.new()
    for domain in (0, 99999):
        raises(GcSeq.SequenceError.FAILED, GcSeq.Runner(arena).run_sync,
               lambda m: Sequence.steps(m, lambda m, step: step.throw(domain, 1, 'thrown')))
        assert not promise.reject_literal(domain, 1, 'rejected')
    assert not promise.is_settled()


@test
def running_twice(arena):
    runner = GcSeq.Runner(arena)
    once = arena.mutate(lambda m: count(m, 3))
    assert runner.run_sync(once) == 3
    raises(GcSeq.SequenceError.FINISHED, runner.run_sync, once)
    twice = arena.mutate(lambda m: count(m, 3))
    first, second = runner.run(twice), runner.run(twice)
    while runner.step(1):
        pass
    assert first.get_result() == 3
    raises(GcSeq.SequenceError.BUSY, second.get_result)


@test
def awaiting_twice(arena):
    @GcSeq.sequence
    def twice(m):
        child = count(m, 2)
        yield child
        try:
            yield child
        except GLib.Error as error:
            assert error.matches(GcSeq.SequenceError.quark(), GcSeq.SequenceError.FINISHED)
            return 'caught'

    assert GcSeq.Runner(arena).run_sync(twice) == 'caught'


@test
def awaiting_itself(arena):
    runner = GcSeq.Runner(arena)
    me = []

    @GcSeq.sequence
    def selfish(m):
        yield me[0]

    me.append(arena.mutate(selfish))
    raises(GcSeq.SequenceError.BUSY, runner.run_sync, me[0])
    me.clear()


@test
def running_inside_of_a_step(arena):
    runner = GcSeq.Runner(arena)
    other = GcSeq.Runner(arena)

    @GcSeq.sequence
    def waits(m):
        yield
        raises(GcSeq.SequenceError.BUSY, runner.run_sync, lambda m: count(m, 1))
        later = runner.run(count, 2)            # begins when this has its step
        assert not later.is_done()
        while not later.is_done():
            yield
        return later.get_result()

    assert runner.run_sync(waits) == 2
    del other


@test
def another_arenas_sequence(arena):
    stranger = GcObj.Arena()
    runner = GcSeq.Runner(arena)
    foreign = stranger.mutate(lambda m: count(m, 1))
    raises(GcObj.Error.WRONG_ARENA, runner.run_sync, foreign)
    raises(GcObj.Error.WRONG_ARENA, runner.run, foreign)

    @GcSeq.sequence
    def awaits(m):
        yield foreign

    raises(GLib.Error, runner.run_sync, awaits)
    # A result.
    array = stranger.mutate(GcObj.Array)
    raises(GcSeq.SequenceError.FAILED, runner.run_sync, lambda m: Sequence.steps(m, lambda m, step: step.done(array)))
    # What combinators are given.
    with arena.mutation() as m:
        raises(TypeError, Sequence.map, m, foreign, lambda v: v)
        raises(TypeError, Sequence.then, m, foreign, lambda v: v)
        raises(TypeError, Sequence.value, m, array)
    stranger.verify()


@test
def no_sequences(arena):
    runner = GcSeq.Runner(arena)
    raises(TypeError, runner.run_sync, 5)
    raises(TypeError, runner.run_sync, lambda m: 5)
    raises(TypeError, runner.run_sync, lambda: None)
    raises(TypeError, runner.run_sync, arena.mutate(Sequence.never), 5)
    raises(TypeError, Sequence)
    raises(TypeError, GcSeq.Runner, 5)
    with arena.mutation() as m:
        raises(TypeError, Sequence.map, m, None, lambda v: v)
        raises(TypeError, Sequence.map, m, arena, lambda v: v)
        raises(TypeError, Sequence.map, m, Sequence.never(m), 5)
    raises(TypeError, Sequence.never, m)


@test
def classes_of_ones_own(arena):
    def derive():
        class Mine(Sequence):
            def do_step(self, m, step):
                return step.done(1)

    raises(TypeError, derive)
    assert not hasattr(Sequence, 'do_step')


@test
def generators_that_misbehave(arena):
    runner = GcSeq.Runner(arena)

    @GcSeq.sequence
    def swallows(m):
        while True:
            try:
                yield Sequence.never(m)
            except GLib.Error:
                return 'swallowed'

    started = runner.run(swallows)
    runner.step(10)
    started.cancel()
    while runner.step(1):
        pass
    assert started.get_result() == 'swallowed'

    @GcSeq.sequence
    def gives_a_dict(m):
        yield {}

    raises(TypeError, runner.run_sync, gives_a_dict)

    @GcSeq.sequence
    def finishes(m):
        m.finish()
        yield
        return m.is_active()

    assert runner.run_sync(finishes) is True

    @GcSeq.sequence
    def leaves_open(m):
        inner = arena.begin()
        yield
        return inner.is_active()

    assert runner.run_sync(leaves_open) is False

    class Rude(Exception):
        def __str__(self):
            raise ValueError('no text')

    @GcSeq.sequence
    def rude(m):
        yield
        raise Rude()

    raises(Rude, runner.run_sync, rude)


EXIT = '''
import gi
gi.require_version('GcSeq', '1.0')
from gi.repository import GcObj, GcSeq

@GcSeq.sequence
def forever(m):
    try:
        while True:
            yield
            yield GcSeq.Sequence.never(m)
    finally:
        pass

arena = GcObj.Arena()
runner = GcSeq.Runner(arena)
runs = [runner.run(forever) for _ in range(5)]
unrun = arena.mutate(forever)
mapped = arena.mutate(lambda m: GcSeq.Sequence.map(m, forever(m), lambda v: v))
runner.step(20)
cycle = [runner]
cycle.append(cycle)
ending = %s
'''


@test
def the_interpreter_ends_with_runs_left(arena):
    for ending in ('0', 'exit(0)', 'runner.step(1)', 'globals().clear()'):
        done = subprocess.run([sys.executable, '-c', EXIT % ending], env=dict(os.environ, G_DEBUG='fatal-criticals'),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
        assert done.returncode == 0, (ending, done.returncode, done.stdout)


run()
