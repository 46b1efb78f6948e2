/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-runner-private.h"

/**
 * SECTION:gc-runner
 * @Title: GcRunner
 * @Short_description: Runs sequences, on a main context or by hand
 *
 * |[<!-- language="C" -->
 * static void
 * on_done (GObject *source, GAsyncResult *result, gpointer data)
 * {
 *   g_autoptr (GError) error = NULL;
 *   g_autoptr (GcObject) object = gc_runner_run_finish (GC_RUNNER (source), result, &error);
 *
 *   if (error != NULL)
 *     g_warning ("%s", error->message);
 * }
 *
 * static void
 * demo_start (GcRunner *runner, GcMutation *m)
 * {
 *   gc_runner_run_async (runner, gc_sequence_sleep (m, 1000), NULL, on_done, NULL);
 * }
 * ]|
 *
 * A runner runs sequences of one arena, in the main context that was the thread's default when it was made.
 * Sequences take turns of 64 steps; a dispatch ends after #GcRunner:budget-steps steps or
 * #GcRunner:budget-us microseconds, so that one that never ends keeps neither the others nor the main loop from
 * their work. Between two steps the collector is paid. A runner whose sequences all wait uses no processor time.
 *
 * gc_runner_run_async() is the way of GNOME programs; gc_runner_run() waits for the result, and
 * gc_runner_step() is for hosts with a loop of their own.
 *
 * All functions but gc_runner_dump() are to be called on the thread that iterates the main context. A nested main loop inside of a
 * step makes the runner's sequences pause.
 *
 * A runner is a #GListModel of #GcRun, those that have not ended.
 */

#define BUDGET_STEPS 4096       /* 0.1 ms of small steps: other sources wait no longer */
#define BUDGET_US    2000       /* a frame at 60 Hz has 16 ms */
#define CLOCK_TURNS  8          /* between two looks at the clock */
#define MAX_ENDED    256        /* runs that end in one dispatch: to tell of one takes a microsecond */

/**
 * GcRunner:
 *
 * Runs sequences.
 *
 * Since: 0.1
 */
static void gc_runner_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GcRunner, gc_runner, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, gc_runner_list_model_init))

enum
{
  PROP_0,
  PROP_ARENA,
  PROP_PRIORITY,
  PROP_BUDGET_STEPS,
  PROP_BUDGET_US,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return GC_TYPE_RUN;
}

static guint
get_n_items (GListModel *model)
{
  return GC_RUNNER (model)->runs->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GPtrArray *runs = GC_RUNNER (model)->runs;

  return position < runs->len ? g_object_ref (runs->pdata[position]) : NULL;
}

static void
gc_runner_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
gc_runner_init (GcRunner *self)
{
  self->budget_steps = BUDGET_STEPS;
  self->budget_us = BUDGET_US;
  self->runs = g_ptr_array_new_with_free_func (g_object_unref);
  pthread_mutex_init (&self->runs_lock, NULL);
  self->ended = g_ptr_array_new ();
  self->news = g_ptr_array_new ();
  self->main_context = g_main_context_ref_thread_default ();
  self->source = gc_runner_source_new (self);
  self->hub = gc_hub_new (self->source);
  self->m = gc_mutation_new_lent_ ();
  self->context = gc_step_context_new (self, self->m);
}

static void
gc_runner_constructed (GObject *object)
{
  GcRunner *self = GC_RUNNER (object);

  if (self->arena == NULL)
    self->arena = gc_arena_new ();
  if (gc_mutation_can_open_ ())
    {
      gc_mutation_open_ (self->m, self->arena);
      self->home = gc_object_ref (gc_home_new (self->m, self));
      gc_mutation_close_ (self->m);
    }
  if (self->home != NULL)
    g_source_attach (self->source, self->main_context);
  else
    g_critical ("gcseq: a runner made by a finalizer or a listener runs nothing");
  G_OBJECT_CLASS (gc_runner_parent_class)->constructed (object);
}

/* Runs refer to their runner: none is left. */
static void
gc_runner_finalize (GObject *object)
{
  GcRunner *self = GC_RUNNER (object);

  g_source_destroy (self->source);
  g_source_unref (self->source);
  gc_step_context_free (self->context);
  gc_mutation_free_lent_ (self->m);
  if (self->home != NULL)
    {
      self->home->runner = NULL;
      gc_object_unref (self->home);
    }
  gc_hub_unref (self->hub);
  gc_timers_clear (&self->timers);
  g_ptr_array_unref (self->runs);
  pthread_mutex_destroy (&self->runs_lock);
  g_ptr_array_unref (self->ended);
  g_ptr_array_unref (self->news);
  g_main_context_unref (self->main_context);
  g_object_unref (self->arena);
  G_OBJECT_CLASS (gc_runner_parent_class)->finalize (object);
}

static void
gc_runner_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  GcRunner *self = GC_RUNNER (object);

  switch (id)
    {
    case PROP_ARENA:
      g_value_set_object (value, self->arena);
      break;
    case PROP_PRIORITY:
      g_value_set_int (value, g_source_get_priority (self->source));
      break;
    case PROP_BUDGET_STEPS:
      g_value_set_uint (value, self->budget_steps);
      break;
    case PROP_BUDGET_US:
      g_value_set_uint (value, self->budget_us);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
gc_runner_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  GcRunner *self = GC_RUNNER (object);

  switch (id)
    {
    case PROP_ARENA:
      self->arena = g_value_dup_object (value);
      break;
    case PROP_PRIORITY:
      gc_runner_set_priority (self, g_value_get_int (value));
      break;
    case PROP_BUDGET_STEPS:
      gc_runner_set_budget_steps (self, g_value_get_uint (value));
      break;
    case PROP_BUDGET_US:
      gc_runner_set_budget_us (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
gc_runner_class_init (GcRunnerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  gc_sequence_error_quark ();   /* see gc-sequence-enums.c */
  gc_runner_read_environment ();
  object_class->constructed = gc_runner_constructed;
  object_class->finalize = gc_runner_finalize;
  object_class->get_property = gc_runner_get_property;
  object_class->set_property = gc_runner_set_property;

  /**
   * GcRunner:arena:
   *
   * The arena whose sequences it runs. Where none is given, it makes one.
   *
   * Since: 0.1
   */
  properties[PROP_ARENA] =
    g_param_spec_object ("arena", "Arena", "The arena whose sequences it runs", GC_TYPE_ARENA,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * GcRunner:priority:
   *
   * The priority among the sources of the main context.
   *
   * Since: 0.1
   */
  properties[PROP_PRIORITY] =
    g_param_spec_int ("priority", "Priority", "The priority among the sources of the main context",
                      G_MININT, G_MAXINT, G_PRIORITY_DEFAULT,
                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * GcRunner:budget-steps:
   *
   * How many steps one dispatch runs at most.
   *
   * Since: 0.1
   */
  properties[PROP_BUDGET_STEPS] =
    g_param_spec_uint ("budget-steps", "Budget in steps", "How many steps one dispatch runs at most",
                       1, G_MAXUINT, BUDGET_STEPS,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * GcRunner:budget-us:
   *
   * How long one dispatch runs at most, in microseconds. A step that takes longer is not cut short.
   *
   * Since: 0.1
   */
  properties[PROP_BUDGET_US] =
    g_param_spec_uint ("budget-us", "Budget in time", "How many microseconds one dispatch runs at most",
                       1, G_MAXUINT, BUDGET_US,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

/**
 * gc_runner_new:
 * @arena: an arena
 *
 * Makes a runner for sequences of @arena. It runs in the thread's default main context.
 *
 * Returns: (transfer full): the runner
 *
 * Since: 0.1
 */
GcRunner *
gc_runner_new (GcArena *arena)
{
  g_return_val_if_fail (GC_IS_ARENA (arena), NULL);

  return g_object_new (GC_TYPE_RUNNER, "arena", arena, NULL);
}

static void
fire_timers (GcRunner *self)
{
  guint32 cell;
  gint64 now;

  if (self->timers.n == 0)
    return;
  now = g_get_monotonic_time ();
  while (gc_timers_pop (&self->timers, self->hub, now, &cell))
    {
      GcStrand *strand = gc_home_at (self->home, cell);

      if (strand != NULL)
        gc_strand_wake (strand);
    }
}

/* The last one takes its place, so that nothing is moved. */
static void
remove_run (GcRunner *self,
            GcRun    *run)
{
  guint position = run->position;
  guint n = self->runs->len;

  pthread_mutex_lock (&self->runs_lock);
  g_ptr_array_remove_index_fast (self->runs, position);
  pthread_mutex_unlock (&self->runs_lock);
  if (position < self->runs->len)
    ((GcRun *) self->runs->pdata[position])->position = position;
  gc_runner_source_update (self);
  gc_runner_list_busy (self);
  g_list_model_items_changed (G_LIST_MODEL (self), position, n - position, n - 1 - position);
}

/* Takes the next of a list that is read from its beginning; NULL once it is empty. */
static GcRun *
take_next (GPtrArray *list,
           guint     *n_taken)
{
  if (*n_taken < list->len)
    return list->pdata[(*n_taken)++];
  g_ptr_array_set_size (list, 0);
  *n_taken = 0;
  return NULL;
}

/* Outside of the scope: user code may do anything here, also run this runner, which then goes on
 * with the lists where we are. */
static void
tell (GcRunner *self)
{
  GcRun *run;

  while ((run = take_next (self->news, &self->n_news_told)) != NULL)
    gc_run_tell_progress (run);
  while ((run = take_next (self->ended, &self->n_ended_told)) != NULL)
    {
      g_object_ref (run);
      remove_run (self, run);
      gc_run_tell (run);
      g_object_unref (run);
    }
}

/* Runs what is ready, at most so many steps and until then, in monotonic time. */
void
gc_runner_iterate (GcRunner *self,
                   guint64   max_steps,
                   gint64    until)
{
  guint64 end = self->n_steps + max_steps;
  guint n_turns = 0;
  GcStrand *strand;

  g_object_ref (self);
  self->is_dispatching = TRUE;
  gc_hub_wake_up (self->hub);
  gc_mutation_open_ (self->m, self->arena);
  self->context->step.is_active = TRUE;
  fire_timers (self);
  for (;;)
    {
      gc_home_drain (self->home);
      if (self->n_steps >= end || self->ended->len >= MAX_ENDED ||
          (strand = gc_home_dequeue (self->home)) == NULL)
        break;
      strand = gc_strand_run (strand, self, end - self->n_steps);
      if (strand != NULL)
        gc_home_enqueue (self->home, strand);
      if (++n_turns % CLOCK_TURNS == 0 && g_get_monotonic_time () >= until)
        break;
    }
  self->context->step.is_active = FALSE;
  gc_mutation_close_ (self->m);
  self->is_dispatching = FALSE;
  gc_runner_sleep (self);
  tell (self);
  g_object_unref (self);
}

/**
 * gc_runner_get_arena:
 * @self: a runner
 *
 * Gives the arena whose sequences it runs.
 *
 * Returns: (transfer none): the arena
 *
 * Since: 0.1
 */
GcArena *
gc_runner_get_arena (GcRunner *self)
{
  g_return_val_if_fail (GC_IS_RUNNER (self), NULL);

  return self->arena;
}

/**
 * gc_runner_get_priority:
 * @self: a runner
 *
 * Gives its priority in the main context.
 *
 * Returns: the priority
 *
 * Since: 0.1
 */
int
gc_runner_get_priority (GcRunner *self)
{
  g_return_val_if_fail (GC_IS_RUNNER (self), G_PRIORITY_DEFAULT);

  return g_source_get_priority (self->source);
}

/**
 * gc_runner_set_priority:
 * @self: a runner
 * @priority: a priority, such as %G_PRIORITY_DEFAULT
 *
 * Sets its priority in the main context.
 *
 * Since: 0.1
 */
void
gc_runner_set_priority (GcRunner *self,
                        int       priority)
{
  g_return_if_fail (GC_IS_RUNNER (self));

  if (g_source_get_priority (self->source) == priority)
    return;
  g_source_set_priority (self->source, priority);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRIORITY]);
}

/**
 * gc_runner_get_budget_steps:
 * @self: a runner
 *
 * Gives how many steps one dispatch runs at most.
 *
 * Returns: the number of steps
 *
 * Since: 0.1
 */
guint
gc_runner_get_budget_steps (GcRunner *self)
{
  g_return_val_if_fail (GC_IS_RUNNER (self), 0);

  return self->budget_steps;
}

/**
 * gc_runner_set_budget_steps:
 * @self: a runner
 * @steps: a number of steps, 1 or more
 *
 * Sets how many steps one dispatch runs at most.
 *
 * Since: 0.1
 */
void
gc_runner_set_budget_steps (GcRunner *self,
                            guint     steps)
{
  g_return_if_fail (GC_IS_RUNNER (self));
  g_return_if_fail (steps > 0);

  if (self->budget_steps == steps)
    return;
  self->budget_steps = steps;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUDGET_STEPS]);
}

/**
 * gc_runner_get_budget_us:
 * @self: a runner
 *
 * Gives how long one dispatch runs at most.
 *
 * Returns: a time in microseconds
 *
 * Since: 0.1
 */
guint
gc_runner_get_budget_us (GcRunner *self)
{
  g_return_val_if_fail (GC_IS_RUNNER (self), 0);

  return self->budget_us;
}

/**
 * gc_runner_set_budget_us:
 * @self: a runner
 * @microseconds: a time in microseconds, 1 or more
 *
 * Sets how long one dispatch runs at most. A step that takes longer is not cut short.
 *
 * Since: 0.1
 */
void
gc_runner_set_budget_us (GcRunner *self,
                         guint     microseconds)
{
  g_return_if_fail (GC_IS_RUNNER (self));
  g_return_if_fail (microseconds > 0);

  if (self->budget_us == microseconds)
    return;
  self->budget_us = microseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUDGET_US]);
}

/**
 * gc_runner_get_n_steps:
 * @self: a runner
 *
 * Gives how many steps it has run so far.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint64
gc_runner_get_n_steps (GcRunner *self)
{
  g_return_val_if_fail (GC_IS_RUNNER (self), 0);

  return self->n_steps;
}

/**
 * gc_runner_get_n_runs:
 * @self: a runner
 *
 * Gives how many runs have not ended.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
gc_runner_get_n_runs (GcRunner *self)
{
  g_return_val_if_fail (GC_IS_RUNNER (self), 0);

  return self->runs->len;
}
