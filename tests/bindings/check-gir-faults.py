# Checks of check-gir.py: each fault that is planted in a GIR is found by its own check.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: check-gir-faults.py SYMBOLS GIR"""

import importlib.util
import os
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

from gir import C, CORE, GLIB

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location('check_gir', os.path.join(HERE, 'check-gir.py'))
check_gir = importlib.util.module_from_spec(spec)
spec.loader.exec_module(check_gir)


def find(namespace, path):
    """A node by the names on the way to it."""
    node = namespace
    for name in path.split('.'):
        node = next(child for child in node if child.get('name') == name and child.get('shadowed-by') is None)
    return node


def set_attribute(path, key, value, *inside):
    def plant(namespace):
        node = find(namespace, path)
        for step in inside:
            node = node.find(CORE + step)
        if value is None:
            del node.attrib[key]
        else:
            node.set(key, value)
    return plant


def add(path, text):
    """A child more. What is written is in the three namespaces of GIR."""
    def plant(namespace):
        node = find(namespace, path) if path else namespace
        node.append(ElementTree.fromstring(
            f'<x xmlns="{CORE[1:-1]}" xmlns:c="{C[1:-1]}" xmlns:glib="{GLIB[1:-1]}">{text}</x>')[0])
    return plant


def remove(path, name):
    def plant(namespace):
        node = find(namespace, path)
        node.remove(next(child for child in node if child.get('name') == name))
    return plant


VOID = '<return-value transfer-ownership="none"><type name="none"/></return-value>'
OBJECT = '<parameter name="object" transfer-ownership="none"><type name="Object"/></parameter>'
SIZE = '<parameter name="size" transfer-ownership="none"><type name="gsize"/></parameter>'


def method(name, result=VOID, parameters=''):
    return f'''<method name="{name}" c:identifier="gc_planted">{result}<parameters><instance-parameter name="self"
        transfer-ownership="none"><type name="Array"/></instance-parameter>{parameters}</parameters></method>'''


def result(kind, transfer):
    return f'<return-value transfer-ownership="{transfer}"><type name="{kind}"/></return-value>'


# By the name of the check: what makes it fail, and what it then names.
FAULTS = {
    'scripts can call everything, or the list says why not': [
        ('gc_arena_collect', set_attribute('Arena.collect', 'introspectable', '0')),
        ('gc_array_set', set_attribute('Array.try_set', 'introspectable', '0')),
        ('gc_object_ref', add('Array', method('reference').replace('gc_planted', 'gc_object_ref'))),
    ],
    'every class of objects names how to reference it': [
        ('Array', set_attribute('Array', GLIB + 'ref-func', None)),
        ('Table', set_attribute('Table', GLIB + 'unref-func', 'g_object_unref')),
        ('get-value-func', set_attribute('Object', GLIB + 'get-value-func', None)),
    ],
    'no field of an instance is to be seen': [
        ('Array.elements', add('Array', '<field name="elements" writable="1"><type name="gpointer"/></field>')),
    ],
    'signals with objects have marshallers': [
        ('planted', add('Arena', f'<glib:signal name="planted">{VOID}<parameters>{OBJECT}</parameters></glib:signal>')),
        ('returned', add('Arena', f'<glib:signal name="returned">{result("Array", "none")}</glib:signal>')),
    ],
    'properties have plain getters and setters': [
        ('no plain setter', remove('Arena', 'set_listener')),
        ('no plain getter', remove('Arena', 'get_heap_limit')),
        ('set_root does not take NULL', set_attribute('Arena.set_root', 'nullable', None, 'parameters', 'parameter')),
        ('planted', add('Arena', '<property name="planted" writable="1"><type name="Object"/></property>')),
    ],
    'what takes a size can fail': [
        ('planted', add('Array', method('planted', parameters=SIZE))),
    ],
    'no name is a keyword or for bindings alone': [
        ('Array.end', add('Array', method('end'))),
        ('Array.unref', add('Array', method('unref'))),
        ('Array.trace', add('Array', method('trace').replace('method', 'virtual-method'))),
        ('Array.planted_', add('Array', method('planted_'))),
    ],
    'constructors take a mutation and give no reference': [
        ('Array.planted makes', add('Array', method('planted', result('Array', 'none')).replace('method', 'constructor'))),
        ('Array.new is (transfer full)', set_attribute('Array.new', 'transfer-ownership', 'full', 'return-value')),
    ],
    'getters give a reference': [
        ('Array.planted', add('Array', method('planted', result('Object', 'none')))),
        ('Array.list', set_attribute('Array.list', 'transfer-ownership', 'full', 'return-value')),
    ],
    'nothing takes or returns plain pointers': [
        ('Array.planted', add('Array', method('planted', result('gpointer', 'none')))),
        ('GLib.PtrArray', add('Array', method('planted', result('GLib.PtrArray', 'none')))),
    ],
    'enumerations have GTypes': [
        ('Phase', set_attribute('Phase', GLIB + 'get-type', None)),
    ],
}


def problems_of(name, symbols, tree):
    with tempfile.NamedTemporaryFile(suffix='.gir') as planted:
        tree.write(planted.name)
        gir = check_gir.read(symbols, planted.name)
        return list(check_gir.CHECKS[name](gir))


def main():
    symbols, path = sys.argv[1:]
    report = check_gir.Report()
    report.result('each check has a fault', (name for name in check_gir.CHECKS if name not in FAULTS))
    report.result('marshallers are found', [] if check_gir.has_marshallers(os.path.join(HERE, '../unit/signal.c'), 'changed')
                  else ['those of tests/unit/signal.c are not'])
    for name, faults in FAULTS.items():
        wrong = []
        for what, plant in faults:
            tree = ElementTree.parse(path)
            plant(tree.getroot().find(CORE + 'namespace'))
            found = problems_of(name, symbols, tree)
            if not any(what in problem for problem in found):
                wrong.append(f'{what} is not found; found is {found}')
        report.result(name, wrong)
    report.done()


if __name__ == '__main__':
    main()
