(* SPDX-License-Identifier: LGPL-2.1-or-later *)

open Frame

(* What it costs to keep objects. *)

type payload = { a : int; b : int }

let live_objects n_objects =
  let chunk_length = 1000 in
  let before = resident () in
  let chunks = ref [] in
  for i = 0 to (n_objects / chunk_length) - 1 do
    let new_payload j =
      let a = (i * chunk_length) + j in
      { a; b = lnot a * 3 }
    in
    chunks := Array.init chunk_length new_payload :: !chunks
  done;
  report_float "bytes-per-object"
    (float (resident () - before - (8 * n_objects)) /. float n_objects);
  let sum = ref 0L in
  let add payload =
    sum := Int64.add (Int64.mul !sum 31L) (Int64.of_int (payload.a lxor payload.b))
  in
  List.iter (Array.iter add) !chunks;
  check_int64 !sum

(* A graph full of cycles. *)

type vertex = {
  mutable previous : vertex;
  mutable next : vertex;
  mutable first : vertex;
  mutable second : vertex;
  number : int;
}

let new_vertex number =
  let rec vertex = { previous = vertex; next = vertex; first = vertex; second = vertex; number } in
  vertex

let build n =
  let index = Array.init n new_vertex in
  for i = 1 to n - 1 do
    index.(i).previous <- index.(i - 1);
    index.(i - 1).next <- index.(i)
  done;
  index.(0).previous <- index.(n - 1);
  index.(n - 1).next <- index.(0);
  for i = 0 to n - 1 do
    index.(i).first <- index.(random_below n);
    index.(i).second <- index.(random_below n)
  done;
  index

let check_graph index edges =
  let vertex = ref index.(0) in
  let sum = ref 0 in
  for _ = 1 to Array.length index do
    sum := (!sum * 31) + !vertex.number;
    if edges then sum := !sum + (!vertex.first.number lxor !vertex.second.number);
    vertex := !vertex.next
  done;
  require (!vertex == index.(0));
  check (!sum land 0xffffffff)

let collect seconds =
  let start = Sys.time () in
  Gc.full_major ();
  seconds := !seconds +. Sys.time () -. start

let graph n =
  let n_rounds = 10 in
  let live = ref 0.0 in
  let dead = ref 0.0 in
  let marking = ref 0.0 in
  for i = 0 to n_rounds - 1 do
    let index = ref (build n) in
    collect live;
    if i = n_rounds - 1 then collect marking;
    check_graph !index (i = 0);
    index := [||];
    collect dead
  done;
  report_float "live-ns-per-object" (1e9 *. !live /. float (n_rounds * n));
  report_float "dead-ns-per-object" (1e9 *. !dead /. float (n_rounds * n));
  report_float "marking-ns-per-object" (1e9 *. !marking /. float n)
