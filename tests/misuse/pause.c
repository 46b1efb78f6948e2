/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Collecting where it is not allowed: inside of scopes, finalizers and pauses;
 * and what finalizers may not do. */

#include "misuse.h"

#define PAUSE_FUNCTIONS(_, arena) \
  _ (gc_arena_collect (arena)) \
  _ (g_assert_false (gc_arena_step (arena, 1000))) \
  _ (g_assert_false (gc_arena_step_units (arena, 1000))) \
  _ (gc_arena_start_cycle (arena)) \
  _ (gc_arena_finish_marking (arena)) \
  _ (gc_arena_start_sweeping (arena)) \
  _ (gc_arena_finish_cycle (arena))

/* Each of them, and that none did anything. */
static void
try_all (GcArena    *arena,
         const char *condition)
{
  g_autofree char *pattern = g_strdup_printf ("enter_pause: assertion '%s' failed", condition);

#define TRY(call) EXPECT_CRITICAL (pattern); call; g_test_assert_expected_messages ();
  PAUSE_FUNCTIONS (TRY, arena)
#undef TRY
}

static void
in_mutate (GcMutation *m,
           gpointer    arena)
{
  try_all (arena, "!gc_arena_is_mine (arena)");
}

static void
test_in_scope (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint n_finalized = 0;

  g_assert_true (gc_arena_can_begin (arena));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = demo_watch_new (m, &n_finalized);

    g_assert_true (gc_arena_can_begin (arena));
    try_all (arena, "!gc_arena_is_mine (arena)");
    EXPECT_ASSERTION ("gc_arena_verify", "!gc_arena_is_mine (arena)");
    g_assert_false (gc_arena_verify (arena, NULL));
    g_assert_true (DEMO_IS_WATCH (node));
    g_assert_cmpuint (n_finalized, ==, 0);
  }
  gc_arena_mutate (arena, in_mutate, arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  still_works (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

/* Each thing that a finalizer may not do, and that it stays without effect. */
GC_DECLARE_TYPE (DemoRogue, demo_rogue, DEMO, ROGUE, GcObject)
struct _DemoRogue { GcObject parent_instance; void (*deed) (GcArena *arena, GcObject *self); };

static GcArena *arena_of_rogue;
static guint n_deeds;

static void
demo_rogue_finalize (GcObject *object)
{
  n_deeds++;
  DEMO_ROGUE (object)->deed (arena_of_rogue, object);
  g_test_assert_expected_messages ();
}

GC_DEFINE_TYPE (DemoRogue, demo_rogue, GC_TYPE_OBJECT, GC_FINALIZE (demo_rogue_finalize))

static void
collect_all (GcArena  *arena,
             GcObject *self)
{
  try_all (arena, "!gc_arena_is_finalizing ()");
}

static void
begin (GcArena  *arena,
       GcObject *self)
{
  EXPECT_ASSERTION ("gc_arena_begin", "!gc_arena_is_finalizing ()");
  g_assert_null (gc_arena_begin (arena));
  g_assert_false (gc_arena_can_begin (arena));
}

static void
never (GcMutation *m,
       gpointer    data)
{
  g_assert_not_reached ();
}

static void
mutate (GcArena  *arena,
        GcObject *self)
{
  EXPECT_ASSERTION ("gc_arena_mutate", "!gc_arena_is_finalizing ()");
  gc_arena_mutate (arena, never, NULL);
}

static void
take_reference (GcArena  *arena,
                GcObject *self)
{
  EXPECT_ASSERTION ("gc_object_ref", "!gc_arena_is_in_finalizer ()");
  g_assert_null (gc_object_ref (self));
}

static void
take_value (GcArena  *arena,
            GcObject *self)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, GC_TYPE_OBJECT);
  EXPECT_ASSERTION ("gc_object_ref", "!gc_arena_is_in_finalizer ()");
  gc_value_set_object (&value, self);
  g_assert_null (gc_value_get_object (&value));
}

static void
store (GcArena  *arena,
       GcObject *self)
{
  EXPECT_ASSERTION ("gc_object_set_slot", "!gc_arena_is_finalizing ()");
  gc_object_set_slot (self, self, self);
  EXPECT_ASSERTION ("gc_object_set_weak_slot", "!gc_arena_is_finalizing ()");
  gc_object_set_weak_slot (self, self, self);
}

static void
add_bytes (GcArena  *arena,
           GcObject *self)
{
  EXPECT_ASSERTION ("gc_object_add_external_bytes", "!gc_arena_is_finalizing ()");
  gc_object_add_external_bytes (self, 10);
}

/* A dead object can't come back as the root either. */
static void
become_root (GcArena  *arena,
             GcObject *self)
{
  EXPECT_ASSERTION ("gc_arena_set_root", "*gc_arena_is_finalizing ()*");
  gc_arena_set_root (arena, self);
}

/* The end of another arena in a finalizer does not lift the ban. */
static void
end_other (GcArena  *arena,
           GcObject *self)
{
  GcArena *other = g_object_get_data (G_OBJECT (arena), "other");
  guint *n_finalized = g_object_get_data (G_OBJECT (arena), "n");

  g_object_set_data (G_OBJECT (arena), "other", NULL);
  g_object_unref (other);
  g_assert_cmpuint (*n_finalized, ==, 1);
  begin (arena, self);
}

static void
test_deed (gconstpointer data)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  void (*deed) (GcArena *, GcObject *) = *(void (*const *) (GcArena *, GcObject *)) data;

  arena_of_rogue = arena;
  n_deeds = 0;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_new (m, DemoRogue)->deed = deed;
    gc_new (m, DemoRogue)->deed = deed;
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_deeds, ==, 2);
  still_works (arena);
  g_assert_cmpuint (n_deeds, ==, 2);
}

static void
test_end_other (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcArena *other = gc_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (other);

    gc_arena_set_root (other, demo_watch_new (m, &n_finalized));
  }
  g_object_set_data (G_OBJECT (arena), "other", other);
  g_object_set_data (G_OBJECT (arena), "n", &n_finalized);
  arena_of_rogue = arena;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_new (m, DemoRogue)->deed = end_other;
  }
  gc_arena_collect (arena);
  still_works (arena);
}

static const struct { const char *path; void (*deed) (GcArena *arena, GcObject *self); } deeds[] = {
  { "/misuse/pause/finalizer/collect", collect_all },
  { "/misuse/pause/finalizer/begin", begin },
  { "/misuse/pause/finalizer/mutate", mutate },
  { "/misuse/pause/finalizer/ref", take_reference },
  { "/misuse/pause/finalizer/value", take_value },
  { "/misuse/pause/finalizer/store", store },
  { "/misuse/pause/finalizer/external-bytes", add_bytes },
  { "/misuse/pause/finalizer/become-root", become_root },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/misuse/pause/in-scope", test_in_scope);
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    g_test_add_data_func (deeds[i].path, &deeds[i].deed, test_deed);
  g_test_add_func ("/misuse/pause/finalizer/end-other", test_end_other);
  return g_test_run ();
}
