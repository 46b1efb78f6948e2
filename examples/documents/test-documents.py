# SPDX-License-Identifier: CC0-1.0
"""Runs the example on a display of its own, and looks at the picture that it takes."""

import os
import shutil
import subprocess
import sys
import tempfile


def skip(why):
    print(f'1..0 # SKIP {why}')
    sys.exit(0)


def start_display():
    """An X server without a screen, and its number."""
    read, write = os.pipe()
    server = subprocess.Popen(['Xvfb', '-displayfd', str(write), '-screen', '0', '800x600x24', '-nolisten', 'tcp'],
                              pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    return server, number


def colours(picture):
    """How many there are: an empty display has one."""
    out = subprocess.run(['identify', '-format', '%k', picture], capture_output=True, text=True, check=True)
    return int(out.stdout)


def main():
    program = sys.argv[1]
    picture = os.environ.get('DOCUMENTS_PICTURE')

    if program == '--missing':
        skip('built without GTK 4')
    for tool, package in (('Xvfb', 'xvfb'), ('import', 'imagemagick'), ('identify', 'imagemagick')):
        if shutil.which(tool) is None:
            skip(f'no {tool} (package {package})')

    with tempfile.TemporaryDirectory() as folder:
        picture = picture or os.path.join(folder, 'documents.png')
        server, number = start_display()
        try:
            if not number:
                skip('Xvfb does not start')
            env = dict(os.environ, DISPLAY=f':{number}', GDK_BACKEND='x11', GSK_RENDERER='cairo', GTK_A11Y='none',
                       GSETTINGS_BACKEND='memory', XDG_RUNTIME_DIR=folder, HOME=folder, G_DEBUG='fatal-criticals')
            run = subprocess.run([program, '--self-test', '--screenshot', picture], env=env,
                                 capture_output=True, text=True, timeout=240)
        finally:
            server.terminate()
            server.wait()
        for line in (run.stdout + run.stderr).splitlines():
            print('#', line)
        print('1..2')
        print('ok 1 - nothing is left of closed windows' if run.returncode == 0 else
              f'not ok 1 - nothing is left of closed windows: status {run.returncode}')
        n = colours(picture) if os.path.exists(picture) else 0
        print(f'# the picture has {n} colours')
        print('ok 2 - the window shows something' if n > 50 else 'not ok 2 - the window shows something')


main()
