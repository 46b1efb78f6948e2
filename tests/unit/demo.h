/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Types and helpers that several tests share. Each program includes this once,
 * from its only source: the types are defined here. */

#include <string.h>
#include <gcobj/gcobj.h>

#if __has_include (<valgrind/valgrind.h>)
# include <valgrind/valgrind.h>
#else
# define RUNNING_ON_VALGRIND 0
#endif

/* A node with every kind of slot and no finalizer: takes the fast path. */
GC_DECLARE_TYPE (DemoNode, demo_node, DEMO, NODE, GcObject)

struct _DemoNode
{
  GcObject parent_instance;
  GC_REF (DemoNode) left;
  GC_REF (DemoNode) right;
  GC_REF (GcObject) any;
  GC_WEAK (DemoNode) weak;
  int value;
};

GC_DEFINE_TYPE (DemoNode, demo_node, GC_TYPE_OBJECT,
                GC_FIELD (DemoNode, left)
                GC_FIELD (DemoNode, right)
                GC_FIELD (DemoNode, any)
                GC_FIELD_WEAK (DemoNode, weak))

/* A node that counts its end. */
GC_DECLARE_TYPE (DemoWatch, demo_watch, DEMO, WATCH, DemoNode)

struct _DemoWatch
{
  DemoNode parent_instance;
  guint *n_finalized;
};

static void
demo_watch_finalize (GcObject *object)
{
  DemoWatch *self = (DemoWatch *) object;

  if (self->n_finalized != NULL)
    ++*self->n_finalized;
  GC_OBJECT_CLASS (demo_watch_parent_class)->finalize (object);
}

GC_DEFINE_TYPE (DemoWatch, demo_watch, demo_node_get_type (),
                GC_FINALIZE (demo_watch_finalize))

G_GNUC_UNUSED static DemoNode *
demo_watch_new (GcMutation *m,
                guint      *n_finalized)
{
  DemoWatch *self = gc_new (m, DemoWatch);

  self->n_finalized = n_finalized;
  return &self->parent_instance;
}

/* Slots of a number that is known when it is made. */
GC_DECLARE_TYPE (DemoVector, demo_vector, DEMO, VECTOR, GcObject)

struct _DemoVector
{
  GcObject parent_instance;
  const gsize n;
  GC_REF_TAIL (GcObject) items;
};

GC_DEFINE_TYPE (DemoVector, demo_vector, GC_TYPE_OBJECT,
                GC_FIELD_TAIL (DemoVector, items, n))

/* The same, of bytes. */
GC_DECLARE_TYPE (DemoBlob, demo_blob, DEMO, BLOB, GcObject)

struct _DemoBlob
{
  GcObject parent_instance;
  const gsize n;
  guint8 bytes[];
};

GC_DEFINE_TYPE (DemoBlob, demo_blob, GC_TYPE_OBJECT,
                GC_FIELD_TAIL_BYTES (DemoBlob, bytes, n))

/* An arena that does only what is asked of it, whatever GCOBJ_ZEAL says: for
 * tests of when something happens. */
G_GNUC_UNUSED static GcArena *
demo_exact_arena_new (void)
{
  GcArena *arena = gc_arena_new ();

  gc_arena_set_zeal (arena, GC_ZEAL_NONE);
  return arena;
}

/* Whether an instrument slows the program so much that slices of a fixed time get
 * next to nothing done. */
G_GNUC_UNUSED static gboolean
demo_is_slow (void)
{
#ifdef __SANITIZE_THREAD__
  return TRUE;
#else
  return RUNNING_ON_VALGRIND != 0;
#endif
}

/* Pacing that never begins a cycle by itself. */
G_GNUC_UNUSED static void
demo_sleep_for_ever (GcArena *arena)
{
  g_autoptr (GcPacing) pacing = gc_pacing_new ();

  pacing->min_sleep = G_MAXSSIZE;
  gc_arena_set_pacing (arena, pacing);
}

/* An arena that collects only in the steps that a test takes, checks the heap after
 * each marking, and overwrites what is dead. */
G_GNUC_UNUSED static GcArena *
demo_stepped_arena_new (void)
{
  GcArena *arena = gc_arena_new ();

  gc_arena_set_zeal (arena, GC_ZEAL_VERIFY | GC_ZEAL_CLOBBER);
  demo_sleep_for_ever (arena);
  return arena;
}

G_GNUC_UNUSED static void
demo_check (GcArena *arena)
{
  g_autoptr (GError) error = NULL;

  gc_arena_verify (arena, &error);
  g_assert_no_error (error);
}

/* How many objects a full collection leaves. */
G_GNUC_UNUSED static guint64
demo_count_live (GcArena *arena)
{
  g_autoptr (GcStats) stats = NULL;

  gc_arena_collect (arena);
  stats = gc_arena_get_stats (arena);
  return stats->live_objects;
}

/* Nodes linked by @left, from the one with the value 0 on. */
G_GNUC_UNUSED static DemoNode *
demo_chain_new (GcMutation *m,
                guint       n)
{
  DemoNode *head = NULL;

  while (n-- > 0)
    {
      DemoNode *node = gc_new (m, DemoNode);

      node->value = (int) n;
      gc_set (node, left, head);
      head = node;
    }
  return head;
}

G_GNUC_UNUSED static guint
demo_chain_length (DemoNode *head)
{
  guint n = 0;

  for (; head != NULL; head = head->left)
    g_assert_cmpint (head->value, ==, (int) n++);
  return n;
}

/* Garbage that would land in memory that was freed too early. */
G_GNUC_UNUSED static void
demo_scribble (GcMutation *m,
               guint       n)
{
  for (guint i = 0; i < n; i++)
    {
      DemoNode *node = gc_new (m, DemoNode);

      node->value = -1;
      gc_set (node, left, node);
      gc_set (node, right, node);
    }
}
