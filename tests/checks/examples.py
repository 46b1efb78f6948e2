# Compiles the examples of a library's reference, and runs those that are programs.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Which listings are checked, and how:

In comments of the library's sources, |[<!-- language="C" --> ... ]|
In the chapters of the reference, <programlisting language="C"> ... </programlisting>

- One with a main function is a complete program: it is compiled, and run with
  the library. If <programlisting role="output"> follows, that is what it
  prints, to both of its outputs. condition="VARIABLE=value" sets a variable for the run,
  and allows it to end badly.
- Others are put into the frame, which supplies what they take for granted (see
  examples-frame-gcobj.c), and must compile without a warning.
- role="refused": the compiler must refuse it, for the reason that a comment
  gives if there is one: /* error: ... */.
- role="continues": what the listing before it defines is there too.

- role="command" is a command line of gcobj-snapshot, run where the program before it ran.

JavaScript, Python, Lua and Vala in a chapter are run too, where an interpreter
or compiler is found that can. Listings in no language are not looked at: `|[`
alone in comments.
"""

import argparse
import html
import os
import re
import shlex
import shutil
import subprocess
import tempfile

from tap import Report

COMMENT_LISTING = re.compile(r'\|\[<!-- language="C" -->\n(.*?)^ \* \]\|', re.S | re.M)
CHAPTER_LISTING = re.compile(r'<programlisting([^>]*)>(.*?)</programlisting>', re.S)
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')

WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wno-unused', '-Wno-unused-parameter',
            '-Wno-return-type']
# Callbacks leave parameters unused.
PROGRAM_WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter']

INCLUDE = re.compile(r'#include <(\w+)/\1\.h>')
DEFINE_FIRST = re.compile(r'^#\s*define\b.*^#include <(\w+)/\1\.h>', re.S | re.M)

# What begins a declaration at file scope rather than a statement.
FILE_SCOPE = re.compile(r'#\s*(?:define|include)\b|typedef\b|static\b|extern\b|GC_MAY_COLLECT\b|GC?_(?:DECLARE|DEFINE)_|GC_COROUTINE_BODY\b'
                        r'|(?:struct|enum|union)\b[^;=]*\{')
FUNCTION = re.compile(r'(?!(?:return|else|if|for|while|switch)\b)\w[\w *]*[\s*]\w+ \([^;{}=]*\)\s*[{;]')
LEADING_COMMENTS = re.compile(r'(?:\s*/\*.*?\*/\s*)+', re.S)


class Example:
    def __init__(self, file, line, text, attributes=None):
        attributes = attributes or {}
        self.file = file
        self.line = line
        self.text = text.strip('\n') + '\n'
        self.language = attributes.get('language', 'C')
        self.roles = attributes.get('role', '').split()
        self.environment = dict(pair.split('=', 1) for pair in attributes.get('condition', '').split())
        self.output = None
        self.before = ''

    @property
    def name(self):
        return f'{os.path.basename(self.file)}:{self.line}'

    @property
    def is_program(self):
        return re.search(r'^main \(', self.text, re.M) is not None


def line_of(text, position):
    return text.count('\n', 0, position) + 1


def unwrap(text):
    """The text of an element: CDATA, or with entities."""
    if match := re.search(r'<!\[CDATA\[\n?(.*?)\]\]>', text, re.S):
        return match[1]
    return html.unescape(text)


def in_comments(path):
    with open(path, encoding='utf-8') as source:
        text = source.read()
    for match in COMMENT_LISTING.finditer(text):
        code = re.sub(r'^ \* ?', '', match[1], flags=re.M)
        yield Example(path, line_of(text, match.start()) + 1, code)


def in_chapter(path):
    with open(path, encoding='utf-8') as source:
        text = source.read()
    example, before = None, ''
    for match in CHAPTER_LISTING.finditer(text):
        attributes = dict(ATTRIBUTE.findall(match[1]))
        if attributes.get('role') == 'output':
            example.output = unwrap(match[2])
        if attributes.get('role') == 'command':
            attributes['language'] = 'Command'
        if 'language' not in attributes:
            continue
        if example:
            yield example
        example = Example(path, line_of(text, match.start()) + 1, unwrap(match[2]), attributes)
        if example.language == 'C':
            if 'continues' in example.roles:
                example.before = before
            before = example.before + split(example.text)[0]
    if example:
        yield example


def paragraphs(text):
    """The pieces of a listing that blank lines at depth 0 separate."""
    piece, depth = [], 0
    for line in text.splitlines():
        if not line.strip() and depth == 0:
            if piece:
                yield '\n'.join(piece) + '\n'
            piece = []
            continue
        piece.append(line)
        code = re.sub(r'/\*.*?\*/|//.*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', '', line)
        depth += sum(code.count(c) for c in '({') - sum(code.count(c) for c in ')}')
    if piece:
        yield '\n'.join(piece) + '\n'


def split(text):
    """What stands at file scope, and what in a function."""
    outside, inside = [], []
    for piece in paragraphs(text):
        code = LEADING_COMMENTS.sub('', piece, count=1) if piece.startswith('/*') else piece
        at_file_scope = FILE_SCOPE.match(code) or FUNCTION.match(code)
        (outside if at_file_scope else inside).append(piece)
    return '\n'.join(outside), '\n'.join(inside)


class Frame:
    """Pieces of C files, each of which an example may replace by its own."""

    def __init__(self, paths):
        self.pieces = []
        for path in paths:
            with open(path, encoding='utf-8') as source:
                text = source.read()
            head, *pieces = re.split(r'^/\* -- (.*?) -- \*/\n', text, flags=re.M)
            self.pieces += [(None, head)] + list(zip(pieces[::2], pieces[1::2]))

    def around(self, example):
        outside, inside = split(example.text)
        own = example.before + outside
        parts, variables, is_placed = [], '', False
        for name, piece in self.pieces:
            if name == 'variables':
                variables += piece
            elif name is None or not re.search('^' + re.escape(name), own, re.M):
                parts.append(piece)
            elif not is_placed:
                parts.append(own)
                is_placed = True
        return '\n'.join(parts + [
            '' if is_placed else own,
            'gpointer example (void);',
            'gpointer', 'example (void)', '{', variables, '{', inside, '}', '}', ''])


class Skip(Exception):
    """An example that can't be run here."""


def run(command, example, folder, variables=None):
    """Runs an example in a folder that it may write to, and compares what it prints."""
    env = {key: value for key, value in os.environ.items()
           if not key.startswith(('GCOBJ_', 'G_DEBUG', 'G_MESSAGES'))}
    env.update(variables or {}, LC_ALL='C.UTF-8', **example.environment)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env,
                          text=True, check=False, timeout=60, cwd=folder)
    problems = []
    if done.returncode != 0 and not example.environment:
        problems += [f'exit status {done.returncode}', *done.stdout.splitlines()]
    if example.output is not None and normal(done.stdout) != normal(example.output):
        problems += ['it prints', *done.stdout.splitlines(), 'and not', *example.output.splitlines()]
    return problems


def pkg_config(option):
    return subprocess.run(['pkg-config', option, 'gio-2.0'], check=True, capture_output=True,
                          text=True).stdout.split()


class Languages:
    """What runs examples in other languages."""

    SUFFIXES = {'JavaScript': '.js', 'Python': '.py', 'Lua': '.lua', 'Vala': '.vala'}
    PROBES = {
        'Python': ['/usr/bin/python3', '-c', 'import gi; gi.check_version("3.48")'],
        'Lua': ['lua5.1', '-e', 'require "lgi"'],
    }

    def __init__(self, args, folder, flags):
        self.folder = folder
        self.flags = flags
        self.libraries = args.library
        self.typelibs = args.typelibs
        self.variables = {
            'GI_TYPELIB_PATH': args.typelibs or '',
            'LD_LIBRARY_PATH': ':'.join(os.path.dirname(library) for library in args.library),
            'GJS_PATH': os.path.join(args.overrides or '', 'gjs'),
            'PYTHONPATH': args.overrides or '',
            'LUA_PATH': os.path.join(args.overrides or '', 'lua/?.lua;;'),
            'PYTHONDONTWRITEBYTECODE': '1',
        }

    def probe(self, language, tool):
        command = self.PROBES.get(language)
        if shutil.which(tool) is None or (command and subprocess.run(
                command, capture_output=True, check=False).returncode != 0):
            raise Skip(f'nothing to run {language}')

    def check(self, example):
        language = example.language
        path = os.path.join(self.folder, 'example' + self.SUFFIXES[language])
        with open(path, 'w', encoding='utf-8') as out:
            out.write(example.text)
        if not self.typelibs:
            raise Skip('no introspection')
        if language == 'Vala':
            return self.compile_vala(path, example)
        command = {'JavaScript': ['gjs', '-m'], 'Python': ['/usr/bin/python3'], 'Lua': ['lua5.1']}[language]
        self.probe(language, command[0])
        return run([*command, path], example, self.folder, self.variables)

    def compile_vala(self, path, example):
        self.probe('Vala', 'valac')
        packages = [os.path.basename(library).removeprefix('lib').split('.so')[0] for library in self.libraries]
        if not os.path.exists(os.path.join(self.typelibs, packages[-1] + '.vapi')):
            raise Skip('no vapi')
        program = path[:-len('.vala')]
        flags = [part for flag in [*self.flags, '-w', *reversed(self.libraries)] for part in ('-X', flag)]
        flags += [part for package in ['gio-2.0', *packages] for part in ('--pkg', package)]
        done = subprocess.run(['valac', path, '-o', program, '--vapidir', self.typelibs, *flags],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.stdout.splitlines() if done.returncode else run([program], example, self.folder, self.variables)


class Checker:
    def __init__(self, args, folder):
        self.compiler = args.compiler.split() + ['-std=gnu11']
        self.flags = ['-I' + include for include in args.include] + pkg_config('--cflags')
        self.is_gcc = 'Free Software Foundation' in subprocess.run(
            [*self.compiler, '--version'], capture_output=True, text=True, check=False).stdout
        self.link = [*reversed(args.library), *('-Wl,-rpath,' + os.path.dirname(library) for library in args.library),
                     '-pthread', *pkg_config('--libs')]
        self.frame = Frame(args.frame)
        self.folder = folder
        self.tool = os.path.abspath(args.tool)
        self.languages = Languages(args, folder, self.flags)
        self.ahead = []
        self.read_ahead(args.name)

    def read_ahead(self, name):
        """Has GCC read the library's header once for all examples."""
        header = os.path.join(self.folder, 'ahead.h')
        with open(header, 'w', encoding='utf-8') as out:
            out.write(f'#include <{name}/{name}.h>\n')
        if self.is_gcc and subprocess.run([*self.compiler, *self.flags, '-x', 'c-header', header, '-o', header + '.gch'],
                                          capture_output=True, check=False).returncode == 0:
            self.ahead = ['-include', header]

    def compile(self, text, flags):
        source = os.path.join(self.folder, 'example.c')
        with open(source, 'w', encoding='utf-8') as out:
            out.write(text)
        # What a program defines before it includes the header is for the header.
        ahead = [] if DEFINE_FIRST.search(text) else self.ahead
        done = subprocess.run([*self.compiler, *ahead, source, *flags, *self.flags], capture_output=True,
                              text=True, check=False, env=dict(os.environ, LC_ALL='C'))
        return [] if done.returncode == 0 else done.stderr.splitlines() or ['no message']

    def check(self, example):
        if example.language == 'Command':
            name, *words = shlex.split(example.text)
            assert name == 'gcobj-snapshot'
            return run([self.tool, *words], example, self.folder)
        if example.language != 'C':
            return self.languages.check(example)
        if example.is_program:
            program = os.path.join(self.folder, 'example')
            problems = self.compile(example.text, [*PROGRAM_WARNINGS, '-o', program, *self.link])
            return problems or run([program], example, self.folder)
        # What includes the library's header itself needs no frame.
        text = example.text if INCLUDE.search(example.text) else self.frame.around(example)
        problems = self.compile(text, WARNINGS + ['-fsyntax-only'])
        if 'refused' in example.roles:
            return self.judge_refusal(example, problems)
        return problems

    def judge_refusal(self, example, messages):
        """The reason that a comment in the example gives is GCC's."""
        if not messages:
            return ['the compiler accepts it']
        reason = re.search(r'/\* error: (.*?) \*/', example.text)
        if reason and self.is_gcc and not any(reason[1] in line for line in messages):
            return messages
        return []


def normal(text):
    """Words of output, without what differs from run to run."""
    text = re.sub(r'\(process:\d+\): |\d\d:\d\d:\d\d\.\d+: ', '', text)
    return re.sub(r'\b0x[0-9a-f]+', 'ADDRESS', text).split()


def examples(root, name):
    library = os.path.join(root, name)
    chapters = os.path.join(root, 'docs', 'reference', name, 'chapters')
    for file in sorted(os.listdir(library)):
        if file.endswith(('.c', '.h', '.h.in')):
            yield from in_comments(os.path.join(library, file))
    for file in sorted(f for f in os.listdir(chapters) if f.endswith('.xml')):
        yield from in_chapter(os.path.join(chapters, file))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--source', required=True, help='the root of the source tree')
    parser.add_argument('--name', required=True, help="the library's name, which is its folder's too")
    parser.add_argument('--include', action='append', default=[])
    parser.add_argument('--compiler', default='cc')
    parser.add_argument('--library', action='append', required=True, help='it and those that it builds on')
    parser.add_argument('--frame', action='append', required=True)
    parser.add_argument('--tool', required=True, help='gcobj-snapshot')
    parser.add_argument('--typelibs', help='the folder with typelib and vapi, if there are any')
    parser.add_argument('--overrides', help='the folder with the overrides for Python and GJS')
    args = parser.parse_args()
    args.library = [os.path.abspath(library) for library in args.library]

    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        checker = Checker(args, folder)
        for example in examples(args.source, args.name):
            name = f'{example.name} ({"program" if example.is_program else example.language})'
            try:
                report.result(name, checker.check(example))
            except Skip as reason:
                report.skip(name, reason)
    report.done()


if __name__ == '__main__':
    main()
