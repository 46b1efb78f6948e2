/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The model once more, for several threads that have scopes of one arena at the same time.
 *
 * Each thread has a graph of its own, in the arena and in arrays, and changes no other. But threads hand objects to each other,
 * through mailboxes with a lock, and refer to what they were given. One large array, soon old, has roots of them all.
 * A thread compares its objects with its arrays after each safe point. Between rounds, when all of them rest, one counts
 * what is alive in all graphs and compares that with what the collector says.
 *
 * What each thread does goes by the seed; how they get mixed is chance. */

#include "gcobj/gc-arena-private.h"
#include "mutator.h"

/* ---- a thread ---- */

static GC_MAY_COLLECT void
session (Thread     *self,
         GcMutation *m)
{
  GC_ROOT (m, MutBase, one);
  GC_ROOT (m, MutBase, two);
  GC_ROOT (m, MutBase, three);
  GC_ROOT (m, MutBase, four);
  MutBase **locals[N_LOCALS] = { &one, &two, &three, &four };
  guint n = 1 + mutator_pick (self, 60);

  memcpy (self->locals, locals, sizeof locals);
  mutator_walk (self);
  while (n-- > 0 && self->n_ops > 0)
    {
      self->n_ops--;
      if (mutator_pick (self, 8) == 0)
        {
          if (!gc_mutation_safepoint (m))
            mutator_fail (self, "no safe point");
          mutator_walk (self);
        }
      else if (mutator_pick (self, 16) == 0)
        {
          g_autoptr (GcMutation) inner = gc_arena_begin (self->model->arena);

          mutator_operate (self, mutator_pick (self, 2) == 0 ? m : inner);
        }
      else
        mutator_operate (self, m);
    }
  memset (self->locals, 0, sizeof self->locals);
  memset (self->local_words, 0, sizeof self->local_words);
}

/* A slice of a minor collection, or of more. */
static void
collect_young (Thread *self)
{
  GcArena *arena = self->model->arena;
  GcHeap *heap = &arena->heap;
  GcBudget budget = { 0, 1 + mutator_pick (self, 300) };
  GcPauseKind kind;
  gboolean has_dead;

  gc_arena_take_hold (arena);
  if (gc_minor_is_possible (heap))
    gc_minor_start (heap);
  if (heap->is_minor)
    gc_heap_advance (heap, &budget, &kind);
  has_dead = gc_heap_has_dead (heap);
  gc_arena_release_hold (arena);
  gc_arena_after_hold (arena, has_dead, FALSE);
}

/* What asks for a pause, or for all others to stop. */
static void
work_outside (Thread *self)
{
  GcArena *arena = self->model->arena;
  g_autoptr (GcStats) stats = NULL;
  guint i;

  switch (mutator_pick (self, 40))
    {
    case 0:
      gc_arena_collect (arena);
      break;
    case 1:
      gc_arena_start_cycle (arena);
      break;
    case 2:
      gc_arena_start_sweeping (arena);
      break;
    case 3:
      gc_arena_finish_cycle (arena);
      break;
    case 4:
      stats = gc_arena_get_stats (arena);
      break;
    case 5:
      i = mutator_pick (self, N_REFS);
      g_clear_pointer (&self->refs[i], gc_object_unref);
      break;
    case 6:
      {
        /* From a scope, and so from the midst of the others'. */
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        g_autoptr (GListModel) census = NULL;

        mutator_walk (self);
        census = gc_arena_take_census (arena, NULL);
        if (census == NULL || g_list_model_get_n_items (census) == 0)
          mutator_fail (self, "a census is empty");
        mutator_walk (self);
      }
      break;
    case 7:
    case 8:
    case 9:
    case 10:
      collect_young (self);
      break;
    default:
      gc_arena_step_units (arena, 1 + mutator_pick (self, 300));
    }
}

static void *
run_thread (gpointer data)
{
  Thread *self = data;
  const MutatorOptions *options = self->model->options;

  for (guint round = 0; round < options->n_rounds; round++)
    {
      pthread_barrier_wait (&self->model->barrier);
      self->n_ops = options->n_ops;
      while (self->n_ops > 0)
        {
          {
            g_autoptr (GcMutation) m = gc_arena_begin (self->model->arena);

            session (self, m);
          }
          if (mutator_pick (self, 3) == 0)
            work_outside (self);
        }
      pthread_barrier_wait (&self->model->barrier);
    }
  return NULL;
}

/* ---- while all rest ---- */

static void
count_word (Model   *model,
            Thread  *thread,
            Word     word,
            GArray  *grey)
{
  Node *node;

  if (word == 0)
    return;
  if (!(word & FOREIGN))
    word = mutator_foreign (thread, word);
  thread = &model->threads[(word & ~FOREIGN) >> OWNER_SHIFT];
  node = &thread->nodes[word & ID_MASK];
  if (node->reached == model->count)
    return;
  node->reached = model->count;
  model->n_alive++;
  if (atomic_load (&thread->n_finalized[word & ID_MASK]) != 0)
    mutator_fail (thread, "object %u was finalized and is reachable", word & ID_MASK);
  g_array_append_val (grey, word);
}

static void
check_all (Model *model)
{
  g_autoptr (GArray) grey = g_array_new (FALSE, FALSE, sizeof (Word));
  g_autoptr (GcStats) stats = NULL;
  g_autoptr (GError) error = NULL;
  const guint n_threads = model->options->n_threads;
  /* A table has storage of its own, or not. Strings may be interned as long as nothing is collected. */
  const guint n_least = 2 + MUTATORS_MAX, n_most = n_least + MUTATORS_MAX;

  model->count++;
  model->n_alive = 0;
  for (guint i = 0; i < N_MAILBOXES; i++)
    count_word (model, NULL, model->mail[i], grey);
  for (guint t = 0; t < n_threads; t++)
    {
      Thread *thread = &model->threads[t];

      for (guint i = 0; i < N_ROOTS; i++)
        count_word (model, thread, thread->roots[i], grey);
      for (guint i = 0; i < N_REFS; i++)
        if (thread->refs[i] != NULL)
          count_word (model, thread, thread->ref_ids[i], grey);
    }
  while (grey->len > 0)
    {
      Word word = g_array_index (grey, Word, grey->len - 1);
      Thread *thread = &model->threads[(word & ~FOREIGN) >> OWNER_SHIFT];
      Node *node = &thread->nodes[word & ID_MASK];

      g_array_set_size (grey, grey->len - 1);
      for (guint i = 0; i < node->n; i++)
        count_word (model, thread, *mutator_word (thread, node, i), grey);
      count_word (model, thread, node->value, grey);
    }

  if (!gc_arena_verify (model->arena, &error))
    mutator_fail (&model->threads[0], "%s", error->message);
  stats = gc_arena_get_stats (model->arena);
  if (stats->live_objects < model->n_alive + n_least || stats->live_objects > model->n_alive + n_most)
    mutator_fail (&model->threads[0], "%" G_GUINT64_FORMAT " objects are alive instead of %" G_GUINT64_FORMAT " and %u to %u",
          stats->live_objects, model->n_alive, n_least, n_most);
}

static void
begin (Model                *model,
       const MutatorOptions *options)
{
  g_autoptr (GcPacing) pacing = gc_pacing_new ();

  *model = (Model) { .options = options };
  model->arena = gc_arena_new ();
  gc_arena_set_zeal (model->arena, options->zeal);
  pacing->min_sleep = (gsize) 1 << (12 + options->seed % 8);
  /* Most runs have minor collections, whose nursery is usually larger than all that a run makes. */
  if (options->seed % 3 != 0)
    {
      GcHeap *heap = &model->arena->heap;

      pacing->min_sleep <<= 10;
      heap->nursery = (gsize) 1 << (9 + options->seed % 7);
      heap->is_always_generational = TRUE;
      gc_generations_set (heap, TRUE);
    }
  gc_arena_set_pacing (model->arena, pacing);
  pthread_barrier_init (&model->barrier, NULL, options->n_threads + 1);
  pthread_mutex_init (&model->mail_lock, NULL);
  for (guint i = 0; i < options->n_threads; i++)
    {
      Thread *thread = &model->threads[i];

      thread->model = model;
      thread->number = i;
      thread->rng = (options->seed * MUTATORS_MAX + i) * 0xD1342543DE82EF95 + 1;
      thread->nodes = g_new0 (Node, MAX_NODES);
      thread->n_finalized = g_new0 (atomic_uchar, MAX_NODES);
      thread->n_nodes = 1;
      thread->words = g_array_new (FALSE, TRUE, sizeof (Word));
      thread->met = g_array_new (FALSE, FALSE, sizeof (guint32));
    }
  {
    g_autoptr (GcMutation) m = gc_arena_begin (model->arena);
    MutTail *hub = gc_new_with_tail (m, MutTail, 1 + MUTATORS_MAX + MUTATORS_MAX * N_ROOTS);

    gc_set (hub, items[0], (MutBase *) gc_new_with_tail (m, MutTail, N_MAILBOXES));
    for (guint i = 0; i < MUTATORS_MAX; i++)
      gc_set (hub, items[1 + i], (MutBase *) gc_table_new (m, GC_TABLE_WEAK_KEYS));
    gc_arena_set_root (model->arena, hub);
  }
}

static void
end (Model *model)
{
  for (guint i = 0; i < model->options->n_threads; i++)
    for (guint k = 0; k < N_REFS; k++)
      g_clear_pointer (&model->threads[i].refs[k], gc_object_unref);
  g_object_add_weak_pointer (G_OBJECT (model->arena), (gpointer *) &model->arena);
  g_object_unref (model->arena);
  if (model->arena != NULL)
    mutator_fail (&model->threads[0], "something keeps the arena");
  for (guint i = 0; i < model->options->n_threads; i++)
    {
      Thread *thread = &model->threads[i];
      guint n_finalized = 0;

      for (guint id = 1; id < thread->n_nodes; id++)
        n_finalized += atomic_load (&thread->n_finalized[id]);
      if (n_finalized != thread->n_fins)
        mutator_fail (thread, "%u of %u objects were finalized", n_finalized, thread->n_fins);
      g_free (thread->nodes);
      g_free (thread->n_finalized);
      g_array_unref (thread->words);
      g_array_unref (thread->met);
    }
  pthread_barrier_destroy (&model->barrier);
  pthread_mutex_destroy (&model->mail_lock);
}

void
mutators_run (const MutatorOptions *options)
{
  pthread_t threads[MUTATORS_MAX];
  Model model;

  g_assert_cmpuint (options->n_threads, <=, MUTATORS_MAX);
  begin (&model, options);
  for (guint i = 0; i < options->n_threads; i++)
    if (pthread_create (&threads[i], NULL, run_thread, &model.threads[i]) != 0)
      g_error ("mutators: no thread");
  for (guint round = 0; round < options->n_rounds; round++)
    {
      pthread_barrier_wait (&model.barrier);
      pthread_barrier_wait (&model.barrier);
      check_all (&model);
    }
  for (guint i = 0; i < options->n_threads; i++)
    pthread_join (threads[i], NULL);
  end (&model);
}
