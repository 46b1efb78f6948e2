# What the tests of sequences in Python share.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio

from harness import GcSeq, test

Sequence = GcSeq.Sequence


@GcSeq.sequence
def count(m, n):
    for _ in range(n):
        yield
    return n


@GcSeq.sequence
def fail(m, exception):
    yield
    raise exception


@GcSeq.sequence
def forever(m):
    yield Sequence.never(m)


def in_both_loops(function):
    """With asyncio's own loop, and with GLib's."""
    def call(arena):
        asyncio.run(function(arena))
        try:
            from gi.events import GLibEventLoopPolicy
        except ImportError:
            return
        policy = GLibEventLoopPolicy()
        policy.get_event_loop().run_until_complete(function(arena))
    call.__name__ = function.__name__
    test(call)
