# A document whose parts know what they are in, and an undo history: cycles that reference counts would leak.
#
# SPDX-License-Identifier: CC0-1.0

import gi
gi.require_version('GcObj', '1.0')
from gi.repository import GcObj

arena = GcObj.Arena()


@GcObj.record
class Part:
    title: str
    parent: 'Part'
    parts: GcObj.Array


@GcObj.record
class Removal:
    part: Part
    parent: Part
    index: int


@GcObj.record
class Document:
    book: Part
    history: GcObj.Array


def add(m, parent, title):
    part = Part(m, title=title, parent=parent, parts=GcObj.Array(m))
    if parent:
        parent.parts.append(part)
    return part


def remove(m, document, part):
    index = part.parent.parts.index_of(part)
    document.history.append(Removal(m, part=part, parent=part.parent, index=index))
    del part.parent.parts[index]
    part.parent = None


def undo(document):
    removal = document.history.pop()
    removal.parent.parts.insert(removal.index, removal.part)
    removal.part.parent = removal.parent


def show(part, depth=0):
    print('  ' * depth + part.title)
    for inner in part.parts:
        show(inner, depth + 1)


def path(part):
    return path(part.parent) + ' / ' + part.title if part.parent else part.title


with arena.mutation() as m:
    book = add(m, None, 'Book')
    add(m, book, 'Preface')
    chapter = add(m, book, 'Chapter')
    section = add(m, chapter, 'Section')
    arena.root = Document(m, book=book, history=GcObj.Array(m))

document = arena.root
show(document.book)

with arena.mutation() as m:
    remove(m, document, chapter)
print('removed:')
show(document.book)

undo(document)
print('undone:')
show(document.book)
print(path(section))
