# What the tests want to know of a GIR file.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: gir.py GIR > LIST

Lists the callables that take or return objects of an arena, as CLASS.NAME.
"""

import sys
import xml.etree.ElementTree as ElementTree

CORE = '{http://www.gtk.org/introspection/core/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'
CALLABLES = ('constructor', 'function', 'method', 'virtual-method')


def tag(node):
    return node.tag.removeprefix(CORE).removeprefix(GLIB)


def is_visible(node):
    return node.get('introspectable') != '0' and node.get('shadowed-by') is None


class Parameter:
    """A parameter, or what is returned."""

    def __init__(self, node):
        array = node.find(CORE + 'array')
        inner = node.find(CORE + 'type') if array is None else array.find(CORE + 'type')
        self.name = node.get('name')
        self.is_instance = tag(node) == 'instance-parameter'
        self.is_array = array is not None
        self.type = inner.get('name') if inner is not None else None
        self.transfer = node.get('transfer-ownership')
        self.direction = node.get('direction', 'in')
        # What says how long an array is.
        self.length_of = int(array.get('length', -1)) if self.is_array else -1


class Callable:
    def __init__(self, owner, node):
        self.owner = owner
        self.kind = tag(node)
        # What scripts call it.
        self.name = node.get('shadows', node.get('name'))
        self.symbol = node.get(C + 'identifier', self.name)
        self.throws = node.get('throws') == '1'
        parameters = node.find(CORE + 'parameters')
        self.parameters = [Parameter(p) for p in parameters] if parameters is not None else []
        self.result = Parameter(node.find(CORE + 'return-value'))

    def __str__(self):
        return f'{self.owner}.{self.name}' if self.owner else self.name


class Gir:
    def __init__(self, path):
        self.namespace = ElementTree.parse(path).getroot().find(CORE + 'namespace')
        self.classes = {node.get('name'): node for node in self.namespace.findall(CORE + 'class')}

    def is_object(self, name):
        """Whether a class is Object or derived from it."""
        while name in self.classes:
            if name == 'Object':
                return True
            name = self.classes[name].get('parent')
        return False

    def callables(self):
        """Those that scripts see, also of what is no class."""
        for node in self.namespace:
            if tag(node) == 'function' and is_visible(node):
                yield Callable(None, node)
            elif tag(node) in ('class', 'record', 'interface', 'enumeration', 'bitfield'):
                for member in node:
                    if tag(member) in CALLABLES and is_visible(member):
                        yield Callable(node.get('name'), member)


def main():
    gir = Gir(sys.argv[1])
    for function in gir.callables():
        if any(gir.is_object(p.type) and not p.is_instance for p in [*function.parameters, function.result]):
            print(function)


if __name__ == '__main__':
    main()
