# Compiles every public header of a library by itself, in C and in C++, and all of them
# beside bdwgc's gc.h.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import os
import re
import shutil
import subprocess
import tempfile

from tap import Report

WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Wcast-qual', '-Wshadow', '-Werror']
COMPILERS = [
    ('gcc', '.c', ['-std=gnu11', '-Wstrict-prototypes']),
    ('clang', '.c', ['-std=gnu11', '-Wstrict-prototypes']),
    ('g++', '.cc', ['-std=c++11']),
    ('clang++', '.cc', ['-std=c++17']),
]


def glib_flags():
    """GLib's headers as system headers: their warnings are not ours."""
    flags = subprocess.run(['pkg-config', '--cflags', 'gio-2.0'],
                           check=True, capture_output=True, text=True).stdout.split()
    return [part for flag in flags
            for part in (['-isystem', flag[2:]] if flag.startswith('-I') else [flag])]


class Compiler:
    def __init__(self, name, suffix, flags):
        self.name = name
        self.suffix = suffix
        self.flags = flags
        self.there = shutil.which(name) is not None

    def compile(self, text, flags):
        """Returns what the compiler complained of, as lines."""
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, 'include' + self.suffix)
            with open(source, 'w', encoding='utf-8') as out:
                out.write(text)
            done = subprocess.run([self.name, '-fsyntax-only', *self.flags, *WARNINGS, *flags, source],
                                  capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return []
        return done.stderr.splitlines()[:20] or [f'exit status {done.returncode}']


def macros_by_file(include, flags):
    """The macros that a header and what it includes define: {file: names}."""
    text = subprocess.run(['gcc', '-E', '-dD', '-xc', *flags, '-'], input=f'#include <{include}>\n',
                          check=True, capture_output=True, text=True).stdout
    found = {}
    for line in text.splitlines():
        if match := re.match(r'# \d+ "([^"]*)"', line):
            names = found.setdefault(os.path.realpath(match[1]), set())
        elif match := re.match(r'#define (\w+)', line):
            names.add(match[1])
    return found


def shared_macros(umbrella, folders, flags):
    """A system header redefines a macro without a warning, so look by name."""
    roots = tuple(os.path.realpath(folder) + os.sep for folder in folders)
    ours = {name for file, names in macros_by_file(umbrella, flags).items()
            if file.startswith(roots) for name in names}
    theirs = {name for file, names in macros_by_file('gc.h', flags).items()
              if re.search(r'/gc\.h$|/gc/', file) for name in names}
    return [f'{name} is a macro of bdwgc too' for name in sorted(ours & theirs)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--include', action='append', default=[])
    parser.add_argument('--name', required=True, help="the library's name, which is the umbrella's and the folder's too")
    parser.add_argument('--header', action='append', nargs='+', default=[])
    args = parser.parse_args()

    flags = glib_flags() + ['-I' + folder for folder in args.include]
    names = sorted(os.path.basename(h) for group in args.header for h in group)
    umbrella = args.name + '.h'
    include = f'{args.name}/{umbrella}'
    sub_header = [f'-D{args.name.upper()}_COMPILATION']
    report = Report()

    for compiler in (Compiler(*entry) for entry in COMPILERS):
        if not compiler.there:
            report.skip(f'headers with {compiler.name}', f'{compiler.name} is not installed')
            continue
        for name in names:
            extra = [] if name == umbrella else sub_header
            problems = compiler.compile(f'#include <{args.name}/{name}>\n', flags + extra)
            report.result(f'{name} alone with {compiler.name}', problems)

        for name in names:
            if name == umbrella:
                continue
            problems = compiler.compile(f'#include <{args.name}/{name}>\n', flags)
            report.result(f'{name} is refused without {umbrella} by {compiler.name}',
                          [] if problems else ['it can be included'])

        if compiler.compile('#include <gc.h>\n', ['-w']):
            report.skip(f'beside bdwgc with {compiler.name}', 'libgc-dev is not installed')
            continue
        for first, second in (('gc.h', include), (include, 'gc.h')):
            problems = compiler.compile(f'#include <{first}>\n#include <{second}>\n', flags)
            report.result(f'{second} after {first} with {compiler.name}', problems)

    if shutil.which('gcc') is None or not os.path.exists('/usr/include/gc.h'):
        report.skip('no macro is one of bdwgc', 'gcc or libgc-dev is not installed')
    else:
        report.result('no macro is one of bdwgc', shared_macros(include, args.include, flags))
    report.done()


if __name__ == '__main__':
    main()
