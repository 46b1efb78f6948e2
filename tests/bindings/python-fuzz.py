# Random calls of everything that the GIR has, with arguments of right and wrong kinds. Run by fuzz.py,
# which says what this prints and judges it.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import json
import keyword
import math
import os
import random
import stat
import sys
import time
import warnings

try:
    import gi
    gi.check_version('3.48')
    gi.require_version('GcObj', '1.0')
    gi.require_version('GcSeq', '1.0')
    from gi.repository import GcObj, GcSeq, Gio, GLib, GObject
except (ImportError, ValueError) as reason:
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)

data_path, seed, n_calls, folder, verbose, *excluded = sys.argv[1:]
with open(data_path, encoding='utf-8') as data_file:
    data = json.load(data_file)
# What nobody awaits is no news.
warnings.simplefilter('ignore')
sys.unraisablehook = lambda raised: None
calls = [call for call in data['calls'] if call['name'] not in excluded]
NAMESPACES = {'GcObj': GcObj, 'GcSeq': GcSeq}
OWNERS = {call['owner']: NAMESPACES[call['namespace']] for call in data['calls'] if call['owner']}
CALLS_PER_EPISODE, MAX_POOL, MAX_DEPTH = 60, 80, 3
rng = random.Random()
pick = rng.choice


def chance(percent):
    return rng.randrange(100) < percent


## Whether a critical warning was written since it was asked last

errors = open('/proc/self/fd/2', 'rb') if stat.S_ISREG(os.fstat(2).st_mode) else None


def complained():
    if errors is None or os.fstat(2).st_size == errors.tell():
        return False
    return b'-CRITICAL' in errors.read()


## What there is: values that calls gave, those of the arena, scopes, and steps that are lent, the innermost last

class State:
    pool, arenas, scopes, steps = [], [], [], []
    depth = n = n_episodes = 0
    subprocess = None
    deck = []


def class_of(name):
    if '.' in name:
        namespace, _, rest = name.partition('.')
        return getattr({'Gio': Gio, 'GLib': GLib, 'GObject': GObject}.get(namespace), rest, None)
    return getattr(OWNERS.get(name, GcObj), name, None)


def is_a(value, name):
    cls = class_of(name)
    return isinstance(cls, type) and isinstance(value, cls)


def add(value):
    if isinstance(value, (list, tuple)):
        for element in value[:3]:
            add(element)
    elif value is not None and not isinstance(value, (bool, int, float, str, bytes)):
        if len(State.pool) < MAX_POOL:
            State.pool.append(value)
        else:
            State.pool[rng.randrange(MAX_POOL)] = value
    return value


def begin(arena):
    m = add(arena.begin())
    if m is not None:
        State.scopes.append(m)
    return m


def is_open(value):
    return isinstance(value, GcObj.Mutation) and value.is_active()


def finish_scopes():
    while State.scopes:
        m = State.scopes.pop()
        if is_open(m):
            m.finish()


## What only a step may do

def needs_step(call):
    return 'Step' in [call['owner'], *call['arguments']] or call['name'].startswith('GcSeq.TaskGroup.c')


step_calls = list(filter(needs_step, calls))


def lend(step, function, *args):
    State.steps.append(step)
    try:
        return function(*args)
    finally:
        State.steps.pop()


def drive(make):
    """Runs the sequence that a function makes, and gives its result if it ended soon."""
    finish_scopes()
    arena = pick(State.arenas)
    runner = add(GcSeq.Runner.new(arena))
    run = add(runner.start(arena.mutate(make)))
    for _ in range(20):
        if run.is_done():
            return add(run.get_result())
        runner.step(5)
    return None


def in_step(function):
    return lambda m: GcSeq.Sequence.body(m, 'fuzz', lambda m, step: lend(step, function, step))


## Functions that scripts give: they raise, answer anything, and do what they should not

def callback():
    manner = rng.randrange(8)

    def function(*args):
        for arg in args:
            add(arg)
        if State.depth >= MAX_DEPTH:
            return pick([*args, 0, 1, 2, True, None])
        step = next((arg for arg in args if is_a(arg, 'Step')), None)
        if step is not None and chance(60):
            return lend(step, perform, pick(step_calls), 0, chance(20))
        if manner == 0:
            raise ValueError('raised')
        if manner == 1:
            raise GLib.Error.new_literal(GcObj.error_quark(), 'raised', GcObj.Error.RANGE)
        if manner == 2:
            State.arenas[0].collect()
            return pick([True, False, None, 5])
        if manner == 3:
            return add(State.arenas[0].mutate(lambda m: GcObj.Array(m)))
        if manner == 4:
            for _ in range(3):
                random_call()
            return pick(State.pool)
        if manner == 5:
            GLib.MainContext.default().iteration(False)
            gc.collect()
            return wrong()
        return pick([*args, 0, 1, 2, True, None])
    # Those that name more arguments are given the mutation, too.
    return function if chance(50) else lambda m, a, b=None: function(m, a, b)


async def coroutine(m, *args):
    await GcSeq.pause()
    if args:
        await args[0]
    return wrong()


async def items(m, *args):
    await GcSeq.pause()
    yield wrong()
    yield callback()(*args)


def generator(m, *args):
    yield
    yield wrong()
    return callback()(*args)


## Arguments

WRONG = [None, True, -1, 2 ** 64, -2 ** 70, math.nan, math.inf, 'text', '', [], [None], [1, 'a'], {}, object(), object,
         GcObj.Array, GcObj, 1j, b'bytes', print, coroutine, generator, GObject.Object(), GLib.Bytes.new(b'a'), bytearray(9),
         '\udc80', ()]


def wrong():
    if chance(40) and State.pool:
        return pick(State.pool)
    return callback() if chance(10) else pick(WRONG)


def path():
    return '' if chance(10) else f'{pick([folder, folder, "/nonexistent"])}/file{rng.randrange(3)}'


def child():
    State.subprocess = State.subprocess or Gio.Subprocess.new(['true'], Gio.SubprocessFlags.NONE)
    return State.subprocess


def cancellable():
    made = Gio.Cancellable()
    if chance(30):
        made.cancel()
    return pick([made, None])


class Listener(GObject.Object, GcObj.Listener):
    __gtype_name__ = 'FuzzListener'


def listen(self, *args):
    if State.arenas and State.depth < MAX_DEPTH:
        callback()(*args)


for call in calls:
    if call['kind'] == 'virtual-method' and call['owner'] == 'Listener':
        setattr(Listener, f'do_{call["member"]}', listen)

def event():
    made = GcObj.Event()
    made.type, made.n = rng.randrange(10), rng.randrange(3)
    return made


NUMBERS = [0, 1, 2, 3, 7, 100, -1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 2 ** 53, 0.5]
FIELDS = ['object', 'string', 'int64', 'double', 'boolean', 'value']
# This, and the last that was registered.
record_types = [GcObj.Record.type_register('FuzzRecord', GcObj.Record, FIELDS, [
    GcObj.Object, GObject.TYPE_STRING, GObject.TYPE_INT64, GObject.TYPE_DOUBLE, GObject.TYPE_BOOLEAN, GObject.TYPE_INT])]
TEXTS = ['', 'a', 'key', 'name', 'object', 'ä€😀', 'x' * 1000, 'notify::listener', 'nul\0inside']
MAKERS = {
    'gboolean': lambda: chance(50),
    'gdouble': lambda: pick([0, 0.5, -1, 1e300, math.nan, math.inf, 1]),
    'gint': lambda: pick([0, 1, 5, -1, 2 ** 31 - 1]),
    'guint': lambda: pick([0, 1, 2, 5, 100, 2 ** 32 - 1]),
    'utf8': lambda: pick(FIELDS if chance(20) else TEXTS),
    'filename': path,
    'GType': lambda: pick([GcObj.Object, GcObj.Array, GcObj.Record, GObject.Object, Gio.File, pick(record_types),
                           GObject.TYPE_INT64, GObject.TYPE_DOUBLE, GObject.TYPE_BOOLEAN, GObject.TYPE_NONE, str]),
    'GLib.Bytes': lambda: GLib.Bytes.new(b'ab'),
    'GLib.Error': lambda: pick([GLib.Error.new_literal(Gio.io_error_quark(), 'made', 0), ValueError('made')]),
    'GLib.MainContext': lambda: pick([GLib.MainContext.default(), GLib.MainContext.new(), None]),
    'GLib.Pid': lambda: pick([1, 1 << 22, int(child().get_identifier() or 1)]),
    'GLib.Quark': lambda: pick([Gio.io_error_quark(), GcObj.error_quark(), 0, 99999,
                                GLib.quark_from_string(pick(FIELDS))]),
    'GLib.Source': lambda: GLib.timeout_source_new(0),
    'GLib.IOCondition': lambda: GLib.IOCondition(pick([0, 1, 4])),
    'GObject.Object': lambda: pick([GObject.Object(), Gio.SimpleAction.new('action'), Gio.Cancellable()]),
    'GObject.ParamFlags': lambda: pick([GObject.ParamFlags(0), GObject.ParamFlags.READWRITE]),
    'GObject.Value': lambda: pick([5, 0.5, 'text', True, GObject.Value(str, 'text'), GObject.Object(),
                                   pick(State.pool) if State.pool else None]),
    'Gio.Cancellable': cancellable,
    'Gio.File': lambda: Gio.File.new_for_path(path()),
    'Gio.ListModel': lambda: pick([Gio.ListStore.new(Gio.File), Gio.ListStore.new(GcObj.Handle)]),
    'Gio.OutputStream': Gio.MemoryOutputStream.new_resizable,
    'Gio.Subprocess': child,
    'Gio.Task': lambda: Gio.Task.new(None, None, None),
    'Gio.AsyncResult': lambda: Gio.Task.new(pick([None, State.arenas[0]]), None, None),
    'Listener': Listener,
    'Arena': lambda: pick(State.arenas),
    'Mutation': lambda: (chance(90) and (State.steps and State.steps[-1].mutation or State.scopes and State.scopes[-1])
                         or begin(pick(State.arenas))),
    'Event': event,
}
for number in ('gint64', 'guint64', 'gsize', 'gssize'):
    MAKERS[number] = lambda: rng.randrange(4) if chance(70) else pick(NUMBERS)
for function_type in ('MutateFunc', 'StepFunc', 'PromiseFunc', 'TableFunc', 'GuardianFunc', 'Gio.AsyncReadyCallback'):
    MAKERS[function_type] = callback
for enumeration in ('EventType', 'PauseReason', 'TableFlags', 'Zeal'):
    MAKERS[enumeration] = lambda: rng.randrange(4) if chance(80) else pick([-1, 255, 1 << 30])


## What no call gives as such

def waker():
    found = []
    drive(in_step(lambda step: found.append(step.dup_waker()) or GcSeq.StepResult.WAIT))
    return found[0]


RECIPES = {
    'Item': lambda: drive(lambda m: GcSeq.generator_next(m, pick([GcSeq.generator_once(m, 5), GcSeq.generator_empty(m)]))),
    'Outcome': lambda: drive(lambda m: GcSeq.Sequence.all_settled(m, [pick(
        [GcSeq.Sequence.value(m, 5), GcSeq.Sequence.error(m, ValueError('made'))])]))[0],
    'Record': lambda: GcObj.Record.new(right('Mutation', 0), record_types[0]),
    'TypeCount': lambda: pick(State.arenas).take_census().get_item(rng.randrange(3)),
    'Waker': waker,
}


def fresh(kind, level):
    if kind in RECIPES and chance(80):
        try:
            return add(RECIPES[kind]())
        except Exception:
            return None
    makers = [call for call in calls if call['result'] == kind]
    return perform(pick(makers), level + 1, False) if makers and level <= 3 else None


def right(kind, level):
    if kind.endswith('[]'):
        inner = kind[:-2]
        return bytes(rng.randrange(20)) if inner == 'guint8' else [right(inner, level) for _ in range(rng.randrange(4))]
    if kind in MAKERS and (kind not in ('Arena', 'Mutation', 'Event') or chance(80)):
        return MAKERS[kind]()
    if kind == 'Step' and State.steps and chance(90):
        return State.steps[-1]
    known = [value for value in State.pool if is_a(value, kind)]
    # Most can be used once.
    if kind == 'Sequence' and chance(80):
        known = [sequence for sequence in known if sequence.get_state() == GcSeq.SequenceState.NEW]
    # The last one is more likely to be of use.
    if known and chance(80):
        return known[-1] if chance(50) else pick(known)
    return fresh(kind, level)


## What chance would hardly bring about: half of the calls find it

def result_of(begin_):
    """The result of something asynchronous."""
    results = []
    begin_(lambda source, result, *_: results.append(result))
    for _ in range(100):
        if results:
            break
        GLib.MainContext.default().iteration(False)
        time.sleep(0.0001)
    return results[0]


def run_result(runner):
    finish_scopes()
    value = runner.get_arena().mutate(lambda m: GcSeq.Sequence.value(m, 5))
    return result_of(lambda done: runner.run_async(value, None, done))


def snapshot_result(arena):
    finish_scopes()
    return result_of(lambda done: arena.write_snapshot_async(Gio.MemoryOutputStream.new_resizable(), 0, None, done))


PREPARATIONS = {
    'GcObj.Arena.uninhibit': lambda args: args[0].inhibit(),
    'GcObj.Arena.write_snapshot_finish': lambda args: args.__setitem__(1, snapshot_result(args[0])),
    'GcSeq.Runner.run_finish': lambda args: args.__setitem__(1, run_result(args[0])),
    'GcSeq.Sequence.from_property': lambda args: args.__setitem__(
        slice(1, 4), [Gio.SimpleAction.new('action', None), 'enabled', True]),
    'GcSeq.TaskGroup.cancel_one': lambda args: args.__setitem__(
        1, args[0].spawn(State.steps[-1], GcSeq.Sequence.never(State.steps[-1].mutation))),
}


def prepare(call, args):
    # Fields are named as what reads and writes them.
    if call['owner'] == 'Record' and call['kind'] == 'method' and call['arguments'][:1] in (['utf8'], ['GLib.Quark']):
        field = call['member'].rpartition('_')[2]
        args[1] = field if call['arguments'][0] == 'utf8' else GLib.quark_from_string(field)
    try:
        if call['name'] in PREPARATIONS:
            PREPARATIONS[call['name']](args)
    except Exception:
        pass                            # an argument is None, or refused


## What would not come back, or not in time, or be refused nearly always

def run_arguments(args):
    if chance(80):
        finish_scopes()
    arena = args[0].get_arena() if args and is_a(args[0], 'Runner') else pick(State.arenas)
    # (Others may go on in spite of being cancelled, and these functions do others.)
    wrong_ones = [value for value in WRONG if value not in (coroutine, generator)]
    sequence = pick(wrong_ones) if State.scopes or chance(30) else arena.mutate(
        pick([lambda m: GcSeq.Sequence.value(m, 5), GcSeq.Sequence.never]))
    return [*args[:1], sequence, *args[3:]]


def register_arguments(args):
    if chance(50):
        return args
    return [f'FuzzRecord{State.n}', GcObj.Record, ['object', 'key', 'a'],
            [GcObj.Object, str, pick([GObject.TYPE_INT64, GObject.TYPE_DOUBLE, GObject.TYPE_BOOLEAN])]]


def step_arguments(args):
    if len(args) < 2 or not is_a(args[0], 'Runner') or args[0].get_n_runs() == 0:
        return args
    return [args[0], rng.randrange(100)]


RESTRICTED = {'GcSeq.Runner.run': run_arguments, 'GcObj.Record.type_register': register_arguments,
              'GcSeq.Runner.step': step_arguments}


def tame(call, runner):
    """With the other budget a run without an end would come back, with both as they may be now it would not."""
    if 'budget' in call['member'] and call['kind'] != 'get' and is_a(runner, 'Runner'):
        runner.set_budget_steps(100)
        runner.set_budget_us(100)


## Calls

tried = {call['name']: [0, 0] for call in data['calls']}


def invoke(call, args):
    namespace = NAMESPACES[call['namespace']]
    cls = getattr(namespace, call['owner']) if call['owner'] else namespace
    if call['name'] == 'GcSeq.Runner.run':
        # The override's run() is asynchronous.
        soon = Gio.Cancellable()
        GLib.timeout_add(2, soon.cancel, priority=GLib.PRIORITY_HIGH)
        # Beside another that has no end a runner of less priority would never come to it.
        if args and is_a(args[0], 'Runner'):
            args[0].set_priority(GLib.PRIORITY_HIGH)
        return cls.run_sync(*args, cancellable=soon)
    name = call['member'].replace('-', '_')
    kind = call['kind']
    if keyword.iskeyword(name):
        name += '_'
    if kind == 'get':
        return getattr(args[0].props, name) if hasattr(args[0], 'props') and chance(50) else getattr(args[0], name)
    if kind == 'set' and is_a(args[0], 'Arena') and name in ('root', 'listener'):
        # PyGObject sets properties with Python's lock, for which another thread may be waiting in its scope.
        return getattr(args[0], 'set_' + name)(args[1])
    if kind == 'set':
        return setattr(args[0].props if hasattr(args[0], 'props') and chance(50) else args[0], name, args[1])
    if kind == 'new':
        return cls(**{name: args[0]})
    if kind == 'constructor' and name == 'new' and chance(50):
        return cls(*args)
    if kind == 'virtual-method':
        name = f'do_{name}'
    if kind in ('method', 'virtual-method') and chance(80) and hasattr(args[0], name):
        return getattr(args[0], name)(*args[1:])
    return getattr(cls, name)(*args)


def show(value):
    try:
        return repr(value)[:80]
    except Exception:
        return '?'


def perform(call, level, may_be_wrong):
    has_instance = call['kind'] in ('method', 'virtual-method', 'get', 'set')
    args = [right(kind, level) for kind in [call['owner']] * has_instance + call['arguments']]
    if chance(50):
        prepare(call, args)
    if may_be_wrong and args:
        i = rng.randrange(len(args) + 1)
        if i < len(args):
            args[i] = wrong()
        elif chance(50):
            args.pop()
        else:
            args.append(wrong())
    if call['name'] in RESTRICTED:
        args = RESTRICTED[call['name']](args)
    count = tried[call['name']]
    count[0] += 1
    if verbose == '1':
        print(f'# {"  " * (level + State.depth)}{call["name"]} ({", ".join(map(show, args))})', flush=True)
    State.depth += 1
    try:
        complained()
        result = invoke(call, args)
        count[1] += not complained()
        tame(call, result if call['kind'] == 'new' else args[0] if args else None)
        if call['name'] == 'GcObj.Record.type_register':
            record_types[1:] = [result]
        return add(result)
    except Exception:
        return None
    finally:
        State.depth -= 1


def reseed(number):
    """What an episode does may hang on the clock; the next one begins with numbers of its own."""
    rng.seed(f'{seed} {number}')


def deal():
    if not State.deck:
        State.deck = calls[:]
        reseed(-State.n_episodes)
        rng.shuffle(State.deck)
    return State.deck.pop()


def random_call(call=None):
    State.n += 1
    call = call or pick(calls)
    if not needs_step(call) or State.steps or chance(20):
        perform(call, 0, chance(30))
        return
    try:
        drive(in_step(lambda step: perform(call, 0, chance(30))))
    except Exception:
        pass                            # the step's


# What is no callable of the GIR's: the language's own ways to use a value.
EXTRAS = [
    repr, str, hash, len, list, dir, bool, bytes,
    lambda value: drive(lambda m: value),
    lambda value: drive(lambda m: GcSeq.Sequence.body(m, 'fuzz', callback())),
    lambda value: drive(lambda m: GcSeq.sequence(pick([coroutine, generator, items]))(m, value)),
    lambda value: value == pick(State.pool),
    lambda value: value[rng.randrange(3)],
    lambda value: value.__setitem__(wrong(), wrong()),
    lambda value: value.__delitem__(wrong()),
    lambda value: setattr(value, 'nonsense', wrong()),
    lambda value: value(),
    lambda value: type(value)(),
    lambda value: type(value)(pick(State.pool), wrong(), wrong()),
    lambda value: type(f'Fuzz{State.n}', (type(value),), {}),
    lambda value: add(value.get_item(rng.randrange(5))),
    lambda value: value.run_dispose(),
    lambda value: value.__copy__(),
    lambda value: value.__reduce_ex__(2),
    lambda value: State.arenas[0].mutate(lambda m: GcObj.Array(m, [value, wrong()])),
    lambda value: value.connect('notify', callback()),
    lambda value: State.scopes or value.verify(),
]


def episode():
    hand = [deal() for _ in range(CALLS_PER_EPISODE)]
    State.n_episodes += 1
    reseed(State.n_episodes)
    State.pool, State.scopes = [], []
    State.arenas = [GcObj.Arena(), GcObj.Arena()]
    if chance(30):
        State.arenas[0].set_listener(Listener())
    for call in hand:
        if chance(10):
            finish_scopes()
        random_call(call)
        if chance(10) and State.pool:
            value, extra = pick(State.pool), pick(EXTRAS)
            if verbose == '1':
                print(f'# {EXTRAS.index(extra)} of {show(value)}', flush=True)
            try:
                extra(value)
            except Exception:
                pass                    # as it should
        if chance(5):
            GLib.MainContext.default().iteration(False)
        if chance(2):
            gc.collect()
        # An arena that goes while its objects are in use.
        if chance(2):
            State.arenas[1] = GcObj.Arena()
    State.scopes[:0] = filter(is_open, reversed(State.pool))
    finish_scopes()
    arena = State.arenas[0]
    State.pool, State.arenas = [], [GcObj.Arena()]
    gc.collect()
    for _ in range(20):
        if not GLib.MainContext.default().iteration(False):
            break
    arena.set_listener(None)
    arena.collect()
    arena.verify()


while State.n < int(n_calls):
    episode()
for name, (count, good) in tried.items():
    print(f'{name}\t{count}\t{good}')
for name in RESTRICTED:
    print(f'restricted\t{name}')
print(f'done {State.n}', flush=True)
