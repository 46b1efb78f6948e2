-- The shortest way through a graph: towns that refer to each other, and a table keyed by them.
--
-- SPDX-License-Identifier: CC0-1.0

local lgi = require 'lgi'
local GcObj = lgi.require('GcObj', '1.0')

local arena = GcObj.Arena()
local Town = GcObj.record('Town', { name = 'string', roads = GcObj.Array })

local function way(start, finish)
  local came_from = arena:mutate(GcObj.Table, { [start] = start })
  local queue = { start }
  for _, town in ipairs(queue) do
    if town == finish then
      local names = { town.name }
      while town ~= start do
        town = came_from[town]
        table.insert(names, 1, town.name)
      end
      return table.concat(names, ', ')
    end
    for _, neighbour in town.roads:ipairs() do
      if not came_from[neighbour] then
        came_from[neighbour] = town
        queue[#queue + 1] = neighbour
      end
    end
  end
  return 'no way to ' .. finish.name
end

local towns = {}
arena:mutate(function (m)
  for _, name in ipairs { 'Basel', 'Olten', 'Zug', 'Chur', 'Bern', 'Thun', 'Ajaccio' } do
    towns[name] = Town(m, { name = name, roads = GcObj.Array(m) })
  end
end)
for _, road in ipairs { { 'Basel', 'Olten' }, { 'Olten', 'Zug' }, { 'Zug', 'Chur' }, { 'Olten', 'Bern' },
                        { 'Bern', 'Thun' }, { 'Chur', 'Thun' } } do
  local a, b = towns[road[1]], towns[road[2]]
  a.roads:append(b)
  b.roads:append(a)
end

print(way(towns.Basel, towns.Thun))
print(way(towns.Thun, towns.Basel))
print(way(towns.Basel, towns.Ajaccio))
