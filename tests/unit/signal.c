/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Signals with an object among their arguments, and properties that hold one. */

#include "demo.h"

/* A GObject with such a signal and such a property. */
#define DEMO_TYPE_VIEW (demo_view_get_type ())
G_DECLARE_FINAL_TYPE (DemoView, demo_view, DEMO, VIEW, GObject)

struct _DemoView
{
  GObject parent_instance;
  DemoNode *model;
};

G_DEFINE_FINAL_TYPE (DemoView, demo_view, G_TYPE_OBJECT)

static guint changed, shown;

static void
demo_view_finalize (GObject *object)
{
  g_clear_pointer (&DEMO_VIEW (object)->model, gc_object_unref);
  G_OBJECT_CLASS (demo_view_parent_class)->finalize (object);
}

static void
demo_view_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  gc_value_set_object (value, DEMO_VIEW (object)->model);
}

static void
demo_view_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  g_clear_pointer (&DEMO_VIEW (object)->model, gc_object_unref);
  DEMO_VIEW (object)->model = gc_value_dup_object (value);
}

static void
demo_view_class_init (DemoViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = demo_view_finalize;
  object_class->get_property = demo_view_get_property;
  object_class->set_property = demo_view_set_property;
  g_object_class_install_property (object_class, 1,
    gc_param_spec_object ("model", "Model", "What is shown", demo_node_get_type (),
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  changed = g_signal_new ("changed", DEMO_TYPE_VIEW, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL,
                          gc_cclosure_marshal_VOID__OBJECT, G_TYPE_NONE, 1, demo_node_get_type ());
  g_signal_set_va_marshaller (changed, DEMO_TYPE_VIEW, gc_cclosure_marshal_VOID__OBJECTv);
  shown = g_signal_new ("shown", DEMO_TYPE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                        gc_cclosure_marshal_VOID__OBJECT, G_TYPE_NONE, 1,
                        demo_node_get_type () | G_SIGNAL_TYPE_STATIC_SCOPE);
  g_signal_set_va_marshaller (shown, DEMO_TYPE_VIEW, gc_cclosure_marshal_VOID__OBJECTv);
}

static void
demo_view_init (DemoView *self)
{
}

typedef struct
{
  DemoView *view;
  gpointer expected;
  guint n_calls;
} Call;

static void
on_changed (DemoView *view,
            gpointer  object,
            gpointer  data)
{
  Call *call = data;

  g_assert_true (view == call->view);
  g_assert_true (object == call->expected);
  call->n_calls++;
}

static void
on_changed_swapped (gpointer  data,
                    gpointer  object,
                    DemoView *view)
{
  on_changed (view, object, data);
}

/* One handler without a hook takes the va marshaller, a hook the other. */
static gboolean
hook (GSignalInvocationHint *hint,
      guint                  n,
      const GValue          *values,
      gpointer               data)
{
  Call *call = data;

  g_assert_cmpuint (n, ==, 2);
  g_assert_true (gc_value_get_object (&values[1]) == call->expected);
  call->n_calls++;
  return TRUE;
}

static void
emit (Call     *call,
      guint     signal,
      gpointer  object,
      guint     n_expected)
{
  guint before = call->n_calls;

  call->expected = object;
  g_signal_emit (call->view, signal, 0, object);
  g_assert_cmpuint (call->n_calls - before, ==, n_expected);
}

static void
test_marshallers (gconstpointer data)
{
  guint signal;
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (DemoView) view = g_object_new (DEMO_TYPE_VIEW, NULL);
  Call call = { view, NULL, 0 };
  g_autoptr (GcStats) stats = NULL;
  DemoNode *node;
  gulong id, hook_id;

  signal = g_signal_lookup (data, DEMO_TYPE_VIEW);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (gc_new (m, DemoNode));
  }
  g_signal_connect (view, data, G_CALLBACK (on_changed), &call);
  emit (&call, signal, node, 1);
  emit (&call, signal, NULL, 1);
  id = g_signal_connect_data (view, data, G_CALLBACK (on_changed_swapped), &call, NULL, G_CONNECT_SWAPPED);
  emit (&call, signal, node, 2);
  emit (&call, signal, NULL, 2);
  g_signal_handler_disconnect (view, id);
  hook_id = g_signal_add_emission_hook (signal, 0, hook, &call, NULL);
  emit (&call, signal, node, 2);
  emit (&call, signal, NULL, 2);
  g_signal_remove_emission_hook (signal, hook_id);

  gc_object_unref (node);
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_external_refs, ==, 0);
}

static void
on_swap (DemoView *view,
         gpointer  object,
         gpointer  data)
{
  GcArena *arena = gc_object_get_arena (object);

  /* The emission holds a reference while a handler drops all others. */
  gc_object_unref (data);
  gc_arena_collect (arena);
  g_assert_true (DEMO_IS_NODE (object));
}

static void
test_kept_in_emission (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (DemoView) view = g_object_new (DEMO_TYPE_VIEW, NULL);
  guint n_finalized = 0;
  DemoNode *node;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (demo_watch_new (m, &n_finalized));
  }
  g_signal_connect (view, "changed", G_CALLBACK (on_swap), node);
  g_signal_emit (view, changed, 0, node);
  g_assert_cmpuint (n_finalized, ==, 0);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

static void
test_property (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (DemoView) view = g_object_new (DEMO_TYPE_VIEW, NULL);
  guint n_finalized = 0;
  DemoNode *node, *got;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (demo_watch_new (m, &n_finalized));
    g_object_set (view, "model", node, NULL);
    gc_object_unref (node);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  g_object_get (view, "model", &got, NULL);
  g_assert_true (got == node);
  g_object_set (view, "model", NULL, NULL);
  gc_object_unref (got);
  g_object_get (view, "model", &got, NULL);
  g_assert_null (got);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

static void
test_param_spec (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GParamSpec) pspec = NULL;
  g_auto (GValue) a = G_VALUE_INIT;
  g_auto (GValue) b = G_VALUE_INIT;
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *first = gc_new (m, DemoNode);
  DemoNode *second = gc_new (m, DemoNode);

  pspec = g_param_spec_ref_sink (gc_param_spec_object ("model", NULL, NULL, demo_node_get_type (), G_PARAM_READWRITE));
  g_assert_true (GC_IS_PARAM_SPEC_OBJECT (pspec));
  g_assert_nonnull (GC_PARAM_SPEC_OBJECT (pspec));
  g_assert_cmpuint (G_PARAM_SPEC_VALUE_TYPE (pspec), ==, demo_node_get_type ());

  g_value_init (&a, demo_node_get_type ());
  g_value_init (&b, demo_node_get_type ());
  gc_value_set_object (&a, first);
  g_param_value_set_default (pspec, &b);
  g_assert_null (gc_value_get_object (&b));
  g_assert_true (g_param_value_defaults (pspec, &b));
  g_assert_false (g_param_value_defaults (pspec, &a));

  gc_value_set_object (&b, first);
  g_assert_cmpint (g_param_values_cmp (pspec, &a, &b), ==, 0);
  gc_value_set_object (&b, second);
  g_assert_cmpint (g_param_values_cmp (pspec, &a, &b), ==, -g_param_values_cmp (pspec, &b, &a));
  g_assert_cmpint (g_param_values_cmp (pspec, &a, &b), !=, 0);
}

/* A value that does not fit, which no function of ours makes, becomes the default. */
static void
test_param_validate (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GParamSpec) pspec = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GcStats) stats = NULL;
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  pspec = g_param_spec_ref_sink (gc_param_spec_object ("model", NULL, NULL, demo_watch_get_type (), G_PARAM_READWRITE));
  g_value_init (&value, demo_watch_get_type ());
  g_assert_false (g_param_value_validate (pspec, &value));
  gc_value_set_object (&value, demo_watch_new (m, NULL));
  g_assert_false (g_param_value_validate (pspec, &value));
  g_assert_nonnull (gc_value_get_object (&value));
  gc_value_set_object (&value, NULL);
  value.data[0].v_pointer = gc_object_ref (gc_new (m, DemoNode));
  g_assert_true (g_param_value_validate (pspec, &value));
  g_assert_null (gc_value_get_object (&value));
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_external_refs, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_type_ensure (DEMO_TYPE_VIEW);
  g_type_class_unref (g_type_class_ref (DEMO_TYPE_VIEW));
  g_test_add_data_func ("/signal/marshallers", "changed", test_marshallers);
  g_test_add_data_func ("/signal/marshallers/static-scope", "shown", test_marshallers);
  g_test_add_func ("/signal/kept-in-emission", test_kept_in_emission);
  g_test_add_func ("/property/object", test_property);
  g_test_add_func ("/property/param-spec", test_param_spec);
  g_test_add_func ("/property/param-spec/validate", test_param_validate);
  return g_test_run ();
}
