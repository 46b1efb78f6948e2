# Makes heap snapshots, for tests of what reads them.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json

KINDS = ['hidden', 'array', 'string', 'object', 'code', 'closure', 'regexp', 'number', 'native', 'synthetic']
EDGES = ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak']
META = {
    'node_fields': ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'],
    'node_types': [KINDS] + ['string'] + ['number'] * 5,
    'edge_fields': ['type', 'name_or_index', 'to_node'],
    'edge_types': [EDGES, 'string_or_number', 'node'],
}


class Heap:
    """Nodes are numbers; 0 is the root."""

    def __init__(self):
        self.nodes = []
        self.edges = []
        self.strings = {}
        self.node('synthetic', '', 0)

    def string(self, text):
        return self.strings.setdefault(text, len(self.strings))

    def node(self, kind, name, size, identity=None):
        self.nodes.append((KINDS.index(kind), self.string(name), identity or 2 * len(self.nodes) + 1, size))
        self.edges.append([])
        return len(self.nodes) - 1

    def edge(self, source, kind, name, target):
        is_number = kind in ('element', 'hidden')
        self.edges[source].append((EDGES.index(kind), name if is_number else self.string(name), target * 7))

    def data(self, gcobj=None):
        head = {'meta': META, 'node_count': len(self.nodes), 'edge_count': sum(map(len, self.edges)),
                'trace_function_count': 0}
        if gcobj:
            head['gcobj'] = gcobj
        nodes = [number for row, edges in zip(self.nodes, self.edges) for number in (*row, len(edges), 0, 0)]
        return {'snapshot': head, 'nodes': nodes,
                'edges': [number for edges in self.edges for edge in edges for number in edge],
                'trace_function_infos': [], 'trace_tree': [], 'samples': [], 'locations': [],
                'strings': list(self.strings)}

    def text(self, gcobj=None):
        return json.dumps(self.data(gcobj), ensure_ascii=False)

    def reach(self, without=None):
        """What the root leads to, with a node taken out."""
        found, pending = set(), [0]
        while pending:
            node = pending.pop()
            if node == without or node in found:
                continue
            found.add(node)
            pending += [target // 7 for kind, _, target in self.edges[node] if EDGES[kind] != 'weak']
        return found

    def reference(self):
        """Each node's dominator and retained size, the slow way."""
        alive = self.reach()
        below = {node: alive - self.reach(node) for node in alive}
        result = {}
        for node in alive:
            above = [d for d in alive if d != node and node in below[d]]
            # The nearest one dominates the least.
            nearest = min(above, key=lambda d: len(below[d]), default=0)
            result[node] = (nearest, sum(self.nodes[n][3] for n in below[node]))
        return result


def small(extra=0):
    """A document whose pages a cache holds too, and some more in the cache."""
    heap = Heap()
    roots = heap.node('synthetic', '(GC roots)', 0)
    arena = heap.node('synthetic', '(Arena root)', 0)
    document = heap.node('object', 'Document', 100)
    pages = [heap.node('object', 'Page', 50) for _ in range(3)]
    cache = heap.node('object', 'Cache', 10)
    title = heap.node('string', 'A "title" <b>&amp;', 30)
    pixels = heap.node('native', 'external bytes', 4000)
    heap.edge(0, 'element', 0, roots)
    heap.edge(roots, 'element', 0, arena)
    heap.edge(arena, 'property', 'root', document)
    heap.edge(document, 'property', 'title', title)
    heap.edge(document, 'property', 'cache', cache)
    for i, page in enumerate(pages):
        heap.edge(document, 'element', i, page)
    heap.edge(cache, 'weak', 'first', pages[0])
    heap.edge(pages[2], 'internal', 'external bytes', pixels)
    for i in range(extra):
        entry = heap.node('object', 'Entry', 24, 1001 + 2 * i)
        heap.edge(cache, 'element', i, entry)
    return heap
