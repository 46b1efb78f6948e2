/* The shortest way through a graph: towns that refer to each other, and a table keyed by them.
 *
 * SPDX-License-Identifier: CC0-1.0 */

import GcObj from 'gi://GcObj?version=1.0';

const arena = new GcObj.Arena();
const Town = GcObj.record('Town', {name: String, roads: GcObj.Array});

function way(start, end) {
    const cameFrom = arena.mutate(m => GcObj.Table.from(m, [[start, start]]));
    const queue = [start];
    while (queue.length > 0) {
        let town = queue.shift();
        if (town === end) {
            const names = [town.name];
            while (town !== start) {
                town = cameFrom.get(town);
                names.unshift(town.name);
            }
            return names.join(', ');
        }
        for (const neighbour of town.roads) {
            if (!cameFrom.has(neighbour)) {
                cameFrom.set(neighbour, town);
                queue.push(neighbour);
            }
        }
    }
    return `no way to ${end.name}`;
}

const towns = {};
arena.mutate(m => {
    for (const name of ['Basel', 'Olten', 'Zug', 'Chur', 'Bern', 'Thun', 'Ajaccio'])
        towns[name] = new Town(m, {name, roads: new GcObj.Array(m)});
});
for (const [a, b] of [['Basel', 'Olten'], ['Olten', 'Zug'], ['Zug', 'Chur'], ['Olten', 'Bern'], ['Bern', 'Thun'],
    ['Chur', 'Thun']]) {
    towns[a].roads.push(towns[b]);
    towns[b].roads.push(towns[a]);
}

print(way(towns.Basel, towns.Thun));
print(way(towns.Thun, towns.Basel));
print(way(towns.Basel, towns.Ajaccio));
