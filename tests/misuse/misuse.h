/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the tests of bad input share: each piece of it has its critical warning,
 * and afterwards the arena works as if nothing had been. */

#include "tests/unit/demo.h"

#define EXPECT_CRITICAL(pattern) \
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, (pattern))

/* An assertion of a public function. */
#define EXPECT_ASSERTION(function, condition) \
  EXPECT_CRITICAL (function ": assertion '" condition "' failed")

/* Checks the heap, and that objects are made, kept, found dead and finalized. */
G_GNUC_UNUSED static void
still_works (GcArena *arena)
{
  GcObject *root = gc_arena_dup_root (arena);
  guint n_finalized = 0;

  g_test_assert_expected_messages ();
  demo_check (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = demo_watch_new (m, &n_finalized);

    g_assert_cmpuint (gc_mutation_get_depth (m), ==, 1);
    gc_set (node, left, demo_watch_new (m, &n_finalized));
    gc_arena_set_root (arena, node);
    demo_scribble (m, 1000);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  gc_arena_set_root (arena, root);
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 2);
  if (root != NULL)
    gc_object_unref (root);
}
