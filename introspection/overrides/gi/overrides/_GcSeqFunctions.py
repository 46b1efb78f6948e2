# What turns functions, values and exceptions of Python's into those that the sequence library
# knows, for the override GcSeq.py.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import contextlib
import functools
import inspect
import itertools
import re

from gi.repository import GcObj, GLib, GObject
from gi.overrides.GcObj import pack
from gi.module import get_introspection_module

GcSeq = get_introspection_module('GcSeq')


## Exceptions

# An exception crosses the library as an error with a number, by which it is found again at
# the other end. One that nobody asks for is forgotten after so many others; until then what the
# frames of its traceback refer to is alive.
MAX_EXCEPTIONS = 64
DOMAIN = GLib.quark_to_string(GcSeq.SequenceError.quark())
on_their_way = {}
numbers = itertools.count(1)


def to_error(exception):
    if isinstance(exception, GLib.Error):
        return exception
    number = next(numbers)
    on_their_way[number] = exception
    if len(on_their_way) > MAX_EXCEPTIONS:
        del on_their_way[min(on_their_way)]
    try:
        text = str(exception)
    except Exception:
        text = '?'
    message = f'{type(exception).__name__}: {text} #{number}'
    return GLib.Error(message.replace('\0', '\\0'), DOMAIN, GcSeq.SequenceError.EXCEPTION)


def from_error(error, goes_on=False):
    if error.matches(GcSeq.SequenceError.quark(), GcSeq.SequenceError.EXCEPTION):
        number = re.search(r'#(\d+)$', error.message)
        if number:
            find = on_their_way.get if goes_on else on_their_way.pop
            return find(int(number[1]), error)
    return error


def translated(function):
    """Lets exceptions out as errors."""
    @functools.wraps(function)
    def call(*args):
        try:
            return function(*args)
        except BaseException as exception:
            error = to_error(exception)
        raise error
    return call


def as_value(m, value):
    """What goes into a GValue: PyGObject finds no type by itself for records."""
    value = pack(m, value)
    return None if value is None else GObject.Value(GcObj.Object, value)


## Functions

# Those that are lent to functions of Python's at the moment, the innermost last.
lent = []


@contextlib.contextmanager
def lending(m, step):
    step.mutation = m
    lent.append(step)
    try:
        yield
    finally:
        lent.pop()


def step_function(function):
    """A function of m and step, as a GcStepFunc."""
    @translated
    def call(m, step, *_):
        with lending(m, step):
            result = function(m, step)
        if not isinstance(result, GcSeq.StepResult):
            raise TypeError(f'a step returned {result!r}, which is no GcSeq.StepResult')
        return result
    return call


def n_arguments(function):
    """How many arguments it has to be given by position."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return 1
    return sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty for p in parameters)


# What a function is given.

def given_value(step):
    return (step.get(),)


def given_error(step):
    return (from_error(step.get_error()),)


def shown_error(step):
    return (from_error(step.get_error(), goes_on=True),)


def given_nothing(step):
    return ()


def given_pair(step):
    return tuple(step.get())


N_GIVEN = {given_value: 1, given_error: 1, shown_error: 1, given_nothing: 0, given_pair: 2}


# What is made of what it returns.

def settle(m, step, result):
    return step.become(result) if isinstance(result, GcSeq.Sequence) else step.done(result)


def go_on(m, step, result):
    if not isinstance(result, GcSeq.Sequence):
        result = GcSeq.Sequence.value(m, as_value(m, result))
    return step.become(result)


def fail(m, step, result):
    return step.fail(result)


def ignore(m, step, result):
    return step.done()


def judge(m, step, result):
    return step.done(bool(result))


def judge_error(m, step, result):
    if result:
        from_error(step.get_error())            # that is the last of it
    return step.done(bool(result))


# A function is given a value, and returns a value or a sequence, but for these. A number is the place of one of
# several functions.
KINDS = {
    'catch': (given_error, go_on),
    'defer': (given_nothing, go_on),
    'finally': (given_nothing, settle),
    'generator_all_match': (given_value, judge),
    'generator_any_match': (given_value, judge),
    'generator_filter': (given_value, judge),
    'generator_find': (given_value, judge),
    'generator_flat_map': (given_value, go_on),
    'generator_fold': (given_pair, settle),
    'generator_scan': (given_pair, settle),
    'generator_take_while': (given_value, judge),
    'inspect': (given_value, ignore),
    ('loop_while', 2): (given_value, judge),
    'map_error': (given_error, fail),
    'or_else': (given_error, go_on),
    ('retry', 6): (shown_error, judge_error),
    'scope': (given_value, go_on),
    'then': (given_value, go_on),
}


def plain_function(name, i, function):
    """A function of a value, or of m and a value, as a GcStepFunc."""
    given, made = KINDS.get((name, i)) or KINDS.get(name, (given_value, settle))
    wants_mutation = n_arguments(function) > N_GIVEN[given]

    def call(m, step):
        values = given(step)
        return made(m, step, function(m, *values) if wants_mutation else function(*values))
    return step_function(call)


def next_function(name, i, function):
    """A function that gives an item each time, until it raises StopIteration."""
    def call(m, step):
        try:
            return step.emit(function())
        except StopIteration as stop:
            return step.done(stop.value)
    return step_function(call)


def promise_function(name, i, function):
    """A function of a promise: it settles that, or what it returns or raises does."""
    def call(promise, *_):
        try:
            result = function(promise)
        except BaseException as exception:
            promise.reject(exception)
        else:
            if result is not None:
                promise.resolve(result)
    return call


FUNCTIONS = {
    'steps': lambda name, i, function: step_function(function),
    'body': lambda name, i, function: step_function(function),
    'generator_from_func': next_function,
    'from_async': promise_function,
    'in_thread': promise_function,
}

# The arguments that may be anything, by their places.
VALUES = {
    'value': {1},
    'catch_value': {4},
    'generator_once': {1},
    'generator_fold': {2},
    'generator_scan': {2},
    'loop': {1},
    'loop_break': {1},
    'loop_while': {1},
}


def accepting(name, function):
    """The same function, which accepts functions and values of Python's."""
    name = name.rstrip('_')                     # of a keyword
    wrap = FUNCTIONS.get(name, plain_function)
    values = VALUES.get(name, ())

    def convert(m, i, argument):
        if i in values:
            return as_value(m, argument)
        if isinstance(argument, BaseException):
            return to_error(argument)
        return wrap(name, i, argument) if callable(argument) else argument

    def call(m, *arguments):
        converted = []
        for i, argument in enumerate(arguments, 1):
            # PyGObject has a function's data filled in at the end alone.
            if i > 1 and callable(arguments[i - 2]) and i - 1 not in values:
                converted.append(())
            converted.append(convert(m, i, argument))
        return function(m, *converted)
    call.__name__ = name
    call.__doc__ = function.__doc__
    return call
