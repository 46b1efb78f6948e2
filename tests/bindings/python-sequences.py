# Sequences of generator functions and coroutines, combinators, and runs.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import gc
import weakref

from harness import GcObj, GcSeq, Gio, GLib, raises, run, test
from harness_sequences import Sequence, count, fail, forever, in_both_loops

from gi.repository import GObject


class Thing(GObject.Object):
    pass


@test
def values_come_back(arena):
    runner = GcSeq.Runner(arena)
    thing = Thing()

    @GcSeq.sequence
    def echo(m, value):
        got = yield Sequence.value(m, value)
        assert type(got) is type(value) or value is None, (got, value)
        return got

    for value in (None, True, False, 0, 7, -1, 2 ** 31, -2 ** 63, 2 ** 63 - 1, 0.5, float('inf'), '', 'text', 'ä€😀',
                  b'', b'bytes\0', thing):
        got = runner.run_sync(echo, value)
        assert got == value and type(got) is type(value), (got, value)
    array = arena.mutate(lambda m: GcObj.Array(m, [1]))
    assert runner.run_sync(echo, array) == array
    raises(OverflowError, runner.run_sync, echo, 2 ** 63)
    raises(ValueError, runner.run_sync, echo, 'nul\0')
    raises(TypeError, runner.run_sync, echo, {})


@test
def records_come_back(arena):
    @GcObj.record
    class Person:
        name: str

    @GcSeq.sequence
    def make(m, name):
        yield
        return Person(m, name=name)

    @GcSeq.sequence
    def rename(m):
        person = yield make(m, 'Ada')
        assert isinstance(person, Person)
        yield
        person.name += ' Lovelace'
        return person

    assert GcSeq.Runner(arena).run_sync(rename).name == 'Ada Lovelace'


@test
def awaiting(arena):
    @GcSeq.sequence
    def add(m, *numbers):
        total = 0
        for n in numbers:
            total += yield count(m, n)
        return total

    runner = GcSeq.Runner(arena)
    assert runner.run_sync(add, 1, 2, 3) == 6
    assert runner.run_sync(lambda m: add(m, 4)) == 4
    assert runner.run_sync(arena.mutate(lambda m: add(m, 5))) == 5
    assert add.__name__ == 'add'
    assert 'add' in arena.mutate(lambda m: add(m)).describe()


@test
def garbage_is_collected_between_steps(arena):
    @GcSeq.sequence
    def litter(m):
        kept = GcObj.Array(m)
        for i in range(1000):
            kept.append(GcObj.Array(m, [i]))
            if len(kept) > 10:
                kept.clear()
            yield
        return len(kept)

    eager = GcObj.Arena()
    eager.set_zeal(GcObj.Zeal.SAFEPOINT | GcObj.Zeal.VERIFY)
    runner = GcSeq.Runner(eager)
    assert runner.run_sync(litter) == 10


@test
def coroutines(arena):
    @GcSeq.sequence
    async def twice(m, n):
        first = await count(m, n)
        await GcSeq.pause()
        return first + await count(m, n)

    async def undecorated(m):
        return await twice(m, 3)

    def generator(m):
        return (yield twice(m, 4))

    runner = GcSeq.Runner(arena)
    assert runner.run_sync(twice, 5) == 10
    assert runner.run_sync(undecorated) == 6
    assert runner.run_sync(generator) == 8


@test
def functions_that_do_not_stop(arena):
    @GcSeq.sequence
    def plain(m):
        return 5

    @GcSeq.sequence
    def becomes(m, n):
        return plain(m) if n == 0 else becomes(m, n - 1)

    assert GcSeq.Runner(arena).run_sync(plain) == 5
    assert GcSeq.Runner(arena).run_sync(becomes, 1000) == 5


@test
def functions_as_steps(arena):
    runner = GcSeq.Runner(arena)
    seen = []

    def step(m, step):
        seen.append(step.get())
        if len(seen) == 1:
            return GcSeq.StepResult.CONTINUE
        if len(seen) == 2:
            return step.call(Sequence.value(m, 'called'))
        return step.done(len(seen))

    assert runner.run_sync(lambda m: Sequence.steps(m, step)) == 3
    assert seen == [None, None, 'called']


@test
def exceptions_are_themselves(arena):
    class Mine(Exception):
        pass

    mine = Mine('text')

    @GcSeq.sequence
    def catch(m):
        try:
            yield fail(m, mine)
        except Mine as exception:
            assert exception is mine
            return 'caught'

    @GcSeq.sequence
    def pass_on(m):
        yield Sequence.map(m, fail(m, mine), lambda v: v)

    @GcSeq.sequence
    def other(m):
        try:
            yield fail(m, mine)
        except Mine as exception:
            raise KeyError('other') from exception

    runner = GcSeq.Runner(arena)
    assert runner.run_sync(catch) == 'caught'
    assert raises(Mine, runner.run_sync, pass_on) is mine
    assert raises(KeyError, runner.run_sync, other).__cause__ is mine
    assert raises(Mine, runner.run_sync, lambda m: Sequence.error(m, mine)) is mine
    for kind in (KeyboardInterrupt, SystemExit, GeneratorExit, UnicodeError):
        raises(kind, runner.run_sync, fail, kind())
    # StopIteration can't leave a generator.
    raises(RuntimeError, runner.run_sync, fail, StopIteration())
    mine.__traceback__ = None


@test
def errors_keep_domain_and_code(arena):
    quark = GLib.quark_to_string(Gio.io_error_quark())

    @GcSeq.sequence
    def catch(m):
        try:
            yield fail(m, GLib.Error('gone', quark, Gio.IOErrorEnum.NOT_FOUND))
        except GLib.Error as error:
            assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND)
            assert error.message == 'gone'
        raise GLib.Error('busy', quark, Gio.IOErrorEnum.BUSY)

    assert raises(Gio.IOErrorEnum.BUSY, GcSeq.Runner(arena).run_sync, catch).message == 'busy'


@test
def exceptions_that_nobody_asks_for(arena):
    runner = GcSeq.Runner(arena)
    before = weakref.ref(first := Thing())
    error = ValueError(first)
    runs = [runner.run(fail, error)] + [runner.run(fail, ValueError(i)) for i in range(1000)]
    while runner.step(100):
        pass
    # The first ones are forgotten: what comes out tells what they were.
    error = raises(GcSeq.SequenceError.EXCEPTION, runs[0].get_result)
    assert error.message.startswith('ValueError: ')
    assert raises(ValueError, runs[-1].get_result).args == (999,)
    # The frames of those that are left lead here.
    del runs, error, first, runner
    gc.collect()
    assert before() is None


@test
def cancelling(arena):
    log = []

    @GcSeq.sequence
    def cleans_up(m):
        try:
            yield Sequence.never(m)
        except GLib.Error as error:
            assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)
            log.append((yield count(m, 3)))
            raise
        finally:
            log.append('finally')

    runner = GcSeq.Runner(arena)
    started = runner.run(cleans_up)
    runner.step(10)
    started.cancel()
    while runner.step(1):
        pass
    raises(Gio.IOErrorEnum.CANCELLED, started.get_result)
    assert log == [3, 'finally']

    cancellable = Gio.Cancellable()
    started = runner.run(cleans_up, cancellable=cancellable)
    runner.step(10)
    cancellable.cancel()
    while runner.step(1):
        pass
    raises(Gio.IOErrorEnum.CANCELLED, started.get_result)
    assert log == [3, 'finally'] * 2

    # Before its first step: its code does not run.
    cancellable = Gio.Cancellable()
    cancellable.cancel()
    raises(Gio.IOErrorEnum.CANCELLED, runner.run_sync, cleans_up, cancellable=cancellable)
    assert len(log) == 4


@in_both_loops
async def awaiting_runs(arena):
    runner = GcSeq.Runner(arena)
    first = runner.run(count, 5)
    assert await first == 5
    assert await first == 5                     # again
    assert await asyncio.gather(*(runner.run(count, n) for n in range(20))) == list(range(20))
    try:
        await runner.run(fail, LookupError('x'))
        raise AssertionError
    except LookupError:
        pass
    assert await asyncio.wait_for(runner.run(count, 2), 30) == 2


@in_both_loops
async def cancelling_tasks(arena):
    runner = GcSeq.Runner(arena)
    log = []
    begun = asyncio.Event()

    @GcSeq.sequence
    def cleans_up(m):
        try:
            begun.set()
            yield Sequence.never(m)
        finally:
            log.append((yield count(m, 100)))

    task = asyncio.ensure_future(runner.run(cleans_up).wait())
    await asyncio.wait_for(begun.wait(), 30)
    task.cancel()
    try:
        await task
        raise AssertionError
    except asyncio.CancelledError:
        pass
    # It has ended before the task did.
    assert log == [100] and runner.get_n_runs() == 0
    try:
        await asyncio.wait_for(runner.run(forever), 0.01)
        raise AssertionError
    except asyncio.TimeoutError:
        pass
    assert runner.get_n_runs() == 0


@in_both_loops
async def futures_in_sequences(arena):
    runner = GcSeq.Runner(arena)
    loop = asyncio.get_running_loop()

    @GcSeq.sequence
    def generator(m):
        future = loop.create_future()
        loop.call_later(0.005, future.set_result, 'result')
        assert (yield future) == 'result'
        future = loop.create_future()
        loop.call_later(0.005, future.set_exception, LookupError('x'))
        try:
            yield future
        except LookupError:
            return 'both'

    @GcSeq.sequence
    async def coroutine(m):
        await asyncio.sleep(0.005)
        return await asyncio.ensure_future(asyncio.sleep(0.005, 'slept'))

    assert await runner.run(generator) == 'both'
    assert await runner.run(coroutine) == 'slept'


@test
def a_context_for_callbacks(arena):
    runner = GcSeq.Runner(arena)
    results = []
    made = arena.mutate(lambda m: count(m, 3))
    runner.run_async(made, None, lambda runner, result: results.append(runner.run_finish(result)))
    made = arena.mutate(lambda m: fail(m, LookupError('x')))
    runner.run_async(made, None, lambda runner, result: results.append(raises(LookupError, runner.run_finish, result)))
    del made
    while len(results) < 2:
        GLib.MainContext.default().iteration(True)
    assert results[0] == 3 and results[1].args == ('x',)


@test
def runs_outlive_their_wrappers(arena):
    log = []

    @GcSeq.sequence
    def logs(m):
        yield count(m, 100)
        log.append('done')

    runner = GcSeq.Runner(arena)
    runner.run(logs)
    gc.collect()
    arena.collect()
    assert not log
    while runner.step(10):
        gc.collect()
    assert log == ['done']


@test
def what_is_dropped_half_way(arena):
    log = []

    @GcSeq.sequence
    def logs(m):
        try:
            yield
            yield Sequence.never(m)
        finally:
            log.append('finally')

    runner = GcSeq.Runner(arena)
    arena.mutate(lambda m: logs(m))             # never run
    started = runner.run(logs)
    for _ in range(5):
        runner.step(1)
    started.cancel()
    while runner.step(1):
        pass
    del started
    assert log == ['finally']

    # A generator that has given an item, and that nobody asks for another.
    @GcSeq.sequence
    def gives(m):
        try:
            yield 1
            yield 2
        finally:
            log.append('closed')

    taken = []

    def take_one(m, step):
        if not taken:
            taken.append(None)
            return step.call(gives(m))
        taken[0] = step.get()
        return step.done()

    runner.run_sync(lambda m: Sequence.steps(m, take_one))
    assert taken == [1]
    gc.collect()
    arena.collect()
    while GLib.MainContext.default().iteration(False):
        pass
    arena.collect()
    assert log == ['finally', 'closed']


run()
