# Checks of the source files themselves: their length, their licence, and that
# the README shows a program that is compiled.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: tree.py SOURCE_ROOT"""

import os
import subprocess
import sys

from tap import Report

MAX_LINES = 600
README_EXAMPLE = 'examples/cycle.c'
SIZED = ('.c', '.h', '.py', '.js', '.vala', '.lua', '.sh')
LICENSED = SIZED + ('.h.in', '.metadata', '.supp', '.xml', 'meson.build', 'meson_options.txt')


def walk(root):
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if f == '.ci' or not f.startswith(('.', '_', 'build'))
                      or f == 'build-aux']
        for name in files:
            yield os.path.relpath(os.path.join(folder, name), root)


def source_files(root):
    """What git tracks or would track, or else every file."""
    if os.path.exists(os.path.join(root, '.git')):
        try:
            listed = subprocess.run(
                ['git', '-c', 'safe.directory=*', '-C', root, 'ls-files', '-z',
                 '--cached', '--others', '--exclude-standard'],
                check=True, capture_output=True).stdout.decode()
        except (OSError, subprocess.CalledProcessError):
            pass
        else:
            names = set(listed.split('\0')) - {''}
            return sorted(n for n in names if os.path.isfile(os.path.join(root, n)))
    return sorted(walk(root))


def check_length(name, lines):
    if name.endswith(SIZED) and len(lines) > MAX_LINES:
        yield f'{name}: {len(lines)} lines, more than {MAX_LINES}'


def check_licence(name, lines):
    script = bool(lines) and lines[0].startswith('#!')
    if not script and not name.endswith(LICENSED):
        return
    wanted = 'CC0-1.0' if name.startswith('examples/') else 'LGPL-2.1-or-later'
    head = [line for line in lines[:20] if 'SPDX-License-Identifier:' in line]
    if not head:
        yield f'{name}: no SPDX-License-Identifier in the first 20 lines'
    elif wanted not in head[0]:
        yield f'{name}: the licence should be {wanted}'


def check_readme(root):
    """The README's C block is an example, less the comment at its head."""
    with open(os.path.join(root, 'README.md'), encoding='utf-8') as text:
        shown = text.read().split('```c\n')[1].split('```')[0]
    with open(os.path.join(root, README_EXAMPLE), encoding='utf-8') as text:
        program = text.read().split('*/\n\n', 1)[1]
    if shown != program:
        yield f'the program in README.md is not {README_EXAMPLE}'


def main():
    root = sys.argv[1]
    length, licence, text = [], [], []
    for name in source_files(root):
        try:
            with open(os.path.join(root, name), encoding='utf-8') as source:
                lines = source.read().splitlines()
        except UnicodeDecodeError:
            if name.endswith(LICENSED):
                text.append(f'{name}: not UTF-8')
            continue
        length += check_length(name, lines)
        licence += check_licence(name, lines)

    report = Report()
    report.result(f'no source file has more than {MAX_LINES} lines', length)
    report.result('every source file names its licence', licence)
    report.result('every source file is UTF-8', text)
    report.result('the README shows an example of examples/', check_readme(root))
    report.done()


if __name__ == '__main__':
    main()
