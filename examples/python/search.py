# The shortest way through a graph: towns that refer to each other, and a table keyed by them.
#
# SPDX-License-Identifier: CC0-1.0

import collections

import gi
gi.require_version('GcObj', '1.0')
from gi.repository import GcObj

arena = GcObj.Arena()


@GcObj.record
class Town:
    name: str
    roads: GcObj.Array


def way(start, end):
    with arena.mutation() as m:
        came_from = GcObj.Table(m, {start: start})
    queue = collections.deque([start])
    while queue:
        town = queue.popleft()
        if town == end:
            names = [town.name]
            while town != start:
                town = came_from[town]
                names.append(town.name)
            return ', '.join(reversed(names))
        for neighbour in town.roads:
            if neighbour not in came_from:
                came_from[neighbour] = town
                queue.append(neighbour)
    return f'no way to {end.name}'


with arena.mutation() as m:
    towns = {name: Town(m, name=name, roads=GcObj.Array(m))
             for name in ('Basel', 'Olten', 'Zug', 'Chur', 'Bern', 'Thun', 'Ajaccio')}
for a, b in (('Basel', 'Olten'), ('Olten', 'Zug'), ('Zug', 'Chur'), ('Olten', 'Bern'), ('Bern', 'Thun'),
             ('Chur', 'Thun')):
    towns[a].roads.append(towns[b])
    towns[b].roads.append(towns[a])

print(way(towns['Basel'], towns['Thun']))
print(way(towns['Thun'], towns['Basel']))
print(way(towns['Basel'], towns['Ajaccio']))
