(* SPDX-License-Identifier: LGPL-2.1-or-later *)

(* The workloads for OCaml, written the way its users would: --workload NAME
   [--quick | --seconds 0 | --size N]. *)

open Frame

let million = 1000000

let workloads =
  [
    ("binary-trees", (16, 12, Trees.binary_trees));
    ("gcbench", (18, 14, Trees.gcbench));
    ("lru-churn", (5 * million, million / 10, Maps.lru_churn));
    ("graph", (million, 20000, Heaps.graph));
    ("live-objects", (5 * million, million / 10, Heaps.live_objects));
    ("map-steps", (5 * million, million / 10, Maps.map_steps));
  ]

let () =
  let workload = ref "" in
  let quick = ref false in
  let wanted = ref 0 in
  Arg.parse
    [
      ("--workload", Arg.Set_string workload, "NAME what to run");
      ("--quick", Arg.Set quick, " at the small size");
      ("--seconds", Arg.Int (fun _ -> quick := true), "0 the same");
      ("--size", Arg.Set_int wanted, "N at this size");
    ]
    (fun _ -> raise (Arg.Bad "no arguments"))
    "--workload NAME [--quick | --seconds 0 | --size N]";
  let full_size, quick_size, run = List.assoc !workload workloads in
  let size = if !wanted > 0 then !wanted else if !quick then quick_size else full_size in
  report "workload" !workload;
  report "peer" "ocaml";
  report "size" (string_of_int size);
  run size;
  report "peak-kib" (string_of_int (proc_kib "/proc/self/status" "VmHWM:"));
  Printf.printf "checksum %016Lx\n" !checksum
