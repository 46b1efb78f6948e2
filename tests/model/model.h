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
#define WORD_TEXT   0x40000000u   /* a table's key: a string, by the number of its text */

#define MODEL_N_TEXTS 40

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
  guint8      may_be_lost;      /* a guardian may bring it back without its weak references */
  guint32     kept;             /* the last walk in which a guardian could */
  gpointer    extra;            /* of containers */
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
  guint64  cycles, checks, objects, walks, walked, finalized, safepoints, jumps, resurrected, minors, delivered;
  guint64  let_go, disposed, found;     /* GObjects: finalized, resurrected, referenced again */
  guint64  phases[5];           /* scopes that began in each */
} ModelFigures;

typedef struct _Run
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
  guint     weights[20];        /* of the kinds */
  guint     sum_of_weights;
  gboolean  is_timed;
  gboolean  is_moving;
  gboolean  is_generational;
  gboolean  has_helpers;        /* to mark */

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
  GArray   *lost;               /* ids of what weak references led to, before they were cleared */
  GArray   *weak;               /* ids that weak slots hold */
  GArray   *ghosts;             /* pairs of owner and weak slot: only that leads to what it holds */
  gboolean  is_thorough;        /* after a full collection */

  guint     n_scopes;
  gboolean  is_lent;            /* the outermost scope */
  GcMutation *innermost;
  guint     n_inhibited;
  guint     n_deferred, n_notified;

  gboolean  has_containers, has_watchers, has_peers;
  guint     n_containers;
  guint32   interned[MODEL_N_TEXTS];    /* the last string of each text */
  GArray   *root_sets;          /* of ids */
  GArray   *tables;             /* those with weak keys, of ids */
  GArray   *watchers;           /* guardians and death queues, of ids */
  GArray   *peers;              /* of ids */
  GArray   *kept;               /* what guardians could bring back, of ids */
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
guint32  model_id_of       (Run          *run,
                            gpointer      real);
void     model_visit       (Run          *run,
                            guint32       id,
                            gpointer      address);
void     model_compare     (Run          *run,
                            guint32       owner,
                            Word          word,
                            gpointer      real);
void     model_sight       (Run          *run,
                            guint32       owner,
                            guint32       id,
                            gpointer      real);
void     model_lose        (Run          *run,
                            guint32       id);
gpointer model_read_weak   (const Node   *node,
                            guint         i);
void     model_walk        (Run          *run);
void     model_reach_from  (Run          *run,
                            guint32       id,
                            gpointer      address);
guint32  model_any         (Run          *run);
guint32  model_any_of      (Run          *run,
                            const Kind   *kind);

/* making.c */
guint32  model_make        (Run          *run,
                            GcMutation   *m,
                            const Kind   *kind,
                            guint         n);
void     model_make_linked (Run          *run,
                            GcMutation   *m);
void     model_make_many   (Run          *run,
                            GcMutation   *m);
void     model_make_and_abandon (Run        *run,
                                 GcMutation *m);

/* operations.c */
void     model_store_word  (Run          *run,
                            guint32       owner,
                            guint         i,
                            Word          word);
void     model_store_weak  (Run          *run,
                            guint32       owner,
                            guint         i,
                            guint32       id);
guint    model_any_slot    (Run          *run,
                            const Node   *node);
Word     model_any_word    (Run          *run);
void     model_root_local  (Run          *run,
                            guint32       id);
void     model_store_somewhere (Run      *run,
                                guint32   id);
void     model_take_ref    (Run          *run,
                            guint32       id);
void     model_drop_ref    (Run          *run);
void     model_keep        (Run          *run,
                            GcMutation   *m,
                            guint32       id);
void     model_operate     (Run          *run,
                            GcMutation   *m);

/* containers.c */
void     model_operate_containers (Run        *run,
                                   GcMutation *m);
void     model_drop_key    (Run          *run);

/* tables.c */
extern const Kind model_tables[];
void     model_operate_tables (Run        *run,
                               GcMutation *m);

void     model_note_ephemerons (Run        *run,
                                void      (*note) (Run     *run,
                                                   guint32  id));

/* watchers.c */
void     model_note_watched (Run          *run);
gboolean model_empty_queues (Run          *run);
void     model_check_queues (Run          *run);
guint    model_count_dead_guardians (Run  *run);
void     model_operate_watchers (Run        *run,
                                 GcMutation *m);

/* peers.c */
void     model_visit_peers (Run          *run);
void     model_note_peers  (Run          *run);
void     model_check_peers (Run          *run);
void     model_operate_peers (Run        *run,
                              GcMutation *m);

/* peer-cases.c */
void     model_reference_while_marking (GcZeal zeal);
void     model_rescue_condemned (GcZeal       zeal);

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

/* run-scale.c */
gdouble  model_scale       (void);
void     model_take_options (int                *argc,
                             char             ***argv,
                             const GOptionEntry *entries);
