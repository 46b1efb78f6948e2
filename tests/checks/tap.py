# What the checks share: their results as TAP.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys


class Report:
    """Collects results; done() prints the plan and ends the program."""

    def __init__(self):
        self.count = 0
        self.failed = 0
        print('TAP version 13', flush=True)

    def result(self, name, problems=()):
        """One test, which passed if there are no problems (a list of lines)."""
        self.count += 1
        problems = list(problems)
        if problems:
            self.failed += 1
        print(f'{"not ok" if problems else "ok"} {self.count} - {name}')
        sys.stdout.flush()
        # Meson shows a failed test's standard error.
        for line in problems:
            print(f'{name}: {line}', file=sys.stderr)

    def skip(self, name, reason):
        self.count += 1
        print(f'ok {self.count} - {name} # SKIP {reason}', flush=True)

    def done(self):
        print(f'1..{self.count}', flush=True)
        sys.exit(1 if self.failed else 0)
