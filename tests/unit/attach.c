/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An arena on a main context, and deferred notifies. */

#include "demo.h"

static void
count (gpointer n)
{
  ++*(guint *) n;
}

static void
iterate (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    ;
}

static void
test_defer_at_safepoint (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_defer_notify (arena, count, &n);
    gc_arena_defer_notify (arena, count, &n);
    gc_mutation_safepoint (m);
    g_assert_cmpuint (n, ==, 0);
  }
  g_assert_cmpuint (n, ==, 2);
  gc_arena_defer_notify (arena, count, &n);
  g_assert_cmpuint (n, ==, 2);
  gc_arena_collect (arena);
  g_assert_cmpuint (n, ==, 3);
  gc_arena_collect (arena);
  g_assert_cmpuint (n, ==, 3);
}

typedef struct
{
  GcArena *arena;
  GString *order;
  guint n;                      /* notifies that defer one more */
} Deferring;

static void
append_a (gpointer data)
{
  g_string_append_c (((Deferring *) data)->order, 'a');
}

static void
append_b_and_more (gpointer data)
{
  Deferring *self = data;
  g_autoptr (GcMutation) m = gc_arena_begin (self->arena);

  /* It may do anything: allocate, collect, defer more. */
  g_string_append_c (self->order, 'b');
  g_assert_nonnull (gc_new (m, DemoNode));
  g_clear_pointer (&m, gc_mutation_leave_);
  if (self->n > 0 && self->n-- > 0)
    gc_arena_defer_notify (self->arena, append_b_and_more, self);
  gc_arena_collect (self->arena);
}

static void
test_defer_order (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  Deferring self = { arena, g_string_new (NULL), 0 };

  gc_arena_defer_notify (arena, append_a, &self);
  gc_arena_defer_notify (arena, append_b_and_more, &self);
  gc_arena_defer_notify (arena, append_a, &self);
  gc_arena_collect (arena);
  g_assert_cmpstr (self.order->str, ==, "aba");

  g_string_truncate (self.order, 0);
  self.n = 3;
  gc_arena_defer_notify (arena, append_b_and_more, &self);
  gc_arena_collect (arena);
  g_assert_cmpstr (self.order->str, ==, "bbbb");
  g_string_free (self.order, TRUE);
}

/* What a finalizer defers runs after all finalizers, where everything is allowed. */
GC_DECLARE_TYPE (DemoForeign, demo_foreign, DEMO, FOREIGN, GcObject)
struct _DemoForeign { GcObject parent_instance; Deferring *deferring; GcArena *arena; };

static void
demo_foreign_finalize (GcObject *object)
{
  DemoForeign *self = DEMO_FOREIGN (object);

  g_string_append_c (self->deferring->order, 'f');
  gc_arena_defer_notify (self->arena, append_b_and_more, self->deferring);
}

GC_DEFINE_TYPE (DemoForeign, demo_foreign, GC_TYPE_OBJECT, GC_FINALIZE (demo_foreign_finalize))

static void
add_foreign (GcArena   *arena,
             Deferring *deferring)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoForeign *foreign = gc_new (m, DemoForeign);

  foreign->deferring = deferring;
  foreign->arena = arena;
}

static void
test_defer_in_finalizer (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  Deferring self = { arena, g_string_new (NULL), 0 };

  add_foreign (arena, &self);
  add_foreign (arena, &self);
  gc_arena_collect (arena);
  g_assert_cmpstr (self.order->str, ==, "ffbb");
  g_string_free (self.order, TRUE);
}

static void
append_end (gpointer data)
{
  g_string_append_c (((Deferring *) data)->order, 'e');
}

/* What is left when the arena ends is not forgotten. */
static void
test_defer_at_arena_end (void)
{
  GcArena *arena = gc_arena_new ();
  Deferring self = { NULL, g_string_new (NULL), 0 };

  gc_arena_defer_notify (arena, append_end, &self);
  g_object_unref (arena);
  g_assert_cmpstr (self.order->str, ==, "e");
  g_string_free (self.order, TRUE);
}

/* That of an attached arena runs on its context even so. */
static void
test_defer_at_attached_end (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GcArena *arena = gc_arena_new ();
  Deferring self = { NULL, g_string_new (NULL), 0 };

  gc_arena_attach (arena, context);
  gc_arena_defer_notify (arena, append_end, &self);
  g_object_unref (arena);
  g_assert_cmpstr (self.order->str, ==, "");
  iterate (context);
  g_assert_cmpstr (self.order->str, ==, "e");
  g_string_free (self.order, TRUE);
}

static void
test_defer_attached (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n = 0;

  gc_arena_attach (arena, context);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_defer_notify (arena, count, &n);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n, ==, 0);
  iterate (context);
  g_assert_cmpuint (n, ==, 1);

  gc_arena_defer_notify (arena, count, &n);
  gc_arena_detach (arena);
  iterate (context);
  g_assert_cmpuint (n, ==, 1);
  gc_arena_collect (arena);
  g_assert_cmpuint (n, ==, 2);
}

static gpointer
defer_later (gpointer data)
{
  Deferring *self = data;

  g_usleep (20000);
  gc_arena_defer_notify (self->arena, count, &self->n);
  return NULL;
}

/* From another thread it wakes the context, which waits for nothing else. */
static void
test_defer_wakes (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  Deferring self = { arena, NULL, 0 };
  GThread *thread;

  gc_arena_attach (arena, context);
  thread = g_thread_new ("defer", defer_later, &self);
  while (self.n == 0)
    g_main_context_iteration (context, TRUE);
  g_thread_join (thread);
  g_assert_cmpuint (self.n, ==, 1);
}

/* Idle, a context does what is owed. */
static void
test_idle (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  guint n_finalized = 0;

  gc_arena_attach (arena, context);
  g_assert_false (g_main_context_iteration (context, FALSE));

  pacing->min_sleep = 64 << 10;
  gc_arena_set_pacing (arena, pacing);
  gc_arena_inhibit (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_watch_new (m, &n_finalized);
    demo_scribble (m, 10000);
    /* Not while this thread has a scope. */
    gc_arena_uninhibit (arena);
    g_assert_cmpuint (gc_arena_get_debt (arena), >, 0);
    iterate (context);
    g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
    gc_arena_inhibit (arena);
  }
  g_assert_cmpuint (n_finalized, ==, 0);
  gc_arena_uninhibit (arena);
  iterate (context);
  g_assert_cmpuint (n_finalized, ==, 1);
  g_assert_cmpuint (gc_arena_get_debt (arena), ==, 0);
  /* Nothing is left to do, so that the program may sleep. */
  g_assert_false (g_main_context_iteration (context, FALSE));
}

typedef struct
{
  GcArena *arena;
  guint n_ticks;
  guint n_while_busy;
} Ticker;

static gboolean
tick (gpointer data)
{
  Ticker *self = data;

  self->n_ticks++;
  if (gc_arena_get_phase (self->arena) != GC_PHASE_IDLE)
    self->n_while_busy++;
  return G_SOURCE_CONTINUE;
}

/* A large heap is collected in slices, with the program's own sources in between. */
static void
test_timer_between_slices (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GSource) source = g_timeout_source_new (1);
  g_autoptr (GcStats) stats = NULL;
  Ticker ticker = { arena, 0, 0 };

  gc_arena_inhibit (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, demo_chain_new (m, 1000000));
  }
  gc_arena_uninhibit (arena);
  gc_arena_attach (arena, context);
  g_source_set_callback (source, tick, &ticker, NULL);
  g_source_attach (source, context);
  gc_arena_start_cycle (arena);
  while (gc_arena_get_phase (arena) != GC_PHASE_IDLE)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (source);

  g_assert_cmpuint (ticker.n_while_busy, >=, 2);
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_pauses, >=, 3);
  g_assert_cmpuint (stats->live_objects, ==, 1000000);
}

/* While it is inhibited there is nothing to do either, whatever is owed. */
static void
test_idle_inhibited (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  gc_arena_attach (arena, context);
  gc_arena_start_cycle (arena);
  gc_arena_inhibit (arena);
  g_assert_false (g_main_context_iteration (context, FALSE));
  gc_arena_uninhibit (arena);
  g_assert_true (g_main_context_iteration (context, FALSE));
  iterate (context);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
}

static void
test_default_contexts (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n = 0;

  gc_arena_attach (arena, NULL);
  gc_arena_defer_notify (arena, count, &n);
  iterate (context);
  g_assert_cmpuint (n, ==, 0);
  iterate (NULL);
  g_assert_cmpuint (n, ==, 1);

  /* The thread's own default comes first; the last one attached to is the one. */
  g_main_context_push_thread_default (context);
  gc_arena_attach (arena, NULL);
  g_main_context_pop_thread_default (context);
  gc_arena_defer_notify (arena, count, &n);
  iterate (NULL);
  g_assert_cmpuint (n, ==, 1);
  iterate (context);
  g_assert_cmpuint (n, ==, 2);

  gc_arena_detach (arena);
  gc_arena_detach (arena);
}

static void
unref_arena (gpointer arena)
{
  g_object_unref (arena);
}

static void
test_not_kept_alive (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GcArena *arena = gc_arena_new ();
  gpointer watched = arena;

  g_object_add_weak_pointer (G_OBJECT (arena), &watched);
  gc_arena_attach (arena, context);
  g_object_unref (arena);
  g_assert_null (watched);
  g_assert_false (g_main_context_iteration (context, FALSE));

  /* Nor does it matter that its own source drops it. */
  arena = gc_arena_new ();
  watched = arena;
  g_object_add_weak_pointer (G_OBJECT (arena), &watched);
  gc_arena_attach (arena, context);
  gc_arena_defer_notify (arena, unref_arena, arena);
  iterate (context);
  g_assert_null (watched);
  g_assert_false (g_main_context_iteration (context, FALSE));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attach/defer/safepoint", test_defer_at_safepoint);
  g_test_add_func ("/attach/defer/order", test_defer_order);
  g_test_add_func ("/attach/defer/finalizer", test_defer_in_finalizer);
  g_test_add_func ("/attach/defer/arena-end", test_defer_at_arena_end);
  g_test_add_func ("/attach/defer/arena-end/attached", test_defer_at_attached_end);
  g_test_add_func ("/attach/defer/attached", test_defer_attached);
  g_test_add_func ("/attach/defer/wakes", test_defer_wakes);
  g_test_add_func ("/attach/idle", test_idle);
  g_test_add_func ("/attach/idle/timer", test_timer_between_slices);
  g_test_add_func ("/attach/idle/inhibited", test_idle_inhibited);
  g_test_add_func ("/attach/default-contexts", test_default_contexts);
  g_test_add_func ("/attach/not-kept-alive", test_not_kept_alive);
  return g_test_run ();
}
