/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects in a GValue: the type's value table, entry by entry. */

#include <gobject/gvaluecollector.h>

#include "demo.h"

typedef struct
{
  GcArena *arena;
  DemoNode *node;               /* one reference is the fixture's */
  DemoNode *other;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  g_autoptr (GcMutation) m = NULL;

  self->arena = gc_arena_new ();
  m = gc_arena_begin (self->arena);
  self->node = gc_object_ref (gc_new (m, DemoNode));
  self->other = gc_object_ref (demo_watch_new (m, NULL));
}

static guint
n_refs (DemoNode *node)
{
  guint n = 0;

  /* Each reference is dropped, counted and taken again, inside of a scope. */
  g_autoptr (GcMutation) m = gc_arena_begin (gc_object_get_arena (GC_OBJECT (node)));
  GcArena *arena = gc_mutation_get_arena (m);

  for (;;)
    {
      g_autoptr (GcStats) stats = gc_arena_get_stats (arena);
      guint64 before = stats->n_external_refs;

      gc_object_unref (node);
      n++;
      gc_stats_free (stats);
      stats = gc_arena_get_stats (arena);
      if (stats->n_external_refs < before)
        break;
    }
  for (guint i = 0; i < n; i++)
    gc_object_ref (node);
  return n;
}

/* What the test took and forgot would show here. */
static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  gpointer watched = self->arena;

  g_assert_cmpuint (n_refs (self->node), ==, 1);
  g_assert_cmpuint (n_refs (self->other), ==, 1);
  g_object_add_weak_pointer (G_OBJECT (self->arena), &watched);
  gc_object_unref (self->node);
  gc_object_unref (self->other);
  g_object_unref (self->arena);
  g_assert_null (watched);
}

static void
test_init_free (Fixture       *self,
                gconstpointer  data)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, demo_node_get_type ());
  g_assert_true (GC_VALUE_HOLDS_OBJECT (&value));
  g_assert_null (gc_value_get_object (&value));
  g_assert_null (gc_value_dup_object (&value));
  g_value_unset (&value);

  g_value_init (&value, demo_node_get_type ());
  gc_value_set_object (&value, self->node);
  g_assert_cmpuint (n_refs (self->node), ==, 2);
  g_value_unset (&value);
  g_assert_cmpuint (n_refs (self->node), ==, 1);
}

static void
test_set (Fixture       *self,
          gconstpointer  data)
{
  g_auto (GValue) value = G_VALUE_INIT;
  DemoNode *copy;

  g_value_init (&value, GC_TYPE_OBJECT);
  gc_value_set_object (&value, self->node);
  g_assert_true (gc_value_get_object (&value) == self->node);
  gc_value_set_object (&value, self->node);
  g_assert_cmpuint (n_refs (self->node), ==, 2);
  gc_value_set_object (&value, self->other);
  g_assert_cmpuint (n_refs (self->node), ==, 1);
  g_assert_cmpuint (n_refs (self->other), ==, 2);

  copy = gc_value_dup_object (&value);
  g_assert_true (copy == self->other);
  g_assert_cmpuint (n_refs (self->other), ==, 3);
  gc_value_take_object (&value, copy);
  g_assert_cmpuint (n_refs (self->other), ==, 2);
  gc_value_take_object (&value, gc_object_ref (self->node));
  g_assert_cmpuint (n_refs (self->node), ==, 2);
  gc_value_set_object (&value, NULL);
  g_assert_null (gc_value_get_object (&value));
  gc_value_take_object (&value, NULL);
  g_assert_null (gc_value_get_object (&value));
}

/* A value alone keeps its object, and the arena, alive. */
static void
test_keeps_alive (void)
{
  GcArena *arena = gc_arena_new ();
  gpointer watched = arena;
  GValue value = G_VALUE_INIT;
  guint n_finalized = 0;

  g_object_add_weak_pointer (G_OBJECT (arena), &watched);
  g_value_init (&value, GC_TYPE_OBJECT);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_value_set_object (&value, demo_watch_new (m, &n_finalized));
  }
  gc_arena_collect (arena);
  g_object_unref (arena);
  g_assert_nonnull (watched);
  g_assert_cmpuint (n_finalized, ==, 0);
  g_assert_true (DEMO_IS_WATCH (gc_value_get_object (&value)));
  g_value_unset (&value);
  g_assert_null (watched);
  g_assert_cmpuint (n_finalized, ==, 1);
}

static void
test_copy_peek (Fixture       *self,
                gconstpointer  data)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) copy = G_VALUE_INIT;

  g_value_init (&value, demo_node_get_type ());
  g_value_init (&copy, demo_node_get_type ());
  g_value_copy (&value, &copy);
  g_assert_null (g_value_peek_pointer (&copy));
  gc_value_set_object (&value, self->node);
  g_value_copy (&value, &copy);
  g_assert_true (g_value_peek_pointer (&copy) == self->node);
  g_assert_cmpuint (n_refs (self->node), ==, 3);
  g_value_reset (&value);
  g_assert_null (gc_value_get_object (&value));
  g_assert_true (gc_value_get_object (&copy) == self->node);
}

/* A value of a parent's type takes what a value of a child's type holds. */
static void
test_transform (Fixture       *self,
                gconstpointer  data)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) parent = G_VALUE_INIT;

  g_value_init (&value, demo_watch_get_type ());
  g_value_init (&parent, GC_TYPE_OBJECT);
  gc_value_set_object (&value, self->other);
  g_assert_true (g_value_type_compatible (demo_watch_get_type (), GC_TYPE_OBJECT));
  g_assert_false (g_value_type_compatible (demo_vector_get_type (), demo_node_get_type ()));
  g_assert_true (g_value_transform (&value, &parent));
  g_assert_true (gc_value_get_object (&parent) == self->other);
}

static char *
collect (GValue *value,
         guint   flags,
         ...)
{
  char *error;
  va_list args;

  va_start (args, flags);
  G_VALUE_COLLECT (value, args, flags, &error);
  va_end (args);
  return error;
}

static void
test_collect (Fixture       *self,
              gconstpointer  data)
{
  static const guint flags[] = { 0, G_VALUE_NOCOPY_CONTENTS };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_value_init (&value, demo_node_get_type ());
      g_assert_null (collect (&value, flags[i], self->other));
      g_assert_true (gc_value_get_object (&value) == self->other);
      /* Also where contents need not be copied: values always hold a reference. */
      g_assert_cmpuint (n_refs (self->other), ==, 2);
      g_value_reset (&value);
      g_assert_null (collect (&value, flags[i], NULL));
      g_assert_null (gc_value_get_object (&value));
    }
}

static void
test_collect_bad (Fixture       *self,
                  gconstpointer  data)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *wrong_type = NULL;
  g_autofree char *no_object = NULL;
  GTypeInstance impostor = { g_type_class_peek (demo_node_get_type ()) };

  g_value_init (&value, demo_watch_get_type ());
  wrong_type = collect (&value, 0, self->node);
  g_assert_cmpstr (wrong_type, ==, "invalid object type 'DemoNode' for value type 'DemoWatch'");
  g_assert_null (gc_value_get_object (&value));
  no_object = collect (&value, 0, &impostor);
  g_assert_true (g_str_has_suffix (no_object, "for value type 'DemoWatch' is not an object of an arena"));
  g_assert_null (gc_value_get_object (&value));
}

static char *
lcopy (const GValue *value,
       guint         flags,
       ...)
{
  char *error;
  va_list args;

  va_start (args, flags);
  G_VALUE_LCOPY (value, args, flags, &error);
  va_end (args);
  return error;
}

static void
test_lcopy (Fixture       *self,
            gconstpointer  data)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *error = NULL;
  gpointer location = &location;

  g_value_init (&value, demo_node_get_type ());
  g_assert_null (lcopy (&value, 0, &location));
  g_assert_null (location);

  gc_value_set_object (&value, self->node);
  g_assert_null (lcopy (&value, 0, &location));
  g_assert_true (location == self->node);
  g_assert_cmpuint (n_refs (self->node), ==, 3);
  gc_object_unref (location);

  location = NULL;
  g_assert_null (lcopy (&value, G_VALUE_NOCOPY_CONTENTS, &location));
  g_assert_true (location == self->node);
  g_assert_cmpuint (n_refs (self->node), ==, 2);

  error = lcopy (&value, 0, NULL);
  g_assert_cmpstr (error, ==, "value location for 'DemoNode' passed as NULL");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/value/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("init-free", test_init_free);
  ADD ("set", test_set);
  ADD ("copy-peek", test_copy_peek);
  ADD ("transform", test_transform);
  ADD ("collect", test_collect);
  ADD ("collect/bad", test_collect_bad);
  ADD ("lcopy", test_lcopy);
#undef ADD
  g_test_add_func ("/value/keeps-alive", test_keeps_alive);
  return g_test_run ();
}
