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
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'checks'))

from compilers import Compiler, glib_flags, WARNINGS   # noqa: E402
from tap import Report                     # noqa: E402

COMPILERS = {
    '.c': [['gcc', '-std=gnu11'], ['clang', '-std=gnu11'], ['gcc', '-std=gnu2x'], ['clang', '-std=gnu2x']],
    '.cc': [['g++', '-std=c++11'], ['clang++', '-std=c++17']],
}
# Warnings that need the optimizer come with it only.
OPTIMIZE = ('-O2', '-c')


def said_in(source, key):
    """What stands behind a key in the program's comment, or nothing."""
    with open(source, encoding='utf-8') as text:
        match = re.search(rf'\* {key}: (.+)', text.read())
    return match[1].strip() if match else ''


def expectation(source):
    return said_in(source, 'refused') or sys.exit(f'{source} does not say what is refused')


def check_refused(compiler, source):
    flags = said_in(source, 'flags').split()
    is_alone = bool(flags)
    if problems := compiler.complaints(source, flags=flags, is_alone=is_alone):
        yield 'the right form is refused:'
        yield from problems[:10]
    pattern = expectation(source)
    said = compiler.complaints(source, flags=[*flags, '-DWRONG'], is_alone=is_alone)
    text = '\n'.join(said)
    if not said:
        yield 'the wrong form is accepted'
    # A macro's error may stand in a header; then the program's line is named as the place of use.
    elif not re.search(rf'error: .*({pattern})', text) or os.path.basename(source) not in text:
        yield f'no error matches "{pattern}":'
        yield from said[:10]


def check_accepted(compiler, source):
    yield from compiler.complaints(source, OPTIMIZE)[:20]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--include', action='append', default=[])
    args = parser.parse_args()

    flags = glib_flags() + ['-I' + folder for folder in [*args.include, HERE]]
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        compilers = {suffix: [Compiler(command, suffix, folder, WARNINGS + flags) for command in commands]
                     for suffix, commands in COMPILERS.items()}
        for kind, check in (('refused', check_refused), ('accepted', check_accepted)):
            for name in sorted(os.listdir(os.path.join(HERE, kind))):
                source = os.path.join(HERE, kind, name)
                only = said_in(source, 'compiler')
                for compiler in compilers.get(os.path.splitext(name)[1], []):
                    if only and compiler.command[0] != only:
                        continue
                    title = f'{kind}/{name} with {compiler.title}'
                    if not compiler.is_there:
                        report.skip(title, f'{compiler.command[0]} is not installed')
                    else:
                        report.result(title, check(compiler, source))
    report.done()


if __name__ == '__main__':
    main()
