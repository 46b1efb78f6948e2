#!/usr/bin/python3
# Adds up what runs of `meson test` logged, subtest by subtest.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: count-tests.py [--failures | --summary] TESTLOG.json...

Prints "PASSED FAILED SKIPPED". A program that speaks TAP counts with each of
its subtests, any other as one test. With --failures, prints what the programs
that failed wrote instead; with --summary, a few lines on each of them.
"""

import json
import re
import sys

POINT = re.compile(r'^(not )?ok\b[^#\n]*(?:#\s*(skip|todo)\S*)?', re.I | re.M)
PLAN = re.compile(r'^1\.\.(\d+)', re.M)
LOG_LINES = 120
SUMMARY_LINES = 12


def tap_counts(text):
    passed = failed = skipped = 0
    for match in POINT.finditer(text):
        bad, directive = match.group(1), (match.group(2) or '').lower()
        if directive == 'skip' or (directive == 'todo' and bad):
            skipped += 1
        elif bad:
            failed += 1
        else:
            passed += 1
    return passed, failed, skipped


def is_good(entry):
    return entry['result'] in ('OK', 'EXPECTEDFAIL', 'SKIP')


def counts(entry):
    output = entry.get('stdout') or ''
    plan = PLAN.search(output)
    passed, failed, skipped = tap_counts(output) if plan else (0, 0, 0)

    if entry['result'] == 'SKIP':
        return 0, 0, max(skipped, 1)
    if is_good(entry):
        return passed or (0 if skipped else 1), 0, skipped
    # A crash or a timeout has no line of its own after those that passed; nor
    # has what is wrong although every subtest passed.
    points = [match.group(1) for match in POINT.finditer(output)]
    crashed = (entry.get('returncode') or 0) < 0 or entry['result'] == 'TIMEOUT'
    if not failed or (crashed and not points[-1]):
        failed += 1
    return passed, failed, skipped


def show(entry):
    print(f'\n{entry["name"]}: {entry["result"]}, exit status {entry.get("returncode")}')
    print('  ' + ' '.join(entry.get('command', [])))
    for stream in ('stdout', 'stderr'):
        lines = (entry.get(stream) or '').splitlines()
        if len(lines) > LOG_LINES:
            print(f'  ({len(lines) - LOG_LINES} lines left out)')
        for line in lines[-LOG_LINES:]:
            print('  ' + line)


def summarize(entry):
    print(f'{entry["name"]}: {entry["result"]}, exit status {entry.get("returncode")}')
    bad = [line for line in (entry.get('stdout') or '').splitlines() if line.startswith('not ok')]
    last = (entry.get('stderr') or entry.get('stdout') or '').splitlines()
    for line in bad[:SUMMARY_LINES] + last[-SUMMARY_LINES:]:
        print('  ' + line)


def main(args):
    tell = {'--failures': show, '--summary': summarize}.get(args[0])
    total = [0, 0, 0]
    for name in args[1:] if tell else args:
        with open(name, encoding='utf-8') as log:
            for entry in map(json.loads, log):
                total = [a + b for a, b in zip(total, counts(entry))]
                if tell and not is_good(entry):
                    tell(entry)
    if not tell:
        print(*total)


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
