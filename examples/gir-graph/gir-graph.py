#!/usr/bin/python3
# SPDX-License-Identifier: CC0-1.0

# From the source's folder, with nothing installed:
#
#   meson devenv -C _build /usr/bin/python3 $PWD/examples/gir-graph/gir-graph.py

"""The graph that gir-graph makes, and the same questions to it, in Python."""

import argparse
import gc
import itertools
import sys

try:
    import gi
    gi.check_version('3.48')        # older ones can't return objects of other fundamental types
    gi.require_version('GcObj', '1.0')
    gi.require_version('GirGraph', '1.0')
    from gi.repository import GcObj, GirGraph, GLib
except (ImportError, ValueError) as error:
    print(f'gir-graph.py: not run: {error}', file=sys.stderr)
    sys.exit(77)


# Objects come as instances of the classes that C defines: what a program holds
# stays alive, in a scope or outside of one.

def answer_list(graph):
    for namespace in graph.list_namespaces():
        for node in namespace.list_members():
            if isinstance(node, GirGraph.Type):
                print(f'{GirGraph.kind_to_string(node.get_kind()):12} {node.get_full_name()}')


def ancestors(type):
    while type := type.get_parent():
        yield type


def print_tree(type, indent):
    print(indent + type.get_full_name())
    for subtype in type.list_subtypes():
        print_tree(subtype, indent + '  ')


def answer_hierarchy(graph, name):
    type = graph.lookup(name)
    print('\nWhat is derived from',
          ' → '.join([name, *(ancestor.get_full_name() for ancestor in ancestors(type))]), end='\n\n')
    print_tree(type, '  ')


def answer_referrers(graph, name):
    references = graph.lookup(name).list_referrers()
    sources = sorted((reference.get_source() for reference in references), key=GirGraph.Node.get_kind)
    print(f'\nWho refers to {name}: {len(references)} places\n')
    for kind, group in itertools.groupby(sources, GirGraph.Node.get_kind):
        names = [node.get_full_name() for node in group]
        print(f'  {len(names):4} {GirGraph.kind_to_string(kind):14}', ', '.join(names[:3]),
              f'and {len(names) - 3} more' if len(names) > 3 else '')


def answer_path(graph, start, end):
    references = graph.lookup(start).find_path(graph.lookup(end))
    print(f'\nWhat leads from {start} to {end}\n')
    if not references and start != end:
        print(f'  No chain of references leads from {start} to {end}.')
        return
    print(f'  {start}')
    for reference in references:
        source = reference.get_source()
        print(f'  → {reference.get_target().get_full_name()}',
              f'by the {GirGraph.kind_to_string(source.get_kind())} {source.get_full_name()}')


def collect(arena):
    gc.collect()                    # what the program itself still holds is alive
    arena.collect()
    return arena.get_stats()


def answer_drop(graph, name):
    arena = graph.get_arena()
    before = collect(arena)
    _, n_dangling = graph.drop(name)
    after = collect(arena)
    print(f'\nDropping {name}\n')
    print(f'  objects: {before.live_objects} before, {after.live_objects} after')
    print(f'  bytes: {before.live_bytes} before, {after.live_bytes} after')
    print(f'  {n_dangling} references to {name} from other namespaces dangle.')


class Question(argparse.Action):
    """Keeps the questions in their order."""

    def __call__(self, parser, namespace, values, option_string):
        function = globals()['answer_' + self.dest]
        namespace.questions.append((function, values if isinstance(values, list) else [values]))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.set_defaults(questions=[])
    parser.add_argument('--girdir', metavar='FOLDER', help='where GIR files are')
    parser.add_argument('--list', action=Question, nargs=0, help='list all types')
    parser.add_argument('--hierarchy', action=Question, metavar='TYPE',
                        help='show what is derived from TYPE, and from what it is')
    parser.add_argument('--referrers', action=Question, metavar='TYPE', help='show who refers to TYPE')
    parser.add_argument('--path', action=Question, nargs=2, metavar=('FROM', 'TO'),
                        help='show the shortest chain of references between two types')
    parser.add_argument('--drop', action=Question, metavar='NAMESPACE',
                        help='drop NAMESPACE, collect, and show what was reclaimed')
    parser.add_argument('files', nargs='*', metavar='NAMESPACE-VERSION | FILE')
    arguments = parser.parse_args()
    if not arguments.questions:
        arguments.questions = [(answer_list, [])] if arguments.files else [
            (answer_hierarchy, ['Gio.InputStream']),
            (answer_referrers, ['Gio.Icon']),
            (answer_path, ['Gio.Application', 'GLib.TimeZone']),
            (answer_drop, ['Gio']),
        ]
    arguments.files = arguments.files or ['GLib-2.0', 'GObject-2.0', 'Gio-2.0']
    return arguments


def main():
    arguments = parse_arguments()
    arena = GcObj.Arena()
    with arena.mutation() as m:
        graph = GirGraph.Graph.new(m, arguments.girdir)
    try:
        for file in arguments.files:
            graph.load(file)
        for answer, names in arguments.questions:
            answer(graph, *names)
    except GLib.Error as error:
        print(f'gir-graph.py: {error.message}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
