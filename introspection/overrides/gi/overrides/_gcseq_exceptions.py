# Exceptions of Python's on their way through sequences.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import functools
import itertools
import re

from gi.repository import GLib
from gi.module import get_introspection_module

GcSeq = get_introspection_module('GcSeq')

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
