#!/usr/bin/python3
# SPDX-License-Identifier: CC0-1.0

"""Usage: test-program.py TEST_DATA GIRDIR COMMAND [ARGUMENT…]

Tests what gir-graph, in whatever language, prints and how it ends. What is said of GLib's
namespaces holds in all of their versions."""

import os
import re
import subprocess
import sys

test_data, girdir, *command = sys.argv[1:]
failed = 0
count = 0


def run(*arguments, girdir=test_data):
    return subprocess.run([*command, '--girdir', girdir, *arguments], capture_output=True,
                          encoding='utf-8', env={**os.environ, 'LC_ALL': 'C.UTF-8'})


def check(name, result, status, *patterns, errors=''):
    """What is printed matches the patterns, in their order, and how it ends is right."""
    global failed, count
    count += 1
    ok = (result.returncode == status and re.search('.*?'.join(patterns), result.stdout, re.S) and
          re.search(errors, result.stderr) and 'CRITICAL' not in result.stderr)
    print(f'{"ok" if ok else "not ok"} {count} - {name}')
    if not ok:
        failed += 1
        for line in (f'exit status {result.returncode}\n{result.stdout}\n{result.stderr}').splitlines():
            print('#', line)


def fails(name, *arguments, status=1, errors, girdir=test_data):
    check(name, run(*arguments, girdir=girdir), status, errors=errors)


def main():
    result = run('Zoo-1.0', '--list')
    if result.returncode == 77:
        print('1..0 # SKIP', result.stderr.strip().replace('\n', ' '))
        return 0

    check('all types', result, 0, r'class +Zoo\.Cage', r'callback +Zoo\.Visit', r'interface +Animals\.Eater',
          r'enumeration +Animals\.Size')
    check('a hierarchy', run('Zoo-1.0', '--hierarchy', 'Animals.Dog'), 0,
          r'Animals\.Dog', r'Animals\.Animal', r'Zoo\.Lion')
    check('referrers', run('Zoo-1.0', '--referrers', 'Food'), 0,
          r'2 parameters?', r'Animals\.Animal::fed\(food\)', r'Animals\.Eater\.vfunc_eat\(food\)')
    check('a path', run('Zoo-1.0', '--path', 'Zoo.Visit', 'Animals.Taste'), 0,
          r'Zoo\.Visit\n', r'Zoo\.Cage', r'Zoo\.Visit\(cage\)', r'Animals\.Animal', r'Zoo\.Cage\.list\(\)',
          r'Animals\.Food', r'Animals\.Taste')
    check('no path', run('Zoo-1.0', '--path', 'Animals.Size', 'Zoo.Cage'), 0,
          r'No chain of references leads from Animals\.Size to Zoo\.Cage')
    check('a namespace dropped, with references to it',
          run('Zoo-1.0', '--drop', 'Animals', '--hierarchy', 'Zoo.Keeper'), 0,
          r'4 references to Animals', r'Zoo\.Keeper')
    check('questions in their order', run('Zoo-1.0', '--hierarchy', 'Lion', '--hierarchy', 'Cage'), 0,
          r'derived from Lion', r'derived from Cage')
    check('no question', run('Zoo-1.0'), 0, r'classes +3 +2|class +Zoo\.Cage')
    check('a file', run(os.path.join(test_data, 'Zoo-1.0.gir'), '--hierarchy', 'Dog', girdir='/nowhere'), 0,
          r'Zoo\.Lion')

    check('help', run('--help'), 0, r'--hierarchy', r'--path')
    fails('an unknown type', 'Zoo-1.0', '--hierarchy', 'Animls.Dog', errors=r'did you mean Animals\.Dog\?')
    fails('an unknown type like no other', 'Zoo-1.0', '--referrers', 'Zeppelin', errors=r'no type Zeppelin')
    fails('an unknown namespace', 'Zoo-1.0', '--drop', 'Circus', errors=r'no namespace Circus')
    fails('no such namespace to read', 'Circus-1.0', errors=r'no Circus-1\.0\.gir in')
    fails('no such file', './circus.gir', errors=r'\./circus\.gir: .*No such file')
    fails('XML that is none', 'Broken-1.0', errors=r'Broken-1\.0\.gir: .*line 8')
    fails('no GIR file', 'Page-1.0', errors=r'Page-1\.0\.gir: .*<html>')
    fails('an include that is missing', 'Orphan-1.0', errors=r'Missing-1\.0\.gir .*Orphan-1\.0\.gir includes it')
    fails('an unknown option', '--unknown', status=2, errors=r'--unknown')
    fails('an option without its argument', '--hierarchy', status=2, errors=r'--hierarchy')
    fails('a path to nowhere', '--path', 'Zoo.Cage', status=2, errors=r'--path')

    if os.path.exists(os.path.join(girdir, 'Gio-2.0.gir')):
        check('GLib: a hierarchy', run('--hierarchy', 'GObject.Object', girdir=girdir), 0,
              r'Gio\.Application\n')
        check('GLib: a path', run('--path', 'Gio.Application', 'GLib.Variant', girdir=girdir), 0,
              r'\n  Gio\.Application\n', r' GLib\.Variant +by the ')
        result = run(girdir=girdir)
        check('GLib: a run without arguments', result, 0, r'Gio\.DataInputStream', r'Gio\.ThemedIcon|and \d+ more',
              r'GLib\.TimeZone', r'Dropping Gio', r'0 references to Gio')
        reclaimed = re.search(r'Dropping.*(?:in all|objects:) +(\d+) +(?:before, )?(\d+)', result.stdout, re.S)
        before, after = map(int, reclaimed.groups()) if reclaimed else (0, 0)
        check(f'GLib: of {before} objects {after} are left', result, 0 if after < before * 3 / 4 else None)

    print(f'1..{count}')
    return failed > 0


sys.exit(main())
