# What gdb shows of arenas and objects, by the script that is installed for it.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: debugger.py --program STOP --script GCOBJ-GDB.PY"""

import argparse
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'checks'))

from tap import Report      # noqa: E402

ADDRESS = '0x[0-9a-f]+'
ARENA = (r'GcArena: idle, 0 cycles and 0 minor ones, 0 objects lived, heap \d+ KiB')
# A name, what gdb is told, and what its answer looks like.
CASES = [
    ('a pointer to an object', 'print node', rf'\$\d+ = {ADDRESS} \[DemoNode\]'),
    ('a string', 'print string', rf'\$\d+ = {ADDRESS} \[GcString "a "text""\]'),
    ("an object's slots", 'print *node', rf'.*left = {ADDRESS} \[DemoWatch\], right = {ADDRESS} \[DemoNode\],.*'),
    ('NULL', 'print vector->items[0]', r'\$\d+ = (\(GcObject \* const\) )?0x0'),
    ('a word that is no object', 'print vector->items[2]', r'\$\d+ = 7 \(immediate\)'),
    ('an instance that is not in an arena', 'print wild', rf'\$\d+ = {ADDRESS} \(of no arena\)'),
    ('an arena', 'print arena', rf'\$\d+ = {ADDRESS} \[{ARENA}\]'),
    ('what it holds', 'print *arena',
     rf'\$\d+ = {ARENA} = \{{root = {ADDRESS} \[DemoVector\], held by thread = {ADDRESS}, '
     r'objects referenced from outside = 0, finalizers waiting = 0, inhibited = 0, ref_count = 2\}'),
    ('a gpointer', 'gc-object pointer',
     rf'{ADDRESS} \[DemoWatch\], new, in {ADDRESS} \[{ARENA}\]\n  left = NULL\n  right = NULL\n  any = NULL\n  weak = NULL'),
    ('an object with all its slots', 'gc-object node',
     rf'{ADDRESS} \[DemoNode\], new, in {ADDRESS} \[{ARENA}\]\n  left = {ADDRESS} \[DemoWatch\]\n'
     rf'  right = {ADDRESS} \[DemoNode\]\n  any = {ADDRESS} \[GcString "a "text""\]\n  weak = {ADDRESS} \[DemoNode\]'),
    ('slots in a row', 'gc-object vector',
     rf'{ADDRESS} \[DemoVector\], new, in [^\n]*\n  items\[0\] = NULL\n  items\[1\] = {ADDRESS} \[DemoNode\]\n'
     r'  items\[2\] = 7 \(immediate\)'),
    ('an object that has pages of its own', 'gc-object medium',
     rf'{ADDRESS} \[DemoVector\], new, in .*\n  items\[198\] = NULL\n  items\[199\] = {ADDRESS} \[DemoVector\]\n  \(9800 more: .*\)'),
    ('one that has a mapping', 'gc-object large',
     rf'{ADDRESS} \[DemoVector\], new, in .*\n  items\[198\] = NULL\n  items\[199\] = {ADDRESS} \[DemoVector\]\n  \(999800 more: .*\)'),
    ('what is no object', 'gc-object &look', rf'{ADDRESS}: .*'),
    ('the inside of an object', 'gc-object (char *) node + 8', rf'{ADDRESS}: .*'),
    ('free memory', 'gc-object (char *) node + 40000', rf'{ADDRESS}: free memory of an arena'),
    ('an odd address', 'gc-object 17', '0x11: not an address of an object'),
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--program', required=True)
    parser.add_argument('--script', required=True)
    args = parser.parse_args()
    report = Report()

    gdb = shutil.which('gdb')
    if not gdb:
        report.skip('gdb', 'it is not installed')
        report.done()
    command = [gdb, '-nx', '-batch', '-ex', 'set pagination off', '-ex', 'set debuginfod enabled off',
               '-ex', f'source {args.script}', '-ex', 'break look', '-ex', 'run']
    for number, (_, text, _) in enumerate(CASES):
        command += ['-ex', f'echo <<{number}<', '-ex', text, '-ex', 'echo >>']
    env = dict(os.environ, LC_ALL='C.UTF-8')
    for name in ('GCOBJ_DEBUG', 'GCOBJ_ZEAL', 'GCOBJ_TRACE'):
        env.pop(name, None)
    done = subprocess.run(command + [args.program], capture_output=True, text=True, check=False, env=env)
    if 'Breakpoint 1, look' not in done.stdout:
        report.skip('gdb', 'it can not run programs here: ' + (done.stderr.splitlines() or ['no message'])[-1])
        report.done()
    for number, (name, text, wanted) in enumerate(CASES):
        shown = re.search(rf'<<{number}<(.*?)>>', done.stdout, re.S)
        shown = shown[1].strip() if shown else 'nothing'
        report.result(name, [] if re.fullmatch(wanted, shown, re.S)
                      else [f'{text}: {shown}', f'instead of {wanted}', *done.stderr.splitlines()])
    report.done()


if __name__ == '__main__':
    main()
