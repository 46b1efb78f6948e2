/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "mutators.h"

G_BEGIN_DECLS

#define N_ROOTS     700         /* of a thread, in the hub: with the others' it is large, and has cards */
#define N_MAILBOXES 64
#define N_LOCALS    4
#define N_REFS      32
#define MAX_NODES   60000
#define FOREIGN     0x80000000u
#define OWNER_SHIFT 24
#define ID_MASK     0xffffffu

typedef guint32 Word;           /* 0: nothing; an id of one's own; or FOREIGN, another's number, and its id */

GC_DECLARE_TYPE (MutBase, mut_base, MUT, BASE, GcObject)
GC_DECLARE_TYPE (MutNode, mut_node, MUT, NODE, MutBase)
GC_DECLARE_TYPE (MutFin, mut_fin, MUT, FIN, MutNode)
GC_DECLARE_TYPE (MutTail, mut_tail, MUT, TAIL, MutBase)

struct _MutBase
{
  GcObject parent_instance;
  guint32 id;
  guint32 owner;
};

struct _MutNode
{
  MutBase parent_instance;
  GC_REF (MutBase) slots[3];
  GC_WEAK (MutBase) weak;
};

struct _MutFin
{
  MutNode parent_instance;
  atomic_uchar *n_finalized;
};

struct _MutTail
{
  MutBase parent_instance;
  const gsize n;
  GC_REF_TAIL (MutBase) items;
};

typedef enum { SMALL, NODE, FIN, TAIL } Kind;

typedef struct
{
  Kind      kind;
  MutBase  *address;            /* good if the last walk met it */
  guint32   n, first;           /* slots, in words */
  guint32   weak;               /* what the weak slot got */
  guint32   value;              /* what the weak table has for it */
  guint32   hash;               /* or 0 */
  guint32   walk;               /* that met it last */
  guint32   reached;            /* the count that met it last */
} Node;

typedef struct _Model Model;

typedef struct
{
  Model            *model;
  guint             number;
  guint64           rng;
  guint             n_ops;
  Node             *nodes;
  atomic_uchar     *n_finalized;
  guint32           n_nodes;    /* the next id */
  GArray           *words;
  Word              roots[N_ROOTS];
  GcObject         *refs[N_REFS];
  guint32           ref_ids[N_REFS];
  MutBase         **locals[N_LOCALS];
  Word              local_words[N_LOCALS];
  GArray           *met;        /* ids of the last walk, and what was made since */
  guint32           walk;
  guint             n_fins;
} Thread;

struct _Model
{
  const MutatorOptions *options;
  GcArena              *arena;
  pthread_barrier_t     barrier;
  pthread_mutex_t       mail_lock;
  Word                  mail[N_MAILBOXES];      /* all of them FOREIGN */
  Thread                threads[MUTATORS_MAX];
  guint32               count;
  guint64               n_alive;
};

static inline guint64
mutator_random (Thread *self)
{
  guint64 z = (self->rng += 0x9E3779B97F4A7C15);

  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

static inline guint
mutator_pick (Thread *self,
      guint   n)
{
  return (guint) ((mutator_random (self) >> 32) * n >> 32);
}


static inline Word *
mutator_word (Thread *self,
         Node   *node,
         guint   i)
{
  return &g_array_index (self->words, Word, node->first + i);
}

static inline Word
mutator_foreign (Thread  *self,
                 guint32  id)
{
  return FOREIGN | self->number << OWNER_SHIFT | id;
}

static inline MutTail *
mutator_get_hub (Thread *self)
{
  return gc_arena_get_root (self->model->arena);
}

static inline MutTail *
get_mail (Thread *self)
{
  return (MutTail *) mutator_get_hub (self)->items[0];
}

static inline GcTable *
get_table (Thread *self)
{
  return (GcTable *) mutator_get_hub (self)->items[1 + self->number];
}

#define ROOT_PLACE(self, i) (1 + MUTATORS_MAX + (self)->number * N_ROOTS + (i))

/* mutator-operate.c */
void    mutator_fail    (Thread     *self,
                         const char *format,
                         ...) G_GNUC_PRINTF (2, 3) G_GNUC_NORETURN;
void    mutator_walk    (Thread     *self);
guint32 mutator_any     (Thread     *self);
void    mutator_operate (Thread     *self,
                         GcMutation *m);

G_END_DECLS
