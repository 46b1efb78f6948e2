(* SPDX-License-Identifier: LGPL-2.1-or-later *)

open Frame

type value = { words0 : int; words1 : int; words2 : int; words3 : int }

let new_value number =
  { words0 = number; words1 = number + 1; words2 = number + 2; words3 = number + 3 }

let word value i =
  match i land 3 with
  | 0 -> value.words0
  | 1 -> value.words1
  | 2 -> value.words2
  | _ -> value.words3

(* A cache that is full. A sentinel ends lists and chains: options would be
   objects of their own. *)

type entry = {
  mutable chain : entry;
  mutable newer : entry;
  mutable older : entry;
  value : value;
  key : int;
}

type cache = { bits : int; chains : entry array; mutable newest : entry; mutable oldest : entry }

let rec nil = { chain = nil; newer = nil; older = nil; value = new_value 0; key = -1 }

let list_prepend cache entry =
  entry.newer <- nil;
  entry.older <- cache.newest;
  if cache.newest != nil then cache.newest.newer <- entry else cache.oldest <- entry;
  cache.newest <- entry

let list_remove cache entry =
  if entry.newer != nil then entry.newer.older <- entry.older else cache.newest <- entry.older;
  if entry.older != nil then entry.older.newer <- entry.newer else cache.oldest <- entry.newer

let rec find_entry entry key =
  if entry == nil || entry.key = key then entry else find_entry entry.chain key

let look_up cache key =
  let entry = find_entry cache.chains.(hash key cache.bits) key in
  if entry != nil && entry != cache.newest then begin
    list_remove cache entry;
    list_prepend cache entry
  end;
  entry

let insert cache key =
  let i = hash key cache.bits in
  let entry = { chain = cache.chains.(i); newer = nil; older = nil; value = new_value key; key } in
  cache.chains.(i) <- entry;
  list_prepend cache entry

let evict cache =
  let entry = cache.oldest in
  let i = hash entry.key cache.bits in
  if cache.chains.(i) == entry then cache.chains.(i) <- entry.chain
  else begin
    let rec before e = if e.chain == entry then e else before e.chain in
    (before cache.chains.(i)).chain <- entry.chain
  end;
  list_remove cache entry

let lru_churn n_rounds =
  let n_live = n_rounds / 25 in
  let bits = bits_for n_live in
  let cache = { bits; chains = Array.make (1 lsl bits) nil; newest = nil; oldest = nil } in
  for key = 0 to n_live - 1 do
    insert cache key
  done;
  let sum = ref 0 in
  let n_hits = ref 0 in
  for i = 0 to n_rounds - 1 do
    let key = n_live + i in
    let entry = look_up cache (key - 1 - random_below n_live) in
    if entry != nil then begin
      incr n_hits;
      sum := !sum + word entry.value i
    end;
    evict cache;
    insert cache key
  done;
  check !n_hits;
  check !sum

(* Timed steps beside much that lives. *)

type item = Last | Item of { rest : item; mutable content : value; id : int }

let rec find chain id =
  match chain with
  | Last -> raise Not_found
  | Item item -> if item.id = id then chain else find item.rest id

let map_steps n_steps =
  let n_entries = n_steps / 5 in
  let bits = bits_for n_entries in
  let chains = Array.make (1 lsl bits) Last in
  for id = 0 to n_entries - 1 do
    let i = hash id bits in
    chains.(i) <- Item { rest = chains.(i); content = new_value id; id }
  done;
  let sum = ref 0 in
  let steps = steps_begin () in
  for i = 0 to n_steps - 1 do
    let id = random_below n_entries in
    begin
      match find chains.(hash id bits) id with
      | Last -> assert false
      | Item item ->
          sum := !sum + word item.content i;
          item.content <- new_value i
    end;
    steps_next steps
  done;
  steps_report steps;
  check !sum
