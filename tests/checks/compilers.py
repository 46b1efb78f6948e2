# Compilers, and what they say of a text.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""GLib's headers take most of the time that a small program takes to compile. A Compiler reads them once and
puts them before each text, precompiled, but for those that must show that they include what they need and
those that are compiled with flags which mean something to GLib."""

import os
import shutil
import subprocess

WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Wcast-qual', '-Wshadow', '-Werror']


def glib_flags():
    """GLib's headers as system headers: their warnings are not ours."""
    flags = subprocess.run(['pkg-config', '--cflags', 'gio-2.0'],
                           check=True, capture_output=True, text=True).stdout.split()
    return [part for flag in flags
            for part in (['-isystem', flag[2:]] if flag.startswith('-I') else [flag])]


class Compiler:
    def __init__(self, command, suffix, folder, flags):
        """A compiler with the flags of all that it is given; folder is one to write to."""
        self.command = command
        self.title = ' '.join(command)
        self.suffix = suffix
        self.folder = folder
        self.flags = flags
        self.is_there = shutil.which(command[0]) is not None
        self.prefixes = {}

    def run(self, flags, **options):
        return subprocess.run([*self.command, *self.flags, *flags], capture_output=True, text=True, check=False,
                              env={**os.environ, 'LC_ALL': 'C'}, **options)

    def precompiled(self, mode):
        """Flags that put GLib's headers before a text, read already. What was read for one mode, which are flags
        too, is of no use in another."""
        key = '-'.join([*self.command, *mode]).replace('/', '')
        if key not in self.prefixes:
            header = os.path.join(self.folder, key + '.h')
            with open(header, 'w', encoding='utf-8') as out:
                out.write('#include <gio/gio.h>\n')
            is_clang = 'clang' in self.command[0]
            done = self.run([*[flag for flag in mode if flag != '-fsyntax-only'],
                             '-x', 'c++-header' if self.suffix == '.cc' else 'c-header', header,
                             '-o', header + ('.pch' if is_clang else '.gch')])
            self.prefixes[key] = ['-include', header] if done.returncode == 0 else []
        return self.prefixes[key]

    def complaints(self, source, mode=('-fsyntax-only',), flags=(), is_alone=False):
        """What the compiler says of a file, as lines; none if it accepts it."""
        prefix = [] if is_alone else self.precompiled(mode)
        # (What is to be compiled only for its messages has no other use for a file.)
        done = self.run([*mode, *flags, *prefix, source, *([] if '-c' not in mode else ['-o', os.devnull])])
        return [] if done.returncode == 0 else done.stderr.splitlines() or [f'exit status {done.returncode}']

    def complaints_of(self, text, **options):
        source = os.path.join(self.folder, 'text' + self.suffix)
        with open(source, 'w', encoding='utf-8') as out:
            out.write(text)
        return self.complaints(source, **options)
