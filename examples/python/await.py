# asyncio and sequences, which await each other.
#
# SPDX-License-Identifier: CC0-1.0

import asyncio

import gi
gi.require_version('GcObj', '1.0')
gi.require_version('GcSeq', '1.0')
from gi.repository import GcObj, GcSeq

runner = GcSeq.Runner(GcObj.Arena())


@GcSeq.sequence
async def clock(m, n):
    for i in range(1, n + 1):
        await asyncio.sleep(0.001)              # asyncio's
        print('tick', i)
    return f'{n} ticks'


@GcSeq.sequence
def value(m, number):
    yield GcSeq.Sequence.sleep(m, 1000)         # the library's
    return number


@GcSeq.sequence
def fail(m):
    yield
    raise LookupError('nobody is there')


@GcSeq.sequence
def numbers(m):
    for i in range(1000):
        yield i


async def main():
    print(await runner.run(clock, 3))
    one, two = await asyncio.gather(runner.run(value, 1), runner.run(value, 2))
    print('both:', one, two)
    try:
        await runner.run(fail)
    except LookupError as error:
        print('caught:', error)
    async for i in runner.iterate(numbers):
        print('item', i)
        if i == 2:
            break


asyncio.run(main())
