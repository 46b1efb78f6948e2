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

from compilers import Compiler, glib_flags, WARNINGS
from tap import Report

# Each header by itself with two of them, and all together with all.
COMPILERS = [
    (['gcc', '-std=gnu11', '-Wstrict-prototypes'], '.c', True),
    (['clang', '-std=gnu11', '-Wstrict-prototypes'], '.c', False),
    (['g++', '-std=c++11'], '.cc', False),
    (['clang++', '-std=c++17'], '.cc', True),
]


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

    with tempfile.TemporaryDirectory() as folder:
        for command, suffix, takes_each in COMPILERS:
            compiler = Compiler(command, suffix, folder, WARNINGS + flags)
            title = command[0]
            if not compiler.is_there:
                report.skip(f'headers with {title}', f'{title} is not installed')
                continue
            for name in names if takes_each else [umbrella]:
                report.result(f'{name} alone with {title}', compiler.complaints_of(
                    f'#include <{args.name}/{name}>\n', is_alone=True,
                    flags=[] if name == umbrella else sub_header)[:20])

            # The first complaint is enough.
            for name in names if takes_each else []:
                if name == umbrella:
                    continue
                problems = compiler.complaints_of(f'#include <{args.name}/{name}>\n', is_alone=True,
                                                  flags=['-Wfatal-errors'])
                report.result(f'{name} is refused without {umbrella} by {title}',
                              [] if problems else ['it can be included'])

            if compiler.complaints_of('#include <gc.h>\n', flags=['-w'], is_alone=True):
                report.skip(f'beside bdwgc with {title}', 'libgc-dev is not installed')
                continue
            for first, second in (('gc.h', include), (include, 'gc.h')):
                problems = compiler.complaints_of(f'#include <{first}>\n#include <{second}>\n', is_alone=True)
                report.result(f'{second} after {first} with {title}', problems[:20])

    if shutil.which('gcc') is None or not os.path.exists('/usr/include/gc.h'):
        report.skip('no macro is one of bdwgc', 'gcc or libgc-dev is not installed')
    else:
        report.result('no macro is one of bdwgc', shared_macros(include, args.include, flags))
    report.done()


if __name__ == '__main__':
    main()
