/* Classes of records.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import Gio from 'gi://Gio';
import GObject from 'gi://GObject';

import {assert, equal, nExternal, run, test, throws} from './harness.js';

const Person = GcObj.record('Person', {
    name: String,
    age: Number,
    parent: 'Person',
    children: GcObj.Array,
});
const Student = GcObj.record('Student', {school: String}, Person);
const Doctor = GcObj.record('Doctor', {thesis: GcObj.String, name2: String}, Student);
const Everything = GcObj.record('Everything', {
    flag: Boolean,
    big: BigInt,
    data: Uint8Array,
    anything: Object,
    itself: 'Everything',
    file: Gio.File,
    kind: Gio.FileType,
    number: GObject.TYPE_UINT,
    person: Person,
});

function set(object, name, value) {
    object[name] = value;
}

test('as in the manual', arena => {
    arena.mutate(m => {
        const byron = new Person(m, {name: 'Byron'});
        const ada = new Person(m, {name: 'Ada', parent: byron});

        byron.children = GcObj.Array.from(m, [ada]);
        arena.root = byron;
    });
    equal(nExternal(arena), 0);
    arena.collect();
    equal([...arena.root.children].map(child => child.name), ['Ada']);
    equal(arena.root.children.get(0).parent, arena.root);
    equal(arena.root.parent, null);
});

test('classes', arena => {
    equal(Person.$gtype.name, 'Gjs_gjs-2drecords_Person');
    equal(Person.name, 'Person');
    equal(GcObj.Record.type_list_fields(Doctor.$gtype),
        ['name', 'age', 'parent', 'children', 'school', 'thesis', 'name2']);
    arena.mutate(m => {
        const person = new Person(m, {name: 'Ada'});
        const doctor = new Doctor(m, {name: 'Ada', school: 'Trinity', thesis: 'Some text', parent: person});

        assert(doctor instanceof Doctor && doctor instanceof Student && doctor instanceof Person);
        assert(doctor instanceof GcObj.Record && doctor instanceof GcObj.Object);
        assert(!(person instanceof Student) && !(null instanceof Person) && !(5 instanceof Person));
        equal([doctor.name, doctor.school, doctor.thesis, doctor.age], ['Ada', 'Trinity', 'Some text', 0]);
        // A parent's field takes objects of derived types.
        person.parent = doctor;
        equal(person.parent.thesis, 'Some text');
        // Other types' fields.
        equal(person.school, undefined);
        throws(GcObj.Error.NAME, () => set(person, 'school', 'none'));
        throws(TypeError, () => new class extends Person {}(m));
    });
});

test('types of fields', arena => {
    arena.mutate(m => {
        const file = Gio.File.new_for_path('/');
        const every = new Everything(m, {
            flag: true, big: 2n ** 40n, data: new Uint8Array([0, 255]), anything: 'text', file,
            kind: Gio.FileType.DIRECTORY, number: 2 ** 32 - 1,
        });

        equal([every.flag, every.big, every.anything, every.kind, every.number],
            [true, 2 ** 40, 'text', Gio.FileType.DIRECTORY, 2 ** 32 - 1]);
        equal(Array.from(every.data), [0, 255]);
        equal(every.file.get_path(), '/');
        for (const value of [every, 5, false, null, '', 0.5]) {
            every.anything = value;
            equal(every.anything, value);
        }
        every.itself = every;
        equal(every.itself, every);
        every.file = null;
        equal(every.file, null);
        every.big = 7;
        equal(every.big, 7);
        equal(every.person, null);
        const empty = new Everything(m);
        equal([empty.flag, empty.big, empty.data, empty.file], [false, 0, null, null]);
    });
});

test('wrong values', arena => {
    const [m, ada] = arena.mutate(mutation => {
        const person = new Person(mutation, {name: 'Ada', age: 36});
        const every = new Everything(mutation);

        for (const [name, value] of [
            ['name', 5], ['name', undefined],
            ['age', 'old'], ['age', null], ['age', 5n],
            ['parent', []], ['parent', Person],
        ])
            throws(TypeError, () => set(person, name, value));
        throws(RangeError, () => set(person, 'name', 'A\0da'));
        throws(GcObj.Error.TYPE, () => set(person, 'parent', every));
        throws(GcObj.Error.TYPE, () => set(person, 'parent', 'Byron'));
        throws(GcObj.Error.TYPE, () => set(every, 'file', 'x'));
        throws(TypeError, () => set(every, 'flag', 1));
        throws(GcObj.Error.RANGE, () => set(every, 'number', -1));
        throws(GcObj.Error.RANGE, () => set(every, 'number', 0.5));
        throws(GcObj.Error.NAME, () => new Person(mutation, {nmae: 'Ada'}));
        throws(TypeError, () => new Person());
        throws(TypeError, () => Person(mutation));
        equal([person.name, person.age, person.parent], ['Ada', 36, null]);
        return [mutation, person];
    });

    throws(GcObj.Error.NOT_MUTATING, () => new Person(m));
    new GcObj.Arena().mutate(n => throws(GcObj.Error.WRONG_ARENA, () => new Person(n, {parent: ada})));
});

test('names of types', () => {
    equal(GcObj.record('Person', {name: String, age: Number, parent: 'Person', children: GcObj.Array}).$gtype,
        Person.$gtype);
    throws(GcObj.Error.EXISTS, () => GcObj.record('Person', {name: String}));
    throws(GcObj.Error.EXISTS, () => GcObj.record('Person', {}, Student));
});

test('fields that cannot be', () => {
    for (const type of [null, undefined, 5, 'Unknown', {}, Array, Symbol])
        throws(TypeError, () => GcObj.record('Bad', {field: type}));
    throws(GcObj.Error.TYPE, () => GcObj.record('Bad', {field: GObject.TYPE_POINTER}));
    throws(GcObj.Error.TYPE, () => GcObj.record('Bad', {}, GcObj.Array));
    for (const name of ['__field', 'get_value', 'hash', 'constructor', 'toString', 'not a name'])
        throws(GcObj.Error.NAME, () => GcObj.record('Bad', {[name]: String}));
});

test('types of others', arena => {
    const gtype = GcObj.Record.type_register('TestsRaw', Person.$gtype, ['extra'], [GObject.TYPE_INT]);

    arena.mutate(m => {
        const raw = GcObj.Record.new(m, gtype);

        assert(raw instanceof Person && raw.get_record_type() === gtype);
        raw.name = 'Ada';
        equal(raw.name, 'Ada');
        raw.set_int64('extra', 5);
        equal(raw.get_int64('extra'), 5);
        throws(GcObj.Error.TYPE, () => GcObj.Record.new(m, GcObj.Array.$gtype));
        throws(GcObj.Error.TYPE, () => GcObj.Record.new(m, GcObj.Record.$gtype));
    });
});

test('cycles of records', arena => {
    arena.mutate(m => {
        for (let i = 0; i < 1000; i++) {
            const a = new Person(m, {name: 'a'}), b = new Student(m, {name: 'b', parent: a});
            a.parent = b;
            a.children = GcObj.Array.from(m, [a, b]);
        }
    });
    equal(nExternal(arena), 0);
    arena.collect();
    equal(arena.get_stats().live_objects, 0);
});

run();
