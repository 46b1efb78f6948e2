/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What boxes and records hold of GLib's: GObjects, boxed values, variants, each with one reference, or a copy,
 * of its own, for as long as it is held. */

#include <gio/gio.h>
#include "demo.h"

typedef struct
{
  GObject  *object;
  GBytes   *bytes;
  GVariant *variant;
  guint     n_freed;
} Held;

static void
count (gpointer n)
{
  ++*(guint *) n;
}

static void
count_object (gpointer  n,
              GObject  *where)
{
  count (n);
  (void) where;
}

static void
held_init (Held *held)
{
  held->n_freed = 0;
  held->object = g_object_new (G_TYPE_OBJECT, NULL);
  g_object_weak_ref (held->object, count_object, &held->n_freed);
  held->bytes = g_bytes_new_with_free_func ("x", 1, count, &held->n_freed);
  held->variant = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE ("ay"), "abc", 3, TRUE, count,
                                                               &held->n_freed));
}

static void
held_let_go (Held *held)
{
  g_object_unref (held->object);
  g_bytes_unref (held->bytes);
  g_variant_unref (held->variant);
}

static void
set_values (GValue *values,
            Held   *held)
{
  g_value_set_object (g_value_init (&values[0], G_TYPE_OBJECT), held->object);
  g_value_set_boxed (g_value_init (&values[1], G_TYPE_BYTES), held->bytes);
  g_value_set_variant (g_value_init (&values[2], G_TYPE_VARIANT), held->variant);
}

static void
unset_values (GValue *values)
{
  for (guint i = 0; i < 3; i++)
    g_value_unset (&values[i]);
}

static void
test_boxes (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GValue values[3] = { G_VALUE_INIT, G_VALUE_INIT, G_VALUE_INIT };
  Held held;

  held_init (&held);
  set_values (values, &held);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_array_new (m);

    for (guint i = 0; i < 3; i++)
      gc_array_append (array, gc_box_new (m, &values[i]));
    gc_arena_set_root (arena, array);
  }
  unset_values (values);
  g_assert_cmpint (held.object->ref_count, ==, 2);
  held_let_go (&held);
  gc_arena_collect (arena);
  g_assert_cmpuint (held.n_freed, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GValue value = G_VALUE_INIT;

    gc_box_get_value (gc_array_get (gc_arena_get_root (arena), 0), &value);
    g_assert_true (g_value_get_object (&value) == held.object);
    g_value_unset (&value);
    gc_box_get_value (gc_array_get (gc_arena_get_root (arena), 2), &value);
    g_assert_true (g_value_get_variant (&value) == held.variant);
    g_value_unset (&value);
    gc_arena_set_root (arena, NULL);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (held.n_freed, ==, 3);
}

static void
test_records (void)
{
  static const char *const names[] = { "object", "bytes", "variant", NULL };
  const GType types[] = { G_TYPE_OBJECT, G_TYPE_BYTES, G_TYPE_VARIANT };
  g_autoptr (GcArena) arena = gc_arena_new ();
  GValue values[3] = { G_VALUE_INIT, G_VALUE_INIT, G_VALUE_INIT };
  g_autoptr (GError) error = NULL;
  GType type = gc_record_type_register ("TestHolding", GC_TYPE_RECORD, names, types, 3, &error);
  Held first, second;

  g_assert_no_error (error);
  held_init (&first);
  held_init (&second);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcRecord *record = gc_record_new (m, type, &error);

    g_assert_no_error (error);
    gc_arena_set_root (arena, record);
    for (guint round = 0; round < 2; round++)
      {
        set_values (values, round == 0 ? &first : &second);
        for (guint i = 0; i < 3; i++)
          g_assert_true (gc_record_set_value (record, names[i], &values[i], &error));
        unset_values (values);
      }
  }
  held_let_go (&first);
  held_let_go (&second);
  gc_arena_collect (arena);
  g_assert_cmpuint (first.n_freed, ==, 3);
  g_assert_cmpuint (second.n_freed, ==, 0);
  {
    g_autoptr (GcRecord) record = gc_arena_dup_root (arena);
    GValue value = G_VALUE_INIT;

    g_assert_true (gc_record_get_value (record, "object", &value, &error));
    g_assert_true (g_value_get_object (&value) == second.object);
    g_assert_cmpint (second.object->ref_count, ==, 2);
    g_value_unset (&value);
  }
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpuint (second.n_freed, ==, 3);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/holding/boxes", test_boxes);
  g_test_add_func ("/holding/records", test_records);

  return g_test_run ();
}
