/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a program comes to: evaluated directly, one node after the other. Strands that run side by side are
 * evaluated one by one: each is told when it is cancelled, and says when it ends. */

#include "random.h"

typedef struct
{
  gint64   cancel_at;
  gboolean is_delivered;
  guint    n_shields;
} Strand;

typedef struct
{
  GArray   *traces;
  gboolean  is_ambiguous;
} Context;

static const Result cancelled = { G_IO_ERROR_CANCELLED, 0 };

static gboolean
can_be_cancelled (const Strand *strand)
{
  return !strand->is_delivered && strand->n_shields == 0;
}

/* Something happens at this time: was it before a cancellation at the same time, or after? */
static void
touch (Context      *context,
       const Strand *strand,
       gint64        time)
{
  if (!strand->is_delivered && strand->cancel_at == time)
    context->is_ambiguous = TRUE;
}

static void
leave_trace (Context    *context,
             const Node *node,
             gint64      time)
{
  Trace trace = { node->strand, node->id, time };

  g_array_append_val (context->traces, trace);
}

static Result evaluate (Context *context, const Node *node, Strand *strand, gint64 *time);

/* A shield has come down: what was held off comes. */
static gboolean
unshield (Strand *strand,
          gint64  time)
{
  if (--strand->n_shields > 0 || strand->is_delivered || strand->cancel_at >= time)
    return FALSE;
  strand->is_delivered = TRUE;
  return TRUE;
}

static Result
evaluate_finally (Context    *context,
                  const Node *node,
                  Strand     *strand,
                  gint64     *time)
{
  Result result = evaluate (context, node->children[0], strand, time), clean;

  leave_trace (context, node, *time);
  if (node->n < 2)
    return result;
  strand->n_shields++;
  clean = evaluate (context, node->children[1], strand, time);
  if (unshield (strand, *time) || clean.code == G_IO_ERROR_CANCELLED)
    return cancelled;
  return result.code != 0 || clean.code == 0 ? result : clean;
}

/* Joins */

typedef struct
{
  gboolean has_begun;
  gint64   end;
  Result   result;
} Child;

/* Runs the children, all of which are cancelled at @stop, but for @winner, which is at @cancel_at. */
static void
run_children (Context    *context,
              const Node *node,
              gint64      begin,
              gint64      stop,
              gint64      cancel_at,
              int         winner,
              Child      *children)
{
  gint64 busy[MAX_CHILDREN];    /* until when those that run do */
  guint n_busy = 0, max = node->max > 0 ? node->max : MAX_CHILDREN;

  memset (children, 0, sizeof (Child) * MAX_CHILDREN);
  for (guint i = 0; i < node->n; i++)
    {
      Strand strand = { (int) i == winner ? cancel_at : stop, FALSE, 0 };
      gint64 time = begin;

      if (n_busy == max)
        {
          guint first = 0;

          for (guint k = 1; k < n_busy; k++)
            if (busy[k] < busy[first])
              first = k;
          time = busy[first];
          busy[first] = busy[--n_busy];
          if (time >= stop)
            return;
        }
      children[i].has_begun = TRUE;
      children[i].result = evaluate (context, node->children[i], &strand, &time);
      children[i].end = time;
      busy[n_busy++] = time;
    }
}

/* Whether it is over when a child ends so. */
static gboolean
decides (const Node *node,
         Result      result)
{
  switch (node->kind)
    {
    case NODE_ALL:
      return result.code != 0;
    case NODE_ANY:
      return result.code == 0;
    case NODE_RACE:
    case NODE_SELECT:
    case NODE_DETACHED:
      return TRUE;
    default:
      return FALSE;
    }
}

static Result
join_result (const Node  *node,
             const Child *children,
             int          winner)
{
  Result result = { 0, 0 };

  if (winner < 0 && node->kind >= NODE_ANY && node->kind <= NODE_DETACHED)
    return (Result) { CODE_ALL_FAILED, 0 };     /* of others but NODE_ANY: ambiguous, cancelled as it ended */
  switch (node->kind)
    {
    case NODE_ALL:
      for (guint i = 0; i < node->n && winner >= 0; i++)
        if (children[i].has_begun && children[i].result.code != 0 &&
            ((int) i == winner || children[i].result.code != G_IO_ERROR_CANCELLED))
          return children[i].result;
      break;
    case NODE_SELECT:
      return (Result) { 0, fold (winner * 1000 + apply_join (node, 0, children[winner].result)) };
    case NODE_ANY:
    case NODE_RACE:
    case NODE_DETACHED:
      return children[winner].result;
    default:
      break;
    }
  for (guint i = 0; i < node->n; i++)
    result.value += apply_join (node, i, children[i].result);
  result.value = fold (result.value);
  return result;
}

static Result
evaluate_join (Context    *context,
               const Node *node,
               Strand     *strand,
               gint64     *time)
{
  gint64 cancel_at = can_be_cancelled (strand) ? strand->cancel_at : NO_TIME, end = *time;
  guint n_traces = context->traces->len;
  Child children[MAX_CHILDREN];
  int winner = -1;

  run_children (context, node, *time, cancel_at, cancel_at, -1, children);
  for (guint i = 0; i < node->n; i++)
    {
      if (!children[i].has_begun || !decides (node, children[i].result) || children[i].end >= cancel_at)
        continue;
      if (winner >= 0 && children[i].end == children[winner].end)
        context->is_ambiguous = TRUE;
      if (winner < 0 || children[i].end < children[winner].end)
        winner = i;
    }
  if (winner >= 0)              /* once more, with the others cancelled then */
    {
      g_array_set_size (context->traces, n_traces);
      run_children (context, node, *time, children[winner].end, cancel_at, winner, children);
    }
  for (guint i = 0; i < node->n; i++)
    if (children[i].has_begun)
      end = MAX (end, children[i].end);
  if (node->kind == NODE_DETACHED)
    end = winner >= 0 ? children[winner].end : cancel_at;
  if (can_be_cancelled (strand) && (strand->cancel_at < end || (node->kind == NODE_DETACHED && winner < 0)))
    {
      strand->is_delivered = TRUE;
      *time = end;
      return cancelled;
    }
  *time = end;
  return join_result (node, children, winner);
}

/* All others */

static Result
evaluate_node (Context    *context,
               const Node *node,
               Strand     *strand,
               gint64     *time)
{
  Result result;

  switch (node->kind)
    {
    case NODE_VALUE:
      return (Result) { 0, node->number };
    case NODE_ERROR:
      return (Result) { node->code, 0 };
    case NODE_DELAY:
      if (can_be_cancelled (strand) && strand->cancel_at < *time + node->number)
        {
          strand->is_delivered = TRUE;
          *time = strand->cancel_at;
          return cancelled;
        }
      *time += node->number;
      G_GNUC_FALLTHROUGH;
    case NODE_STEPS:
      touch (context, strand, *time);
      leave_trace (context, node, *time);
      return node->code != 0 ? (Result) { node->code, 0 } : (Result) { 0, node->number };
    case NODE_DEFER:
      leave_trace (context, node, *time);
      return evaluate (context, node->children[0], strand, time);
    case NODE_NAMED:
      return evaluate (context, node->children[0], strand, time);
    case NODE_FINALLY:
      return evaluate_finally (context, node, strand, time);
    case NODE_SHIELD:
      strand->n_shields++;
      result = evaluate (context, node->children[0], strand, time);
      return unshield (strand, *time) ? cancelled : result;
    default:
      break;
    }

  result = evaluate (context, node->children[0], strand, time);
  switch (node->kind)
    {
    case NODE_MAP:
      return result.code != 0 ? result : apply_map (node, result.value);
    case NODE_INSPECT:
      if (result.code == 0)
        leave_trace (context, node, *time);
      return result;
    case NODE_MAP_ERROR:
      if (result.code == 0 || result.code == G_IO_ERROR_CANCELLED)
        return result;
      leave_trace (context, node, *time);
      return (Result) { apply_map_error (result.code), 0 };
    case NODE_CHAIN:
      return result.code != 0 ? result : evaluate (context, node->children[1], strand, time);
    case NODE_THEN:
    case NODE_FLATTEN:
      if (result.code != 0)
        return result;
      leave_trace (context, node, *time);
      if (node->kind == NODE_THEN)
        {
          gint64 value = result.value;

          result = evaluate (context, node->children[1], strand, time);
          result.value = fold (result.value + value);
          return result;
        }
      return evaluate (context, node->children[1], strand, time);
    case NODE_OR_ELSE:
    case NODE_CATCH:
    case NODE_CATCH_VALUE:
      if (result.code == 0 || (node->code != 0 ? result.code != node->code : result.code == G_IO_ERROR_CANCELLED))
        return result;
      if (node->kind == NODE_CATCH_VALUE)
        return (Result) { 0, node->number };
      leave_trace (context, node, *time);
      return evaluate (context, node->children[1], strand, time);
    default:
      g_assert_not_reached ();
    }
}

static Result
evaluate (Context    *context,
          const Node *node,
          Strand     *strand,
          gint64     *time)
{
  Result result;

  touch (context, strand, *time);
  result = node->kind >= NODE_ALL ? evaluate_join (context, node, strand, time)
                                  : evaluate_node (context, node, strand, time);
  touch (context, strand, *time);
  return result;
}

Result
program_evaluate (Program  *self,
                  gint64    cancel_at,
                  GArray   *traces,
                  gint64   *end,
                  gboolean *is_ambiguous)
{
  Context context = { traces, FALSE };
  Strand strand = { cancel_at, FALSE, 0 };
  Result result;

  *end = 0;
  result = evaluate (&context, self->root, &strand, end);
  *is_ambiguous = context.is_ambiguous;
  return result;
}
