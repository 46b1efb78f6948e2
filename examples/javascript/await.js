/* Promises and sequences, which await each other.
 *
 * SPDX-License-Identifier: CC0-1.0 */

import GLib from 'gi://GLib';
import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';

const runner = new GcSeq.Runner({arena: new GcObj.Arena()});

function sleep(milliseconds) {
    return new Promise(resolve => {
        GLib.timeout_add(GLib.PRIORITY_DEFAULT, milliseconds, () => {
            resolve();
            return GLib.SOURCE_REMOVE;
        });
    });
}

function* clock(m, n) {
    for (let i = 1; i <= n; i++) {
        yield sleep(1);                         // JavaScript's
        print('tick', i);
    }
    return `${n} ticks`;
}

function* value(m, number) {
    yield GcSeq.Sequence.sleep(m, 1000);        // the library's
    return number;
}

function* fail() {
    yield;
    throw new RangeError('nobody is there');
}

function* numbers() {
    for (let i = 0; i < 1000; i++)
        yield i;
}

async function main() {
    print(await runner.run(clock, 3));
    const [one, two] = await Promise.all([runner.run(value, 1), runner.run(value, 2)]);
    print('both:', one, two);
    try {
        await runner.run(fail);
    } catch (error) {
        print('caught:', error.message);
    }
    for await (const i of runner.iterate(numbers)) {
        print('item', i);
        if (i === 2)
            break;
    }
}

const loop = new GLib.MainLoop(null, false);
main().catch(logError).finally(() => loop.quit());
loop.run();
