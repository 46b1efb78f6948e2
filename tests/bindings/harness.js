/* What the JavaScript tests share: TAP, and an arena for each test that is empty and
 * unreferenced again when it ends.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GcObj from 'gi://GcObj?version=1.0';
import GcSeq from 'gi://GcSeq?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';

const tests = [];

// GJS 1.77.1 frees what is in a GValue that a function fills in.
export const leaksValues = System.version < 17701;

export function test(name, func) {
    tests.push([name, func]);
}

export function assert(condition, message = 'assertion failed') {
    if (!condition)
        throw new Error(message);
}

export function equal(value, wanted) {
    const show = x => JSON.stringify(x, (key, y) => typeof y === 'bigint' ? `${y}n` : y) ?? String(x);
    const same = Array.isArray(wanted) && Array.isArray(value)
        ? value.length === wanted.length && value.every((v, i) => Object.is(v, wanted[i]))
        : Object.is(value, wanted);

    if (!same)
        throw new Error(`${show(value)} is not ${show(wanted)}`);
}

/* Whether it is the exception; GcObj's errors are given by their codes, other domains' by domain and code, others
 * by their class, null is any. */
function isWanted(error, wanted) {
    if (typeof wanted === 'number')
        return error.matches?.(GcObj.Error, wanted);
    return wanted === null || (Array.isArray(wanted) ? error.matches?.(...wanted) : error instanceof wanted);
}

// Domains of errors by the names of their codes.
export const sequenceError = name => [GcSeq.SequenceError, GcSeq.SequenceError[name]];
export const ioError = name => [Gio.IOErrorEnum, Gio.IOErrorEnum[name]];

export function throws(wanted, func) {
    try {
        func();
    } catch (error) {
        if (isWanted(error, wanted))
            return error;
        throw error;
    }
    throw new Error('nothing was thrown');
}

export async function rejects(wanted, promise) {
    try {
        await promise;
    } catch (error) {
        if (isWanted(error, wanted))
            return error;
        throw error;
    }
    throw new Error('nothing was thrown');
}

/* Gives nothing, by an exception or a critical warning. */
export function refused(func) {
    let result;

    try {
        result = func();
    } catch (error) {
        return;
    }
    assert(!result, `the result is ${result}`);
}

export function collectWrappers() {
    System.gc();
    System.gc();
}

export function nExternal(arena) {
    collectWrappers();
    return arena.get_stats().n_external_refs;
}

export function waitFor(condition) {
    const deadline = GLib.get_monotonic_time() + 30 * GLib.USEC_PER_SEC;
    while (GLib.get_monotonic_time() < deadline) {
        if (condition())
            return;
        // Something may be on its way on another thread.
        if (!GLib.MainContext.default().iteration(false))
            GLib.usleep(100);
    }
    throw new Error('nothing happened');
}

// Waits for a test that is asynchronous.
function finish(promise) {
    let outcome = promise?.then ? null : {};

    promise?.then?.(() => {
        outcome = {};
    }, error => {
        outcome = {error};
    });
    while (outcome === null)
        GLib.MainContext.default().iteration(true);
    if (outcome.error)
        throw outcome.error;
}

function runTest(func) {
    const arena = new GcObj.Arena();

    finish(func(arena));
    // Functions that the arena's objects have are let go with these.
    for (let i = 0; i < 3; i++) {
        collectWrappers();
        while (GLib.MainContext.default().iteration(false))
            ;
        arena.collect();
    }
    equal(nExternal(arena), 0);
    arena.root = null;
    // A GObject goes in one cycle, what its peer leads to in the next.
    if (arena.get_n_peers() > 0) {
        for (let i = 0; i < 2; i++) {
            arena.collect();
            collectWrappers();
        }
    }
    arena.collect();
    equal(arena.get_stats().live_objects, 0);
    arena.verify();
}

// Runs a script in an interpreter of its own, which has to end well and say nothing.
export function endsWell(script) {
    const path = GLib.build_filenamev([GLib.dir_make_tmp(null), 'exit.js']);
    GLib.file_set_contents(path, script);
    const launcher = new Gio.SubprocessLauncher({
        flags: Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_MERGE,
    });
    launcher.setenv('G_DEBUG', 'fatal-criticals', true);
    const child = launcher.spawnv(['gjs', '-m', path]);
    const [, output] = child.communicate_utf8(null, null);
    assert(child.get_if_exited() && child.get_exit_status() === 0, `${script}: ${output}`);
    equal(output, '');
    GLib.unlink(path);
    GLib.rmdir(GLib.path_get_dirname(path));
}

export function run() {
    let failed = false;

    print(`TAP version 13\n1..${tests.length}`);
    tests.forEach(([name, func], i) => {
        try {
            runTest(func);
            print(`ok ${i + 1} - ${name}`);
        } catch (error) {
            failed = true;
            printerr(`${name}: ${error}\n${error.stack}`);
            print(`not ok ${i + 1} - ${name}`);
        }
    });
    System.exit(failed ? 1 : 0);
}
