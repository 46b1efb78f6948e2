/* Every callable that takes or returns objects leaves the count of external references as it was. Which
 * there are, and with arguments of what types, gir.py says: what is new is called too.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {assert, collectWrappers, equal, leaksValues, nExternal, run, test} from './harness.js';
import {MAKE, MAKE_OUTSIDE} from './harness-make.js';

const ROUNDS = 5;
const {Sequence} = GcSeq;

function stashed(m) {
    const set = new GcObj.RootSet(m);
    return [set, set.stash(new GcObj.Array(m))];
}

const idOf = name => GLib.quark_from_string(name);

// What more is wanted of the arguments.
const SPECIAL = {
    'Array.get': m => [MAKE.Array(m), 0],
    'Box.get_boolean': m => [new GcObj.Box(m, true)],
    'Box.get_double': m => [new GcObj.Box(m, 0.5)],
    'Box.get_int64': m => [GcObj.Box.new_int64(m, 5)],
    'DeathQueue.pop': m => {
        const queue = new GcObj.DeathQueue(m);
        queue.watch(new GcObj.Array(m), new GcObj.String(m, 'dead'));
        return [queue];
    },
    'Record.get_boolean': m => [MAKE.Record(m), 'b'],
    'Record.get_double': m => [MAKE.Record(m), 'd'],
    'Record.get_int64': m => [MAKE.Record(m), 'i'],
    'Record.get_string': m => [MAKE.Record(m), 's'],
    'Record.set_boolean': m => [MAKE.Record(m), 'b', true],
    'Record.set_double': m => [MAKE.Record(m), 'd', 0.5],
    'Record.set_int64': m => [MAKE.Record(m), 'i', 5],
    'Record.set_string': m => [MAKE.Record(m), 's', 'text'],
    'Record.id_get_object': m => [MAKE.Record(m), idOf('o')],
    'Record.id_get_boolean': m => [MAKE.Record(m), idOf('b')],
    'Record.id_get_double': m => [MAKE.Record(m), idOf('d')],
    'Record.id_get_int64': m => [MAKE.Record(m), idOf('i')],
    'Record.id_get_string': m => [MAKE.Record(m), idOf('s')],
    'Record.id_set_boolean': m => [MAKE.Record(m), idOf('b'), true],
    'Record.id_set_double': m => [MAKE.Record(m), idOf('d'), 0.5],
    'Record.id_set_int64': m => [MAKE.Record(m), idOf('i'), 5],
    'Record.id_set_string': m => [MAKE.Record(m), idOf('s'), 'text'],
    'Record.id_set_object': m => [MAKE.Record(m), idOf('o'), new GcObj.Array(m)],
    'RootSet.contains': stashed,
    'RootSet.fetch': stashed,
    'RootSet.remove': stashed,
    'Runner.run': m => [MAKE.Runner(m), MAKE.Sequence(m)],
    'Sequence.from_signal': m => [m, new Gio.SimpleAction({name: 'action'}), 'activate'],
    'Sequence.from_property': m => [m, new Gio.SimpleAction({name: 'action'}), 'enabled', false],
};

const SPECIAL_OUTSIDE = {
    'Runner.run_finish': arena => {
        const runner = new GcSeq.Runner({arena}), results = [];
        runner.run_async(arena.mutate(MAKE.Sequence), null, (source, result) => results.push(result));
        while (results.length === 0)
            GLib.MainContext.default().iteration(true);
        return [runner, results[0]];
    },
};

// What can't be called so, and why.
const SKIPPED = {
    'Sequence.from_child': 'it waits for a child of the process',
    'Sequence.from_source': 'GJS has no use for a source',
    'Sequence.in_thread': 'GJS runs no function on another thread',
    'TaskGroup.cancel_one': 'there has to be a child, and its step',
};
if (leaksValues) {
    for (const name of ['Box.get_value', 'Record.get_value'])
        SKIPPED[name] = 'GJS before 1.77.1 keeps what is in a GValue that a function fills in';
}

function callables(variable) {
    const [, data] = GLib.file_get_contents(GLib.getenv(variable));
    return new TextDecoder().decode(data).trim().split('\n').map(line => {
        const [name, kind, result, ...types] = line.split(' ');
        return {name, kind, result, types};
    }).filter(({name}) => !(name in SKIPPED));
}

// A function of the instance, if it is a method's, and the arguments.
function find(namespace, {name, kind}) {
    const [member, owner] = name.split('.').reverse();
    if (kind === 'method')
        return (self, ...args) => namespace[owner].prototype[member].apply(self, args);
    return (...args) => owner ? namespace[owner][member](...args) : namespace[member](...args);
}

function complete({name, types}, m, given, step) {
    const args = name in SPECIAL ? SPECIAL[name](m) : types.map(type => {
        if (type !== 'Step' && !(type in given))
            assert(type in MAKE, `${name}: MAKE has to say how to make a ${type}`);
        return given[type] ?? MAKE[type]?.(m);
    });
    return args.map((argument, i) => types[i] === 'Step' ? step : argument);
}

// Calls it in the first step; what goes wrong comes out of the run.
function callInStep(arena, callable, func) {
    let begun = false;

    // Something has to take what it emits.
    new GcSeq.Runner({arena}).run_sync(m => GcSeq.generator_collect(m, Sequence.steps(m, (mutation, step) => {
        if (begun) {
            step.steal_error();
            return step.done();
        }
        begun = true;
        const result = func(...complete(callable, mutation, {}, step));
        return callable.result === 'StepResult' ? result : step.done();
    })));
}

// Calls it where it is to be called: in a step, in a scope, or outside of any.
function call(arena, callable, func) {
    const {name, kind, types} = callable;

    if (types.includes('Step')) {
        callInStep(arena, callable, func);
        return;
    }
    if (name in SPECIAL_OUTSIDE) {
        func(...SPECIAL_OUTSIDE[name](arena));
        return;
    }
    const given = Object.fromEntries(types.filter(type => type in MAKE_OUTSIDE)
        .map(type => [type, MAKE_OUTSIDE[type](arena)]));
    const args = arena.mutate(m => {
        const list = complete(callable, m, given);
        if (types.includes('Mutation'))
            assert(func(...list) !== null || kind !== 'constructor', 'nothing was made');
        return list;
    });
    if (!types.includes('Mutation'))
        func(...args);
}

function settle(arena) {
    for (let i = 0; i < 3; i++) {
        collectWrappers();
        while (GLib.MainContext.default().iteration(false))
            ;
        arena.collect();
    }
}

function checkAll(arena, namespace, variable) {
    const problems = [];
    const list = callables(variable);

    for (const callable of list) {
        const func = find(namespace, callable);
        const before = nExternal(arena);
        for (let i = 0; i < ROUNDS; i++) {
            try {
                call(arena, callable, func);
            } catch (error) {
                problems.push(`${callable.name}: ${error} ${error.stack}`);
                break;
            }
        }
        arena.root = null;
        settle(arena);
        const kept = nExternal(arena) - before;
        if (kept !== 0)
            problems.push(`${callable.name}: ${kept} objects are kept`);
    }
    equal(problems.join('\n'), '');
    assert(list.length > 100);
}

test('GcObj', arena => checkAll(arena, GcObj, 'GCOBJ_CALLABLES'));
test('GcSeq', arena => checkAll(arena, GcSeq, 'GCSEQ_CALLABLES'));

run();
