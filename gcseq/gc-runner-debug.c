/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where sequences wait: for a person at a terminal or in a debugger. */

#include <pthread.h>
#include <stdlib.h>

#include "gcseq/gc-runner-private.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GList *busy;             /* runners that have runs, which have references to them */

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

/**
 * gc_runner_dump:
 * @self: a runner
 *
 * Tells which runs have not ended, and where each one is: a line for each, with the sequences that
 * await each other from the innermost outwards.
 *
 * Returns: (transfer full): the lines
 *
 * Since: 0.1
 */
char *
gc_runner_dump (GcRunner *self)
{
  GString *text;

  g_return_val_if_fail (GC_IS_RUNNER (self), NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < self->runs->len; i++)
    {
      GcRun *run = self->runs->pdata[i];
      g_autofree char *line = gc_run_describe (run);

      g_string_append_printf (text, "%u: %s", i, line);
      if (run->progress >= 0)
        g_string_append_printf (text, " (%.0f %%%s%s)", run->progress * 100, run->message != NULL ? ", " : "",
                                run->message != NULL ? run->message : "");
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
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
 * With `GCSEQ_DEBUG=runs` in the environment it is printed at the end of the process. Waits while another thread has
 * a scope of the arena of one of them.
 *
 * Returns: (transfer full): the lines
 *
 * Since: 0.1
 */
char *
gc_runner_dump_all (void)
{
  g_autoptr (GPtrArray) alive = g_ptr_array_new_with_free_func (g_object_unref);
  GString *text = g_string_new (NULL);

  pthread_mutex_lock (&lock);
  for (GList *link = g_list_last (busy); link != NULL; link = link->prev)
    g_ptr_array_add (alive, g_object_ref (link->data));
  pthread_mutex_unlock (&lock);
  for (guint i = 0; i < alive->len; i++)
    {
      GcRunner *runner = alive->pdata[i];
      g_autofree char *dump = gc_runner_dump (runner);

      if (dump[0] != '\0')
        g_string_append_printf (text, "GcRunner %p: %u runs\n%s", (gpointer) runner, runner->runs->len, dump);
    }
  return g_string_free (text, FALSE);
}
