# What the Python tests share: TAP, and an arena for each test that is empty and
# unreferenced again when it ends.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import sys
import traceback

try:
    import gi
    gi.check_version('3.48')    # older ones can't return objects of fundamental types
    gi.require_version('GcObj', '1.0')
    gi.require_version('GcSeq', '1.0')
    from gi.repository import GcObj, GcSeq, Gio, GLib
except (ImportError, ValueError) as reason:
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)

tests = []


def test(function):
    tests.append(function)
    return function


def n_external(arena):
    """Wrappers that Python has no use for any more may still be there."""
    gc.collect()
    return arena.get_stats().n_external_refs


DOMAINS = {
    GcObj.Error: GcObj.error_quark(),
    GcSeq.SequenceError: GcSeq.SequenceError.quark(),
    Gio.IOErrorEnum: Gio.io_error_quark(),
}


def raises(wanted, function, *args, **kwargs):
    """The exception; GErrors are given by their codes."""
    domain = DOMAINS.get(type(wanted))
    try:
        result = function(*args, **kwargs)
    except (wanted if domain is None else GLib.Error) as error:
        if domain is not None:
            assert error.matches(domain, wanted), f'{error!r} is not {wanted}'
        # The frames hold the arguments.
        return error.with_traceback(None)
    raise AssertionError(f'{wanted} was not raised, and the result is {result!r}')


def wait_for(condition):
    context = GLib.MainContext.default()
    deadline = GLib.get_monotonic_time() + 30 * GLib.USEC_PER_SEC
    while GLib.get_monotonic_time() < deadline:
        if condition():
            return
        # Something may be on its way on another thread.
        if not context.iteration(False):
            GLib.usleep(100)
    raise AssertionError('nothing happened')


def run_test(function):
    arena = GcObj.Arena()
    function(arena)
    # Functions that the arena's objects have are let go with these.
    for _ in range(3):
        gc.collect()
        while GLib.MainContext.default().iteration(False):
            pass
        arena.collect()
    assert n_external(arena) == 0, f'{n_external(arena)} external references are left'
    arena.root = None
    # A GObject goes in one cycle, what its peer leads to in the next.
    if arena.get_n_peers() > 0:
        for _ in range(2):
            arena.collect()
            gc.collect()
    arena.collect()
    assert arena.get_stats().live_objects == 0, f'{arena.get_stats().live_objects} objects are left'
    arena.verify()


def run():
    failed = 0
    print(f'TAP version 13\n1..{len(tests)}', flush=True)
    for number, function in enumerate(tests, 1):
        name = function.__name__.replace('_', ' ')
        try:
            run_test(function)
            print(f'ok {number} - {name}', flush=True)
        except BaseException:
            failed += 1
            traceback.print_exc()
            print(f'not ok {number} - {name}', flush=True)
    sys.exit(1 if failed else 0)
