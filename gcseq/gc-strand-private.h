/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcseq/gc-hub-private.h"
#include "gcseq/gc-sequence.h"
#include "gcseq/gc-step.h"
#include "gcseq/gc-task-group.h"

G_BEGIN_DECLS

/* How sequences run: a map.
 *
 * A frame is a GcSequence that has begun and not ended. A strand is a stack of frames, linked from
 * the innermost (its top) outwards, and the unit of scheduling. A runner has a queue of ready
 * strands; in its turn each runs until it waits, ends or has used its fuel. A parent never polls
 * its child: a step returns what comes next, and the driver (gc-strand.c) follows the links. So
 * nothing recurses, and a wake costs the same at any depth.
 *
 * A run (GcRun, a GObject) has a strand; so has each child of a task group. Who waits for children
 * waits on its group: an ended child goes to its group's list and wakes the strand that waits there.
 *
 * What a runner has in the arena hangs on its home, an object that the runner holds by an external
 * reference: the ready queue, the strands of runs, and the table of strands by cell, which is
 * weak. A strand that waits is thus alive only as far as somebody has a use for it: its run, or the
 * frame that has its group. Dropped, its frames are finalized, and these cancel what they started.
 *
 * Invariants
 *   S1  A strand is in the ready queue iff its state is READY, once. RUNNING is one at most for each runner.
 *   S2  Frames of a strand, from top by link: the top is NEW, RUNNING or WAITING, the others AWAITING.
 *   S3  A frame that is SUSPENDED is in no strand; its link is the innermost frame to resume (itself
 *       if it is that), and from there links lead back to it. The frames on that way are AWAITING: nobody
 *       else can call them.
 *   S4  cell != 0 iff the table has the strand there, and its bit in used is set.
 *   S5  A cancellation that is held off is PENDING, and n_shields > 0.
 *   S6  An ended strand of a group is in the group's list until it is taken, then nowhere. */

#define GC_FUEL          64     /* steps of one strand's turn: a turn costs 20 steps' time or so to begin */
#define GC_CELLS         64     /* strands in one piece of the table: as many as bits in used */

typedef struct _GcStrand    GcStrand;
typedef struct _GcCells     GcCells;
typedef struct _GcHome      GcHome;
typedef struct _GcTaskGroup GcTaskGroup;
typedef struct _GcRun       GcRun;
typedef struct _GcRunner    GcRunner;

typedef enum
{
  GC_STRAND_READY,
  GC_STRAND_RUNNING,
  GC_STRAND_WAITING,
  GC_STRAND_ENDED
} GcStrandState;

typedef enum
{
  GC_CANCEL_NONE,
  GC_CANCEL_PENDING,
  GC_CANCEL_DELIVERED           /* once: clean-up may await */
} GcCancelState;

struct _GcStrand
{
  GcObject             parent_instance;
  GC_REF (GcSequence)  top;     /* not kept up to date while it runs */
  GC_REF (GcObject)    value;   /* what enters the top frame; or the result */
  GC_REF (GcObject)    error;   /* likewise: a box with a GError */
  GC_REF (GcTaskGroup) group;   /* or NULL: a run's */
  GC_REF (GcStrand)    next;    /* in the ready queue, or among the ended of the group */
  GcRun               *run;     /* or NULL: a group's */
  guint32              cell;
  guint32              index;   /* in the group */
  guint8               state;
  guint8               cancel;
  guint8               is_notified;
  guint8               is_item;
  guint32              n_shields; /* frames that hold a cancellation off */
};

struct _GcCells
{
  GcObject           parent_instance;
  guint64            used;
  GC_WEAK (GcStrand) strands[GC_CELLS];
};

struct _GcHome
{
  GcObject           parent_instance;
  GC_REF (GcStrand)  first;     /* the ready queue */
  GC_REF (GcStrand)  last;
  GC_REF (GcStrand)  current;   /* at a safe point: the strand that runs, */
  GC_REF (GcObject)  value;     /* and what its step goes on with */
  GC_REF (GcArray)   runs;      /* the strands of runs */
  GC_REF (GcArray)   cells;
  GcRunner          *runner;    /* NULL once it is gone */
};

struct _GcTaskGroup
{
  GcObject           parent_instance;
  GC_REF (GcHome)    home;      /* where its children run, once there are any */
  GC_REF (GcArray)   items;     /* by index: a child, or its result if those are kept */
  GC_REF (GcStrand)  ended;     /* a list, in order */
  GC_REF (GcStrand)  ended_last;
  GC_REF (GcStrand)  owner;     /* that spawned last: whose run progress is reported to */
  GC_REF (GcStrand)  waiter;
  guint32            n_live;
  guint32            free;      /* the first index to use again, + 1: a list of tagged words in items */
  guint8             keeps_results;
  guint8             is_cancelled;
};

/* What is behind the GcStep of a runner. */
typedef struct _GcStepContext GcStepContext;

struct _GcStepContext
{
  GcStep         step;
  GcRunner      *runner;        /* NULL once it is gone */
  GcMutation    *m;
  GcStrand      *strand;
  GcSequence    *self;
  GcStepContext *next;          /* that has no runner */
};

GC_DECLARE_CLASS_ (GcTaskGroup, gc_task_group)

/* In GcSequence.flags: it is in a strand already, even if it is NEW. */
#define GC_SEQUENCE_IS_SPAWNED 1
/* Its deferred code has run and its fields are cleared. */
#define GC_SEQUENCE_IS_CLEAN 2
/* Its finalizer will run. */
#define GC_SEQUENCE_IS_ARMED 4

/* gc-home.c */
GType         gc_strand_get_type   (void) G_GNUC_CONST;
GType         gc_home_get_type     (void) G_GNUC_CONST;
GcHome       *gc_home_new          (GcMutation   *m,
                                    GcRunner     *runner);
GcStrand     *gc_home_at           (GcHome       *self,
                                    guint32       cell);
guint32       gc_home_need_cell    (GcHome       *self,
                                    GcStrand     *strand);
void          gc_home_free_cell    (GcHome       *self,
                                    GcStrand     *strand);
void          gc_home_drain        (GcHome       *self);
void          gc_home_enqueue      (GcHome       *self,
                                    GcStrand     *strand);
GcStrand     *gc_home_dequeue      (GcHome       *self);

/* gc-strand.c */
GcStrand     *gc_strand_new        (GcMutation   *m,
                                    GcSequence   *sequence,
                                    GError       *error);
GcStrand     *gc_strand_run        (GcStrand     *self,
                                    GcRunner     *runner,
                                    guint64       max_steps);
GcHome       *gc_strand_get_home   (GcStrand     *self);
void          gc_strand_wake       (GcStrand     *self);
void          gc_strand_cancel     (GcStrand     *self);
void          gc_strand_shield     (GcStrand     *self);
gboolean      gc_strand_unshield   (GcStrand     *self);
GError       *gc_strand_take_error (GcStrand     *self);
char         *gc_strand_describe   (GcStrand     *self);

/* gc-step-context.c */
GcStepContext *gc_step_context_new  (GcRunner      *runner,
                                     GcMutation    *m);
void           gc_step_context_free  (GcStepContext *self);
GcStepContext *gc_step_context       (GcStep        *step);

/* gc-word.c */
gpointer       gc_word_from_value    (GcMutation    *m,
                                      const GValue  *value);
GcObject      *gc_word_dup_object    (GcArena       *arena,
                                      gpointer       word);
GcObject      *gc_word_from_error    (GcMutation    *m,
                                      GError        *error);
GError        *gc_word_dup_error     (GcObject      *word);

/* gc-task-group.c */
void          gc_task_group_ended  (GcTaskGroup  *self,
                                    GcStrand     *strand);

/* gc-run.c */
void          gc_run_ended         (GcRun        *self,
                                    gpointer      value,
                                    GError       *error);

/* gc-sequence.c */
GError       *gc_sequence_new_error (GcSequence   *self,
                                     int           code,
                                     const char   *what);

/* Class of an instance whose type is known. */
static inline GcSequenceClass *
gc_sequence_class_of (gconstpointer sequence)
{
  return (GcSequenceClass *) ((GTypeInstance *) sequence)->g_class;
}

static inline gboolean
gc_word_is_object (gconstpointer word)
{
  return word != NULL && !gc_is_tagged (word);
}

/* Whether a word may be used in the arena: objects of two arenas don't mix. */
static inline gboolean
gc_word_is_in (gpointer  word,
               GcArena  *arena)
{
  return !gc_word_is_object (word) || gc_object_get_arena ((GcObject *) word) == arena;
}

/* Whether @owner may refer to it. */
static inline gboolean
gc_word_is_of (gpointer word,
               gpointer owner)
{
  return gc_word_is_in (word, gc_object_get_arena ((GcObject *) owner));
}

/* Whether it can be given to what is made with @m. */
static inline gboolean
gc_word_is_for (gpointer    word,
                GcMutation *m)
{
  return !gc_word_is_object (word) || (m != NULL && gc_word_is_in (word, gc_mutation_get_arena (m)));
}

static inline gboolean
gc_sequence_is_for (GcSequence *sequence,
                    GcMutation *m)
{
  return GC_IS_SEQUENCE (sequence) && gc_word_is_for (sequence, m);
}

G_END_DECLS
