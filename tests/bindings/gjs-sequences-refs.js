/* Whatever makes a sequence, by what gir.py says of it: it keeps no reference to its arguments longer
 * than it should, refuses objects of another arena, and can be run and cancelled.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {assert, collectWrappers, equal, nExternal, run, test} from './harness.js';
import {MAKE} from './harness-make.js';

const ROUNDS = 5;
const {Sequence} = GcSeq;
// These want a process, a file or a certain signal; GJS has no use for a source, or for a thread.
const SKIPPED = ['Sequence.from_child', 'Sequence.from_subprocess', 'Sequence.from_fd', 'Sequence.from_source',
    'Sequence.from_signal', 'Sequence.from_property', 'Sequence.in_thread'];
const OBJECTS = ['Sequence', 'Sequence[]', 'Array', 'Object', 'GObject.Value'];

function* functions() {
    const [, data] = GLib.file_get_contents(GLib.getenv('GCSEQ_CALLABLES'));
    for (const line of new TextDecoder().decode(data).trim().split('\n')) {
        const [name, kind,, ...types] = line.split(' ');
        if (SKIPPED.includes(name) || kind === 'method')
            continue;
        const path = name.split('.');
        const key = path.pop();
        const owner = path.reduce((object, part) => object[part], GcSeq);
        const unknown = types.filter(type => !(type in MAKE));
        equal(`${name} ${unknown}`, `${name} `);
        yield [name, (...args) => owner[key](...args), types];
    }
}

const make = (m, types) => types.map(type => MAKE[type](m));

function settle(arena) {
    for (let i = 0; i < 3; i++) {
        collectWrappers();
        while (GLib.MainContext.default().iteration(false))
            ;
        arena.collect();
    }
}

test('balance', arena => {
    for (const [name, func, types] of functions()) {
        const before = nExternal(arena);
        (() => {
            for (let i = 0; i < ROUNDS; i++)
                arena.mutate(m => assert(func(...make(m, types)) !== null, name));
        })();
        settle(arena);
        equal(`${name}: ${nExternal(arena) - before} objects kept`, `${name}: 0 objects kept`);
    }
});

test("another arena's objects", arena => {
    const stranger = new GcObj.Arena();

    for (const [name, func, types] of functions()) {
        types.forEach((type, i) => {
            if (!OBJECTS.includes(type))
                return;
            arena.mutate(m => stranger.mutate(n => {
                const args = make(m, types);
                let made = null;
                args[i] = MAKE[type](n);
                try {
                    made = func(...args);
                } catch {
                }
                assert(made === null, `${name} takes a ${type} of another arena`);
            }));
        });
    }
    settle(arena);
    settle(stranger);
    equal(nExternal(stranger), 0);
    arena.verify();
    stranger.verify();
});

test('running and cancelling', arena => {
    const runner = new GcSeq.Runner({arena});

    for (const [name, func, types] of functions()) {
        if (!/^(Sequence\.|generator_|sequence_)/.test(name))
            continue;
        for (const nSteps of [0, 1, 2, 5, 50]) {
            const started = runner.run(m => func(...make(m, types)));
            for (let i = 0; i < nSteps; i++)
                runner.step(1);
            started.cancel();
            const deadline = GLib.get_monotonic_time() + 30 * GLib.USEC_PER_SEC;
            while (!started.is_done() && GLib.get_monotonic_time() < deadline) {
                runner.step(1);
                GLib.MainContext.default().iteration(false);
            }
            assert(started.is_done(), `${name} does not end`);
            try {
                started.get_result();
            } catch {
            }
        }
    }
});

run();
