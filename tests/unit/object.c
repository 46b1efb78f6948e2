/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "demo.h"

/* A type with an owned string and an init function. */
GC_DECLARE_TYPE (DemoLabel, demo_label, DEMO, LABEL, GcObject)

struct _DemoLabel
{
  GcObject parent_instance;
  int initial;
  char *text;
  GThread *made_on;
};

static GString *last_words;
static GThread *finalized_on;

static void
demo_label_init (GcObject *object)
{
  g_assert_cmpint (((DemoLabel *) object)->initial, ==, 0);
  ((DemoLabel *) object)->initial = 7;
}

static void
demo_label_finalize (GcObject *object)
{
  DemoLabel *self = DEMO_LABEL (object);

  finalized_on = g_thread_self ();
  if (last_words != NULL && self->text != NULL)
    g_string_append (last_words, self->text);
  g_free (self->text);
  GC_OBJECT_CLASS (demo_label_parent_class)->finalize (object);
}

GC_DEFINE_TYPE (DemoLabel, demo_label, GC_TYPE_OBJECT,
                GC_INSTANCE_INIT (demo_label_init)
                GC_FINALIZE (demo_label_finalize))

static DemoLabel *
demo_label_new (GcMutation *m,
                const char *text)
{
  DemoLabel *self = gc_new (m, DemoLabel);

  self->text = g_strdup (text);
  return self;
}

static void
test_new (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *node = gc_new (m, DemoNode);

  g_assert_true (DEMO_IS_NODE (node));
  g_assert_true (GC_IS_OBJECT (node));
  g_assert_cmpuint (G_TYPE_FROM_INSTANCE (node), ==, demo_node_get_type ());
  g_assert_cmpuint ((guintptr) node % 8, ==, 0);
  g_assert_true (gc_object_get_arena (GC_OBJECT (node)) == arena);
  g_assert_null (node->left);
  g_assert_null (node->any);
  g_assert_null (gc_weak_get (node, weak));
  g_assert_cmpint (node->value, ==, 0);
}

/* Memory that held other objects is zeroed when it comes to new ones. */
static void
test_new_is_zeroed (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  for (guint round = 0; round < 4; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *kept = NULL;

        for (guint i = 0; i < 20000; i++)
          {
            DemoNode *node = gc_new (m, DemoNode);

            g_assert_null (node->left);
            g_assert_null (node->right);
            g_assert_null (node->any);
            g_assert_cmpint (node->value, ==, 0);
            node->value = -1;
            gc_set (node, right, node);
            /* What survives leaves holes of all lengths. */
            if (i % (round + 3) == 0)
              {
                gc_set (node, left, kept);
                kept = node;
              }
          }
        gc_arena_set_root (arena, kept);
      }
      gc_arena_collect (arena);
    }
}

static void
test_new_by_type (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GError) error = NULL;
  DemoVector *vector;

  g_assert_true (DEMO_IS_NODE (gc_object_new (m, demo_node_get_type ())));
  g_assert_true (DEMO_IS_NODE (gc_object_construct (demo_node_get_type (), m)));
  g_assert_true (DEMO_IS_NODE (gc_object_try_new (m, demo_node_get_type (), 0, &error)));
  g_assert_no_error (error);

  vector = gc_object_new_with_tail (m, demo_vector_get_type (), 3);
  g_assert_cmpuint (vector->n, ==, 3);
  vector = gc_object_try_new (m, demo_vector_get_type (), 5, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (vector->n, ==, 5);
}

static void
test_init (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  for (guint i = 0; i < 1000; i++)
    g_assert_cmpint (gc_new (m, DemoLabel)->initial, ==, 7);
}

static void
test_size (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  g_assert_cmpuint (gc_object_get_size (GC_OBJECT (gc_new (m, DemoNode))), ==, sizeof (DemoNode));
  g_assert_cmpuint (gc_object_get_size (GC_OBJECT (gc_new_with_tail (m, DemoVector, 0))), ==, 16);
  g_assert_cmpuint (gc_object_get_size (GC_OBJECT (gc_new_with_tail (m, DemoVector, 9))), ==, 16 + 72);
  g_assert_cmpuint (gc_object_get_size (GC_OBJECT (gc_new_with_tail (m, DemoBlob, 9))), ==, 16 + 16);
}

static void
test_ref_keeps_object (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;
  DemoNode *node;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (demo_watch_new (m, &n_finalized));
    gc_set (node, left, demo_watch_new (m, &n_finalized));
    demo_watch_new (m, &n_finalized);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  g_assert_nonnull (node->left);

  gc_object_unref (node);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 3);
}

static void
test_ref_counts (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcStats) stats = NULL;
  guint n_finalized = 0;
  DemoNode *node;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = demo_watch_new (m, &n_finalized);
    for (guint i = 0; i < 3; i++)
      g_assert_true (gc_object_ref (node) == node);
  }
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_external_refs, ==, 1);

  for (guint i = 0; i < 3; i++)
    {
      gc_arena_collect (arena);
      g_assert_cmpuint (n_finalized, ==, 0);
      gc_object_unref (node);
    }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

static void
test_ref_keeps_arena (void)
{
  GcArena *arena = gc_arena_new ();
  gpointer watched = arena;
  guint n_finalized = 0;
  DemoNode *node;

  g_object_add_weak_pointer (G_OBJECT (arena), &watched);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (demo_watch_new (m, &n_finalized));
  }
  g_object_unref (arena);
  g_assert_nonnull (watched);
  g_assert_true (gc_object_get_arena (GC_OBJECT (node)) == arena);

  gc_object_unref (node);
  g_assert_null (watched);
  g_assert_cmpuint (n_finalized, ==, 1);
}

/* An open scope keeps the arena too. */
static void
test_scope_keeps_arena (void)
{
  GcArena *arena = gc_arena_new ();
  gpointer watched = arena;

  g_object_add_weak_pointer (G_OBJECT (arena), &watched);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_object_unref (arena);
    g_assert_nonnull (watched);
    g_assert_nonnull (gc_new (m, DemoNode));
  }
  g_assert_null (watched);
}

static gpointer
ref_and_unref (gpointer object)
{
  for (guint i = 0; i < 20000; i++)
    {
      gc_object_ref (object);
      gc_object_unref (object);
    }
  return NULL;
}

static void
test_ref_from_threads (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcStats) stats = NULL;
  GThread *threads[4];
  guint n_finalized = 0;
  DemoNode *node;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (demo_watch_new (m, &n_finalized));
  }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("ref", ref_and_unref, node);
  for (guint i = 0; i < 20; i++)
    gc_arena_collect (arena);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);

  gc_object_unref (node);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_external_refs, ==, 0);
}

static void
test_hash (void)
{
  enum { N = 5000 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autofree guint *hashes = g_new (guint, N);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = demo_chain_new (m, N);

    gc_arena_set_root (arena, node);
    for (guint i = 0; i < N; i++, node = node->left)
      {
        hashes[i] = gc_object_hash (GC_OBJECT (node));
        g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (hashes[i])));
      }
  }

  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_arena_get_root (arena);

    for (guint i = 0; i < N; i++, node = node->left)
      g_assert_cmpuint (gc_object_hash (GC_OBJECT (node)), ==, hashes[i]);
    /* A new object at a dead one's address is another object. */
    gc_arena_set_root (arena, NULL);
  }

  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < N; i++)
      g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (gc_object_hash (GC_OBJECT (gc_new (m, DemoNode))))));
  }
}

static void
test_to_string (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autofree char *text = gc_object_to_string (GC_OBJECT (gc_new (m, DemoNode)));

  g_assert_true (g_str_has_prefix (text, "DemoNode 0x"));
}

static void
test_finalize_once (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcStats) stats = NULL;
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < 1000; i++)
      demo_watch_new (m, &n_finalized);
  }
  for (guint i = 0; i < 5; i++)
    {
      gc_arena_collect (arena);
      g_assert_cmpuint (n_finalized, ==, 1000);
    }
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_finalized, ==, 1000);
}

static void
test_finalize_at_arena_end (void)
{
  GcArena *arena = gc_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = demo_watch_new (m, &n_finalized);

    gc_set (node, left, demo_watch_new (m, &n_finalized));
    gc_arena_set_root (arena, node);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  g_object_unref (arena);
  g_assert_cmpuint (n_finalized, ==, 2);
}

/* What an object owns outside of the heap is whole when it is finalized. */
static void
test_finalize_owned (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  last_words = g_string_new (NULL);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_label_new (m, "goodbye");
    gc_arena_set_root (arena, demo_label_new (m, "later"));
  }
  gc_arena_collect (arena);
  g_assert_cmpstr (last_words->str, ==, "goodbye");
  g_assert_true (finalized_on == g_thread_self ());
  g_string_free (g_steal_pointer (&last_words), TRUE);
}

/* Where finalizers take so long that some wait for later safe points, what they are to see
 * is kept for them while the program goes on to allocate. */
GC_DECLARE_TYPE (DemoSlow, demo_slow, DEMO, SLOW, GcObject)
struct _DemoSlow { GcObject parent_instance; gsize pattern[4]; };

static guint n_slow;

static void
demo_slow_finalize (GcObject *object)
{
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (DEMO_SLOW (object)->pattern[i], ==, 0x5105105 + i);
  if (n_slow++ % 8 == 0)
    g_usleep (200);
}

GC_DEFINE_TYPE (DemoSlow, demo_slow, GC_TYPE_OBJECT, GC_FINALIZE (demo_slow_finalize))

static void
test_finalize_later (void)
{
  enum { N = 2000 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint n_scopes = 0;

  n_slow = 0;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < N; i++)
      {
        DemoSlow *slow = gc_new (m, DemoSlow);

        for (guint k = 0; k < 4; k++)
          slow->pattern[k] = 0x5105105 + k;
      }
  }
  gc_arena_step_units (arena, G_MAXUINT);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_SWEEPING);
  g_assert_cmpuint (n_slow, <, N);
  while (n_slow < N)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      demo_scribble (m, 2000);
      g_assert_cmpuint (n_scopes++, <, N);
    }
  g_assert_cmpuint (n_slow, ==, N);
  demo_check (arena);
  g_assert_cmpuint (n_slow, ==, N);
}

static gpointer
collect (gpointer arena)
{
  gc_arena_collect (arena);
  return NULL;
}

/* Finalizers run on the thread that pays for the collection. */
static void
test_finalize_thread (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GThread *thread;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_label_new (m, "x");
  }
  finalized_on = NULL;
  thread = g_thread_ref (g_thread_new ("collect", collect, arena));
  g_thread_join (thread);
  g_assert_true (finalized_on == thread);
  g_thread_unref (thread);
}

static void
test_abandon (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;
  DemoNode *old;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *young = demo_watch_new (m, &n_finalized);

    old = gc_object_ref (demo_watch_new (m, &n_finalized));
    for (guint i = 0; i < 5000; i++)
      demo_watch_new (m, &n_finalized);
    gc_object_abandon (GC_OBJECT (young));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 5000);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_object_abandon (GC_OBJECT (old));
  }
  gc_object_unref (old);
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 5000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/object/new", test_new);
  g_test_add_func ("/object/new/zeroed", test_new_is_zeroed);
  g_test_add_func ("/object/new/by-type", test_new_by_type);
  g_test_add_func ("/object/init", test_init);
  g_test_add_func ("/object/size", test_size);
  g_test_add_func ("/object/ref/keeps-object", test_ref_keeps_object);
  g_test_add_func ("/object/ref/counts", test_ref_counts);
  g_test_add_func ("/object/ref/keeps-arena", test_ref_keeps_arena);
  g_test_add_func ("/object/scope-keeps-arena", test_scope_keeps_arena);
  g_test_add_func ("/object/ref/threads", test_ref_from_threads);
  g_test_add_func ("/object/hash", test_hash);
  g_test_add_func ("/object/to-string", test_to_string);
  g_test_add_func ("/object/finalize/once", test_finalize_once);
  g_test_add_func ("/object/finalize/arena-end", test_finalize_at_arena_end);
  g_test_add_func ("/object/finalize/owned", test_finalize_owned);
  g_test_add_func ("/object/finalize/later", test_finalize_later);
  g_test_add_func ("/object/finalize/thread", test_finalize_thread);
  g_test_add_func ("/object/abandon", test_abandon);
  return g_test_run ();
}
