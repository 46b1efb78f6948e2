# Every callable that takes or returns objects leaves the count of external references as it was. Which
# there are, and with arguments of what types, gir.py says: what is new is called too.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import os

from harness import GcObj, GcSeq, Gio, GLib, n_external, run, test
from harness_make import MAKE, MAKE_OUTSIDE

ROUNDS = 5
Sequence = GcSeq.Sequence


def stashed(m):
    roots = GcObj.RootSet(m)
    return [roots, roots.stash(GcObj.Array(m))]


def with_death(m):
    queue = GcObj.DeathQueue(m)
    queue.watch(GcObj.Array(m), GcObj.String(m, 'dead'))
    return [queue]


id_of = GLib.quark_from_string

# What more is wanted of the arguments.
SPECIAL = {
    'Array.get': lambda m: [MAKE['Array'](m), 0],
    'Box.get_boolean': lambda m: [GcObj.Box(m, True)],
    'Box.get_double': lambda m: [GcObj.Box(m, 0.5)],
    'Box.get_int64': lambda m: [GcObj.Box(m, 5)],
    'DeathQueue.pop': with_death,
    'Record.get_boolean': lambda m: [MAKE['Record'](m), 'b'],
    'Record.get_double': lambda m: [MAKE['Record'](m), 'd'],
    'Record.get_int64': lambda m: [MAKE['Record'](m), 'i'],
    'Record.get_string': lambda m: [MAKE['Record'](m), 's'],
    'Record.set_boolean': lambda m: [MAKE['Record'](m), 'b', True],
    'Record.set_double': lambda m: [MAKE['Record'](m), 'd', 0.5],
    'Record.set_int64': lambda m: [MAKE['Record'](m), 'i', 5],
    'Record.set_string': lambda m: [MAKE['Record'](m), 's', 'text'],
    'Record.id_get_object': lambda m: [MAKE['Record'](m), id_of('o')],
    'Record.id_get_boolean': lambda m: [MAKE['Record'](m), id_of('b')],
    'Record.id_get_double': lambda m: [MAKE['Record'](m), id_of('d')],
    'Record.id_get_int64': lambda m: [MAKE['Record'](m), id_of('i')],
    'Record.id_get_string': lambda m: [MAKE['Record'](m), id_of('s')],
    'Record.id_set_boolean': lambda m: [MAKE['Record'](m), id_of('b'), True],
    'Record.id_set_double': lambda m: [MAKE['Record'](m), id_of('d'), 0.5],
    'Record.id_set_int64': lambda m: [MAKE['Record'](m), id_of('i'), 5],
    'Record.id_set_string': lambda m: [MAKE['Record'](m), id_of('s'), 'text'],
    'Record.id_set_object': lambda m: [MAKE['Record'](m), id_of('o'), GcObj.Array(m)],
    'RootSet.contains': stashed,
    'RootSet.fetch': stashed,
    'RootSet.remove': stashed,
    'Runner.run': lambda m: [MAKE['Runner'](m), MAKE['Sequence'](m)],
    'Sequence.from_signal': lambda m: [m, Gio.SimpleAction(name='action'), 'activate'],
    'Sequence.from_property': lambda m: [m, Gio.SimpleAction(name='action'), 'enabled', False],
    'TaskGroup.spawn': lambda m: [GcSeq.TaskGroup(m), None, Sequence.never(m)],
}


def a_result(arena):
    runner, results = GcSeq.Runner(arena), []
    runner.run_async(arena.mutate(MAKE['Sequence']), None, lambda source, result: results.append(result))
    while not results:
        GLib.MainContext.default().iteration(True)
    return [runner, results[0]]


SPECIAL_OUTSIDE = {'Runner.run_finish': a_result}

# What can't be called so, and why.
SKIPPED = {
    'Sequence.from_child': 'it waits for a child of the process',
    'Step.throw_into': 'PyGObject can\'t give a GError to a function',
    'TaskGroup.cancel_one': 'there has to be a child, and its step',
}


def callables(variable):
    with open(os.environ[variable], encoding='utf-8') as text:
        for name, kind, result, *types in (line.split() for line in text):
            if name not in SKIPPED:
                yield name, kind, types


def find(namespace, name):
    for part in name.split('.'):
        # A keyword has an underscore.
        namespace = getattr(namespace, part, None) or getattr(namespace, part + '_')
    return namespace


def complete(name, types, m, given, step=None):
    if name in SPECIAL:
        arguments = SPECIAL[name](m)
    else:
        arguments = [given[kind] if kind in given else None if kind == 'Step' else MAKE[kind](m) for kind in types]
    return [step if kind == 'Step' else argument for kind, argument in zip(types, arguments)]


def call_in_step(arena, name, types, function):
    """Calls it in the first step; what goes wrong comes out of the run."""
    calls = []

    def step_function(m, step):
        if calls:
            return step.done()
        calls.append(name)
        result = function(*complete(name, types, m, {}, step))
        return result if isinstance(result, GcSeq.StepResult) else step.done()

    # Something has to take what it emits.
    GcSeq.Runner(arena).run_sync(lambda m: GcSeq.generator_collect(m, Sequence.steps(m, step_function)))


def call(arena, name, kind, types, function):
    """Calls it where it is to be called: in a step, in a scope, or outside of any."""
    if 'Step' in types:
        call_in_step(arena, name, types, function)
        return
    if name in SPECIAL_OUTSIDE:
        function(*SPECIAL_OUTSIDE[name](arena))
        return
    given = {wanted: MAKE_OUTSIDE[wanted](arena) for wanted in types if wanted in MAKE_OUTSIDE}
    with arena.mutation() as m:
        arguments = complete(name, types, m, given)
        if 'Mutation' in types:
            result = function(*arguments)
            assert result is not None or kind != 'constructor', 'nothing was made'
    if 'Mutation' not in types:
        function(*arguments)


def settle(arena):
    for _ in range(3):
        gc.collect()
        while GLib.MainContext.default().iteration(False):
            pass
        arena.collect()


def check_all(arena, namespace, variable):
    problems = {}
    n = 0
    for name, kind, types in callables(variable):
        function = find(namespace, name)
        before = n_external(arena)
        for _ in range(ROUNDS):
            try:
                call(arena, name, kind, types, function)
            except Exception as error:
                problems[name] = repr(error)
        arena.root = None
        settle(arena)
        kept = n_external(arena) - before
        if kept != 0:
            problems[name] = f'{kept} objects are kept'
        n += 1
    assert not problems, '\n'.join(f'{name}: {problem}' for name, problem in problems.items())
    assert n > 100


@test
def of_GcObj(arena):
    check_all(arena, GcObj, 'GCOBJ_CALLABLES')


@test
def of_GcSeq(arena):
    check_all(arena, GcSeq, 'GCSEQ_CALLABLES')


run()
