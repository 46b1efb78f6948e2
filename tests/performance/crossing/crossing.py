# What it costs to cross from Python into the library, beside what GObject's own calls cost.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import gc
import statistics
import sys
import time

try:
    import gi
    gi.check_version('3.48')
    gi.require_version('GcObj', '1.0')
    from gi.repository import GcObj, Gio, GLib, GObject
except (ImportError, ValueError) as reason:
    print(f'not run: {reason}')
    sys.exit(77)

arena = GcObj.Arena()


@GcObj.record
class Person:
    age: int


with arena.mutation() as m:
    held = GcObj.Array(m)
    array = GcObj.Array(m, [held])
    lone = GcObj.Array(m, [GcObj.Array(m)])
    person = Person(m, age=36)
    arena.set_root(GcObj.Array(m))
    hundred = GcObj.Array(m, [GcObj.Array(m) for _ in range(100)])

cancellable = Gio.Cancellable()
info = Gio.FileInfo()
info.set_attribute_uint64('time::modified', 1000000)
# Whose object has a wrapper only while it is asked for, as that in lone has.
store = Gio.ListStore.new(Gio.Cancellable)
store.append(Gio.Cancellable())
store_of_hundred = Gio.ListStore.new(Gio.Cancellable)
for _ in range(100):
    store_of_hundred.append(Gio.Cancellable())
# Whose object has one all the time, as that in array has.
kept = Gio.ListStore.new(Gio.Cancellable)
kept.append(cancellable)
# What is of a fundamental type in GObject, and no GObject.
value = GObject.Value()
value.init(GObject.TYPE_PARAM)
value.set_param(Gio.SimpleAction.find_property('name'))
data = GLib.Bytes.new(b'x')
action = Gio.SimpleAction(name='name')


def nothing(*_):
    pass


def new_objects(n):
    with arena.mutation() as m:
        for _ in range(n):
            GcObj.Array.new(m)


def construct(n):
    with arena.mutation() as m:
        for _ in range(n):
            GcObj.Array(m)


def scopes(n):
    for _ in range(n):
        with arena.mutation():
            pass


def loop(statement):
    """A function that executes it so many times."""
    names = {}
    exec(f'def function(n):\n    for _ in range(n):\n        {statement}', globals(), names)
    return names['function']


# What is measured, and what GObject's own takes for as much, by a call of the same kind.
ALIKE = [
    ('method', loop('array.get_length()'), loop('cancellable.is_cancelled()')),
    ('method with an object', loop('array.index_of(held)'), loop('info.set_attribute_object("test::set", cancellable)')),
    ('length', loop('len(array)'), loop('len(store)')),
    ('element', loop('lone[0]'), loop('store[0]')),
    # PyGObject keeps no wrappers of what is of a fundamental type and no GObject: there is a new one each time.
    ('element, fundamental', loop('array.get(0)'), loop('value.get_param()')),
    ('100 elements, for', loop('for _ in hundred: pass'), loop('for _ in store_of_hundred: pass')),
    ('100 elements, slice', loop('hundred[:]'), loop('store_of_hundred[:]')),
    ('new wrapper, fundamental', loop('arena.get_root()'), loop('value.get_param()')),
    ('new object', new_objects, loop('Gio.BytesIcon.new(data)')),
    ('constructor', construct, loop('Gio.BytesIcon(bytes=data)')),
    ('read attribute', loop('person.age'), loop('action.props.enabled')),
    ('write attribute', loop('person.age = 5'), loop('action.props.enabled = True')),
    ('scope', scopes, loop('info.get_modification_date_time().get_year()')),
    ('scope of a function', loop('arena.mutate(nothing)'), loop('nothing(info.get_modification_date_time().get_year())')),
]

# GObjects keep their wrapper with them, and a new one takes fewer look-ups than that of another fundamental type.
FOR_GOBJECTS_ALONE = [
    ('element, has a wrapper', loop('array[0]'), loop('kept[0]')),
    ('new wrapper', loop('lone.get(0)'), loop('store.get_item(0)')),
]


def time_of(function, n):
    """Nanoseconds for each."""
    begin = time.process_time_ns()
    function(n)
    return (time.process_time_ns() - begin) / n


def enough(ours, theirs, seconds):
    """How many times both are called in so many seconds."""
    n = 20
    while (time_of(ours, n) + time_of(theirs, n)) * n < seconds * 1e9 / 2:
        n *= 2
    return n


def measure(title, pairs, seconds):
    print(f'{title:30}{"GcObj":>8}{"GObject":>9}{"ratio":>7}')
    for name, ours, theirs in pairs:
        n = enough(ours, theirs, seconds / 11)
        # One after the other, so that what else the machine does is the same for both.
        times = [(time_of(ours, n), time_of(theirs, n)) for _ in range(11 if seconds > 0 else 1)]
        a, b = (statistics.median(each) for each in zip(*times))
        ratio = statistics.median(a / b for a, b in times)
        print(f'{name:30}{a:8.0f}{b:9.0f}{ratio:7.2f}')
        gc.collect()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--seconds', type=float, default=10, help='for how long to measure, about')
    seconds = parser.parse_args().seconds / (len(ALIKE) + len(FOR_GOBJECTS_ALONE))

    gc.disable()
    measure('Python, the same kind', ALIKE, seconds)
    measure('Python, GObjects alone', FOR_GOBJECTS_ALONE, seconds)


if __name__ == '__main__':
    main()
