# Builds a book of the reference with the build's own command, and checks that
# it is complete and that nothing in it gave a warning.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import json
import os
import re
import subprocess

from tap import Report

WARNING = re.compile(r'\bwarning:|\berror:|\bno link for', re.I)
# A link to GLib's books, where they are not installed in gtk-doc's format.
FOREIGN_LINK = re.compile(r'no link for: "(?!gc-|Gc[A-Z]|GC-|GCOBJ-)')
# Its percentage is rounded.
COMPLETE = re.compile(r'^0 symbols incomplete\.\n0 not documented\.$', re.M)


def build_command(build, target_name):
    """What the build would run, so that nothing is configured twice."""
    with open(os.path.join(build, 'meson-info', 'intro-targets.json'), encoding='utf-8') as text:
        for target in json.load(text):
            if target['name'] == target_name and target['type'] == 'custom':
                return [target['filename'][0] if word == '@OUTPUT@' else word
                        for word in target['target_sources'][0]['compiler']]
    raise SystemExit(f'no target {target_name} in {build}')


def share_links(build, book, env):
    """Sees to it that there is what links to another book are made of."""
    folder = os.path.join(build, 'docs', 'reference')
    os.makedirs(os.path.join(folder, 'xref', book), exist_ok=True)
    targets = [book + '-xref']
    if not os.path.exists(os.path.join(folder, book, 'html', book + '.devhelp2')):
        targets.insert(0, book + '-doc')
    for target in targets:
        subprocess.run(build_command(build, target), cwd=build, env=env, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)


def read(folder, name):
    try:
        with open(os.path.join(folder, name), encoding='utf-8') as text:
            return text.read()
    except FileNotFoundError:
        return None


def wide_pictures(folder):
    """Pictures of chapters that do not become as narrow as the window, by page."""
    for name in sorted(os.listdir(folder)):
        if name.endswith('.html'):
            for media in re.findall(r'<div class="mediaobject">.*?</div>', read(folder, name), re.S):
                for tag, source in re.findall(r'(<(?:img|object)\b[^>]*?(?:src|data)="([^"]*)"[^>]*>)', media):
                    scales = not source.endswith('.svg') or 'viewBox=' in read(folder, source)
                    if 'width="100%"' not in tag or not scales:
                        yield f'{source} in {name}'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', required=True)
    parser.add_argument('--module', required=True)
    parser.add_argument('--after', action='append', default=[], help='a book that it has links to')
    parser.add_argument('--glib-books', required=True, help="where GLib's books would be")
    args = parser.parse_args()

    folder = os.path.join(args.build, 'docs', 'reference', args.module)
    env = dict(os.environ, LC_ALL='C.UTF-8')
    for book in args.after:
        share_links(args.build, book, env)
    built = subprocess.run(build_command(args.build, args.module + '-doc'), cwd=args.build, env=env,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    log = built.stdout.splitlines()

    report = Report()
    report.result('the book is built', log[-30:] if built.returncode else [])
    have_glib = os.path.isdir(os.path.join(args.glib_books, 'glib'))
    report.result('without a warning',
                  [line for line in log if WARNING.search(line)
                   and (have_glib or not FOREIGN_LINK.search(line))])

    for suffix, what in (('undeclared', 'nothing is documented that is not declared'),
                         ('unused', 'every symbol has a place in the sections file')):
        text = read(folder, f'{args.module}-{suffix}.txt')
        report.result(what, ['the list is missing'] if text is None else text.splitlines())

    text = read(folder, f'{args.module}-undocumented.txt')
    if text is None:
        problems = ['the list is missing']
    else:
        problems = [] if COMPLETE.search(text) else text.splitlines()
    report.result('every symbol is documented in full', problems)

    pages = [name for name in ('index.html', f'{args.module}.devhelp2')
             if not os.path.exists(os.path.join(folder, 'html', name))]
    report.result('index and devhelp file are there', [f'{name} is missing' for name in pages])
    html = os.path.join(folder, 'html')
    report.result('pictures fit into a narrow window', list(wide_pictures(html)) if os.path.isdir(html) else ['none is there'])
    report.done()


if __name__ == '__main__':
    main()
