# Traces, read back by what others read them with: JSON by Python and the rules of the trace event
# format, captures by Sysprof's reader, static probes by readelf.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: trace.py --program BUSY --library LIBRARY [--reader READ_CAPTURE] [--usdt]"""

import argparse
import collections
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'checks'))

from tap import Report      # noqa: E402

WORK = {'start', 'mark', 'remark', 'clear', 'sweep'}
SPANS = WORK | {'pause', 'finalize'}
COUNTERS = {'Heap', 'Live', 'External', 'Debt'}
PROBES = {
    # The arena's address, and: name → the sizes of the other arguments.
    'pause__begin': 2, 'pause__end': 2, 'phase': 3, 'collection__begin': 3, 'collection__end': 3,
    'finalize__begin': 2, 'finalize__end': 2, 'slab__map': 2, 'slab__unmap': 2,
}


def run(program, trace, *args, expected=0, room=None):
    env = dict(os.environ, GCOBJ_TRACE=trace)
    for name in ('GCOBJ_DEBUG', 'GCOBJ_ZEAL'):
        env.pop(name, None)

    def limit():
        """No file may be larger, as if the disk was full."""
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = subprocess.run([program, *args], env=env, capture_output=True, text=True, check=False,
                          preexec_fn=limit if room is not None else None)
    if done.returncode != expected:
        return [f'{program} ended with {done.returncode}', *done.stderr.splitlines()]
    return done.stderr.splitlines()


def check_events(events):
    """What the format's rules say: what each kind of event needs, how they nest."""
    spans, asyncs = collections.defaultdict(list), {}
    for event in events:
        phase = event['ph']
        if phase not in 'MXbeC':
            yield f'an event of kind {phase}'
        if not isinstance(event['name'], str) or not isinstance(event['pid'], int) or not isinstance(event['tid'], int):
            yield f'without name, process or thread: {event}'
        if phase == 'M':
            continue
        if event['cat'] != 'gcobj' or event['ts'] < 0:
            yield f'without category or time: {event}'
        if phase == 'X':
            spans[event['tid']].append((event['ts'], event['ts'] + event['dur'], event['name']))
        elif phase == 'b':
            if event['id'] in asyncs:
                yield f'began twice: {event}'
            asyncs[event['id']] = event
        elif phase == 'e':
            begun = asyncs.pop(event['id'], None)
            if begun is None or begun['name'] != event['name'] or begun['ts'] > event['ts']:
                yield f'ends what has not begun: {event}'
        elif any(not isinstance(value, int) or value < 0 for value in event['args'].values()):
            yield f'not a count: {event}'
    if len(asyncs) > 2:
        yield f'{len(asyncs)} collections have no end, and there are two arenas'
    for thread in spans.values():
        yield from check_nesting(thread)


def check_nesting(spans):
    """Those of a thread are one after the other or one inside of the other; work is inside of a pause."""
    open_spans = []
    for begin, end, name in sorted(spans, key=lambda s: (s[0], -s[1])):
        while open_spans and open_spans[-1][1] <= begin + 0.0005:
            open_spans.pop()
        if open_spans and end > open_spans[-1][1] + 0.0005:
            yield f'{name} at {begin} is neither inside of {open_spans[-1]} nor after it'
        if name in WORK and not any(outer[2] == 'pause' for outer in open_spans):
            yield f'{name} at {begin} is in no pause'
        open_spans.append((begin, end, name))


def check_json(path):
    with open(path, encoding='utf-8') as text:
        trace = json.load(text)
    events = trace['traceEvents']
    yield from check_events(events)
    names = collections.Counter(event['name'] for event in events)
    wanted = SPANS | COUNTERS | {'process_name', 'major collection', 'minor collection'}
    yield from (f'no {name}' for name in sorted(wanted - set(names)))
    yield from (f'unknown: {name}' for name in sorted(set(names) - wanted))
    if len({event['tid'] for event in events if event['ph'] == 'X'}) != 2:
        yield 'not two threads'
    if {event['args']['arena'] for event in events if event['ph'] == 'X'} != {1, 2}:
        yield 'not two arenas'
    if names['Heap'] != names['pause']:
        yield f'{names["Heap"]} counts for {names["pause"]} pauses'
    pauses = [int(n) for n in trace['otherData']['pauses'].split()]
    lengths = [0] * len(pauses)
    for event in events:
        if event['name'] == 'pause':
            lengths[min(int(event['dur']).bit_length(), len(pauses) - 1)] += 1
    if pauses != lengths:
        yield f'the histogram is {pauses}, and the pauses are {lengths}'
    ran = sum(event['args']['n'] for event in events if event['name'] == 'finalize')
    if ran != 600:
        yield f'{ran} finalizers ran'


def check_again(path):
    """Arenas that followed each other, at the same address maybe, are not mixed up."""
    with open(path, encoding='utf-8') as text:
        events = json.load(text)['traceEvents']
    yield from (problem for problem in check_events(events) if 'have no end' not in problem)
    begun = {(event['args']['arena'], event['id']) for event in events if event['ph'] == 'b'}
    if len({arena for arena, _ in begun}) != 12:
        yield f'collections of {len({arena for arena, _ in begun})} arenas, not 12'


def check_fork(path, reader=None):
    """A child that was forked writes nothing into its parent's file."""
    if reader:
        done = subprocess.run([reader, path], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield f'the reader ended with {done.returncode}'
        n = len(re.findall(r'^mark\t.*\tfinalize\t', done.stdout, re.M))
    else:
        with open(path, encoding='utf-8') as text:
            events = json.load(text)['traceEvents']
        yield from check_events(events)
        if len({event['pid'] for event in events}) != 1:
            yield 'two processes'
        n = sum(event['args']['n'] for event in events if event['name'] == 'finalize')
        if n != 60:
            yield f'{n} finalizers ran, not 60'
    if n == 0:
        yield 'no finalizers ran'


def check_full(program, folder, suffix, reader=None):
    """However much room there is, the file is whole, or there is none."""
    for room in (0, 10, 100, 1000, 5000, 20000, 50001):
        path = os.path.join(folder, f'full-{room}{suffix}')
        warned = run(program, path, room=room)
        if not any('File too large' in line for line in warned):
            yield f'{room} bytes: no warning: {warned}'
        if not os.path.exists(path):
            if room >= 1000 and not reader or room >= 10000:
                yield f'{room} bytes: no file'
        elif os.path.getsize(path) > room:
            yield f'{room} bytes: {os.path.getsize(path)} were written'
        elif reader:
            done = subprocess.run([reader, path], capture_output=True, check=False)
            if done.returncode != 0:
                yield f'{room} bytes: the reader ended with {done.returncode}'
        else:
            try:
                with open(path, encoding='utf-8') as text:
                    events = json.load(text)['traceEvents']
            except ValueError as error:
                yield f'{room} bytes: {error}'
                continue
            if events and events[0]['name'] != 'process_name':
                yield f'{room} bytes: the first event is {events[0]}'
            if room >= 5000 and len(events) < 10:
                yield f'{room} bytes: {len(events)} events'
    path = os.path.join(folder, 'device' + suffix)
    os.symlink('/dev/full', path)
    warned = run(program, path)
    # A capture can't be cut to nothing there.
    if not any('No space left' in line or (reader and 'Invalid argument' in line) for line in warned):
        yield f'a full device: {warned}'
    if not os.path.islink(path):
        yield 'a full device: the link is gone'


def check_capture(*command):
    env = {name: value for name, value in os.environ.items() if not name.startswith('GCOBJ_')}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    if done.returncode != 0:
        yield f'the reader ended with {done.returncode}'
    lines = [line.split('\t') for line in done.stdout.splitlines()]
    by_kind = collections.defaultdict(list)
    for kind, *words in lines:
        # GLib tells Sysprof of itself, too.
        if not (kind == 'mark' and words[2] == 'GLib'):
            by_kind[kind].append(words)
    start = int(by_kind['start'][0][0])
    marks = collections.Counter(name for _, _, _, name, _ in by_kind['mark'])
    wanted = SPANS | {'major collection', 'minor collection'}
    yield from (f'no mark {name}' for name in sorted(wanted - set(marks)))
    yield from (f'unknown mark {name}' for name in sorted(set(marks) - wanted))
    for time, duration, group, name, message in by_kind['mark']:
        if group != 'GcObj' or not message:
            yield f'{name} is of {group} and says {message!r}'
        # Sysprof's clock is ours.
        if not start <= int(time) <= start + 300 * 10**9 or int(duration) > 300 * 10**9:
            yield f'{name} at {time} for {duration}, and the capture began at {start}'
    counters = {number: (category, name) for number, category, name in by_kind['counter']}
    if set(counters.values()) != {(c, n) for c in ('GcObj', 'GcObj 2') for n in COUNTERS}:
        yield f'the counters are {counters}'
    values = collections.Counter(number for _, number, _ in by_kind['value'])
    if set(values) != set(counters) or sum(values.values()) != marks['pause'] * len(COUNTERS):
        yield f'{values} values for {marks["pause"]} pauses'
    if not any(int(value) > 0 for _, number, value in by_kind['value'] if counters[number][1] == 'Heap'):
        yield 'the heap has no bytes'


def check_probes(library):
    notes = subprocess.run(['readelf', '--notes', '--wide', library], capture_output=True, text=True, check=True).stdout
    found = collections.defaultdict(set)
    for provider, name, arguments in re.findall(
            r'Provider: (\S+)\s+Name: (\S+)\s+Location:[^\n]*\s+Arguments:([^\n]*)', notes):
        if provider == 'gcobj':
            found[name].add(len(arguments.split()))
    for name, n in PROBES.items():
        if found[name] != {n}:
            yield f'{name} has {sorted(found[name])} arguments instead of {n}'
    yield from (f'unknown: {name}' for name in set(found) - set(PROBES))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--program', required=True)
    parser.add_argument('--library')
    parser.add_argument('--reader')
    parser.add_argument('--host')
    parser.add_argument('--usdt', action='store_true')
    args = parser.parse_args()
    report = Report()

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'trace.json')
        report.result('a program writes a trace', run(args.program, path))
        report.result('it is JSON in the trace event format', check_json(path))

        run(args.program, os.path.join(folder, 'crash-%p.json'), 'crash', expected=-6)
        crashed = [name for name in os.listdir(folder) if re.fullmatch(r'crash-\d+\.json', name)]
        report.result('its name has the process', [] if len(crashed) == 1 else crashed or ['no file'])
        report.result('it is complete after a crash', check_json(os.path.join(folder, crashed[0])))

        path = os.path.join(folder, 'again.json')
        run(args.program, path, 'again')
        report.result('arenas that follow each other are told apart', check_again(path))

        path = os.path.join(folder, 'fork.json')
        report.result('a program that forks writes a trace', run(args.program, path, 'fork'))
        report.result("a child's work is not in it", check_fork(path))

        report.result('a full disk is a warning, and the trace whole', check_full(args.program, folder, '.json'))

        warned = run(args.program, '/nonexistent/folder/trace.json')
        report.result('a place that is not there is a warning',
                      [] if any('GCOBJ_TRACE: /nonexistent/folder/trace.json: No such file' in line for line in warned)
                      else warned or ['no warning'])

        path = os.path.join(folder, 'trace.syscap')
        if args.reader:
            report.result('a program writes a capture', run(args.program, path))
            report.result("Sysprof's reader reads it", check_capture(args.reader, path))
            report.result('a full disk is a warning, and the capture whole',
                          check_full(args.program, folder, '.syscap', args.reader))
            if args.host:
                report.result('Sysprof that runs the program gets the same', check_capture(args.host, args.program))
            else:
                report.skip('Sysprof that runs the program', 'its library lacks its own end')
            path = os.path.join(folder, 'fork.syscap')
            report.result('a program that forks writes a capture', run(args.program, path, 'fork'))
            report.result("a child's work is not in that", check_fork(path, args.reader))
            crashed = os.path.join(folder, 'crash.syscap')
            run(args.program, crashed, 'crash', expected=-6)
            report.result('it is complete after a crash', check_capture(args.reader, crashed))
        else:
            warned = run(args.program, path)
            report.result('without Sysprof a capture is a warning',
                          [] if any('built without Sysprof' in line for line in warned) else warned or ['no warning'])
            report.skip("Sysprof's reader", 'the library was built without it')

    if not args.usdt or not args.library:
        report.skip('the static probes', 'the library was built without them')
    elif not shutil.which('readelf'):
        report.skip('the static probes', 'there is no readelf')
    else:
        report.result('the static probes have their notes', check_probes(args.library))
    report.done()


if __name__ == '__main__':
    main()
