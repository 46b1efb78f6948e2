/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Random programs: trees of combinators. A program is made from a seed (random-make.c), built of sequences
 * (random-build.c) and evaluated directly (random-reference.c); what comes of both has to be the same, and so
 * has what they did on the way, and when.
 *
 * Time is virtual: it goes on when nothing is ready, to the next delay that is due. All that happens between two
 * delays happens at one time, so that neither steps nor turns matter to the reference. Where the order of two things
 * that happen at one time matters, the program is ambiguous, and only sanity is checked. */

#pragma once

#include "demo.h"

#define MAX_NODES    200
#define MAX_CHILDREN 4
#define NO_TIME      G_MAXINT64
#define MODULUS      100003

typedef enum
{
  /* leaves */
  NODE_VALUE,
  NODE_ERROR,
  NODE_STEPS,                   /* pauses, a trace, a value */
  NODE_DELAY,                   /* time, a trace, a value */
  /* one child, and another where a function makes one */
  NODE_DEFER,
  NODE_MAP,
  NODE_INSPECT,
  NODE_NAMED,
  NODE_SHIELD,
  NODE_MAP_ERROR,
  NODE_CATCH_VALUE,
  NODE_THEN,
  NODE_CHAIN,
  NODE_FLATTEN,
  NODE_OR_ELSE,
  NODE_CATCH,
  NODE_FINALLY,
  /* joins */
  NODE_ALL,
  NODE_ALL_SETTLED,
  NODE_ANY,
  NODE_RACE,
  NODE_SELECT,
  NODE_DETACHED,
  NODE_GROUP,                   /* a task group, by hand */
  N_NODE_KINDS
} NodeKind;

typedef struct _Node Node;

struct _Node
{
  NodeKind kind;
  int      id;
  int      strand;              /* which strand it runs on: the id of a join's child, or 0 */
  int      number;              /* value, pauses, time, … */
  int      code;                /* an error's, as below; 0 if there is none */
  guint    max;                 /* a join's limit, 0 for none */
  gboolean is_from;             /* a join's children come from a generator */
  guint    n;
  Node    *children[MAX_CHILDREN];
};

/* An error's code: of G_IO_ERROR, or ALL_FAILED. */
#define CODE_ALL_FAILED 1000

typedef struct
{
  int    code;                  /* 0: none */
  gint64 value;
} Result;

typedef struct
{
  int    strand;
  int    id;
  gint64 time;
} Trace;

typedef struct
{
  Node     nodes[MAX_NODES];
  int      n_nodes;
  Node    *root;
  guint32  seed;
  /* while it runs */
  gint64   now;
  GArray  *traces;              /* of Trace */
  GArray  *timers;              /* of Timer */
  guint8   begun[MAX_NODES];    /* how often bodies under NODE_FINALLY did, */
  guint8   cleaned[MAX_NODES];  /* and were cleaned up after, */
  guint8   cleaning[MAX_NODES]; /* and how often what that awaits began */
} Program;

typedef struct
{
  gint64  due;
  GcWaker waker;
} Timer;

static inline gint64
fold (gint64 value)
{
  return ((value % MODULUS) + MODULUS) % MODULUS;
}

/* What functions in programs do, in both forms */

static inline Result
apply_map (const Node *node,
           gint64      value)
{
  if (node->code != 0 && value % 5 == 0)
    return (Result) { node->code, 0 };
  return (Result) { 0, fold (value * 3 + node->number) };
}

static inline int
apply_map_error (int code)
{
  return code == CODE_ALL_FAILED ? G_IO_ERROR_BUSY : code == G_IO_ERROR_BUSY ? G_IO_ERROR_CLOSED : code;
}

/* What a child of a join counts in its result. */
static inline gint64
apply_join (const Node *node,
            guint       index,
            Result      result)
{
  gint64 value = result.code != 0 ? 500 + result.code : result.value;

  return node->kind == NODE_GROUP ? value : (index + 1) * value;
}

/* random-make.c */
Program    *program_new      (guint32     seed);
void        program_free     (Program    *self);
char       *program_describe (Program    *self);

/* random-reference.c */
Result      program_evaluate (Program    *self,
                              gint64      cancel_at,
                              GArray     *traces,
                              gint64     *end,
                              gboolean   *is_ambiguous);

/* random-build.c */
GcSequence *program_build    (GcMutation *m,
                              gpointer    program);
int         error_to_code    (const GError *error);
