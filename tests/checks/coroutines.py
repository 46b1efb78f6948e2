# Compiles every coroutine of the tree once more, with the check for local variables that
# an await cuts.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The checking compile adds case labels beside the labels where a coroutine goes on, so that the compiler
sees each initialized variable that the jump would miss. It generates no code."""

import argparse
import glob
import os
import shutil
import subprocess

from compilers import glib_flags
from tap import Report

CHECK = ['-DGC_COROUTINE_CHECK', '-Wjump-misses-init', '-Werror', '-fsyntax-only', '-std=gnu11']
FOLDERS = ('gcseq', 'tests/sequences', 'tests/performance', 'examples', 'examples/*')
# What the library's own files ask for.
INSIDE = ['-DGCSEQ_COMPILATION', '-DGCOBJ_COMPILATION', '-DG_LOG_DOMAIN="GcSeq"', '-D_GNU_SOURCE', '-DGCOBJ_CHECKS=1']


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--source', required=True)
    parser.add_argument('--build', required=True)
    args = parser.parse_args()

    report = Report()
    flags = glib_flags() + ['-I' + args.source, '-I' + args.build]
    n_files = 0
    for folder in FOLDERS:
        for path in sorted(glob.glob(os.path.join(args.source, folder, '*.c'))):
            with open(path, encoding='utf-8') as text:
                if 'GC_COROUTINE_BODY' not in text.read():
                    continue
            n_files += 1
            title = os.path.relpath(path, args.source)
            if shutil.which('gcc') is None:
                report.skip(title, 'gcc is not installed')
                continue
            done = subprocess.run(['gcc', *CHECK, *INSIDE, *flags, path], capture_output=True, text=True, check=False)
            report.result(title, done.stderr.splitlines()[:20] if done.returncode else [])
    report.result('there are coroutines', [] if n_files else ['no file defines one'])
    report.done()


if __name__ == '__main__':
    main()
