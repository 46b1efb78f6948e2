/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A run: one seed from an empty arena to its end. */

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "model.h"

/* The thread's run, whose finalizers are called, and which a crash is told of. */
static _Thread_local Run *current;

static void
describe (char  *text,
          gsize  size)
{
  g_snprintf (text, size, "model: seed %" G_GUINT64_FORMAT ", operation %u of %u, zeal 0x%x "
              "(repeat with --seed %" G_GUINT64_FORMAT " --ops %u --zeal 0x%x)\n",
              current->options->seed, current->n_ops, current->options->n_ops, current->options->zeal,
              current->options->seed, current->options->n_ops, current->options->zeal);
}

void
model_fail (Run        *run,
            const char *format,
            ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("model: %s\n", text);
  abort ();
}

static struct sigaction previous[NSIG];

#define RUN_SECONDS 120         /* a run takes a fraction of one; under Valgrind some */

/* A crash, a run that does not end, or a critical warning, which is a crash in tests:
 * tells the seed. */
static void
on_crash (int signal_number)
{
  char text[256];

  sigaction (signal_number, &previous[signal_number], NULL);
  if (current != NULL)
    {
      describe (text, sizeof text);
      if (write (STDERR_FILENO, text, strlen (text)) < 0)
        _exit (1);
    }
  raise (signal_number);
}

static void
catch_crashes (void)
{
  static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGFPE, SIGILL, SIGALRM };
  static gboolean is_done;
  struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_NODEFER };

  if (is_done)
    return;
  is_done = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &action, &previous[signals[i]]);
}

static void
on_finalized (guint32  id,
              gboolean is_intact)
{
  Run *run = current;
  Node *node;

  if (id == 0 || id >= run->nodes->len)
    model_fail (run, "something that is object %u was finalized", id);
  node = model_node_of (run, id);
  if (!is_intact)
    model_fail (run, "object %u (%s) was broken when it was finalized", id, node->kind->name);
  if (!(node->kind->flags & KIND_FIN) || node->is_abandoned)
    model_fail (run, "object %u (%s) has no finalizer and was finalized", id, node->kind->name);
  if (node->n_finalized++ > 0)
    model_fail (run, "object %u (%s) was finalized twice", id, node->kind->name);
  run->figures.finalized++;
}

static void
choose_profile (Run *run)
{
  static const guint targets[] = { 20, 100, 300, 300, 1000, 3000 };
  static const guint lengths[] = { 10, 40, 40, 100, 200 };
  static const guint units[] = { 3, 30, 200, 1000 };
  guint favourite;

  run->target = targets[model_pick (run, G_N_ELEMENTS (targets))];
  run->scope_length = lengths[model_pick (run, G_N_ELEMENTS (lengths))];
  run->step_units = units[model_pick (run, G_N_ELEMENTS (units))];
  /* In every other run one kind is much more common. */
  favourite = model_pick (run, model_n_kinds * 2);
  for (guint i = 0; i < model_n_kinds; i++)
    {
      run->weights[i] = model_kinds[i].weight + (i == favourite ? 40 : 0);
      run->sum_of_weights += run->weights[i];
    }
  run->has_containers = model_chance (run, 2);
  run->has_watchers = model_chance (run, 2);
  run->has_peers = run->has_containers && model_chance (run, 2);
  run->is_timed = model_chance (run, 4);
  run->is_moving = (run->options->zeal & GC_ZEAL_RELOCATE) != 0;
}

/* Owed work is paid at safe points by time, which can't be repeated: most runs
 * owe nothing and step by hand. */
static void
set_pacing (Run *run)
{
  g_autoptr (GcPacing) pacing = gc_pacing_new ();

  if (run->is_timed)
    {
      pacing->min_sleep = 1 << (8 + model_pick (run, 10));
      pacing->sleep_factor = model_pick (run, 3) * 0.5;
    }
  else
    pacing->min_sleep = G_MAXSSIZE;
  gc_arena_set_pacing (run->arena, pacing);
}

static void
begin (Run                *run,
       const ModelOptions *options)
{
  Node none = { 0 };
  Word word = 0;

  *run = (Run) { .options = options, .rng = options->seed * 0xD1342543DE82EF95 + 1 };
  run->nodes = g_array_new (FALSE, TRUE, sizeof (Node));
  run->words = g_array_new (FALSE, TRUE, sizeof (Word));
  run->rooted = g_array_new (FALSE, TRUE, sizeof (Rooted));
  run->externals = g_array_new (FALSE, TRUE, sizeof (guint32));
  run->unsettled = g_array_new (FALSE, TRUE, sizeof (guint32));
  run->reach = g_array_new (FALSE, TRUE, sizeof (guint32));
  run->lost = g_array_new (FALSE, TRUE, sizeof (guint32));
  run->weak = g_array_new (FALSE, TRUE, sizeof (guint32));
  run->ghosts = g_array_new (FALSE, TRUE, sizeof (guint32));
  run->root_sets = g_array_new (FALSE, TRUE, sizeof (guint32));
  run->watchers = g_array_new (FALSE, TRUE, sizeof (guint32));
  run->tables = g_array_new (FALSE, TRUE, sizeof (guint32));
  run->peers = g_array_new (FALSE, TRUE, sizeof (guint32));
  run->kept = g_array_new (FALSE, TRUE, sizeof (guint32));
  g_array_append_val (run->nodes, none);
  g_array_append_val (run->words, word);
  current = run;
  model_finalized = on_finalized;
  catch_crashes ();
  alarm (RUN_SECONDS);

  choose_profile (run);
  run->arena = gc_arena_new ();
  gc_arena_set_zeal (run->arena, options->zeal);
  set_pacing (run);
  model_begin_minors (run);
}

/* The arena's end finalizes what is left, whatever its state. */
static void
end (Run *run)
{
  GArray *arrays[] = {
    run->nodes, run->words, run->rooted, run->externals, run->unsettled, run->reach, run->lost, run->weak,
    run->ghosts, run->root_sets, run->tables,
    run->watchers, run->peers, run->kept
  };

  while (run->externals->len > 0)
    model_drop_ref (run);
  g_object_add_weak_pointer (G_OBJECT (run->arena), (gpointer *) &run->arena);
  g_object_unref (run->arena);
  if (run->arena != NULL)
    model_fail (run, "something keeps the arena");
  for (guint id = 1; id < run->nodes->len; id++)
    {
      const Node *node = model_node_of (run, id);

      if (node->kind->flags & KIND_FIN && node->n_finalized != !node->is_abandoned)
        model_fail (run, "in the end object %u (%s) was finalized %u times", id, node->kind->name,
                    node->n_finalized);
    }
  if (run->n_notified != run->n_deferred)
    model_fail (run, "%u of %u deferred notifies ran", run->n_notified, run->n_deferred);
  alarm (0);
  current = NULL;
  for (guint id = 1; id < run->nodes->len; id++)
    {
      const Node *node = model_node_of (run, id);

      if (node->kind->ops != NULL)
        node->kind->ops->free (node->extra);
    }
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_array_unref (arrays[i]);
}

void
model_run (const ModelOptions *options,
           ModelFigures       *figures)
{
  guint next_check = 500;
  Run run;

  begin (&run, options);
  if (options->verbose)
    g_print ("# seed %" G_GUINT64_FORMAT ": target %u, scopes of %u, steps of %u%s\n", options->seed,
             run.target, run.scope_length, run.step_units, run.is_timed ? ", timed" : "");
  while (run.n_ops < options->n_ops)
    {
      guint n = model_pick (&run, 4);

      model_scope (&run);
      while (n-- > 0 && run.n_ops < options->n_ops)
        model_outside (&run);
      if (run.n_ops >= next_check)
        {
          model_check (&run);
          next_check = run.n_ops + 500 + model_pick (&run, 2000);
        }
    }
  /* Some arenas end in the middle of a cycle. */
  if (!model_chance (&run, 4))
    model_check (&run);
  end (&run);

  if (figures != NULL)
    {
      guint64 *to = (guint64 *) figures;
      const guint64 *from = (const guint64 *) &run.figures;

      for (guint i = 0; i < sizeof *figures / sizeof *to; i++)
        to[i] += from[i];
    }
}
