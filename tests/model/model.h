/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The model: random operations on an arena, and the same ones on a reference graph
 * in plain arrays. What is reachable in the graph has to be alive and intact in
 * the arena at all times; after a full collection nothing else may be.
 *
 * A run is reproducible by its seed: numbers come from one generator, whose state
 * depends on nothing but the operations done. Only runs whose pacing
 * goes by time (run->is_timed) are not, in when the collector works.
 */

#include "kinds.h"

/* What a slot holds, in the graph: nothing (0), an object's id, or a tagged word. */
typedef guint32 Word;
#define WORD_TAGGED 0x80000000u

typedef struct
{
  const Kind *kind;
  gpointer    address;          /* good while the object was not out of reach */
  guint32     n_slots, n_weak;
  guint32     first;            /* its words in run->words: slots, then weak slots */
  guint32     n_bytes;
  guint32     seen;             /* the last walk that reached it */
  guint32     hash;
  guint32     external_bytes;
  guint16     n_refs;           /* external references */
  guint8      has_hash;
  guint8      n_finalized;
  guint8      is_abandoned;
  guint8      is_gone;          /* the collector showed that it is dead */
} Node;

typedef struct
{
  GcObject **variable;
  guint32    id;
} Rooted;

typedef struct
{
  guint64  seed;
  guint    n_ops;
  GcZeal   zeal;
  gboolean verbose;
} ModelOptions;

typedef struct
{
  guint64  cycles, checks, objects, walked, finalized, safepoints, jumps, resurrected, minors;
} ModelFigures;

typedef struct
{
  const ModelOptions *options;
  guint64   rng;
  guint     n_ops;              /* done */
  GcArena  *arena;
  ModelFigures figures;

  /* The profile, from the seed */
  guint     target;             /* how many objects to keep alive */
  guint     scope_length;
  guint     step_units;
  gboolean  is_timed;
  gboolean  is_moving;
  gboolean  is_generational;

  /* The graph */
  GArray   *nodes;              /* of Node, by id; 0 is none */
  GArray   *words;              /* of Word */
  guint32   root;
  GArray   *rooted;             /* of Rooted */
  GArray   *externals;          /* of ids */
  GArray   *unsettled;          /* of ids that are not known to be dead */

  /* The last walk, and what was made since: objects that may be used now */
  GArray   *reach;              /* of ids */
  guint     n_walked;           /* of these, by the last walk */
  guint32   walk;
  GArray   *nulls;              /* places of weak words that were found to be NULL */
  GArray   *weak;               /* ids that weak slots hold */
  gboolean  is_thorough;        /* after a full collection */

  guint     n_scopes;
  gboolean  is_lent;            /* the outermost scope */
  GcMutation *innermost;
  guint     n_inhibited;
  guint     n_deferred, n_notified;
} Run;

void     model_fail        (Run          *run,
                            const char   *format,
                            ...) G_GNUC_PRINTF (2, 3) G_GNUC_NORETURN;

/* splitmix64 */
static inline guint64
model_random (Run *run)
{
  guint64 z = (run->rng += 0x9E3779B97F4A7C15);

  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

/* Below @n. */
static inline guint
model_pick (Run   *run,
            guint  n)
{
  return (guint) ((model_random (run) >> 32) * n >> 32);
}

/* Once in @n. */
static inline gboolean
model_chance (Run   *run,
              guint  n)
{
  return model_pick (run, n) == 0;
}

static inline Node *
model_node_of (Run     *run,
               guint32  id)
{
  return &g_array_index (run->nodes, Node, id);
}

static inline Word *
model_word (Run        *run,
            const Node *node,
            guint       i)
{
  return &g_array_index (run->words, Word, node->first + i);
}

/* graph.c */
gpointer model_real        (Run          *run,
                            Word          word);
guint32  model_add_node    (Run          *run,
                            const Kind   *kind,
                            gpointer      address,
                            guint         n);
void     model_walk        (Run          *run);
void     model_reach_from  (Run          *run,
                            guint32       id,
                            gpointer      address);
guint32  model_any         (Run          *run);

/* operations.c */
void     model_drop_ref    (Run          *run);
void     model_operate     (Run          *run,
                            GcMutation   *m);

/* session.c */
void     model_session     (Run          *run,
                            GcMutation   *m,
                            guint         depth);
void     model_scope       (Run          *run);
void     model_outside     (Run          *run);

/* minor.c */
void     model_begin_minors (Run         *run);
void     model_minor       (Run          *run);

/* check.c */
void     model_check       (Run          *run);

/* run.c */
void     model_run         (const ModelOptions *options,
                            ModelFigures       *figures);
gdouble  model_scale       (void);
