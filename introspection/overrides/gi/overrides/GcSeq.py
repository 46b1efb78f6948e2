# Sequences for Python: generator functions and coroutines whose frames an arena runs,
# combinators that take plain functions, and runs that can be awaited.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import functools
import inspect

import gi
gi.require_version('GcObj', '1.0')

from gi.repository import GcObj, GLib, GObject
from gi.overrides import override
from gi.overrides.GcObj import forbid_subclasses, unpack
from gi.overrides._GcSeqFunctions import accepting, as_value, from_error, lent, settle, to_error
from gi.module import get_introspection_module

GcSeq = get_introspection_module('GcSeq')

__all__ = []

forbid_subclasses(GcSeq, ['Promise', 'Run', 'Runner', 'Step'])


def export(thing):
    __all__.append(thing.__name__)
    return thing


## Steps

@export
@override
class Step(GcSeq.Step):
    # Set while it is lent to a function of Python's.
    mutation = None

    def done(self, value=None):
        return super().done(as_value(self.mutation, value))

    def emit(self, item=None):
        return super().emit(as_value(self.mutation, item))

    def get(self):
        return unpack(super().get())

    def steal_error(self):
        """Takes what came in as an exception, or None."""
        error = super().steal_error()
        return error and from_error(error)

    def fail(self, exception):
        return super().fail(to_error(exception))


## Functions that stop in the middle

@export
class emit:
    """Gives an item, whatever it is: `yield GcSeq.emit(None)`, `await GcSeq.emit(1)`."""

    def __init__(self, item=None):
        self.item = item

    def __await__(self):
        return (yield self)


@export
class pause:
    """Ends the step, as `yield` does: `await GcSeq.pause()`."""

    def __await__(self):
        return (yield None)


class AsyncGeneratorBody:
    """An async generator with the methods of a generator: what it yields is an item."""

    def __init__(self, generator):
        self.generator = generator
        self.current = None

    def resume(self, method, *args):
        try:
            if self.current is None:
                self.current = self.generator.asend(None)
                return self.current.send(None)
            return getattr(self.current, method)(*args)
        except StopIteration as stop:
            self.current = None
            return emit(stop.value)
        except StopAsyncIteration:
            raise StopIteration(None) from None

    def send(self, value):
        return self.resume('send', value)

    def throw(self, exception):
        if self.current is None:
            self.current = self.generator.athrow(exception)
            return self.resume('send', None)
        return self.resume('throw', exception)


class Body:
    """The steps of a function of Python's."""

    def __init__(self, function, args, kwargs):
        self.call = function, args, kwargs
        self.body = None
        self.future = None

    def __call__(self, m, step):
        try:
            return self.step(m, step)
        except StopIteration as stop:
            self.clear()
            return step.done(stop.value)
        except BaseException:
            self.clear()
            raise

    def clear(self):
        self.call = self.body = self.future = None

    def begin(self, m, step):
        function, args, kwargs = self.call
        self.call = None
        result = function(m, *args, **kwargs)
        if inspect.isasyncgen(result):
            result = AsyncGeneratorBody(result)
        elif not (inspect.isgenerator(result) or inspect.iscoroutine(result)):
            return settle(m, step, result)
        self.body = result
        return self.take(m, step, result.send(None))

    def step(self, m, step):
        error = step.steal_error()
        if self.body is None:
            if error is not None:
                raise error
            return self.begin(m, step)
        if self.future is not None and error is None:
            if not self.future.done():          # woken for nothing
                return GcSeq.StepResult.WAIT
            future, self.future = self.future, None
            error = future.exception() if not future.cancelled() else asyncio.CancelledError()
            return self.take(m, step, self.body.throw(error) if error is not None else self.body.send(future.result()))
        if error is not None:
            self.future = None
            return self.take(m, step, self.body.throw(error))
        return self.take(m, step, self.body.send(step.get()))

    def take(self, m, step, yielded):
        """What the function said comes next."""
        if yielded is None:
            return GcSeq.StepResult.CONTINUE
        if isinstance(yielded, GcSeq.Sequence):
            return step.call(yielded)
        if isinstance(yielded, emit):
            return step.emit(yielded.item)
        if asyncio.isfuture(yielded):
            waker = step.dup_waker()
            yielded.add_done_callback(lambda future: waker.wake())
            self.future = yielded
            # It is said by awaiting it that the result is asked for.
            yielded._asyncio_future_blocking = False
            return GcSeq.StepResult.WAIT
        return step.emit(yielded)


@export
def sequence(function):
    """Makes a function that makes sequences of a generator function or a coroutine function.

    The function's first argument is the mutation, in each of its steps the same. It awaits a
    sequence by yielding or awaiting it, gives an item by yielding it, ends its step by `yield`, and
    what it returns is the result.
    """
    name = getattr(function, '__qualname__', None)

    @functools.wraps(function)
    def make(m, *args, **kwargs):
        return Sequence.body(m, name, Body(function, args, kwargs).__call__)
    return make


def make_sequence(m, what, args, kwargs):
    if isinstance(what, GcSeq.Sequence):
        if args or kwargs:
            raise TypeError('a sequence takes no arguments')
        return what
    if inspect.isgeneratorfunction(what) or inspect.iscoroutinefunction(what) or inspect.isasyncgenfunction(what):
        # What @sequence made looks like what it was made of.
        if not hasattr(what, '__wrapped__'):
            what = sequence(what)
    made = what(m, *args, **kwargs)
    if not isinstance(made, GcSeq.Sequence):
        raise TypeError(f'{what!r} made {made!r}, which is no sequence')
    return made


@export
@override
class Sequence(GcSeq.Sequence):
    def __await__(self):
        return (yield self)

    # Items, in a coroutine that is a sequence itself.
    def __aiter__(self):
        return self

    async def __anext__(self):
        with self.get_arena().mutation() as m:
            item = GcSeq.generator_next(m, self)
        item = await item
        if item.is_end():
            raise StopAsyncIteration
        return item.get_value()

    def __repr__(self):
        return f'<{self.describe()}: {self.get_state().value_nick}>'


@export
@override
class TaskGroup(GcSeq.TaskGroup):
    def spawn(self, *arguments):
        """Runs a sequence beside the one whose step this is; gives its index."""
        if len(arguments) == 1:
            if not lent:
                raise RuntimeError('only a step can spawn')
            arguments = (lent[-1], *arguments)
        return super().spawn(*arguments)


@export
@override
class Item(GcSeq.Item):
    def get_value(self):
        return unpack(super().get_value())


@export
@override
class Promise(GcSeq.Promise):
    def resolve(self, value=None):
        # Without a scope to make objects in, on any thread.
        if isinstance(value, GcObj.Object):
            value = GObject.Value(GcObj.Object, value)
        elif isinstance(value, int) and not isinstance(value, bool):
            value = GObject.Value(GObject.TYPE_INT64, value)
        elif not isinstance(value, (bool, float, str, GObject.Object, GObject.GBoxed, type(None))):
            raise TypeError(f"a promise can't be resolved with a {type(value).__name__}")
        return super().resolve(value)

    def reject(self, exception):
        return super().reject(to_error(exception))


@export
@override
class Channel(GcSeq.Channel):
    def send(self, m, item=None):
        return super().send(m, as_value(m, item))

    def try_send(self, m, item=None):
        return super().try_send(m, as_value(m, item))

    def try_receive(self, m):
        """Whether there was an item, and the item."""
        received, item = super().try_receive(m)
        return received, unpack(item)


# The constructors, and the functions that make generators. That of errors is a function: its name
# begins as that of an enumeration.
for name, function in list(vars(GcSeq.Sequence).items()):
    if callable(getattr(function, 'is_constructor', None)) and function.is_constructor():
        setattr(Sequence, name, staticmethod(accepting(name, getattr(GcSeq.Sequence, name))))
for name in dir(GcSeq):
    if name.startswith('generator_') or name == 'sequence_error':
        globals()[name] = export(accepting(name, getattr(GcSeq, name)))
Sequence.error = staticmethod(globals()['sequence_error'])


## Runs

def main_context():
    return GLib.MainContext.ref_thread_default()


async def iterate_until(future):
    """Runs GLib's main context beside a loop of another kind."""
    context = main_context()
    delay = 0
    while not future.done():
        delay = 0 if context.iteration(False) else min(0.02, delay * 2 + 0.0005)
        await asyncio.sleep(delay)


def is_glib_loop(loop):
    return type(loop).__module__ == 'gi.events'


@export
@override
class Run(GcSeq.Run):
    """A sequence on its way: `await run`, `run.cancel()`."""

    def get_result(self):
        """What it ended with; an exception if it failed, or has not ended."""
        try:
            return unpack(super().get_result())
        except GLib.Error as error:
            raised = from_error(error)
        raise raised

    async def wait(self):
        loop = asyncio.get_running_loop()
        ended = loop.create_future()
        if not self.is_done():
            def on_done(*_):
                if not ended.done():
                    ended.set_result(None)
            handler = self.connect('notify::done', on_done)
            # What shields it from a cancellation of the task: it ends when the sequence has.
            pump = None if is_glib_loop(loop) else asyncio.ensure_future(iterate_until(ended))
            cancelled = None
            try:
                while not ended.done():
                    try:
                        await asyncio.shield(ended)
                    except asyncio.CancelledError as error:
                        cancelled = error
                        self.cancel()
                if pump is not None:
                    await pump
            finally:
                self.disconnect(handler)
            if cancelled is not None:
                raise cancelled
        return self.get_result()

    def __await__(self):
        return self.wait().__await__()


@export
@override
class Runner(GcSeq.Runner):
    # Made by a function: making a GObject of properties, PyGObject keeps Python's lock, without which another thread
    # does not come to the end of its scope.
    def __new__(cls, arena=None, **properties):
        return cls.new(GcObj.Arena() if arena is None else arena)

    def __init__(self, arena=None, **properties):
        for name, value in properties.items():
            self.set_property(name.replace('_', '-'), value)

    def run(self, what, /, *args, cancellable=None, **kwargs):
        """Begins to run a sequence, or what a function makes, and gives the run, to be awaited."""
        return self.start(self.make(what, args, kwargs), cancellable)

    def make(self, what, args, kwargs):
        with self.get_arena().mutation() as m:
            made = make_sequence(m, what, args, kwargs)
        if made.get_arena() != self.get_arena():
            raise GLib.Error("The sequence is another arena's", GLib.quark_to_string(GcObj.error_quark()),
                             GcObj.Error.WRONG_ARENA)
        return made

    def run_sync(self, what, /, *args, cancellable=None, **kwargs):
        """Runs it and gives the result, iterating the main context meanwhile."""
        made = self.make(what, args, kwargs)
        try:
            return unpack(super().run(made, cancellable))
        except GLib.Error as error:
            raised = from_error(error)
        raise raised

    def run_finish(self, result):
        try:
            return unpack(super().run_finish(result))
        except GLib.Error as error:
            raised = from_error(error)
        raise raised

    async def iterate(self, what, /, *args, cancellable=None, **kwargs):
        """The items of a generator: `async for item in runner.iterate(…)`."""
        generator = self.make(what, args, kwargs)
        try:
            while True:
                item = await self.run(GcSeq.generator_next, generator, cancellable=cancellable)
                if item.is_end():
                    return
                yield item.get_value()
        finally:
            if generator.get_state() == GcSeq.SequenceState.SUSPENDED:
                await self.run(GcSeq.generator_close, generator)
