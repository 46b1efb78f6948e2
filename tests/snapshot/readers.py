# Has readers that others wrote look into every snapshot that the tests take, and compares
# dominators and retained sizes with those of gcobj-snapshot.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'checks'))
from tap import Report  # noqa: E402


def skip(reason):
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)


def nodes_of(tool, path):
    """What our own tool finds."""
    lines = subprocess.run([tool, 'nodes', path], check=True, capture_output=True,
                           text=True).stdout.splitlines()[1:]
    for line in lines:
        identity, dominator, distance, _, retained, _ = line.split('\t')
        yield [int(identity), int(dominator), int(retained), int(distance)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--packages', required=True, help='where build-aux/npm-readers installed them')
    parser.add_argument('--tool', required=True)
    parser.add_argument('--script', required=True)
    parser.add_argument('programs', nargs='+', help='tests that save the snapshots that they take')
    args = parser.parse_args()
    if shutil.which('node') is None:
        skip('there is no node')
    if not os.path.exists(os.path.join(args.packages, '.stamp')):
        skip('the readers are not installed: sh build-aux/npm-readers')

    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, GCOBJ_TEST_SNAPSHOTS=folder)
        for program in args.programs:
            subprocess.run([program], check=True, env=env, stdout=subprocess.DEVNULL)
        files = sorted(os.path.join(folder, name) for name in os.listdir(folder))
        lines = [json.dumps({'path': path, 'nodes': list(nodes_of(args.tool, path))}) for path in files]
        # DevTools reserve arrays of 2 GiB: nothing may fill them.
        env.pop('MALLOC_PERTURB_', None)
        done = subprocess.run(['node', args.script, args.packages], input='\n'.join(lines) + '\n',
                              capture_output=True, text=True, check=False, env=env)
        if done.returncode != 0:
            report.result('the readers run', [f'exit status {done.returncode}', *done.stderr.splitlines()])
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        for program in args.programs:
            name = os.path.basename(program)
            own = [a for a in answers if re.fullmatch(name + r'-\d+\.heapsnapshot', os.path.basename(a['path']))]
            name = f'{name}: {len(own)} snapshots'
            report.result(name, [] if own else ['no snapshots'])
            problems = [f'{os.path.basename(a["path"])}: {problem}' for a in own for problem in a['problems']]
            report.result(f'{name} are read alike', problems[:20])
        report.result('every snapshot was read', [] if len(answers) == len(files) else
                      [f'{len(answers)} of {len(files)}'])
    report.done()


if __name__ == '__main__':
    main()
