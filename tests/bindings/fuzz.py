# Random calls in one language: runs its driver and judges what it says.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: fuzz.py [--seed N] [--calls N] [--verbose] LANGUAGE DATA INTERPRETER ARGUMENT…

The driver gets the data of fuzz-data.py, a seed, how many calls, a folder for files, whether to
print each call, and the names to leave out. It prints for each callable its name, how often it was
called and how often that went well: without an exception and without a critical warning; "restricted" and the name of
each callable that it gives some arguments alone; then "done N". What it leaves out is in fuzz-exclusions.txt and what
it restricts in fuzz-restrictions.txt, with the reasons.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, '..', 'checks'))
from tap import Report  # noqa: E402

# What each host can't do. Whoever finds another bug of a host counts up here, and says why.
N_EXCLUDED = {'gjs': 0, 'python': 0, 'lua': 0}
N_RESTRICTED = 3
# How many of a hundred callables have to go well at least once, in a run of some length.
PERCENT_REACHED = 95
MIN_CALLS = 10000
LINES_SHOWN = 60
COUNT = re.compile(r'(.*)\t(\d+)\t(\d+)')
NAME = re.compile(r'\["name"\] = "([^"]*)"')


def exclusions(language):
    with open(os.path.join(here, 'fuzz-exclusions.txt'), encoding='utf-8') as text:
        for line in text:
            if line.strip() and not line.startswith('#'):
                where, name, reason = line.rstrip('\n').split('\t')
                if where == language:
                    yield name, reason


def restrictions():
    with open(os.path.join(here, 'fuzz-restrictions.txt'), encoding='utf-8') as text:
        for line in text:
            if line.strip() and not line.startswith('#'):
                name, _, reason = line.rstrip('\n').split('\t')
                yield name, reason


def run(options, seed, folder, excluded, verbose):
    command = [*options.command, os.path.abspath(options.data), str(seed), str(options.calls), folder, str(int(verbose)), *excluded]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        status = subprocess.run(command, stdout=output, stderr=errors, cwd=folder, check=False).returncode
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode(errors='replace').splitlines())
    return status, *texts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--seed', type=int, default=random.randrange(1 << 31))
    parser.add_argument('--calls', type=int, default=10000)
    parser.add_argument('--verbose', action='store_true')
    parser.add_argument('language')
    parser.add_argument('data')
    parser.add_argument('command', nargs=argparse.REMAINDER)
    options = parser.parse_args()

    with open(options.data, encoding='utf-8') as text:
        first = text.read()
    names = ({call['name'] for call in json.loads(first)['calls']} if options.data.endswith('.json')
             else set(NAME.findall(first)))
    excluded = dict(exclusions(options.language))

    with tempfile.TemporaryDirectory() as folder:
        report = Report()
        # Should it not come back, that is known.
        print(f'# --seed {options.seed} --calls {options.calls}', flush=True)
        status, output, errors = run(options, options.seed, folder, excluded, options.verbose)
        if output and output[0].startswith('1..0'):
            print(output[0])
            return
        failed = status != 0 or not output or not output[-1].startswith('done')
        if failed and not options.verbose:
            trace = run(options, options.seed, folder, excluded, True)[1]
            errors += ['the last calls:', *trace[-LINES_SHOWN:]]
    print('\n'.join(errors if options.verbose else errors[-2 * LINES_SHOWN:] if failed else []), file=sys.stderr)

    # (Scripts' own functions may print as well.)
    counts = {match[1]: [int(match[2]), int(match[3])] for match in map(COUNT.fullmatch, output) if match}
    report.result('no call ends the process', [f'exit status {status}'] if failed else [])
    report.result('every callable is tried',
                  [name for name in sorted(names - set(excluded)) if counts.get(name, [0])[0] == 0])
    report.result('what is left out is there, and why', [name for name, reason in excluded.items()
                                                        if name not in names or 'https://' not in reason])
    report.result('no more is left out', [] if len(excluded) == N_EXCLUDED[options.language]
                  else [f'{len(excluded)} are, not {N_EXCLUDED[options.language]}'])
    restricted = dict(restrictions())
    applied = {line.partition('\t')[2] for line in output if line.startswith('restricted\t')}
    report.result('only what is said is restricted', sorted(applied ^ set(restricted)) if not failed else [])
    report.result('no more is restricted', [] if len(restricted) == N_RESTRICTED
                  else [f'{len(restricted)} are, not {N_RESTRICTED}'])
    barren = [name for name, (_, n_good) in counts.items() if n_good == 0]
    n_reached = len(counts) - len(barren)
    if options.calls >= MIN_CALLS:
        report.result('most callables go well once',
                      barren if not failed and n_reached * 100 < len(counts) * PERCENT_REACHED else [])
    print(f'# {sum(n for n, _ in counts.values())} calls, {sum(n for _, n in counts.values())} went well, '
          f'which reached {n_reached} of {len(counts)} callables')
    if barren:
        print('# not reached:', *barren)
    report.done()


if __name__ == '__main__':
    main()
