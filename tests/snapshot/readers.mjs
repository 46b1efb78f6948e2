// SPDX-License-Identifier: LGPL-2.1-or-later

// Reads heap snapshots with what others wrote, and compares: node readers.mjs PACKAGES, with a
// line of JSON for each file on standard input: {path, nodes: [[id, dominator's id, retained, distance], …]}.
// Each answer is a line of JSON: {path, problems}.

import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import {pathToFileURL} from 'node:url';
import {MessageChannel} from 'node:worker_threads';

const packages = path.resolve(process.argv[2]);
const require = createRequire(pathToFileURL(`${packages}/`));

// Newer than Node.js 20.
Promise.withResolvers ??= function () {
    let resolve, reject;
    const promise = new Promise((a, b) => {
        resolve = a;
        reject = b;
    });
    return {promise, resolve, reject};
};

// Memlab tells of its progress on standard output, which is ours.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const parser = require('heapsnapshot-parser');
const {getFullHeapFromFile} = require('@memlab/heap-analysis');
const {HeapSnapshotLoader, SecondaryInitManager} = await import(pathToFileURL(`${packages}/devtools.mjs`));

// Everything in a file, by plain JSON.
function byParser(file, text, wanted, problem) {
    const raw = JSON.parse(text);
    const snapshot = parser.parse(text);

    if (snapshot.nodes.length !== wanted.size || snapshot.edges.length !== raw.edges.length / 3)
        problem(`heapsnapshot-parser finds ${snapshot.nodes.length} nodes and ${snapshot.edges.length} edges`);
    for (const {id, references} of snapshot.nodes) {
        if (!wanted.has(id))
            problem(`heapsnapshot-parser finds @${id}`);
        // It takes an element's number for that of a string.
        for (const {toNode, name, type} of references) {
            if (!toNode || (type !== 'element' && name === undefined))
                problem(`heapsnapshot-parser finds an edge of @${id} without an end or a name`);
        }
    }
}

function compare(who, id, wanted, found, problem) {
    for (const key of Object.keys(found)) {
        if (found[key] !== wanted[key])
            problem(`${who}: ${key} of @${id} is ${found[key]}, not ${wanted[key]}`);
    }
}

async function byMemlab(file, text, wanted, problem) {
    const heap = await getFullHeapFromFile(file);
    let n = 0;

    heap.nodes.forEach(node => {
        n++;
        // To memlab the first node is its own dominator.
        compare('memlab', node.id, wanted.get(node.id),
            {dominator: node.dominatorNode?.id, retained: node.retainedSize}, problem);
    });
    if (n !== wanted.size)
        problem(`memlab finds ${n} nodes`);
}

async function byDevtools(file, text, wanted, problem) {
    const loader = new HeapSnapshotLoader({sendEvent() {}});
    const {port1, port2} = new MessageChannel();
    // In pieces, as a file comes.
    for (let i = 0; i < text.length; i += 50_000)
        loader.write(text.slice(i, i + 50_000));
    loader.close();
    new SecondaryInitManager(port2);
    const snapshot = await loader.buildSnapshot(port1);
    const fields = snapshot.nodeFieldCount;
    const id = ordinal => snapshot.nodes.getValue(ordinal * fields + 2);

    port1.close();
    if (snapshot.nodeCount !== wanted.size)
        problem(`DevTools find ${snapshot.nodeCount} nodes`);
    for (let i = 0; i < snapshot.nodeCount; i++) {
        compare('DevTools', id(i), wanted.get(id(i)),
            {dominator: id(snapshot.dominatorsTree[i]), retained: snapshot.retainedSizes[i]}, problem);
    }
}

for await (const line of readline.createInterface({input: process.stdin})) {
    const {path: file, nodes} = JSON.parse(line);
    const wanted = new Map(nodes.map(([id, dominator, retained]) => [id, {dominator, retained}]));
    const text = fs.readFileSync(file, 'utf8');
    const problems = [];

    for (const reader of [byParser, byMemlab, byDevtools]) {
        try {
            await reader(file, text, wanted, message => problems.push(message));
        } catch (error) {
            problems.push(`${reader.name}: ${error.stack ?? error}`);
        }
    }
    write(`${JSON.stringify({path: file, problems: problems.slice(0, 5)})}\n`);
}
process.exit(0);
