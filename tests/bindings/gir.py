# What the tests want to know of a GIR file.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: gir.py [--types|--callbacks] GIR [INCLUDED…] > LIST

Lists the callables of the first GIR that take or return objects of an arena, as CLASS.NAME. With --types
it also lists those that have them as instances, or values, in which they may be; and each is followed by what
it is, the type of what it returns, and those of what a script gives, the instance first. With --callbacks
it lists where functions of a script's are called: the type of the function, and the callable that takes it;
or the signal or the method of an interface.
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

    def __init__(self, node, ours):
        array = node.find(CORE + 'array')
        inner = node.find(CORE + 'type') if array is None else array.find(CORE + 'type')
        self.name = node.get('name')
        self.is_instance = tag(node) == 'instance-parameter'
        self.is_array = array is not None
        self.type = unqualified(inner.get('name'), ours) if inner is not None else None
        self.transfer = node.get('transfer-ownership')
        # How long a function is called that a callable is given.
        self.scope = node.get('scope')
        self.is_nullable = node.get('nullable') == '1'
        self.direction = node.get('direction', 'in')
        # What says how long an array is.
        self.length_of = int(array.get('length', -1)) if self.is_array else -1
        # What bindings fill in for a function.
        self.extras = {int(node.get(key, -1)) for key in ('closure', 'destroy')}


class Callable:
    def __init__(self, owner, node, ours):
        self.owner = owner
        self.kind = tag(node)
        # What scripts call it.
        self.name = node.get('shadows', node.get('name'))
        self.symbol = node.get(C + 'identifier', self.name)
        self.throws = node.get('throws') == '1'
        parameters = node.find(CORE + 'parameters')
        self.parameters = [Parameter(p, ours) for p in parameters] if parameters is not None else []
        self.result = Parameter(node.find(CORE + 'return-value'), ours)

    def __str__(self):
        return f'{self.owner}.{self.name}' if self.owner else self.name

    def arguments(self):
        """What a script gives, the instance apart."""
        parameters = [p for p in self.parameters if not p.is_instance]
        hidden = {p.length_of for p in [*parameters, self.result]}.union(*(p.extras for p in parameters))
        return [p for i, p in enumerate(parameters) if i not in hidden and p.direction == 'in']


def unqualified(name, ours):
    """The libraries share a prefix in C, so that no name stands for two things."""
    namespace, _, rest = (name or '').rpartition('.')
    return rest if namespace in ours else name


class Gir:
    def __init__(self, path, *included):
        namespaces = [ElementTree.parse(p).getroot().find(CORE + 'namespace') for p in (path, *included)]
        self.ours = {namespace.get('name') for namespace in namespaces}
        self.namespace = namespaces[0]
        self.classes = {node.get('name'): node for node in self.namespace.findall(CORE + 'class')}
        self.parents = {node.get('name'): unqualified(node.get('parent'), self.ours)
                        for namespace in namespaces for node in namespace.findall(CORE + 'class')}

    def is_object(self, name):
        """Whether a class is Object or derived from it."""
        while name in self.parents:
            if name == 'Object':
                return True
            name = self.parents[name]
        return False

    def callables(self):
        """Those that scripts see, also of what is no class."""
        for node in self.namespace:
            if tag(node) == 'function' and is_visible(node):
                yield Callable(None, node, self.ours)
            elif tag(node) in ('class', 'record', 'interface', 'enumeration', 'bitfield'):
                for member in node:
                    if tag(member) in CALLABLES and is_visible(member):
                        yield Callable(node.get('name'), member, self.ours)


def type_name(parameter):
    return f'{parameter.type}[]' if parameter.is_array else parameter.type


def print_types(gir):
    for function in gir.callables():
        instance = [function.owner] if function.kind == 'method' else []
        types = [*instance, *(p.type for p in [*function.parameters, function.result])]
        if function.kind != 'virtual-method' and any(gir.is_object(t) or t == 'GObject.Value' for t in types):
            print(function, function.kind, type_name(function.result), *instance, *map(type_name, function.arguments()))


def print_callbacks(gir):
    for function in gir.callables():
        for parameter in function.parameters:
            if parameter.scope and parameter.type != 'GLib.DestroyNotify':
                print(parameter.type, function)
        if function.kind == 'virtual-method' and not gir.is_object(function.owner):
            print('virtual-method', function)
    for owner in gir.namespace:
        for signal in owner.findall(GLIB + 'signal'):
            print('signal', f'{owner.get("name")}.{signal.get("name")}')


def print_names(gir):
    for function in gir.callables():
        if any(gir.is_object(p.type) and not p.is_instance for p in [*function.parameters, function.result]):
            print(function)


def main():
    options = {'--types': print_types, '--callbacks': print_callbacks}
    arguments = sys.argv[1:]
    what = options.get(arguments[0], print_names)
    what(Gir(*(argument for argument in arguments if argument not in options)))


if __name__ == '__main__':
    main()
