# Whatever makes a sequence, by what gir.py says of it: it keeps no reference to its arguments longer
# than it should, refuses objects of another arena, and can be run and cancelled.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import os

from harness import GcObj, GcSeq, Gio, GLib, n_external, run, test
from harness_make import MAKE

ROUNDS = 5
MAKE = {**MAKE, 'GObject.Value': MAKE['Object']}
# What more is wanted of the arguments.
SPECIAL = {
    'Sequence.from_signal': lambda m: [m, Gio.SimpleAction.new('action', None), 'activate'],
    'Sequence.from_property': lambda m: [m, Gio.SimpleAction.new('action', None), 'enabled', False],
}
# These want a process, or a thread's file.
SKIPPED = {'Sequence.from_child', 'Sequence.from_subprocess', 'Sequence.from_fd'}
OBJECTS = {'Sequence', 'Sequence[]', 'Array', 'Object', 'GObject.Value'}


def functions():
    with open(os.environ['GCSEQ_CALLABLES'], encoding='utf-8') as text:
        for name, kind, result, *types in (line.split() for line in text):
            if name in SKIPPED or kind == 'method':
                continue
            function = GcSeq
            for part in name.split('.'):
                # A keyword has an underscore.
                function = getattr(function, part, None) or getattr(function, part + '_')
            unknown = [wanted for wanted in types if wanted not in MAKE]
            assert not unknown, f'{name}: MAKE has to say how to make {unknown}'
            yield name, function, types, SPECIAL.get(name, lambda m, types=types: [MAKE[kind](m) for kind in types])


def settle(arena):
    for _ in range(3):
        gc.collect()
        while GLib.MainContext.default().iteration(False):
            pass
        arena.collect()


@test
def balance(arena):
    for name, function, types, make in functions():
        before = n_external(arena)
        for _ in range(ROUNDS):
            with arena.mutation() as m:
                assert function(*make(m)) is not None, name
        settle(arena)
        kept = n_external(arena) - before
        assert kept == 0, f'{name}: {kept} objects are kept'


@test
def another_arenas_objects(arena):
    stranger = GcObj.Arena()
    for name, function, types, make in functions():
        for i, kind in enumerate(types):
            if kind not in OBJECTS or name in SPECIAL:
                continue
            with arena.mutation() as m, stranger.mutation() as n:
                arguments = make(m)
                arguments[i] = MAKE[kind](n)
                try:
                    made = function(*arguments)
                except (TypeError, GLib.Error):
                    made = None
                assert made is None, f'{name} takes a {kind} of another arena'
                del arguments, made
    settle(arena)
    settle(stranger)
    assert n_external(stranger) == 0
    arena.verify()
    stranger.verify()


@test
def running_and_cancelling(arena):
    runner = GcSeq.Runner(arena)
    for name, function, types, make in functions():
        if not name.startswith(('Sequence.', 'generator_', 'sequence_')):
            continue
        for n_steps in (0, 1, 2, 5, 50):
            started = runner.run(lambda m: function(*make(m)))
            for _ in range(n_steps):
                runner.step(1)
            started.cancel()
            deadline = GLib.get_monotonic_time() + 30 * GLib.USEC_PER_SEC
            while not started.is_done() and GLib.get_monotonic_time() < deadline:
                runner.step(1)
                GLib.MainContext.default().iteration(False)
            assert started.is_done(), f'{name} does not end'
            try:
                started.get_result()
            except (GLib.Error, ValueError, TypeError):
                pass


run()
