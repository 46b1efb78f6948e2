# Compares what a library exports with what its headers declare and with a
# list that is kept in the tree.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import os
import re
import subprocess
import sys
import tempfile

from tap import Report

DECLARATION = re.compile(r'^/\* (?P<file>[^*]+?):\d+:\w+ \*/ (?P<text>.*)$', re.M)
FUNCTION_NAME = re.compile(r'(\w+) \(')
EXTERN = re.compile(r'\b(?:GCOBJ_AVAILABLE_IN_\w+|_GCOBJ_EXTERN)\s+(?P<text>[^;{}]*);', re.S)
COMMENT = re.compile(r'/\*.*?\*/', re.S)
# The linker's, not ours.
BUILT_IN = {'__bss_start', '_edata', '_end', '_init', '_fini'}


def exported(library):
    lines = subprocess.run(['nm', '--dynamic', '--defined-only', '--extern-only', library],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    return {line.split()[-1].split('@')[0] for line in lines} - BUILT_IN


def compile_header(umbrella, includes, flags, output):
    cflags = subprocess.run(['pkg-config', '--cflags', 'gio-2.0'],
                            check=True, capture_output=True, text=True).stdout.split()
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, 'all.c')
        with open(source, 'w', encoding='utf-8') as out:
            out.write(f'#include <{umbrella}>\n')
        subprocess.run(['gcc', '-std=gnu11', *flags, *cflags, *includes, source, '-o', output], check=True)


def declared(umbrella, includes, folders):
    """Every function or variable that the public headers declare."""
    names = set()
    roots = tuple(os.path.join(os.path.realpath(f), os.path.dirname(umbrella)) + os.sep
                  for f in folders)

    with tempfile.TemporaryDirectory() as folder:
        # gcc lists each prototype with the file that it stands in.
        listing = os.path.join(folder, 'prototypes')
        compile_header(umbrella, includes, ['-aux-info', listing, '-c'], os.devnull)
        with open(listing, encoding='utf-8') as text:
            for match in DECLARATION.finditer(text.read()):
                if not os.path.realpath(match['file']).startswith(roots):
                    continue
                if match['text'].startswith('extern '):
                    names.add(FUNCTION_NAME.search(match['text'])[1])

        # Variables are not in that listing. The header's dependencies are the
        # files to look through.
        rule = os.path.join(folder, 'rule')
        compile_header(umbrella, includes, ['-M'], rule)
        with open(rule, encoding='utf-8') as text:
            headers = text.read().replace('\\\n', ' ').split()[1:]
    for header in headers:
        if not os.path.realpath(header).startswith(roots):
            continue
        with open(header, encoding='utf-8') as text:
            for match in EXTERN.finditer(COMMENT.sub('', text.read())):
                if '(' not in match['text']:
                    names.add(re.search(r'(\w+)\s*(?:\[[^]]*\]\s*)*$', match['text'])[1])
    return names


def difference(left, right, message):
    return [message.format(name) for name in sorted(left - right)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--library', required=True)
    parser.add_argument('--umbrella', required=True)
    parser.add_argument('--include', action='append', default=[])
    parser.add_argument('--list', required=True)
    parser.add_argument('--update', action='store_true')
    args = parser.parse_args()

    library = exported(args.library)
    if args.update:
        with open(args.list, 'w', encoding='utf-8') as out:
            out.writelines(name + '\n' for name in sorted(library))
        print(f'{args.list}: {len(library)} symbols')
        return

    headers = declared(args.umbrella, ['-I' + i for i in args.include], args.include)
    kept = set()
    if os.path.exists(args.list):
        with open(args.list, encoding='utf-8') as text:
            kept = set(text.read().split())

    report = Report()
    report.result('what is declared is exported',
                  difference(headers, library, '{} is declared, not exported'))
    report.result('what is exported is declared',
                  difference(library, headers, '{} is exported, not declared in a public header'))
    report.result('the list has nothing that is gone',
                  difference(kept, library, '{} is listed, not exported: the ABI broke'))
    report.result('the list has everything',
                  difference(library, kept, '{} is exported, not listed: ninja update-symbols'))
    report.done()


if __name__ == '__main__':
    sys.exit(main())
