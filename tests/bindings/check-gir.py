# Checks that the GIR offers scripts what they can use, and nothing that they
# could do harm with.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: check-gir.py GIR [INCLUDED…]"""

import keyword
import os
import re
import sys

from gir import C, CORE, GLIB, Gir, is_visible, tag

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'checks'))
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
            if parameter.type == 'gpointer' and not re.fullmatch(r'(.*_)?data', parameter.name):
                yield f'{function} takes or returns a plain pointer'
            if parameter.type in ('GLib.PtrArray', 'va_list'):
                yield f'{function} takes or returns a {parameter.type}'


def errors(gir):
    for node in gir.namespace:
        if tag(node) in ('enumeration', 'bitfield') and node.get(GLIB + 'get-type') is None:
            yield f'{node.get("name")} has no GType'


def main():
    gir = Gir(*sys.argv[1:])
    report = Report()
    report.result('every class of objects names how to reference it', ref_functions(gir))
    report.result('no field of an instance is to be seen', fields(gir))
    report.result('what takes a size can fail', sizes(gir))
    report.result('no name is a keyword or for bindings alone', names(gir))
    report.result('constructors take a mutation and give no reference', constructors(gir))
    report.result('getters give a reference', getters(gir))
    report.result('nothing takes or returns plain pointers', unbound(gir))
    report.result('enumerations have GTypes', errors(gir))
    report.done()


if __name__ == '__main__':
    main()
