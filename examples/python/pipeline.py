# A pipeline that tells how far it is, cancelled half-way and then run to its end.
#
# SPDX-License-Identifier: CC0-1.0

import asyncio

import gi
gi.require_version('GcObj', '1.0')
gi.require_version('GcSeq', '1.0')
from gi.repository import GcObj, GcSeq, Gio, GLib

N = 6
runner = GcSeq.Runner(GcObj.Arena())


@GcSeq.sequence
def square(m, number):
    yield GcSeq.Sequence.sleep(m, 1000)         # microseconds
    yield number * number                       # an item


def pipeline(m, progress):
    numbers = GcSeq.generator_range(m, 1, N + 1, 1)
    watched = GcSeq.generator_map(m, numbers, progress)
    squares = GcSeq.generator_flat_map(m, watched, lambda m, number: square(m, number))
    return GcSeq.generator_fold(m, squares, 0, lambda total, number: total + number)


async def main():
    def stop_at_3(number):
        print(number, 'of', N)
        if number == 3:
            run.cancel()
        return number

    def show(number):
        print(number, 'of', N)
        return number

    run = runner.run(pipeline, stop_at_3)
    try:
        await run
    except GLib.Error as error:
        if not error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED):
            raise
        print('cancelled')

    print('sum', await runner.run(pipeline, show))


asyncio.run(main())
