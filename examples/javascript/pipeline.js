/* A pipeline that tells how far it is, cancelled half-way and then run to its end.
 *
 * SPDX-License-Identifier: CC0-1.0 */

import GLib from 'gi://GLib';
import Gio from 'gi://Gio';
import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';

const N = 6;
const runner = new GcSeq.Runner({arena: new GcObj.Arena()});

const square = GcSeq.sequence(function* square(m, number) {
    yield GcSeq.Sequence.sleep(m, 1000);        // microseconds
    yield number * number;                      // an item
});

function pipeline(m, progress) {
    const numbers = GcSeq.generator_range(m, 1, N + 1, 1);
    const watched = GcSeq.generator_map(m, numbers, number => {
        print(number, 'of', N);
        progress(number);
        return number;
    });
    const squares = GcSeq.generator_flat_map(m, watched, (mutation, number) => square(mutation, number));
    return GcSeq.generator_fold(m, squares, 0, (total, number) => total + number);
}

async function main() {
    const run = runner.run(pipeline, number => {
        if (number === 3)
            run.cancel();
    });
    try {
        await run;
    } catch (error) {
        if (!error.matches?.(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED))
            throw error;
        print('cancelled');
    }

    print('sum', await runner.run(pipeline, () => {}));
}

const loop = new GLib.MainLoop(null, false);
main().catch(logError).finally(() => loop.quit());
loop.run();
