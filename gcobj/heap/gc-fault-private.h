/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Faults that the tests plant, one at a time, to show that the checks find
 * them: `GC_FAULT (NAME)` is TRUE while that fault is planted. In the library
 * itself it is the constant 0. */
typedef enum
{
  GC_FAULT_NONE,
  GC_FAULT_BARRIER_SHADE,       /* the barrier does not shade */
  GC_FAULT_BARRIER_REPORT,      /* a store is not reported to the barrier */
  GC_FAULT_EXTERNAL_ROOT,       /* a new external reference leaves its chunk clean */
  GC_FAULT_SCOPED_ROOT,         /* a scoped root is not scanned */
  GC_FAULT_LAST_SLOT,           /* an object's last slot is not traced */
  GC_FAULT_WEAK_CLEARING,       /* weak slots of dead objects are not cleared */
  GC_FAULT_COLOUR_FLIP,         /* the colour does not flip */
  GC_FAULT_TAIL_NEXT,           /* the half granule behind an object is not marked */
  GC_FAULT_EPHEMERON_KEY,       /* a marked key does not shade its values */
  GC_FAULT_ARRAY_SLICE,         /* a slice of a large array is skipped */
  GC_FAULT_FINALIZE_TWICE,      /* a finalized object stays in the list */
  GC_FAULT_SWEEP_LIVE,          /* the sweep takes a live granule for a dead one */
  GC_N_FAULTS
} GcFault;

#ifdef GCOBJ_FAULTS
extern int gc_planted_fault;
# define GC_FAULT(name) (gc_planted_fault == GC_FAULT_##name)
#else
# define GC_FAULT(name) 0
#endif
