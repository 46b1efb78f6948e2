/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program to be traced: two arenas, two threads, and every kind of work. With the argument "crash" it ends
 * by one; with "again" it has ten arenas, one after the other; with "fork" a child works on as well. */

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/demo.h"

static void
work (GcArena *arena,
      guint    n)
{
  guint n_finalized = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      gc_arena_set_root (arena, demo_chain_new (m, 2000));
      demo_watch_new (m, &n_finalized);
      demo_scribble (m, 2000);
    }
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, n);
}

static gpointer
in_thread (gpointer arena)
{
  work (arena, 300);
  return NULL;
}

/* No thread but this one, or the child would have nobody to unlock GLib. */
static int
work_twice (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  int status = 1;
  pid_t child;

  work (arena, 20);
  child = fork ();
  work (arena, child == 0 ? 40 : 20);
  if (child == 0)
    return 0;
  waitpid (child, &status, 0);
  work (arena, 20);
  return status;
}

int
main (int   argc,
      char *argv[])
{
  GcArena *first, *second;
  GThread *thread;

  g_set_prgname ("a \"busy\" pr\303\266gram");
  if (argc > 1 && strcmp (argv[1], "fork") == 0)
    return work_twice ();
  first = gc_arena_new ();
  second = gc_arena_new ();
  thread = g_thread_new ("second", in_thread, second);
  work (first, 300);
  g_thread_join (thread);
  if (argc > 1 && strcmp (argv[1], "crash") == 0)
    abort ();
  g_object_unref (first);
  g_object_unref (second);
  for (guint i = 0; i < 10 && argc > 1; i++)
    {
      g_autoptr (GcArena) arena = gc_arena_new ();

      work (arena, 3);
    }
  return 0;
}
