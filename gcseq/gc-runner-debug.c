/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where sequences wait: for a person at a terminal or in a debugger. */

#include <pthread.h>
#include <stdlib.h>

#include "gcseq/gc-runner-private.h"

/* A runner is its thread's. Others see its runs under locks, and where these are inside of a scope: it runs, and they end, in
 * scopes alone. The scope comes first, then this lock, then the runner's. Who has these keeps no reference, so that a runner
 * never ends on another thread than its own. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GList *busy;             /* runners that have runs, which have references to them: alive under the lock */

static const GDebugKey keys[] = {
  { "runs", 1 << 0 },
};

/* At the end of the process: runs that nobody will see the end of. */
static void
print_alive (void)
{
  g_autofree char *text = gc_runner_dump_all ();

  g_printerr ("%s", text[0] != '\0' ? text : "GcSeq: no run is left\n");
}

/* Once: with the class. */
void
gc_runner_read_environment (void)
{
  if (g_parse_debug_string (g_getenv ("GCSEQ_DEBUG"), keys, G_N_ELEMENTS (keys)) & keys[0].value)
    atexit (print_alive);
}

/* The number of runs has changed. */
void
gc_runner_list_busy (GcRunner *self)
{
  gboolean is_busy = self->runs->len > 0;

  if (is_busy == (self->link != NULL))
    return;
  pthread_mutex_lock (&lock);
  if (is_busy)
    self->link = busy = g_list_prepend (busy, self);
  else
    {
      busy = g_list_delete_link (busy, self->link);
      self->link = NULL;
    }
  pthread_mutex_unlock (&lock);
}

/* Inside of a scope, or not if there can't be one. Gives how many runs there are. */
static guint
dump (GcRunner *self,
      gboolean  is_in_scope,
      GString  *text)
{
  guint n;

  pthread_mutex_lock (&self->runs_lock);
  n = self->runs->len;
  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (text, "%u: ", i);
      if (is_in_scope)
        gc_run_dump (self->runs->pdata[i], text);
      else
        g_string_append (text, "running");
      g_string_append_c (text, '\n');
    }
  pthread_mutex_unlock (&self->runs_lock);
  return n;
}

/* NULL in a hook, which sees no more than how many there are. */
static GcMutation *
begin (GcArena *arena)
{
  return gc_arena_can_begin (arena) ? gc_arena_begin (arena) : NULL;
}

static void
end (GcMutation *m)
{
  if (m == NULL)
    return;
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

/**
 * gc_runner_dump:
 * @self: a runner
 *
 * Tells which runs have not ended, and where each one is: a line for each, with the sequences that
 * await each other from the innermost outwards. May be called from any thread; waits while another one has a scope of
 * the arena.
 *
 * Returns: (transfer full): the lines
 *
 * Since: 0.1
 */
char *
gc_runner_dump (GcRunner *self)
{
  GcMutation *m;
  GString *text;

  g_return_val_if_fail (GC_IS_RUNNER (self), NULL);

  text = g_string_new (NULL);
  m = begin (self->arena);
  dump (self, m != NULL, text);
  end (m);
  return g_string_free (text, FALSE);
}

/* The arenas of runners that have runs, each once, oldest first, with references. */
static GPtrArray *
list_arenas (void)
{
  GPtrArray *arenas = g_ptr_array_new_with_free_func (g_object_unref);

  pthread_mutex_lock (&lock);
  for (GList *link = g_list_last (busy); link != NULL; link = link->prev)
    {
      GcArena *arena = ((GcRunner *) link->data)->arena;

      if (!g_ptr_array_find (arenas, arena, NULL))
        g_ptr_array_add (arenas, g_object_ref (arena));
    }
  pthread_mutex_unlock (&lock);
  return arenas;
}

/* Those of an arena. */
static void
dump_all (GcArena  *arena,
          gboolean  is_in_scope,
          GString  *text)
{
  pthread_mutex_lock (&lock);
  for (GList *link = g_list_last (busy); link != NULL; link = link->prev)
    {
      GcRunner *runner = link->data;
      g_autoptr (GString) runs = g_string_new (NULL);
      guint n;

      if (runner->arena == arena && (n = dump (runner, is_in_scope, runs)) > 0)
        g_string_append_printf (text, "GcRunner %p: %u runs\n%s", (gpointer) runner, n, runs->str);
    }
  pthread_mutex_unlock (&lock);
}

/**
 * gc_runner_dump_all:
 *
 * Tells of all runners which runs have not ended, and where each one is. To be called from a
 * debugger, for instance:
 *
 * |[
 * (gdb) printf "%s", gc_runner_dump_all ()
 * ]|
 *
 * With `GCSEQ_DEBUG=runs` in the environment it is printed at the end of the process. May be called from any thread, whatever runs
 * on others; waits while another one has a scope of the arena of one of them. (Two threads that call it inside of scopes of
 * two arenas would wait for each other.)
 *
 * Returns: (transfer full): the lines
 *
 * Since: 0.1
 */
char *
gc_runner_dump_all (void)
{
  g_autoptr (GPtrArray) arenas = list_arenas ();
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < arenas->len; i++)
    {
      GcMutation *m = begin (arenas->pdata[i]);

      dump_all (arenas->pdata[i], m != NULL, text);
      end (m);
    }
  return g_string_free (text, FALSE);
}
