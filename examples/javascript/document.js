/* A document whose parts know what they are in, and an undo history: cycles that reference counts would leak.
 *
 * SPDX-License-Identifier: CC0-1.0 */

import GcObj from 'gi://GcObj?version=1.0';

const arena = new GcObj.Arena();
const Part = GcObj.record('Part', {title: String, parent: 'Part', parts: GcObj.Array});
const Removal = GcObj.record('Removal', {part: Part, parent: Part, index: Number});
const Document = GcObj.record('Document', {book: Part, history: GcObj.Array});

function add(m, parent, title) {
    const part = new Part(m, {title, parent, parts: new GcObj.Array(m)});
    parent?.parts.append(part);
    return part;
}

function remove(document, part) {
    const {parent} = part;
    const index = parent.parts.index_of(part);
    arena.mutate(m => document.history.append(new Removal(m, {part, parent, index})));
    parent.parts.remove(index);
    part.parent = null;
}

function undo(document) {
    const {part, parent, index} = document.history.pop();
    parent.parts.insert(index, part);
    part.parent = parent;
}

function show(part, depth = 0) {
    print('  '.repeat(depth) + part.title);
    for (const inner of part.parts)
        show(inner, depth + 1);
}

function path(part) {
    return part.parent ? `${path(part.parent)} / ${part.title}` : part.title;
}

const [chapter, section] = arena.mutate(m => {
    const book = add(m, null, 'Book');
    add(m, book, 'Preface');
    const inner = add(m, book, 'Chapter');
    arena.root = new Document(m, {book, history: new GcObj.Array(m)});
    return [inner, add(m, inner, 'Section')];
});

const document = arena.root;
show(document.book);

remove(document, chapter);
print('removed:');
show(document.book);

undo(document);
print('undone:');
show(document.book);
print(path(section));
