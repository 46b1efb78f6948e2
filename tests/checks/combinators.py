# Compares the functions that make sequences with the tables of tests/sequences/every-*.c, and looks whether their
# documentation says when callbacks run.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Each function has to have a row, which runs it, cancels it and drops it after each of its steps. One that
takes a callback has to speak of steps in its documentation."""

import glob
import os
import re
import sys

from tap import Report

PROTOTYPE = re.compile(r'^GcSequence +\*(gc_\w+) +\(([^;]*?)\)(?: G_GNUC_NULL_TERMINATED)?;', re.MULTILINE)
ROW = re.compile(r'ENTRY \((gc_\w+),')
COMMENT = re.compile(r'^/\*\*\n \* (gc_\w+):(.*?)\*/', re.MULTILINE | re.DOTALL)
CALLBACK = re.compile(r'\bGc\w+Func\b')


def read(pattern):
    for path in sorted(glob.glob(pattern)):
        if path.endswith('-private.h'):
            continue
        with open(path, encoding='utf-8') as text:
            yield text.read()


def main():
    source = sys.argv[1]
    functions = {}
    for text in read(os.path.join(source, 'gcseq', '*.h')):
        functions.update(PROTOTYPE.findall(text))
    rows = {name for text in read(os.path.join(source, 'tests', 'sequences', 'every-*.c')) for name in ROW.findall(text)}
    comments = {name: rest for text in read(os.path.join(source, 'gcseq', '*.c')) for name, rest in COMMENT.findall(text)}

    report = Report()
    report.result('there are functions and rows', [] if len(functions) > 100 and rows else ['too few were found'])
    report.result('each function has a row', [f'{name}() has none' for name in sorted(functions.keys() - rows)])
    report.result('each row is of a function', sorted(rows - functions.keys()))
    report.result('callbacks: documentation tells in which step they run',
                  [f'{name}() does not' for name, parameters in sorted(functions.items())
                   if CALLBACK.search(parameters) and not re.search(r'\bsteps?\b', comments.get(name, ''))])
    report.done()


if __name__ == '__main__':
    main()
