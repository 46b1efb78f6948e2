# Runs an example and compares what it prints with a file: check.py OUTPUT COMMAND…
#
# SPDX-License-Identifier: CC0-1.0

import subprocess
import sys

output, *command = sys.argv[1:]

if 'python' in command[0] and subprocess.run(
        [command[0], '-c', 'import gi; gi.check_version("3.48")'], capture_output=True, check=False).returncode != 0:
    print('PyGObject is older than 3.48')
    sys.exit(77)

with open(output, encoding='utf-8') as file:
    wanted = file.read()
done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, timeout=60)
# print() puts tabs between words in Lua.
printed = done.stdout.replace('\t', ' ')
if done.returncode != 0 or printed != wanted:
    sys.exit(f'exit status {done.returncode}; it printed:\n{printed}and not:\n{wanted}')
