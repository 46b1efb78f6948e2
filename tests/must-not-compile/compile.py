# Compiles programs that have to be refused, each in a right and a wrong form, and
# programs that have to be accepted without a warning.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A program of refused/ says in its comment what a compiler complains of, as a
regular expression behind "refused:". Behind "flags:" may stand what to compile it with,
behind "compiler:" the only compiler that complains. It is compiled twice: as it is, which has to
succeed, and with -DWRONG, which has to fail with that complaint on a line of
the program itself. So that a program can't be refused for another reason."""

import argparse
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'checks'))

from headers import WARNINGS, glib_flags   # noqa: E402
from tap import Report                     # noqa: E402

COMPILERS = {
    '.c': [('gcc', '-std=gnu11'), ('clang', '-std=gnu11'), ('gcc', '-std=gnu2x'), ('clang', '-std=gnu2x')],
    '.cc': [('g++', '-std=c++11'), ('clang++', '-std=c++17')],
}
# Warnings that need the optimizer come with it only.
OPTIMIZE = ['-O2', '-c', '-o', os.devnull]


def complaints(compiler, flags, source):
    """What the compiler says, or nothing if it accepts the program."""
    done = subprocess.run([*compiler, *WARNINGS, *flags, source],
                          capture_output=True, text=True, check=False, env={**os.environ, 'LC_ALL': 'C'})
    return '' if done.returncode == 0 else done.stderr or f'exit status {done.returncode}'


def said_in(source, key):
    """What stands behind a key in the program's comment, or nothing."""
    with open(source, encoding='utf-8') as text:
        match = re.search(rf'\* {key}: (.+)', text.read())
    return match[1].strip() if match else ''


def expectation(source):
    return said_in(source, 'refused') or sys.exit(f'{source} does not say what is refused')


def check_refused(compiler, flags, source):
    flags = ['-fsyntax-only', *flags, *said_in(source, 'flags').split()]
    if problems := complaints(compiler, flags, source):
        yield 'the right form is refused:'
        yield from problems.splitlines()[:10]
    pattern = expectation(source)
    said = complaints(compiler, [*flags, '-DWRONG'], source)
    if not said:
        yield 'the wrong form is accepted'
    # A macro's error may stand in a header; then the program's line is named as the place of use.
    elif not re.search(rf'error: .*({pattern})', said) or os.path.basename(source) not in said:
        yield f'no error matches "{pattern}":'
        yield from said.splitlines()[:10]


def check_accepted(compiler, flags, source):
    yield from complaints(compiler, [*OPTIMIZE, *flags], source).splitlines()[:20]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--include', action='append', default=[])
    args = parser.parse_args()

    flags = glib_flags() + ['-I' + folder for folder in [*args.include, HERE]]
    report = Report()
    for folder, check in (('refused', check_refused), ('accepted', check_accepted)):
        for name in sorted(os.listdir(os.path.join(HERE, folder))):
            source = os.path.join(HERE, folder, name)
            only = said_in(source, 'compiler')
            for compiler in COMPILERS.get(os.path.splitext(name)[1], []):
                if only and compiler[0] != only:
                    continue
                title = f'{folder}/{name} with {" ".join(compiler)}'
                if shutil.which(compiler[0]) is None:
                    report.skip(title, f'{compiler[0]} is not installed')
                else:
                    report.result(title, check(compiler, flags, source))
    report.done()


if __name__ == '__main__':
    main()
