#!/usr/bin/env -S gjs -m
// The graph that gir-graph makes, and the same questions to it, in JavaScript. From
// the source's folder, with nothing installed:
//
//   meson devenv -C _build gjs -m $PWD/examples/gir-graph/gir-graph.js
//
// SPDX-License-Identifier: CC0-1.0

import GcObj from 'gi://GcObj?version=1.0';
import GirGraph from 'gi://GirGraph?version=1.0';
import System from 'system';

const USAGE = `Usage: gir-graph.js [--girdir FOLDER] [QUESTION…] [NAMESPACE-VERSION | FILE…]

  --list             List all types
  --hierarchy TYPE   Show what is derived from TYPE, and from what it is
  --referrers TYPE   Show who refers to TYPE
  --path FROM TO     Show the shortest chain of references between two types
  --drop NAMESPACE   Drop NAMESPACE, collect, and show what was reclaimed`;

// How many arguments the questions have.
const QUESTIONS = { list: 0, hierarchy: 1, referrers: 1, path: 2, drop: 1 };

class UsageError extends Error {}

function parseArguments(args) {
  const options = { girdir: null, help: false, questions: [], files: [] };
  while (args.length > 0) {
    const word = args.shift();
    const name = word.startsWith('--') ? word.slice(2) : null;
    if (word === '--help' || word === '-h')
      options.help = true;
    else if (name === 'girdir' && args.length > 0)
      options.girdir = args.shift();
    else if (name !== null && name in QUESTIONS && args.length >= QUESTIONS[name])
      options.questions.push([name, args.splice(0, QUESTIONS[name])]);
    else if (word.startsWith('-'))
      throw new UsageError(`${word}: no such option, or an argument is missing`);
    else
      options.files.push(word);
  }
  if (options.questions.length === 0) {
    options.questions = options.files.length > 0 ? [['list', []]] : [
      ['hierarchy', ['Gio.InputStream']],
      ['referrers', ['Gio.Icon']],
      ['path', ['Gio.Application', 'GLib.TimeZone']],
      ['drop', ['Gio']],
    ];
  }
  if (options.files.length === 0)
    options.files = ['GLib-2.0', 'GObject-2.0', 'Gio-2.0'];
  return options;
}

// Objects come as JavaScript's own, of the classes that C defines: what a script
// holds stays alive, in a scope or outside of one.
const answers = {
  list(graph) {
    for (const namespace of graph.list_namespaces()) {
      for (const node of namespace.list_members()) {
        if (node instanceof GirGraph.Type)
          print(GirGraph.kind_to_string(node.get_kind()).padEnd(12), node.get_full_name());
      }
    }
  },

  hierarchy(graph, name) {
    const printTree = (type, indent) => {
      print(indent + type.get_full_name());
      for (const subtype of type.list_subtypes())
        printTree(subtype, indent + '  ');
    };
    const type = graph.lookup(name);
    let ancestors = '';
    for (let t = type.get_parent(); t !== null; t = t.get_parent())
      ancestors += ` → ${t.get_full_name()}`;
    print(`\nWhat is derived from ${name}${ancestors}\n`);
    printTree(type, '  ');
  },

  referrers(graph, name) {
    const groups = new Map();
    const references = graph.lookup(name).list_referrers();
    for (const reference of references) {
      const source = reference.get_source();
      const kind = GirGraph.kind_to_string(source.get_kind());
      groups.set(kind, [...groups.get(kind) ?? [], source.get_full_name()]);
    }
    print(`\nWho refers to ${name}: ${references.length} places\n`);
    for (const [kind, names] of groups) {
      print(`  ${String(names.length).padStart(4)} ${kind.padEnd(14)}`, names.slice(0, 3).join(', '),
        names.length > 3 ? `and ${names.length - 3} more` : '');
    }
  },

  path(graph, from, to) {
    const references = graph.lookup(from).find_path(graph.lookup(to));
    print(`\nWhat leads from ${from} to ${to}\n`);
    if (references.length === 0 && from !== to)
      print(`  No chain of references leads from ${from} to ${to}.`);
    else
      print(`  ${from}`);
    for (const reference of references) {
      const source = reference.get_source();
      print(`  → ${reference.get_target().get_full_name()}`,
        `by the ${GirGraph.kind_to_string(source.get_kind())} ${source.get_full_name()}`);
    }
  },

  drop(graph, name) {
    const arena = graph.get_arena();
    const collect = () => {
      System.gc();      // what the script itself still holds is alive
      arena.collect();
      return arena.get_stats();
    };
    const before = collect();
    const [, nDangling] = graph.drop(name);
    const after = collect();
    print(`\nDropping ${name}\n`);
    print(`  objects: ${before.live_objects} before, ${after.live_objects} after`);
    print(`  bytes: ${before.live_bytes} before, ${after.live_bytes} after`);
    print(`  ${nDangling} references to ${name} from other namespaces dangle.`);
  },
};

function main(args) {
  let options;
  try {
    options = parseArguments(args);
  } catch (error) {
    if (!(error instanceof UsageError))
      throw error;
    printerr(`gir-graph.js: ${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    print(USAGE);
    return 0;
  }

  const arena = new GcObj.Arena();
  const graph = arena.mutate(m => GirGraph.Graph.new(m, options.girdir));

  try {
    for (const file of options.files)
      graph.load(file);
    for (const [question, names] of options.questions)
      answers[question](graph, ...names);
  } catch (error) {
    printerr(`gir-graph.js: ${error.message}`);
    return 1;
  }
  return 0;
}

System.exit(main([...ARGV]));
