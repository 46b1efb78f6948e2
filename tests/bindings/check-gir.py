# Checks that the GIR offers scripts what they can use, and nothing that they
# could do harm with.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: check-gir.py SYMBOLS GIR [INCLUDED…]

SYMBOLS lists what the library exports.
"""

import glob
import keyword
import os
import re
import sys

from gir import C, CALLABLES, CORE, GLIB, Callable, Gir, is_visible, tag, unqualified

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'checks'))
from tap import Report  # noqa: E402

LUA_KEYWORDS = {'and', 'break', 'do', 'else', 'elseif', 'end', 'false', 'for', 'function', 'goto', 'if',
                'in', 'local', 'nil', 'not', 'or', 'repeat', 'return', 'then', 'true', 'until', 'while'}
# What counts elements or bytes of the arena, where any number comes in.
SIZES = {'gsize', 'gssize', 'gulong', 'guint64'}
# Each only tells a number to the arena, or compares with one; or counts rounds or items up to it.
SIZES_ARE_HARMLESS = {'Arena.set_heap_limit', 'Object.add_external_bytes', 'Sequence.repeat', 'generator_skip',
                      'generator_take'}
# What bindings do by themselves; a script's call would drop or free what another one uses.
MEMORY = {'ref', 'unref', 'ref_sink', 'free', 'finalize', 'trace', 'init', 'construct'}


def lines(path):
    with open(path, encoding='utf-8') as text:
        return [line.rstrip() for line in text if line.strip() and not line.startswith('#')]


def c_only():
    """What c-only.txt lists, with what scripts call instead or None."""
    reason = None
    listed = {}
    for line in lines(os.path.join(HERE, 'c-only.txt')):
        if not line.startswith(' '):
            reason = line
            continue
        assert reason, f'{line} has no reason'
        name, _, twin = line.strip().partition(': ')
        listed[name] = twin or None
    return listed


def symbols_of(gir):
    """What scripts reach, and what has a twin that they call by the same name."""
    reached, twins = set(), set()
    for parent in gir.namespace.iter():
        siblings = {node.get('name'): node for node in parent if tag(node) in CALLABLES}
        for node in parent:
            reached.add(node.get(GLIB + 'get-type'))
            shadow = siblings.get(node.get('shadowed-by'))
            if shadow is not None and is_visible(shadow):
                twins.add(node.get(C + 'identifier'))
            elif tag(node) in CALLABLES and is_visible(node):
                reached.add(node.get(C + 'identifier'))
    return reached, twins


def everything(gir):
    reached, twins = symbols_of(gir)
    listed = c_only()
    for name in sorted(gir.symbols - reached - twins - set(listed)):
        yield f'{name} is exported, and scripts can neither call it nor a twin; c-only.txt does not say why'
    exported = set().union(*(lines(path) for path in glob.glob(os.path.join(HERE, '../checks/gc*.symbols'))))
    for name, twin in listed.items():
        if name not in exported:
            yield f'{name} is in c-only.txt, and is not exported'
        if name in reached | twins:
            yield f'{name} is in c-only.txt, and scripts can call it'
        if name in gir.symbols and twin and twin not in reached:
            yield f'{twin}, the twin of {name}, is not for scripts'


def signals(gir):
    """GLib before 2.89 gives handlers in C and Vala NULL for an object without these."""
    for node in gir.namespace.iter(GLIB + 'signal'):
        name = node.get('name')
        signal = Callable(None, node, gir.ours)
        objects = [p for p in signal.parameters if gir.is_object(p.type)]
        if gir.is_object(signal.result.type):
            yield f'the signal {name} returns an object'
        if objects and not any(has_marshallers(path, name) for path in glob.glob(os.path.join(HERE, '../../gc*/*.c'))):
            yield f'the signal {name} has an object and no marshallers'


def has_marshallers(path, signal):
    with open(path, encoding='utf-8') as text:
        return re.search(rf'g_signal_new[^;]*"{signal}"[^;]*_marshal_VOID__OBJECT\b.*g_signal_set_va_marshaller',
                         text.read(), re.S)


def properties(gir):
    """PyGObject, GJS and lgi can't set one to NULL; before 1.80 none says that it is nullable."""
    methods = {str(function): function for function in gir.callables() if function.kind == 'method'}
    for owner, node in gir.classes.items():
        for child in node.findall(CORE + 'property'):
            name = child.get('name').replace('-', '_')
            setter, getter = methods.get(f'{owner}.set_{name}'), child.get('getter') or f'get_{name}'
            if child.get('readable') != '0' and not {f'{owner}.{g}' for g in (getter, name, f'is_{name}')} & set(methods):
                yield f'{owner}:{name} has no plain getter'
            if child.get('writable') != '1' or child.get('construct-only') == '1':
                continue
            if setter is None:
                yield f'{owner}:{name} has no plain setter'
            elif is_reference(gir, child) and not setter.arguments()[-1].is_nullable:
                yield f'{setter} does not take NULL'


def is_reference(gir, node):
    """Whether a property holds an object of any kind."""
    name = unqualified(node.find(CORE + 'type').get('name'), gir.ours)
    return name in gir.parents or any(name == i.get('name') for i in gir.namespace.findall(CORE + 'interface'))


def ref_functions(gir):
    for name, node in gir.classes.items():
        if gir.is_object(name):
            for attribute, wanted in (('ref-func', 'gc_object_ref'), ('unref-func', 'gc_object_unref')):
                if node.get(GLIB + attribute) != wanted:
                    yield f'{name} has no ({attribute} {wanted})'
    for attribute in ('set-value-func', 'get-value-func'):
        if 'Object' in gir.classes and gir.classes['Object'].get(GLIB + attribute) is None:
            yield f'Object has no {attribute}'


def fields(gir):
    """PyGObject reads private fields too."""
    for name, node in gir.classes.items():
        if gir.is_object(name):
            for field in node.findall(CORE + 'field'):
                yield f'{name}.{field.get("name")} is a field of an instance'
    for node in gir.namespace.findall(CORE + 'record'):
        instance = node.get(GLIB + 'is-gtype-struct-for')
        is_opaque = node.get('opaque') == '1' or node.get('disguised') == '1'
        if instance or is_opaque or not is_visible(node):
            continue
        for field in node.findall(CORE + 'field'):
            inner = field.find(CORE + 'type')
            if field.get('writable') == '1' and inner is not None and '*' in inner.get(C + 'type', ''):
                yield f'{node.get("name")}.{field.get("name")} is a pointer that can be written'


def sizes(gir):
    for function in gir.callables():
        lengths = {p.length_of for p in [*function.parameters, function.result] if p.is_array}
        arguments = [p for p in function.parameters if not p.is_instance]
        for i, parameter in enumerate(arguments):
            if (parameter.type in SIZES and parameter.direction == 'in' and i not in lengths and
                    not function.throws and str(function) not in SIZES_ARE_HARMLESS):
                yield f'{function} takes the number {parameter.name} and does not throw'
        # Of sequences a script has as many as it could make.
        if any(p.is_array and p.type != 'Sequence' and p.direction == 'in' for p in arguments) and not function.throws:
            yield f'{function} takes an array and does not throw'


def names(gir):
    for function in gir.callables():
        # Sequences have the words that are used everywhere; PyGObject and the override for Lua
        # write an underscore after them.
        is_usual = function.owner == 'Sequence' and function.kind == 'constructor'
        if (keyword.iskeyword(function.name) or function.name in LUA_KEYWORDS) and not is_usual:
            yield f'{function} is a keyword'
        if function.name in MEMORY:
            yield f'{function} is for bindings alone'
        if function.kind == 'virtual-method' and gir.is_object(function.owner):
            yield f'{function} is what a class does for itself'
        if function.name.endswith('_') or function.symbol.endswith('_'):
            yield f'{function} is internal'


def constructors(gir):
    for function in gir.callables():
        if not gir.is_object(function.owner) or function.kind not in ('constructor', 'function'):
            continue
        is_new = function.kind == 'constructor' or gir.is_object(function.result.type)
        if is_new and (not function.parameters or function.parameters[0].type != 'Mutation'):
            yield f'{function} makes an object and does not take a mutation first'
        if is_new and function.result.transfer != 'none':
            yield f'{function} is (transfer {function.result.transfer})'


def getters(gir):
    for function in gir.callables():
        if function.kind != 'method' or not gir.is_object(function.result.type):
            continue
        takes_mutation = any(p.type == 'Mutation' for p in function.parameters)
        # GJS leaks what is in an array that is transferred in full.
        wanted = 'container' if function.result.is_array else 'none' if takes_mutation else 'full'
        if function.result.transfer != wanted:
            yield f'{function} is (transfer {function.result.transfer}), not {wanted}'


def unbound(gir):
    for function in gir.callables():
        for parameter in [*function.parameters, function.result]:
            if parameter.type == 'gpointer' and not re.fullmatch(r'(.*_)?data', parameter.name or ''):
                yield f'{function} takes or returns a plain pointer'
            if parameter.type in ('GLib.PtrArray', 'va_list'):
                yield f'{function} takes or returns a {parameter.type}'


def errors(gir):
    for node in gir.namespace:
        if tag(node) in ('enumeration', 'bitfield') and node.get(GLIB + 'get-type') is None:
            yield f'{node.get("name")} has no GType'


CHECKS = {
    'scripts can call everything, or the list says why not': everything,
    'every class of objects names how to reference it': ref_functions,
    'no field of an instance is to be seen': fields,
    'signals with objects have marshallers': signals,
    'properties have plain getters and setters': properties,
    'what takes a size can fail': sizes,
    'no name is a keyword or for bindings alone': names,
    'constructors take a mutation and give no reference': constructors,
    'getters give a reference': getters,
    'nothing takes or returns plain pointers': unbound,
    'enumerations have GTypes': errors,
}


def read(symbols, *girs):
    gir = Gir(*girs)
    gir.symbols = set(lines(symbols))
    return gir


def main():
    gir = read(*sys.argv[1:])
    report = Report()
    for name, check in CHECKS.items():
        report.result(name, check(gir))
    report.done()


if __name__ == '__main__':
    main()
