# Combinators that take functions of Python's, loops and generators, and what sequences share.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from harness import GcObj, GcSeq, GLib, raises, run, test
from harness_sequences import Sequence, count, fail, in_both_loops


@test
def combinators_take_functions(arena):
    runner = GcSeq.Runner(arena)
    factor = 3

    def chain(m):
        s = Sequence.map(m, Sequence.value(m, 2), lambda v: v * factor)
        s = Sequence.map(m, s, lambda m, v: GcObj.Array(m, [v, v + 1]))
        s = Sequence.map(m, s, len)
        s = Sequence.map(m, s, str)
        return Sequence.then(m, s, lambda m, v: Sequence.value(m, v + '!'))

    assert runner.run_sync(chain) == '2!'
    assert runner.run_sync(lambda m: Sequence.defer(m, lambda m: count(m, 3))) == 3
    raises(ZeroDivisionError, runner.run_sync, lambda m: Sequence.map(m, Sequence.value(m, 0), lambda v: 1 / v))
    assert runner.run_sync(lambda m: Sequence.then(m, Sequence.value(m, 0), lambda v: v + 1)) == 1
    assert runner.run_sync(lambda m: Sequence.catch(m, fail(m, KeyError('k')), 0, -1, lambda e: e.args[0])) == 'k'
    assert runner.run_sync(lambda m: Sequence.or_else(m, fail(m, KeyError('k')), lambda m, e: count(m, 2))) == 2
    raises(OSError, runner.run_sync, lambda m: Sequence.map_error(m, fail(m, KeyError('k')), lambda e: OSError(e)))
    seen = []
    assert runner.run_sync(lambda m: Sequence.inspect(m, count(m, 2), seen.append)) == 2 and seen == [2]
    assert runner.run_sync(lambda m: Sequence.finally_(m, count(m, 2), lambda m: count(m, 5))) == 2
    assert runner.run_sync(lambda m: Sequence.finally_(m, count(m, 2), lambda: seen.append('end'))) == 2
    assert seen == [2, 'end']


@test
def joins_and_scopes(arena):
    runner = GcSeq.Runner(arena)
    log = []

    @GcSeq.sequence
    def task(m, n):
        log.append((yield count(m, n)))

    @GcSeq.sequence
    def main(m, group):
        for n in range(3):
            group.spawn(task(m, n))
        while len(log) < 3:             # what still runs when it ends is cancelled
            yield Sequence.sleep(m, 2000)
        return 'main'

    assert list(runner.run_sync(lambda m: Sequence.all(m, [count(m, 3), count(m, 1)]))) == [3, 1]
    raises(KeyError, runner.run_sync, lambda m: Sequence.all(m, [count(m, 1000), fail(m, KeyError())]))
    assert runner.run_sync(lambda m: Sequence.scope(m, lambda m, group: main(m, group))) == 'main'
    assert sorted(log) == [0, 1, 2]
    with arena.mutation() as m:
        group = GcSeq.TaskGroup(m)
    raises(RuntimeError, group.spawn, None)


@test
def promises_and_channels(arena):
    runner = GcSeq.Runner(arena)
    with arena.mutation() as m:
        channel = GcSeq.Channel(m, 1)

    @GcSeq.sequence
    def send(m):
        for item in (1, None, 'text'):
            yield channel.send(m, item)
        channel.close()

    @GcSeq.sequence
    def receive(m):
        items = []
        while len(items) < 3:
            items.append((yield channel.receive(m)))
        return GcObj.Array(m, items)

    sender = runner.run(send)
    assert list(runner.run_sync(receive)) == [1, None, 'text']
    assert sender.get_result() is None

    for value in (None, True, 5, 2 ** 40, 0.5, 'text'):
        promise = GcSeq.Promise()
        started = runner.run(lambda m: promise.wait(m))
        runner.step(5)
        promise.resolve(value)
        while runner.step(1):
            pass
        got = started.get_result()
        assert got == value and type(got) is type(value), got
    assert runner.run_sync(lambda m: Sequence.from_async(m, lambda promise: promise.resolve(7))) == 7
    raises(LookupError, runner.run_sync, lambda m: Sequence.from_async(m, lambda promise: {}['none']))
    assert runner.run_sync(lambda m: Sequence.in_thread(m, lambda promise: sum(range(100)))) == 4950
    raises(ZeroDivisionError, runner.run_sync, lambda m: Sequence.in_thread(m, lambda promise: 1 / 0))


@test
def items(arena):
    @GcSeq.sequence
    def numbers(m):
        for i in range(3):
            yield i
        yield GcSeq.emit(None)
        yield [count(m, 1)] and 'text'
        return 'result'

    @GcSeq.sequence
    async def async_numbers(m):
        for i in range(3):
            yield await count(m, i)
        yield None
        yield 'text'

    def passes(make):
        """Items pass by what awaits their giver."""
        def pass_by(m):
            return (yield make(m))
        return GcSeq.sequence(pass_by)

    def collect(m, generator):
        got, begun = [], []

        def step(m, step):
            if begun and not step.is_item():
                return step.done(GcObj.Array(m, [*got, step.get()]))
            if begun:
                got.append(step.get())
            begun.append(True)
            return step.call(generator)
        return Sequence.steps(m, step)

    runner = GcSeq.Runner(arena)
    expected = [0, 1, 2, None, 'text']
    for make in (numbers, passes(numbers), passes(passes(numbers))):
        assert list(runner.run_sync(lambda m: collect(m, make(m)))) == [*expected, 'result']
    assert list(runner.run_sync(lambda m: collect(m, async_numbers(m)))) == [*expected, None]
    raises(GcSeq.SequenceError.UNWANTED, runner.run_sync, numbers)


@test
def loops(arena):
    runner = GcSeq.Runner(arena)
    assert runner.run_sync(lambda m: Sequence.loop(m, 1, lambda m, v: Sequence.value(m, v * 2) if v < 100 else v)) == 128
    assert runner.run_sync(lambda m: Sequence.loop_while(m, 1, lambda v: v < 100,
                                                         lambda m, v: Sequence.value(m, v * 3))) == 243
    assert runner.run_sync(lambda m: Sequence.repeat(m, 5, lambda m, i: count(m, i))) == 4
    tries = []

    def attempt(m, n):
        tries.append(n)
        return fail(m, KeyError(n)) if n < 2 else count(m, 7)

    assert runner.run_sync(lambda m: Sequence.retry(m, 5, 1, 1.0, 0.0, attempt, lambda e: isinstance(e, KeyError))) == 7
    assert tries == [0, 1, 2]
    raises(KeyError, runner.run_sync, lambda m: Sequence.retry(m, 5, 1, 1.0, 0.0, attempt, lambda e: False))


@test
def generators(arena):
    runner = GcSeq.Runner(arena)

    def collect(make):
        return list(runner.run_sync(lambda m: GcSeq.generator_collect(m, make(m))))

    # An array of C's numbers has nothing for a script: these are made its own.
    def numbers(m):
        return GcSeq.generator_map(m, GcSeq.generator_range(m, 0, 6, 1), lambda v: v)

    letters = iter('abc')
    assert collect(numbers) == [0, 1, 2, 3, 4, 5]
    assert collect(lambda m: GcSeq.generator_map(m, numbers(m), lambda v: v * v)) == [0, 1, 4, 9, 16, 25]
    assert collect(lambda m: GcSeq.generator_filter(m, numbers(m), lambda v: v % 2)) == [1, 3, 5]
    assert collect(lambda m: GcSeq.generator_take_while(m, numbers(m), lambda v: v < 2)) == [0, 1]
    assert collect(lambda m: GcSeq.generator_scan(m, numbers(m), 10, lambda a, v: a + v)) == [10, 11, 13, 16, 20, 25]
    assert collect(lambda m: GcSeq.generator_from_func(m, letters.__next__)) == ['a', 'b', 'c']
    assert collect(lambda m: GcSeq.generator_flat_map(
        m, numbers(m), lambda m, v: GcSeq.generator_once(m, v * 2))) == [0, 2, 4, 6, 8, 10]
    assert runner.run_sync(lambda m: GcSeq.generator_fold(m, numbers(m), 'x', lambda a, v: a + str(v))) == 'x012345'
    assert runner.run_sync(lambda m: GcSeq.generator_find(m, numbers(m), lambda v: v > 3)) == 4
    raises(ZeroDivisionError, collect, lambda m: GcSeq.generator_map(m, numbers(m), lambda v: 1 / v))

    @GcSeq.sequence
    async def total(m, generator):
        result = 0
        async for item in generator:
            result += item
        return result

    assert runner.run_sync(lambda m: total(m, numbers(m))) == 15


@in_both_loops
async def items_outside(arena):
    runner = GcSeq.Runner(arena)
    log = []

    @GcSeq.sequence
    def numbers(m):
        try:
            for i in range(5):
                yield i
        except GLib.Error:
            log.append((yield count(m, 2)))

    assert [item async for item in runner.iterate(numbers)] == [0, 1, 2, 3, 4]
    items = runner.iterate(numbers)
    async for item in items:
        if item == 2:
            break
    await items.aclose()
    assert log == [2]


run()
