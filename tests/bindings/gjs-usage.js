/* The program that the library was designed for, as it stands.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj';
import GcSeq from 'gi://GcSeq';

import {equal, test, run} from './harness.js';

const arena = new GcObj.Arena();
const Person = GcObj.record('Person', {name: String, age: Number, parent: 'Person', children: GcObj.Array});

arena.mutate(m => {
    const byron = new Person(m, {name: 'Byron'});
    const ada = new Person(m, {name: 'Ada', parent: byron});
    byron.children = GcObj.Array.from(m, [ada]);
    arena.root = byron;
});
const names = [];
for (const child of arena.root.children)
    names.push(child.name);
const total = await new GcSeq.Runner({arena}).run(function* (m) {
    let sum = 0;
    for (let i = 1; i <= 3; i++)
        sum += yield GcSeq.Sequence.value(m, i);
    return sum;
});

test('records', () => equal(names, ['Ada']));
test('top-level await', () => equal(total, 6));
run();
