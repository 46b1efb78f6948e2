/* What it costs to cross from JavaScript into the library, beside what GObject's own calls cost.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';
import GcObj from 'gi://GcObj?version=1.0';

const at = ARGV.indexOf('--seconds');
const seconds = at < 0 ? 10 : Number(ARGV[at + 1]);

const arena = new GcObj.Arena();
const Person = GcObj.record('Person', {age: Number});

const [held, array, person] = arena.mutate(m => {
    const element = new GcObj.Array(m);
    return [element, GcObj.Array.from(m, [element]), new Person(m, {age: 36})];
});

const cancellable = new Gio.Cancellable();
const info = new Gio.FileInfo();
info.set_attribute_object('test::object', cancellable);
info.set_attribute_uint64('time::modified', 1000000);
const bytes = new GLib.Bytes([120]);
const action = new Gio.SimpleAction({name: 'name'});
const store = new Gio.ListStore({item_type: Gio.Cancellable.$gtype});
store.append(cancellable);

const hundred = arena.mutate(m => GcObj.Array.from(m, [...Array(100)].map(() => new GcObj.Array(m))));
const storeOfHundred = new Gio.ListStore({item_type: Gio.Cancellable.$gtype});
for (let i = 0; i < 100; i++)
    storeOfHundred.append(new Gio.Cancellable());

function goThrough(values) {
    for (const value of values)
        nothing(value);
}

const nothing = () => 0;

function newObjects(n) {
    arena.mutate(m => {
        for (let i = 0; i < n; i++)
            GcObj.Array.new(m);
    });
}

function construct(n) {
    arena.mutate(m => {
        for (let i = 0; i < n; i++)
            new GcObj.Array(m);
    });
}

// A function that executes it so many times.
function loop(statement) {
    return n => {
        for (let i = 0; i < n; i++)
            statement();
    };
}

// Many objects, which have no wrappers once GJS has collected. Made late: they slow the collector down.
const MANY = seconds > 0 ? 100000 : 100;
let crowd, crowdStore;

function gather() {
    crowd = arena.mutate(m => {
        const objects = new GcObj.Array(m);
        for (let i = 0; i < MANY; i++)
            objects.append(new GcObj.Array(m));
        return objects;
    });
    crowdStore = new Gio.ListStore({item_type: Gio.Cancellable.$gtype});
    for (let i = 0; i < MANY; i++)
        crowdStore.append(new Gio.Cancellable());
}

// The same with each of the many: at most that often.
function each(statement) {
    return n => {
        for (let i = 0; i < n; i++)
            statement(i);
    };
}

// What is measured, and what GObject's own takes for as much, by a call of the same kind.
const ALIKE = [
    ['method', loop(() => array.get_length()), loop(() => cancellable.is_cancelled())],
    ['method with an object', loop(() => array.index_of(held)),
        loop(() => info.set_attribute_object('test::object', cancellable))],
    ['length', loop(() => array.length), loop(() => store.get_n_items())],
    // By its index, from a container, with a reference, of what has a wrapper.
    ['element', loop(() => array.get(0)), loop(() => store.get_item(0))],
    ['element, from the end', loop(() => array.at(-1)), loop(() => store.get_item(0))],
    ['100 elements, for', loop(() => goThrough(hundred)), loop(() => goThrough(storeOfHundred))],
    ['100 elements, list', loop(() => hundred.list()), loop(() => [...storeOfHundred])],
    ['new object', newObjects, loop(() => Gio.BytesIcon.new(bytes))],
    ['constructor', construct, loop(() => new Gio.BytesIcon({bytes}))],
    // What has a name.
    ['read attribute', loop(() => person.age), loop(() => info.get_attribute_uint64('time::modified'))],
    ['write attribute', loop(() => (person.age = 5)), loop(() => info.set_attribute_uint64('test::number', 5))],
    ['scope', loop(() => arena.begin().finish()), loop(() => info.get_modification_date_time().get_year())],
    ['scope of a function', loop(() => arena.mutate(nothing)),
        loop(() => nothing(info.get_modification_date_time().get_year()))],
    ['new wrapper', each(i => crowd.get(i)), each(i => crowdStore.get_item(i)), MANY],
];

// Newer versions of GJS read and write properties of GObjects without a call, and have nothing of the kind for other types.
const FOR_GOBJECTS_ALONE = [
    ['length', loop(() => array.length), loop(() => store.n_items)],
    ['read attribute', loop(() => person.age), loop(() => action.enabled)],
    ['write attribute', loop(() => (person.age = 5)), loop(() => (action.enabled = true))],
];

// Nanoseconds for each.
function timeOf(func, n) {
    const begin = processTime();
    func(n);
    return (processTime() - begin) * 1000 / n;
}

// In microseconds. The system counts them at its ticks, which are milliseconds apart, and where a process sleeps.
function processTime() {
    GLib.usleep(1);
    const [, text] = GLib.file_get_contents('/proc/self/schedstat');
    return Number(new TextDecoder().decode(text).split(' ')[0]) / 1000;
}

// How many times both are called in so many seconds.
function enough(ours, theirs, wanted, most) {
    let n = 20;
    while (n < most && (timeOf(ours, n) + timeOf(theirs, n)) * n < wanted * 1e9 / 2)
        n = Math.min(n * 2, most);
    return n;
}

function median(numbers) {
    return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function measure(title, pairs) {
    print(title.padEnd(30) + 'GcObj'.padStart(8) + 'GObject'.padStart(9) + 'ratio'.padStart(7));
    for (const [name, ours, theirs, most = Infinity] of pairs) {
        if (most === MANY)
            gather();
        const n = enough(ours, theirs, seconds / (ALIKE.length + FOR_GOBJECTS_ALONE.length) / 11, most);
        const times = [];
        // One after the other, so that what else the machine does is the same for both.
        for (let round = 0; round < (seconds > 0 ? 11 : 1); round++) {
            System.gc();
            times.push([timeOf(ours, n), timeOf(theirs, n)]);
        }
        const [a, b] = [0, 1].map(i => median(times.map(pair => pair[i])));
        const ratio = median(times.map(pair => pair[0] / pair[1]));
        print(name.padEnd(30) + a.toFixed(0).padStart(8) + b.toFixed(0).padStart(9) + ratio.toFixed(2).padStart(7));
    }
}

measure('JavaScript, properties', FOR_GOBJECTS_ALONE);
measure('JavaScript, the same kind', ALIKE);
