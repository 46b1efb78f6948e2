# What the random calls are made of: everything that scripts see of the libraries.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Usage: fuzz-data.py json|lua GIR…

Each GIR comes before those that it includes. Writes

  calls    name, kind, namespace, owner, member, types of arguments ("T[]" is an array), result;
           kinds: constructor, function, method, virtual-method, get, set, new, signal
  parents  of classes
"""

import json
import sys

from gir import CORE, GLIB, Gir, is_visible, tag, unqualified


def type_of(node, ours):
    array = node.find(CORE + 'array')
    inner = (node if array is None else array).find(CORE + 'type')
    name = unqualified(inner.get('name'), ours) if inner is not None else 'none'
    return name if array is None else name + '[]'


def entry(gir, kind, owner, member, arguments=(), result='none'):
    namespace = gir.namespace.get('name')
    name = '.'.join(part for part in (namespace, owner, member) if part)
    if kind in ('get', 'set', 'new', 'signal', 'virtual-method'):
        name += f' ({kind})'
    return {'name': name, 'kind': kind, 'namespace': namespace, 'owner': owner or '', 'member': member,
            'arguments': list(arguments), 'result': result}


def functions(gir):
    for function in gir.callables():
        result = function.result
        yield entry(gir, function.kind, function.owner, function.name,
                    [p.type + '[]' * p.is_array for p in function.arguments()],
                    (result.type or 'none') + '[]' * result.is_array)


def properties(gir):
    """Fields of structures are like properties of objects."""
    for node in gir.namespace:
        if tag(node) not in ('class', 'record') or not is_visible(node) or node.get(GLIB + 'is-gtype-struct-for'):
            continue
        owner = node.get('name')
        if not gir.is_object(owner) and node.get('abstract') != '1' and tag(node) == 'class':
            writable = [p for p in node.findall(CORE + 'property')
                        if p.get('writable') == '1' or p.get('construct-only') == '1']
            for p in writable:
                yield entry(gir, 'new', owner, p.get('name'), [type_of(p, gir.ours)], owner)
        for member in [*node.findall(CORE + 'property'), *node.findall(CORE + 'field')]:
            if member.get('private') == '1' or member.find(CORE + 'callback') is not None:
                continue
            is_field = tag(member) == 'field'
            if is_field and (tag(node) == 'class' or node.get('opaque') == '1' or node.get('disguised') == '1'):
                continue
            kind = type_of(member, gir.ours)
            if member.get('readable', '1') == '1':
                yield entry(gir, 'get', owner, member.get('name'), [], kind)
            if member.get('writable') == '1' and member.get('construct-only') != '1':
                yield entry(gir, 'set', owner, member.get('name'), [kind])
        for signal in node.findall(GLIB + 'signal'):
            yield entry(gir, 'signal', owner, signal.get('name'), ['GObject.Callback'])


def as_lua(value):
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=True)
    if isinstance(value, list):
        return '{' + ', '.join(map(as_lua, value)) + '}'
    return '{' + ', '.join(f'[{as_lua(k)}] = {as_lua(v)}' for k, v in value.items()) + '}'


def main():
    paths = sys.argv[2:]
    girs = [Gir(*paths[i:]) for i in range(len(paths))]
    data = {
        'calls': [call for gir in reversed(girs) for call in [*functions(gir), *properties(gir)]],
        'parents': {name: parent for gir in girs for name, parent in gir.parents.items() if parent},
    }
    names = [call['name'] for call in data['calls']]
    assert len(names) == len(set(names)), 'two of one name'
    print('return ' + as_lua(data) if sys.argv[1] == 'lua' else json.dumps(data, indent=1))


if __name__ == '__main__':
    main()
