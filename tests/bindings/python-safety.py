# Whatever a script does, the process goes on: what the collector, finalizers and failing functions could do
# to it. Misuse by wrong arguments is in python-misuse.py. The table of
# docs/reference/gcobj/chapters/languages.xml says which test is for what.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import os
import subprocess
import sys
import tempfile
import threading
import time
import weakref

from harness import GcObj, GcSeq, Gio, GLib, n_external, raises, run, test, wait_for
from harness_make import MAKE

from gi.overrides._GcSeqFunctions import on_their_way
from gi.repository import GObject

Sequence = GcSeq.Sequence


class Planted(Exception):
    pass


class Failing:
    """A function that fails each time."""

    def __init__(self):
        self.n = 0

    def __call__(self, *args):
        self.n += 1
        raise Planted('as wanted')


def forget_exceptions():
    # What Python keeps of one that it printed.
    sys.last_value = sys.last_traceback = sys.last_exc = None


def collect(arena):
    gc.collect()
    while GLib.MainContext.default().iteration(False):
        pass
    arena.collect()


def lines(variable):
    with open(os.environ[variable], encoding='utf-8') as text:
        return [line.split() for line in text]


## Use after collection

@test
def use_after_collection(arena):
    # What is not held moves or is overwritten.
    arena.set_zeal(GcObj.Zeal.RELOCATE | GcObj.Zeal.CLOBBER | GcObj.Zeal.VERIFY)
    with arena.mutation() as m:
        kept = {name: make(m) for name, make in MAKE.items()
                if name in ('Array', 'Box', 'Bytes', 'Peer', 'Record', 'RootSet', 'String', 'Table', 'WeakRef')}
        elements = kept['Array'].list()
        iterator, pairs = iter(kept['Array']), kept['Table'].items()
        key = kept['RootSet'].stash(GcObj.Array(m, ['stashed']))
        handle, model = GcObj.Handle.new(GcObj.Array(m, ['held'])), GcObj.ListModel.new(kept['Array'])
        value = GObject.Value(GcObj.Object, GcObj.Array(m, ['in a value']))
        gone = weakref.ref(m)
    del m
    for _ in range(4):
        collect(arena)
    assert gone() is None
    assert type(elements[0]) is GcObj.Array and elements[1] == 'x'
    assert list(iterator)[1] == 'x' and len(pairs) == 2
    assert list(kept['RootSet'].fetch(key)) == ['stashed']
    assert handle.get_object()[0] == 'held' and value.get_value()[0] == 'in a value'
    assert bytes(kept['Bytes']) == b'data' and kept['Record'].s == 'text' and str(kept['String']) == 'text'
    assert kept['WeakRef']() is None and kept['Peer'].get_object().get_name() == 'action'
    # Taken out of what holds it.
    item = model.get_item(1)
    kept['Array'].clear()
    model.flush()
    collect(arena)
    assert str(item.get_object()) == 'x' and model.get_item(1) is None
    assert kept['RootSet'].remove(key)
    raises(GcObj.Error.WRONG_SET, kept['RootSet'].fetch, key)
    arena.set_zeal(GcObj.Zeal.NONE)


@test
def iterators_of_what_changes(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m, range(10))
        table = GcObj.Table(m, {str(i): i for i in range(10)})
        weak = GcObj.Table(m, {str(i): GcObj.Array(m) for i in range(10)}, flags=GcObj.TableFlags.WEAK_VALUES)
    seen = []
    for element in array:
        seen.append(element)
        array.pop()
        collect(arena)
    assert seen == [0, 1, 2, 3, 4]
    for key in table:
        del table[key]
        collect(arena)
    for key in weak:
        collect(arena)
        assert weak.get(key) is None
    assert len(table) == len(weak) == 0


@test
def an_arena_that_was_disposed_of(arena):
    array = arena.mutate(lambda m: GcObj.Array(m, ['x']))
    owner = Gio.SimpleAction(name='owner')
    handle = GcObj.Handle.new_with_owner(array, owner)
    arena.run_dispose()
    arena.root = array
    collect(arena)
    assert arena.root[0] == 'x' and handle.get_object() == array and arena.mutate(lambda m: len(GcObj.Array(m, [array]))) == 1


## Resurrection

@test
def wrappers_of_resurrected_objects(arena):
    with arena.mutation() as m:
        array = GcObj.Array(m, ['x'])
        array.append(array)
        ref, guardian = GcObj.WeakRef(m, array), GcObj.Guardian(m)
        guardian.watch(array, 'tag')
    number = array.hash()
    for i in range(3):
        del array
        collect(arena)
        array, tag = guardian.pop()
        # It has the identity and the cycle that it had.
        assert tag == 'tag' and array.hash() == number and array[1] == array and list(array)[0] == 'x'
        guardian.watch(array, 'tag')
        collect(arena)
        assert array[1][1] == array
    del array
    arena.finish_marking()
    again = ref.resurrect()
    if again is not None:
        arena.finish_cycle()
        assert again[1] == again
    del again
    guardian.set_callback(None, None)


## Exceptions

COVERED = {'Gio.AsyncReadyCallback', 'GuardianFunc', 'MutateFunc', 'PromiseFunc', 'StepFunc', 'TableFunc',
           'virtual-method'}


@test
def every_kind_of_callback_is_here(arena):
    kinds = {kind for kind, name in lines('GCOBJ_CALLBACKS') + lines('GCSEQ_CALLBACKS')}
    assert kinds == COVERED, kinds ^ COVERED


@test
def exceptions_in_scopes_and_tables(arena):
    with arena.mutation() as m:
        table = GcObj.Table(m, {'a': 1, 'b': 2})
    fail = Failing()
    raises(Planted, arena.mutate, fail)
    raises(Planted, table.foreach, fail)
    # The library's own print what was raised, and go on.
    super(GcObj.Arena, arena).mutate(fail)
    super(GcObj.Table, table).foreach(fail)
    assert fail.n == 5
    assert not arena.mutate(lambda m: m.get_depth()) > 1
    forget_exceptions()


@test
def exceptions_in_guardians_and_handlers(arena):
    fail = Failing()
    with arena.mutation() as m:
        guardian, array = GcObj.Guardian(m), GcObj.Array(m)
        guardian.set_callback(None, fail)
        guardian.watch(GcObj.Array(m), 'tag')
        model = GcObj.ListModel.new(array)
    ids = [(arena, arena.connect('notify::root', fail)), (model, model.connect('items-changed', fail))]
    arena.root = array
    array.append(5)
    model.flush()
    collect(arena)
    wait_for(lambda: fail.n >= 3)
    for sender, number in ids:
        sender.disconnect(number)
    forget_exceptions()


@test
def exceptions_in_asynchronous_functions(arena):
    fail = Failing()
    runner = GcSeq.Runner(arena)
    stream = Gio.MemoryOutputStream.new_resizable()
    arena.write_snapshot_async(stream, 0, None, fail)
    wait_for(lambda: fail.n == 1)
    runner.run_async(arena.mutate(lambda m: Sequence.value(m, 1)), None, fail)
    wait_for(lambda: fail.n == 2)
    started = runner.run(lambda m: Sequence.value(m, 1))
    started.connect('notify::done', fail)
    wait_for(lambda: fail.n == 3)
    assert started.get_result() == 1
    forget_exceptions()


@test
def exceptions_in_listeners(arena):
    calls = set()

    def method(name):
        def fail(self, arena, event):
            calls.add(name)
            raise Planted(name)
        return fail

    names = [name.split('.')[1] for kind, name in lines('GCOBJ_CALLBACKS') if kind == 'virtual-method']
    for some in ['tell'], [name for name in names if name != 'tell']:
        Listener = type('Listener' + some[0], (GObject.Object, GcObj.Listener),
                        {f'do_{name}': method(name) for name in some})
        arena.set_listener(Listener())
        with arena.mutation() as m:
            for _ in range(50):
                GcObj.Bytes(m, bytes(1 << 16))
        collect(arena)
        arena.set_listener(None)
    assert {'tell', 'started', 'marked', 'swept', 'paused', 'collection_ended'} <= calls, calls
    arena.verify()
    forget_exceptions()


def failing_sequences():
    """Whatever takes a function, with one that fails, of what succeeds and of what does not."""
    for name, kind, result, *types in lines('GCSEQ_CALLABLES'):
        if not {'StepFunc', 'PromiseFunc'} & set(types) or kind == 'method':
            continue
        function = GcSeq
        for part in name.split('.'):
            function = getattr(function, part, None) or getattr(function, part + '_')
        # As MAKE has it: domain and code of what catch() is for.
        error = GLib.Error('planted', 'g-io-error-quark', 1)
        for source in ((lambda m: GcSeq.generator_range(m, 0, 3, 1)) if name.startswith('generator_')
                       else lambda m: Sequence.value(m, 1)), lambda m: Sequence.error(m, error):
            yield name, function, types, source


@test
def exceptions_in_steps(arena):
    called = {}
    for name, function, types, source in failing_sequences():
        fail = Failing()
        special = {'StepFunc': lambda m: fail, 'PromiseFunc': lambda m: fail, 'Sequence': source}

        def make(m):
            made = function(*(special.get(kind, MAKE[kind])(m) for kind in types))
            return GcSeq.generator_collect(m, made) if name.startswith('generator_') else made

        try:
            GcSeq.Runner(arena).run_sync(make)
        except Planted:
            assert fail.n > 0
        except GLib.Error:
            # A clean-up's error gives way to one that was there before.
            assert fail.n == 0 or name == 'Sequence.finally', f'{name}: the exception is another one now'
        else:
            assert fail.n == 0, f'{name}: the exception is lost'
        called[name] = called.get(name, 0) + fail.n
    # One that nobody asks for is kept for a while, with its frames.
    on_their_way.clear()
    assert len(called) > 20 and all(called.values()), [name for name, n in called.items() if n == 0]


@test
def exceptions_while_iterating(arena):
    @GcSeq.sequence
    def clean_up_that_fails(m):
        try:
            yield Sequence.never(m)
        finally:
            raise Planted

    runner = GcSeq.Runner(arena)
    started = runner.run(clean_up_that_fails)
    runner.step(5)
    started.cancel()
    while runner.step(1):
        pass
    raises(Planted, started.get_result)


## Re-entrancy

@test
def collecting_in_callbacks(arena):
    calls = set()

    def collect_here(name):
        def function(*args):
            arena.collect()
            arena.verify()
            calls.add(name)
        return function

    with arena.mutation() as m:
        table, guardian, array = GcObj.Table(m, {'a': GcObj.Array(m)}), GcObj.Guardian(m), GcObj.Array(m)
        guardian.set_callback(None, collect_here('guardian'))
        guardian.watch(GcObj.Array(m), 'tag')
        model = GcObj.ListModel.new(array)
    ids = [(arena, arena.connect('notify::root', collect_here('notify'))),
           (model, model.connect('items-changed', collect_here('items')))]
    arena.mutate(collect_here('mutate'))
    super(GcObj.Arena, arena).mutate(collect_here('native mutate'))
    table.foreach(collect_here('foreach'))
    super(GcObj.Table, table).foreach(collect_here('native foreach'))
    arena.root = array
    array.append(5)
    model.flush()
    collect(arena)
    runner = GcSeq.Runner(arena)
    runner.run_sync(lambda m: Sequence.steps(m, lambda m, step: collect_here('step')() or step.done()))
    runner.run_sync(lambda m: Sequence.from_async(m, lambda p: collect_here('promise')() or p.resolve(1)))
    runner.run_sync(lambda m: Sequence.map(m, Sequence.value(m, 1), collect_here('map')))
    arena.write_snapshot_async(Gio.MemoryOutputStream.new_resizable(), 0, None, collect_here('snapshot'))
    wait_for(lambda: len(calls) == 11)
    for sender, number in ids:
        sender.disconnect(number)


class Probe:
    """Calls a function when it goes."""

    def __init__(self, function):
        self.function = function

    def __del__(self):
        self.function()

    def __call__(self, *args):
        return self


@test
def mutating_when_something_is_finalized(arena):
    made = []

    def mutate():
        with arena.mutation() as m:
            made.append(GcObj.Array(m, ['made by a finalizer']))
        arena.collect()

    with arena.mutation() as m:
        # What goes with an object of the arena: a callback, a step's function, a GObject that a peer has.
        GcObj.Guardian(m).set_callback(None, Probe(mutate))
        Sequence.steps(m, Probe(mutate))
        action = Gio.SimpleAction(name='action')
        action.weak_ref(mutate)
        GcObj.Peer(m, action)
        del action
    for _ in range(4):
        collect(arena)
    assert len(made) == 3 and all(array[0] == 'made by a finalizer' for array in made)
    made.clear()


@test
def running_in_callbacks(arena):
    runner, calls = GcSeq.Runner(arena), []

    def run_here(*args):
        # One run at a time: in a step it is refused.
        try:
            calls.append(runner.run_sync(lambda m: Sequence.value(m, 'inner')))
        except GLib.Error as error:
            calls.append(GcSeq.SequenceError(error.code))

    with arena.mutation() as m:
        guardian, table = GcObj.Guardian(m), GcObj.Table(m, {'a': 1})
        guardian.set_callback(None, run_here)
        guardian.watch(GcObj.Array(m), 'tag')
    table.foreach(run_here)
    runner.run_sync(lambda m: Sequence.steps(m, lambda m, step: run_here() or step.done()))
    runner.run_sync(lambda m: Sequence.from_async(m, lambda promise: run_here() or promise.resolve(1)))
    assert calls == ['inner', GcSeq.SequenceError.BUSY, GcSeq.SequenceError.BUSY], calls
    collect(arena)
    wait_for(lambda: len(calls) == 4)
    assert calls[3] == 'inner'


## Threads

@test
def the_last_wrapper_goes_on_another_thread(arena):
    """And takes the arena along."""
    def make():
        other = GcObj.Arena()
        with other.mutation() as m:
            return [GcObj.Array(m, [1, 2]), GcObj.Handle.new(GcObj.Array(m)), Sequence.never(m),
                    GcObj.RootSet(m).stash(GcObj.Array(m)), GObject.Value(GcObj.Object, GcObj.Array(m)), m]

    for _ in range(20):
        things = make()
        thread = threading.Thread(target=things.clear)
        thread.start()
        thread.join()


@test
def everything_from_another_thread(arena):
    with arena.mutation() as m:
        array, table = GcObj.Array(m, [1]), GcObj.Table(m, {'a': 1})
    runner, problems = GcSeq.Runner(arena), []

    def work():
        try:
            assert array[0] == 1 and table['a'] == 1
            arena.mutate(lambda m: array.append(GcObj.Array(m)))
            arena.collect()
            assert runner.run_sync(lambda m: Sequence.value(m, 1)) == 1
        except BaseException as error:
            problems.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert not problems, problems
    assert len(array) == 2


@test
def properties_from_another_thread(arena):
    # PyGObject sets them with Python's lock, without which this thread does not come to the end of its scope.
    def work():
        arena.props.heap_limit = 1 << 40
        arena.props.marker_threads = 2

    thread = threading.Thread(target=work)
    with arena.mutation():
        thread.start()
        thread.join()
        assert arena.props.heap_limit == 1 << 40 and arena.get_marker_threads() == 2


@test
def runners_made_on_another_thread(arena):
    made = []
    thread = threading.Thread(target=lambda: made.append(GcSeq.Runner(arena, budget_steps=7)))
    with arena.mutation():
        thread.start()
        time.sleep(0.1)                 # it waits for this scope
    thread.join()
    assert made[0].get_arena() == arena and made[0].get_budget_steps() == 7
    raises(TypeError, GcSeq.Runner, arena, no_such_property=1)
    raises(TypeError, GcSeq.Runner, 5)
    assert GcSeq.Runner().get_arena() != arena


@test
def scopes_left_open_on_another_thread(arena):
    """Who wants one waits for the thread's to end."""
    other, left = GcObj.Arena(), []

    def leave(promise):
        left.extend([arena.begin(), other.begin(), arena.begin()])
        return 5

    assert GcSeq.Runner(arena).run_sync(lambda m: Sequence.in_thread(m, leave)) == 5
    assert [m.is_active() for m in left] == [False] * 3
    assert arena.mutate(lambda m: len(GcObj.Array(m, [1]))) == 1
    other.collect()


## The end

EXIT = '''
import gi
gi.require_version('GcSeq', '1.0')
from gi.repository import GcObj, GcSeq, Gio, GObject

class Listener(GObject.Object, GcObj.Listener):
    def do_tell(self, arena, event):
        pass

arena = GcObj.Arena()
arena.attach(None)
arena.set_listener(Listener())
m = arena.begin()
guardian = GcObj.Guardian(m)
guardian.set_callback(None, lambda *args: None)
guardian.watch(GcObj.Array(m), 'tag')
array = GcObj.Array(m, [guardian, Gio.SimpleAction(name='boxed')])
peer = GcObj.Peer(m, Gio.SimpleAction(name='action'))
peer.set_data('array', array)
model = GcObj.ListModel.new(array)
model.connect('items-changed', lambda *args: None)
key = GcObj.RootSet(m).stash(array)
handle = GcObj.Handle.new(array)
value = GObject.Value(GcObj.Object, array)
arena.root = array
arena.connect('notify::root', lambda *args: None)
cycle = [arena, array, m]
cycle.append(cycle)
%s
'''


@test
def the_interpreter_ends_with_live_arenas(arena):
    for ending in ('', 'm.finish()', 'm.finish(); arena.start_cycle()', 'm.finish(); arena.step(10)', 'import sys; sys.exit(0)',
                   'globals().clear()', 'import os; os._exit(0)', 'm.finish(); import atexit; atexit.register(arena.collect)'):
        with tempfile.TemporaryFile() as output:
            status = subprocess.run([sys.executable, '-c', EXIT % ending], timeout=60, check=False, stdout=output,
                                    stderr=output, env=dict(os.environ, G_DEBUG='fatal-criticals')).returncode
            output.seek(0)
            assert status == 0, f'{ending}: {status}, {output.read()!r}'


run()
