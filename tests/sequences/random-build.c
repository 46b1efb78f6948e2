/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Builds a program of sequences. Contexts of functions are the numbers of nodes. */

#include "random.h"

static Program *program;        /* the one that runs */

static Node *
node_of (gpointer context)
{
  return &program->nodes[gc_untag_int (context)];
}

static void
leave_trace (const Node *node)
{
  Trace trace = { node->strand, node->id, program->now };

  g_array_append_val (program->traces, trace);
}

static GError *
error_new (int code)
{
  return g_error_new (G_IO_ERROR, code, "error %d", code);
}

int
error_to_code (const GError *error)
{
  if (error == NULL)
    return 0;
  if (g_error_matches (error, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_ALL_FAILED))
    return CODE_ALL_FAILED;
  if (error->domain != G_IO_ERROR)
    g_error ("unexpected: %s", error->message);
  return error->code;
}

static GcSequence *build (GcMutation *m, const Node *node);

/* Leaves */

static void
begin_delay (GcStep *step,
             gint64  due)
{
  Timer timer = { due, { 0 } };

  gc_step_init_waker (step, &timer.waker);
  g_array_append_val (program->timers, timer);
}

GC_DEFINE_COROUTINE (RandomLeaf, random_leaf, GC_PARAM (int, id) GC_LOCAL (int, i) GC_LOCAL (gint64, due))

GC_COROUTINE_BODY (RandomLeaf, random_leaf)
{
#define NODE (&program->nodes[self->id])
  GC_BEGIN ();
  if (NODE->kind == NODE_STEPS)
    for (self->i = 0; self->i < NODE->number; self->i++)
      GC_PAUSE ();
  else
    {
      self->due = program->now + NODE->number;
      begin_delay (step, self->due);
      while (program->now < self->due)
        GC_WAIT ();
    }
  leave_trace (NODE);
  if (NODE->code != 0)
    GC_THROW (G_IO_ERROR, NODE->code, "error %d", NODE->code);
  GC_RETURN (INT (NODE->number));
  GC_END ();
#undef NODE
}

/* Functions */

static gpointer
map (GcMutation  *m,
     gpointer     value,
     gpointer     context,
     GError     **error)
{
  Result result = apply_map (node_of (context), gc_untag_int (value));

  if (result.code != 0)
    g_propagate_error (error, error_new (result.code));
  return INT (result.value);
}

static void
inspect (GcMutation  *m,
         gpointer     value,
         gpointer     context,
         GError     **error)
{
  leave_trace (node_of (context));
}

static GError *
map_error (GcMutation   *m,
           const GError *error,
           gpointer      context)
{
  int code = error_to_code (error), mapped = apply_map_error (code);

  leave_trace (node_of (context));
  return mapped == code ? NULL : error_new (mapped);
}

static gpointer
plus (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  return INT (fold (gc_untag_int (value) + gc_untag_int (context)));
}

static GcSequence *
then (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  leave_trace (node_of (context));
  return gc_sequence_map (m, build (m, node_of (context)->children[1]), plus, value);
}

/* For flatten: the sequence as a result. */
static gpointer
wrap (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  leave_trace (node_of (context));
  return build (m, node_of (context)->children[1]);
}

static GcSequence *
catch_error (GcMutation    *m,
             const GError  *caught,
             gpointer       context,
             GError       **error)
{
  leave_trace (node_of (context));
  return build (m, node_of (context)->children[1]);
}

static GcSequence *
defer (GcMutation  *m,
       gpointer     context,
       GError     **error)
{
  leave_trace (node_of (context));
  return build (m, node_of (context)->children[0]);
}

/* What a clean-up awaits: says that it began. */
static GcSequence *
begin_cleaning (GcMutation  *m,
                gpointer     context,
                GError     **error)
{
  program->cleaning[node_of (context)->id]++;
  return build (m, node_of (context)->children[1]);
}

static GcSequence *
clean_up (GcMutation  *m,
          gpointer     context,
          GError     **error)
{
  Node *node = node_of (context);

  program->cleaned[node->id]++;
  leave_trace (node);
  return node->n == 2 ? gc_sequence_defer (m, begin_cleaning, context) : NULL;
}

/* The body under a clean-up: says that it began. */
static GcSequence *
begin_body (GcMutation  *m,
            gpointer     context,
            GError     **error)
{
  program->begun[node_of (context)->id]++;
  return build (m, node_of (context)->children[0]);
}

/* Joins */

static Result
outcome_of (GcOutcome *outcome)
{
  g_autoptr (GError) error = NULL;
  gpointer value = gc_outcome_get_result (outcome, &error);

  return (Result) { error_to_code (error), error != NULL ? 0 : gc_untag_int (value) };
}

/* What a join ends with as a number. */
static gpointer
count (GcMutation  *m,
       gpointer     value,
       gpointer     context,
       GError     **error)
{
  Node *node = node_of (context);
  gint64 sum = 0;

  if (node->kind == NODE_SELECT)
    return INT (fold (gc_outcome_get_index (value) * 1000 + apply_join (node, 0, outcome_of (value))));
  for (guint i = 0; i < gc_array_get_length (value); i++)
    {
      gpointer item = gc_array_get (value, i);

      sum += apply_join (node, i, gc_is_tagged (item) ? (Result) { 0, gc_untag_int (item) } : outcome_of (item));
    }
  return INT (fold (sum));
}

GC_DEFINE_COROUTINE (RandomSource, random_source, GC_PARAM (int, id) GC_LOCAL (guint, i))

GC_COROUTINE_BODY (RandomSource, random_source)
{
  GC_BEGIN ();
  for (self->i = 0; self->i < program->nodes[self->id].n; self->i++)
    {
      if (self->i % 2 == 0)
        GC_PAUSE ();
      GC_YIELD (build (m, program->nodes[self->id].children[self->i]));
    }
  GC_END ();
}

/* A task group by hand: all outcomes summed up. The context has the node, the group and the sum. */
typedef enum
{
  GROUP_NODE,
  GROUP_GROUP,
  GROUP_SUM,
  GROUP_IS_CANCELLED
} GroupField;

static GcStepResult
run_group (GcMutation  *m,
           GcStep      *step,
           gpointer     context,
           GError     **error)
{
  Node *node = node_of (gc_array_get (context, GROUP_NODE));
  GcTaskGroup *group = gc_array_get (context, GROUP_GROUP);

  if (gc_step_get_error (step) != NULL)         /* cancelled: the children are awaited nevertheless */
    {
      g_error_free (gc_step_steal_error (step));
      gc_array_set (context, GROUP_IS_CANCELLED, INT (1));
      gc_task_group_cancel (group);
    }
  if (group == NULL)
    {
      group = gc_task_group_new (m);
      gc_array_set (context, GROUP_GROUP, group);
      for (guint i = 0; i < node->n; i++)
        gc_task_group_spawn (group, step, build (m, node->children[i]));
    }
  while (gc_task_group_next (group, step, NULL))
    {
      g_autoptr (GError) failure = gc_step_steal_error (step);
      Result result = { error_to_code (failure), failure != NULL ? 0 : gc_untag_int (gc_step_get (step)) };
      gssize sum = gc_untag_int (gc_array_get (context, GROUP_SUM));

      gc_array_set (context, GROUP_SUM, INT (sum + apply_join (node, 0, result)));
    }
  if (gc_task_group_get_n_live (group) > 0)
    return GC_STEP_WAIT;
  if (gc_array_get (context, GROUP_IS_CANCELLED) != NULL)
    return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  return gc_step_done (step, INT (fold (gc_untag_int (gc_array_get (context, GROUP_SUM)))));
}

static GcSequence *
build_group (GcMutation *m,
             const Node *node)
{
  GcArray *context = gc_array_new_sized (m, GROUP_IS_CANCELLED + 1, NULL);

  gc_array_set (context, GROUP_NODE, INT (node->id));
  gc_array_set (context, GROUP_SUM, INT (0));
  return gc_sequence_steps (m, run_group, context);
}

static GcSequence *
build_join (GcMutation *m,
            const Node *node)
{
  GcSequence *children[MAX_CHILDREN], *join;

  if (node->kind == NODE_GROUP)
    return build_group (m, node);
  if (node->is_from)
    {
      GcSequence *source = random_source_new (m, node->id);

      switch (node->kind)
        {
        case NODE_ALL:
          join = gc_sequence_all_from (m, source, node->max);
          break;
        case NODE_ALL_SETTLED:
          join = gc_sequence_all_settled_from (m, source, node->max);
          break;
        case NODE_ANY:
          return gc_sequence_any_from (m, source, node->max);
        case NODE_RACE:
          return gc_sequence_race_from (m, source, node->max);
        case NODE_DETACHED:
          return gc_sequence_race_detached_from (m, source, node->max);
        default:
          join = gc_sequence_select_from (m, source, node->max);
          break;
        }
      return gc_sequence_map (m, join, count, INT (node->id));
    }

  for (guint i = 0; i < node->n; i++)
    children[i] = build (m, node->children[i]);
  switch (node->kind)
    {
    case NODE_ALL:
      if (node->max == 0 && node->n == 2)
        join = gc_sequence_join (m, children[0], children[1]);
      else
        join = gc_sequence_all_limited (m, children, node->n, node->max);
      break;
    case NODE_ALL_SETTLED:
      join = gc_sequence_all_settled_limited (m, children, node->n, node->max);
      break;
    case NODE_ANY:
      return gc_sequence_any_limited (m, children, node->n, node->max);
    case NODE_RACE:
      return gc_sequence_racev (m, children, node->n);
    case NODE_DETACHED:
      return gc_sequence_race_detachedv (m, children, node->n);
    default:
      join = gc_sequence_selectv (m, children, node->n);
      break;
    }
  return gc_sequence_map (m, join, count, INT (node->id));
}

static GcSequence *
build (GcMutation *m,
       const Node *node)
{
  gpointer id = INT (node->id);
  GcSequence *child;

  if (node->kind >= NODE_ALL)
    return build_join (m, node);
  switch (node->kind)
    {
    case NODE_VALUE:
      return gc_sequence_value (m, INT (node->number));
    case NODE_ERROR:
      {
        g_autoptr (GError) error = error_new (node->code);

        return gc_sequence_error (m, error);
      }
    case NODE_STEPS:
    case NODE_DELAY:
      return random_leaf_new (m, node->id);
    case NODE_DEFER:
      return gc_sequence_defer (m, defer, id);
    case NODE_FINALLY:
      return gc_sequence_finally (m, gc_sequence_defer (m, begin_body, id), clean_up, id);
    default:
      break;
    }

  child = build (m, node->children[0]);
  switch (node->kind)
    {
    case NODE_MAP:
      return gc_sequence_map (m, child, map, id);
    case NODE_INSPECT:
      return gc_sequence_inspect (m, child, inspect, id);
    case NODE_NAMED:
      return gc_sequence_named (m, child, "named");
    case NODE_SHIELD:
      return gc_sequence_shield (m, child);
    case NODE_MAP_ERROR:
      return gc_sequence_map_error (m, child, map_error, id);
    case NODE_CATCH_VALUE:
      return gc_sequence_catch_value (m, child, node->code != 0 ? G_IO_ERROR : 0, node->code != 0 ? node->code : -1,
                                      INT (node->number));
    case NODE_THEN:
      return gc_sequence_then (m, child, then, id);
    case NODE_CHAIN:
      return gc_sequence_chain (m, child, build (m, node->children[1]));
    case NODE_FLATTEN:
      return gc_sequence_flatten (m, gc_sequence_map (m, child, wrap, id));
    case NODE_OR_ELSE:
      return gc_sequence_or_else (m, child, catch_error, id);
    case NODE_CATCH:
      return gc_sequence_catch (m, child, node->code != 0 ? G_IO_ERROR : 0, node->code != 0 ? node->code : -1,
                                catch_error, id);
    default:
      g_assert_not_reached ();
    }
}

GcSequence *
program_build (GcMutation *m,
               gpointer    data)
{
  program = data;
  return build (m, program->root);
}
