-- A document whose parts know what they are in, and an undo history: cycles that reference counts would leak.
--
-- SPDX-License-Identifier: CC0-1.0

local lgi = require 'lgi'
local GcObj = lgi.require('GcObj', '1.0')

local arena = GcObj.Arena()
local Part = GcObj.record('Part', { title = 'string', parent = 'Part', parts = GcObj.Array })
local Removal = GcObj.record('Removal', { part = Part, parent = Part, index = 'integer' })
local Document = GcObj.record('Document', { book = Part, history = GcObj.Array })

local function add(m, parent, title)
  local part = Part(m, { title = title, parent = parent, parts = GcObj.Array(m) })
  if parent then parent.parts:append(part) end
  return part
end

local function remove(m, document, part)
  local parts = part.parent.parts
  local index = parts:index_of(part)
  document.history:append(Removal(m, { part = part, parent = part.parent, index = index }))
  parts:remove(index)
  part.parent = nil
end

local function undo(document)
  local removal = document.history:pop()
  removal.parent.parts:insert(removal.index, removal.part)
  removal.part.parent = removal.parent
end

local function show(part, depth)
  print(('  '):rep(depth or 0) .. part.title)
  for _, inner in part.parts:ipairs() do show(inner, (depth or 0) + 1) end
end

local function path(part)
  return part.parent and path(part.parent) .. ' / ' .. part.title or part.title
end

local chapter, section = arena:mutate(function (m)
  local book = add(m, nil, 'Book')
  add(m, book, 'Preface')
  local inner = add(m, book, 'Chapter')
  arena.root = Document(m, { book = book, history = GcObj.Array(m) })
  return inner, add(m, inner, 'Section')
end)

local document = arena.root
show(document.book)

arena:mutate(remove, document, chapter)
print('removed:')
show(document.book)

undo(document)
print('undone:')
show(document.book)
print(path(section))
