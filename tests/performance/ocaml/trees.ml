(* SPDX-License-Identifier: LGPL-2.1-or-later *)

open Frame

(* Binary trees. *)

type tree = Empty | Node of tree * tree

let rec make depth =
  if depth = 0 then Node (Empty, Empty)
  else
    let left = make (depth - 1) in
    let right = make (depth - 1) in
    Node (left, right)

let rec count = function
  | Empty | Node (Empty, _) -> 1
  | Node (left, right) -> 1 + count left + count right

let binary_trees max_depth =
  let min_depth = 4 in
  check (count (make (max_depth + 1)));
  let long_lived = make max_depth in
  let depth = ref min_depth in
  while !depth <= max_depth do
    let n_trees = 1 lsl (max_depth - !depth + min_depth) in
    let n_nodes = ref 0 in
    for _ = 1 to n_trees do
      n_nodes := !n_nodes + count (make !depth)
    done;
    check !n_nodes;
    depth := !depth + 2
  done;
  check (count long_lived)

(* GCBench: nodes that are filled in later. *)

type node = Nothing | Inner of { mutable left : node; mutable right : node }

let leaf () = Inner { left = Nothing; right = Nothing }

let rec populate node depth =
  match node with
  | Inner inner when depth > 0 ->
      inner.left <- leaf ();
      inner.right <- leaf ();
      populate inner.left (depth - 1);
      populate inner.right (depth - 1)
  | _ -> ()

let new_tree_top_down depth =
  let root = leaf () in
  populate root depth;
  root

let rec new_tree depth =
  if depth = 0 then leaf ()
  else
    let left = new_tree (depth - 1) in
    let right = new_tree (depth - 1) in
    Inner { left; right }

let spine_length tree =
  let rec walk node length =
    match node with
    | Nothing -> length
    | Inner inner ->
        walk (if (length + 1) land 1 <> 0 then inner.left else inner.right) (length + 1)
  in
  walk tree 0

let rec node_count = function
  | Nothing | Inner { left = Nothing; _ } -> 1
  | Inner { left; right } -> 1 + node_count left + node_count right

let tree_size depth = (1 lsl (depth + 1)) - 1

let gcbench stretch_depth =
  let long_lived_depth = stretch_depth - 2 in
  let n_numbers = 500000 in
  check (spine_length (new_tree stretch_depth));
  let long_lived = new_tree_top_down long_lived_depth in
  let numbers = Array.make n_numbers 0.0 in
  for i = 0 to (n_numbers / 2) - 1 do
    numbers.(i) <- 1.0 /. float (i + 1)
  done;
  let depth = ref 4 in
  while !depth <= long_lived_depth do
    let n_trees = 2 * tree_size stretch_depth / tree_size !depth in
    let lengths = ref 0 in
    for i = 0 to (2 * n_trees) - 1 do
      let tree = if i < n_trees then new_tree_top_down !depth else new_tree !depth in
      lengths := !lengths + spine_length tree
    done;
    check !lengths;
    depth := !depth + 2
  done;
  check (node_count long_lived);
  check (int_of_float ((1e6 *. numbers.(999)) +. 0.5))
