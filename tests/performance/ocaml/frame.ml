(* SPDX-License-Identifier: LGPL-2.1-or-later *)

(* What bench.c is to the programs in C. *)

let report key value = Printf.printf "%s %s\n" key value
let report_float key value = report key (Printf.sprintf "%.3f" value)

(* FNV-1a, a word at a time. *)
let checksum = ref 0xcbf29ce484222325L

let check_int64 value =
  checksum := Int64.mul (Int64.logxor !checksum value) 0x100000001b3L

let check value = check_int64 (Int64.of_int value)

let require condition = if not condition then failwith "wrong result"

(* Marsaglia's xorshift of 32 bits. *)
let state = ref 2463534242

let random () =
  let x = !state in
  let x = x lxor (x lsl 13) land 0xffffffff in
  let x = x lxor (x lsr 17) in
  let x = x lxor (x lsl 5) land 0xffffffff in
  state := x;
  x

let random_below n = (random () * n) lsr 32

let hash key bits = (key * 0x9e3779b1) land 0xffffffff lsr (32 - bits)

let bits_for n =
  let rec find bits = if 1 lsl bits < n then find (bits + 1) else bits in
  find 0

(* "Key:   N kB" *)
let proc_kib path key =
  let file = open_in path in
  let rec find () =
    let line = input_line file in
    if String.starts_with ~prefix:key line then
      let rest = String.length key in
      Scanf.sscanf (String.sub line rest (String.length line - rest)) " %d" Fun.id
    else find ()
  in
  let kib = find () in
  close_in file;
  kib

let resident () = 1024 * proc_kib "/proc/self/smaps_rollup" "Rss:"

(* Lengths of steps in nanoseconds, in 32 classes to each power of two. The
   standard library has no better clock than this one, of microseconds. *)
type steps = { mutable last : float; mutable n : int; mutable longest : int; counts : int array }

let steps_begin () =
  { last = Unix.gettimeofday (); n = 0; longest = 0; counts = Array.make 2048 0 }

let rec class_of length shift =
  if length lsr shift < 64 then (32 * shift) + (length lsr shift) else class_of length (shift + 1)

let length_of c = if c < 64 then c else (32 + (c mod 32)) lsl ((c / 32) - 1)

let steps_next steps =
  let now = Unix.gettimeofday () in
  let length = max 0 (int_of_float ((now -. steps.last) *. 1e9)) in
  let c = class_of length 0 in
  steps.last <- now;
  steps.n <- steps.n + 1;
  steps.counts.(c) <- steps.counts.(c) + 1;
  if length > steps.longest then steps.longest <- length

let steps_report steps =
  let quantile part =
    let wanted = int_of_float (part *. float steps.n) in
    let rec find c n =
      let n = n + steps.counts.(c) in
      if n > wanted || c = 2047 then length_of c else find (c + 1) n
    in
    float (find 0 0) /. 1e3
  in
  report_float "step-p50-us" (quantile 0.5);
  report_float "step-p99.9-us" (quantile 0.999);
  report_float "step-longest-us" (float steps.longest /. 1e3)
