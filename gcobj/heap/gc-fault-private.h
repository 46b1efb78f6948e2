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
  GC_FAULT_GREY_TAIL,           /* the half granule behind a grey object is taken for free */
  GC_FAULT_WIDE,                /* slots beyond the marker's fast path are not traced */
  GC_FAULT_TRACE,               /* trace functions are not called while marking */
  GC_FAULT_REMARK,              /* nothing is marked at the end of marking */
  GC_FAULT_EPOCH,               /* clearing does not begin an epoch: new objects look dead */
  GC_FAULT_ZERO,                /* allocated memory is not zeroed */
  GC_FAULT_LARGE_SWEEP,         /* a live large object is freed */
  GC_FAULT_LARGE_KEPT,          /* a dead large object is kept */
  GC_FAULT_UNWRITTEN,           /* of a large array what was written is skipped */
  GC_FAULT_PAGES_FREED,         /* a dead large object gives back the page behind it too */
  GC_FAULT_PAGES_ZERO,          /* pages that are used again are not zeroed */
  GC_FAULT_EXTERNAL_UNREF,      /* the last external reference stays */
  GC_FAULT_FINALIZE_LOST,       /* an object that survives loses its finalizer */
  GC_FAULT_KEEP_MEMORY,         /* memory is reused before its object is finalized */
  GC_FAULT_ABANDON,             /* an abandoned object is finalized */
  GC_FAULT_WEAK_READ,           /* a weak slot reads as what is dead while clearing goes on */
  GC_FAULT_WEAK_SET,            /* what is kept beside objects outlives them */
  GC_FAULT_RESTORE,             /* gc_mutation_restore() leaves roots behind */
  GC_FAULT_RELOCATE_LISTS,      /* relocation does not fix the list of finalizers */
  GC_FAULT_LOG,                 /* a store into an old object is not logged */
  GC_FAULT_LOG_WEAK,            /* a weak store into an old object is not logged */
  GC_FAULT_CARD,                /* a store into an old large object dirties no card */
  GC_FAULT_EPHEMERON_CLEARING,  /* entries of dead keys stay */
  GC_FAULT_GUARDIAN_SHADE,      /* a guardian queues the dead and does not bring them back */
  GC_FAULT_ROOT_KEY,            /* a root set keeps what a dropped key stood for */
  GC_FAULT_YOUNG_BLOCK,         /* a block counts as young while and after its objects are scanned */
  GC_FAULT_STORED,              /* what was stored last before a slice is forgotten */
  GC_FAULT_TEAM_GIFT,           /* what one marker gives to another is lost */
  GC_FAULT_TEAM_ARRAY,          /* one of what an array refers to gets lost when a marker gives it to another */
  GC_FAULT_TEAM_DEFERRED,       /* what a helper leaves to the others is lost */
  GC_FAULT_TEAM_SWEEP,          /* what a helper takes is not swept */
  GC_FAULT_KEEPER_TRIAL,        /* what is kept after all does not make the keeper judge anew */
  GC_FAULT_PEER_POLL,           /* a GObject that is referenced counts as not referenced */
  GC_FAULT_PEER_CONDEMN,        /* what condemned peers lead to is not marked */
  GC_FAULT_PEER_YOUNG,          /* a minor collection does not keep young peers */
  GC_FAULT_PEER_RELEASED,       /* a released peer is not kept */
  GC_FAULT_PEER_CERTIFICATE,    /* that a GObject is gone is not found out */
  GC_FAULT_PEER_RESCUE,         /* a peer that a program came back to is released even so */
  GC_FAULT_MUTATOR_ROOTS,       /* of several mutators the first one's scoped roots alone are scanned */
  GC_FAULT_MUTATOR_WINDOW,      /* of several mutators the first one's window alone is retired */
  GC_FAULT_MUTATOR_LOCK,        /* what mutators share is changed without the lock */
  GC_FAULT_MUTATOR_STOP,        /* a pause does not wait for others' scopes */
  GC_FAULT_MUTATOR_SWEEP,       /* a mutator that sweeps without the lock takes a live granule for a dead one */
  GC_FAULT_MUTATOR_LOG,         /* what a mutator has noted of old objects is forgotten */
  GC_FAULT_MUTATOR_RUN,         /* blocks that were left to a mutator are not swept */
  GC_N_FAULTS
} GcFault;

#ifdef GCOBJ_FAULTS
extern int gc_planted_fault;
# define GC_FAULT(name) (gc_planted_fault == GC_FAULT_##name)
/* Gives other threads time to meet a fault that is a race. */
# define GC_FAULT_WAIT(name) do { if (GC_FAULT (name)) g_usleep (50); } while (0)
#else
# define GC_FAULT(name) 0
# define GC_FAULT_WAIT(name) do { } while (0)
#endif
