# Items of generators, loops, and what is made of generators.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio

from harness import GcObj, GcSeq, GLib, raises, run, test

Sequence = GcSeq.Sequence


@GcSeq.sequence
def count(m, n):
    for _ in range(n):
        yield
    return n


@GcSeq.sequence
def fail(m, exception):
    yield
    raise exception


def in_both_loops(function):
    """With asyncio's own loop, and with GLib's."""
    def call(arena):
        asyncio.run(function(arena))
        try:
            from gi.events import GLibEventLoopPolicy
        except ImportError:
            return
        policy = GLibEventLoopPolicy()
        policy.get_event_loop().run_until_complete(function(arena))
    call.__name__ = function.__name__
    test(call)


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
