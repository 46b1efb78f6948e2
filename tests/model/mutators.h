/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The model of several threads that work in one arena: mutators.c has what a run is, mutator-operate.c what a thread does. */

#include <gcobj/gcobj.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 seed;
  guint   n_threads;            /* up to MUTATORS_MAX */
  guint   n_rounds;
  guint   n_ops;                /* of each thread in each round */
  GcZeal  zeal;
} MutatorOptions;

#define MUTATORS_MAX 6

void mutators_run (const MutatorOptions *options);

G_END_DECLS
