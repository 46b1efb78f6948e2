/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Coroutines: fields of every kind, every macro, clean-up. */

#include "demo.h"

/* Fields of every kind, and many of them */

static guint n_cleared;

static void
clear_fd (int *fd)
{
  if (*fd > 0)
    n_cleared++;
  *fd = 0;
}

typedef enum { DEMO_RED, DEMO_GREEN } DemoColour;

GC_DEFINE_COROUTINE (DemoFields, demo_fields,
                     GC_PARAM (int, number)
                     GC_PARAM (DemoColour, colour)
                     GC_PARAM_REF (GcString, string)
                     GC_PARAM_REF (GcSequence, next)
                     GC_PARAM_GOBJECT (GCancellable, cancellable)
                     GC_PARAM_STRING (text)
                     GC_PARAM_BOXED (GBytes, bytes, g_bytes_get_type)
                     GC_LOCAL (char, buffer[64])
                     GC_LOCAL_REF (GcString, result)
                     GC_LOCAL_GOBJECT (GCancellable, other)
                     GC_LOCAL_STRING (copy)
                     GC_LOCAL_BOXED (GDateTime, when, g_date_time_get_type)
                     GC_LOCAL_CLEAR (int, fd, clear_fd)
                     GC_LOCAL (int, a1) GC_LOCAL (int, a2) GC_LOCAL (int, a3) GC_LOCAL (int, a4)
                     GC_LOCAL (int, a5) GC_LOCAL (int, a6) GC_LOCAL (int, a7) GC_LOCAL (int, a8))

GC_COROUTINE_BODY (DemoFields, demo_fields)
{
  GC_BEGIN ();
  g_assert_cmpint (self->number, ==, 7);
  g_assert_cmpint (self->colour, ==, DEMO_GREEN);
  g_assert_cmpstr (gc_string_get_text (self->string), ==, "kept");
  g_assert_cmpstr (self->text, ==, "text");
  g_assert_cmpuint (g_bytes_get_size (self->bytes), ==, 3);
  strcpy (self->buffer, "in the frame");
  self->fd = 7;
  self->copy = g_strdup (self->text);
  self->when = g_date_time_new_now_utc ();
  self->other = g_object_ref (self->cancellable);
  gc_set (self, result, gc_string_new (m, self->buffer));
  if (self->next != NULL)
    GC_AWAIT (self->next);
  GC_PAUSE ();
  g_assert_cmpstr (gc_string_get_text (self->result), ==, self->buffer);
  g_assert_cmpstr (gc_string_get_text (self->string), ==, "kept");
  GC_RETURN (self->result);
  GC_END ();
}

typedef struct
{
  GCancellable *cancellable;
  GBytes       *bytes;
  gboolean      waits;
} Fields;

static GcSequence *
make_fields (GcMutation *m,
             gpointer    context)
{
  Fields *fields = context;

  return demo_fields_new (m, 7, DEMO_GREEN, gc_string_new (m, "kept"), fields->waits ? gc_sequence_never (m) : NULL,
                          fields->cancellable, "text", fields->bytes);
}

static void
begin_fields (Fields *fields)
{
  fields->cancellable = g_cancellable_new ();
  fields->bytes = g_bytes_new_static ("abc", 3);
  n_cleared = 0;
}

static void
end_fields (Fields *fields)
{
  g_assert_finalize_object (fields->cancellable);
  g_bytes_unref (fields->bytes);
}

static void
test_fields (Demo          *demo,
             gconstpointer  data)
{
  Fields fields = { .waits = FALSE };
  g_autoptr (GError) error = NULL;

  begin_fields (&fields);
  g_assert_nonnull (demo_run (demo, make_fields, &fields, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_cleared, ==, 1);
  end_fields (&fields);
}

/* Made and never run; or dropped while it waits: fields are cleared, once. */
static void
test_dropped (Demo          *demo,
              gconstpointer  data)
{
  Fields fields = { .waits = TRUE };
  GcMutation *m;
  GcRun *run;

  begin_fields (&fields);
  m = gc_arena_begin (demo->arena);
  make_fields (m, &fields);
  run = gc_runner_start (demo->runner, make_fields (m, &fields), NULL);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  for (guint i = 0; i < 3; i++)
    gc_runner_step (demo->runner, 1);
  g_assert_cmpuint (n_cleared, ==, 0);
  gc_run_cancel (run);
  g_assert_false (gc_runner_step (demo->runner, 10));
  g_assert_cmpuint (n_cleared, ==, 1);
  g_object_unref (run);
  gc_arena_collect (demo->arena);
  g_assert_cmpuint (n_cleared, ==, 1);
  end_fields (&fields);
}

/* A coroutine without parameters or locals. */
GC_DEFINE_COROUTINE (DemoNothing, demo_nothing, )

GC_COROUTINE_BODY (DemoNothing, demo_nothing)
{
  GC_BEGIN ();
  GC_END ();
}

static GcSequence *
make_nothing (GcMutation *m,
              gpointer    context)
{
  return demo_nothing_new (m);
}

static void
test_nothing (Demo          *demo,
              gconstpointer  data)
{
  demo_assert_steps (demo, make_nothing, NULL, 0, 1);
}

/* Control flow: awaits in branches without braces, in loops, in switch statements, two on a line. */

GC_DEFINE_COROUTINE (DemoFlow, demo_flow,
                     GC_PARAM (int, kind)
                     GC_LOCAL (int, i)
                     GC_LOCAL (int, sum))

#define ONE gc_sequence_value (m, INT (1))

GC_COROUTINE_BODY (DemoFlow, demo_flow)
{
  GC_BEGIN ();
  if (self->kind == 0) GC_AWAIT (ONE); else GC_AWAIT (gc_sequence_value (m, INT (2)));
  self->sum += gc_untag_int (GC_RESULT);

  for (self->i = 0; self->i < 3; self->i++)
    switch (self->i)
      {
      case 0:
        GC_AWAIT (ONE); self->sum += gc_untag_int (GC_RESULT); GC_AWAIT (ONE); self->sum += gc_untag_int (GC_RESULT);
        break;
      case 1:
        GC_PAUSE ();
        continue;
      default:
        switch (self->kind)
          {
          case 0:
            GC_AWAIT (gc_sequence_value (m, INT (10)));
            self->sum += gc_untag_int (GC_RESULT);
            break;
          case 1:
            GC_AWAIT (gc_sequence_value (m, INT (20)));
            self->sum += gc_untag_int (GC_RESULT);
            break;
          default:
            break;
          }
      }
  while (self->i-- > 0)
    GC_AWAIT (ONE);
  do
    GC_AWAIT (ONE);
  while (self->i++ < 2);
  GC_RETURN (INT (self->sum));
  GC_END ();
}

static GcSequence *
make_flow (GcMutation *m,
           gpointer    context)
{
  return demo_flow_new (m, GPOINTER_TO_INT (context));
}

static void
test_flow (Demo          *demo,
           gconstpointer  data)
{
  /* Each await is two steps, the pause one, the end one. */
  demo_assert_steps (demo, make_flow, GINT_TO_POINTER (0), 13, 2 + 4 + 1 + 2 + 6 + 8 + 1);
  demo_assert_steps (demo, make_flow, GINT_TO_POINTER (1), 24, 2 + 4 + 1 + 2 + 6 + 8 + 1);
  demo_assert_steps (demo, make_flow, GINT_TO_POINTER (2), 4, 2 + 4 + 1 + 6 + 8 + 1);
}

/* Errors */

static GcSequence *
fail (GcMutation *m,
      int         code)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, code, "for a test");

  return gc_sequence_error (m, error);
}

GC_DEFINE_COROUTINE (DemoCatch, demo_catch,
                     GC_PARAM (int, kind)
                     GC_LOCAL_REF (GcObject, kept)
                     GC_LOCAL (int, n))

GC_COROUTINE_BODY (DemoCatch, demo_catch)
{
  GC_BEGIN ();
  switch (self->kind)
    {
    case 0:                     /* passes through */
      GC_AWAIT (fail (m, G_IO_ERROR_BUSY));
      break;

    case 1:                     /* caught, and the handler awaits and loops */
      for (self->n = 0; self->n < 3; self->n++)
        {
          GC_AWAIT_OR (fail (m, G_IO_ERROR_BUSY), G_IO_ERROR, G_IO_ERROR_BUSY)
            {
              g_assert_error (GC_CAUGHT, G_IO_ERROR, G_IO_ERROR_BUSY);
              GC_AWAIT (ONE);
              g_assert_null (GC_CAUGHT);
              continue;
            }
          g_assert_not_reached ();
        }
      break;

    case 2:                     /* another code is not */
      GC_AWAIT_OR (fail (m, G_IO_ERROR_BUSY), G_IO_ERROR, G_IO_ERROR_CLOSED)
        g_assert_not_reached ();
      break;

    case 3:                     /* the value, where nothing fails */
      GC_AWAIT_REF_OR (kept, gc_sequence_value (m, INT (5)), G_IO_ERROR, G_IO_ERROR_BUSY)
        g_assert_not_reached ();
      g_assert_cmpint (gc_untag_int (self->kept), ==, 5);
      GC_AWAIT_OR_ANY (fail (m, G_IO_ERROR_CLOSED))
        self->n = 8;
      GC_AWAIT_REF_OR_ANY (kept, fail (m, G_IO_ERROR_CLOSED))
        self->n++;
      g_assert_cmpint (gc_untag_int (self->kept), ==, 5);
      break;

    case 4:
      GC_THROW (G_IO_ERROR, G_IO_ERROR_CLOSED, "%s %d", "thrown", 4);

    case 5:
      GC_BECOME (gc_sequence_value (m, INT (77)));

    case 6:                     /* becoming what can't be run is a failure, not another step */
      self->n++;
      g_assert_cmpint (self->n, ==, 1);
      GC_BECOME (NULL);

    default:
      GC_AWAIT_REF (kept, gc_sequence_value (m, INT (6)));
      GC_RETURN (self->kept);
    }
  GC_RETURN (INT (self->n));
  GC_END ();
}

static GcSequence *
make_catch (GcMutation *m,
            gpointer    context)
{
  return demo_catch_new (m, GPOINTER_TO_INT (context));
}

static void
test_errors (Demo          *demo,
             gconstpointer  data)
{
  demo_assert_error (demo, make_catch, GINT_TO_POINTER (0), G_IO_ERROR, G_IO_ERROR_BUSY);
  demo_assert_steps (demo, make_catch, GINT_TO_POINTER (1), 3, 13);
  demo_assert_error (demo, make_catch, GINT_TO_POINTER (2), G_IO_ERROR, G_IO_ERROR_BUSY);
  demo_assert_steps (demo, make_catch, GINT_TO_POINTER (3), 9, 7);
  demo_assert_error (demo, make_catch, GINT_TO_POINTER (4), G_IO_ERROR, G_IO_ERROR_CLOSED);
  demo_assert_steps (demo, make_catch, GINT_TO_POINTER (5), 77, 2);
  demo_assert_error (demo, make_catch, GINT_TO_POINTER (6), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  demo_assert_steps (demo, make_catch, GINT_TO_POINTER (7), 6, 3);
}

/* Deferred code: in loops, nested blocks and switch statements, last first, once. */

static GString *deferred;

typedef struct _DemoDefer DemoDefer;
static void say_a (DemoDefer *self);
static void say_b (DemoDefer *self);

GC_DEFINE_COROUTINE (DemoDefer, demo_defer,
                     GC_PARAM (int, kind)
                     GC_LOCAL (int, i))

GC_COROUTINE_BODY (DemoDefer, demo_defer)
{
  GC_BEGIN ();
  GC_DEFER (say_a);
  for (self->i = 0; self->i < 2; self->i++)
    {
      switch (self->kind)
        {
        case 9:
          break;
        default:
          GC_DEFER (say_b);
          GC_AWAIT (ONE);
        }
    }
  if (self->kind == 1)
    GC_THROW (G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
  if (self->kind == 2)
    GC_BECOME (gc_sequence_value (m, INT (3)));
  if (self->kind == 3)
    GC_AWAIT (gc_sequence_never (m));
  GC_RETURN (INT (3));
  GC_END ();
}

static void
say_a (DemoDefer *self)
{
  g_string_append_c (deferred, 'a');
}

static void
say_b (DemoDefer *self)
{
  g_string_append_c (deferred, 'b');
}

static GcSequence *
make_defer (GcMutation *m,
            gpointer    context)
{
  return demo_defer_new (m, GPOINTER_TO_INT (context));
}

static void
test_defer (Demo          *demo,
            gconstpointer  data)
{
  GcMutation *m;
  GcRun *run;

  deferred = g_string_new (NULL);
  demo_assert_steps (demo, make_defer, GINT_TO_POINTER (0), 3, 5);
  g_assert_cmpstr (deferred->str, ==, "bba");
  demo_assert_error (demo, make_defer, GINT_TO_POINTER (1), G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpstr (deferred->str, ==, "bbabba");
  demo_assert_steps (demo, make_defer, GINT_TO_POINTER (2), 3, 6);
  g_assert_cmpstr (deferred->str, ==, "bbabbabba");

  /* Cancelled at each step: what was deferred by then runs; before the first one nothing. */
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (GError) error = NULL;

      g_string_truncate (deferred, 0);
      m = gc_arena_begin (demo->arena);
      run = gc_runner_start (demo->runner, make_defer (m, GINT_TO_POINTER (3)), NULL);
      gc_mutation_finish (m);
      gc_mutation_unref (m);
      for (guint k = 0; k < i; k++)
        gc_runner_step (demo->runner, 1);
      gc_run_cancel (run);
      while (gc_runner_step (demo->runner, 1))
        ;
      g_assert_null (gc_run_get_result (run, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_object_unref (run);
      g_assert_cmpstr (deferred->str, ==, i == 0 ? "" : i < 3 ? "ba" : "bba");
      gc_arena_collect (demo->arena);
      g_assert_cmpstr (deferred->str, ==, i == 0 ? "" : i < 3 ? "ba" : "bba");
    }
  g_string_free (deferred, TRUE);
}

/* Dropped half-way: a child that waits in a group which nobody refers to any more. */

GC_DEFINE_COROUTINE (DemoParent, demo_parent,
                     GC_LOCAL (int, n))

GC_COROUTINE_BODY (DemoParent, demo_parent)
{
  GC_BEGIN ();
  gc_task_group_spawn (gc_task_group_new (m), step, demo_defer_new (m, 3));
  for (self->n = 0; self->n < 10; self->n++)
    GC_PAUSE ();
  GC_END ();
}

static GcSequence *
make_parent (GcMutation *m,
             gpointer    context)
{
  return demo_parent_new (m);
}

static void
test_dropped_child (Demo          *demo,
                    gconstpointer  data)
{
  deferred = g_string_new (NULL);
  demo_assert_steps (demo, make_parent, NULL, 0, 11 + 6);
  gc_arena_collect (demo->arena);
  g_assert_cmpstr (deferred->str, ==, "bba");
  gc_arena_collect (demo->arena);
  g_assert_cmpstr (deferred->str, ==, "bba");
  g_string_free (deferred, TRUE);
}

/* Items, and a group's children */

GC_DEFINE_COROUTINE (DemoItems, demo_items,
                     GC_PARAM (int, n)
                     GC_LOCAL (int, i))

GC_COROUTINE_BODY (DemoItems, demo_items)
{
  GC_BEGIN ();
  for (self->i = 0; self->i < self->n; self->i++)
    GC_YIELD (INT (self->i));
  GC_RETURN (INT (-1));
  GC_END ();
}

GC_DEFINE_COROUTINE (DemoMiddle, demo_middle,
                     GC_PARAM_REF (GcSequence, inner))

GC_COROUTINE_BODY (DemoMiddle, demo_middle)
{
  GC_BEGIN ();
  GC_AWAIT (self->inner);       /* takes no items: they pass by */
  g_assert_cmpint (gc_untag_int (GC_RESULT), ==, -1);
  GC_RETURN (INT (-2));
  GC_END ();
}

GC_DEFINE_COROUTINE_WITH_FLAGS (DemoSum, demo_sum, GC_SEQUENCE_TAKES_ITEMS,
                                GC_PARAM_REF (GcSequence, source)
                                GC_LOCAL (int, sum))

GC_COROUTINE_BODY (DemoSum, demo_sum)
{
  GC_BEGIN ();
  for (;;)
    {
      GC_AWAIT (self->source);
      if (!gc_step_is_item (step))
        break;
      self->sum += gc_untag_int (GC_RESULT);
    }
  g_assert_cmpint (gc_untag_int (GC_RESULT), ==, -2);
  GC_RETURN (INT (self->sum));
  GC_END ();
}

static GcSequence *
make_sum (GcMutation *m,
          gpointer    context)
{
  return demo_sum_new (m, demo_middle_new (m, demo_items_new (m, 5)));
}

static void
test_items (Demo          *demo,
            gconstpointer  data)
{
  demo_assert_steps (demo, make_sum, NULL, 0 + 1 + 2 + 3 + 4, 2 + 5 * 2 + 3);
}

GC_DEFINE_COROUTINE (DemoGroup, demo_group,
                     GC_LOCAL_REF (GcTaskGroup, group)
                     GC_LOCAL (guint, index)
                     GC_LOCAL (guint, seen)
                     GC_LOCAL (int, sum))

GC_COROUTINE_BODY (DemoGroup, demo_group)
{
  GC_BEGIN ();
  gc_set (self, group, gc_task_group_new (m));
  for (guint i = 0; i < 5; i++)
    gc_task_group_spawn (self->group, step, gc_sequence_value (m, INT (1 << i)));
  while (gc_task_group_get_n_live (self->group) > 0)
    {
      GC_AWAIT_NEXT (self->group, &self->index);
      g_assert_cmpint (gc_untag_int (GC_RESULT), ==, 1 << self->index);
      self->seen |= 1u << self->index;
      self->sum += gc_untag_int (GC_RESULT);
    }
  g_assert_cmpuint (self->seen, ==, 31);
  GC_RETURN (INT (self->sum));
  GC_END ();
}

static GcSequence *
make_group (GcMutation *m,
            gpointer    context)
{
  return demo_group_new (m);
}

static void
test_group (Demo          *demo,
            gconstpointer  data)
{
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_group, NULL, NULL)), ==, 31);
}

/* A cycle of coroutines that refer to each other, dropped, is reclaimed: the tear-down counts. */
GC_DEFINE_COROUTINE (DemoRing, demo_ring,
                     GC_LOCAL_REF (GcSequence, other))

GC_COROUTINE_BODY (DemoRing, demo_ring)
{
  GC_BEGIN ();
  GC_AWAIT (gc_sequence_never (m));
  GC_END ();
}

static void
test_ring (Demo          *demo,
           gconstpointer  data)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  DemoRing *a = (DemoRing *) demo_ring_new (m), *b = (DemoRing *) demo_ring_new (m);

  gc_set (a, other, (GcSequence *) b);
  gc_set (b, other, (GcSequence *) a);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("coroutine/fields", test_fields);
  demo_add ("coroutine/dropped", test_dropped);
  demo_add ("coroutine/nothing", test_nothing);
  demo_add ("coroutine/flow", test_flow);
  demo_add ("coroutine/errors", test_errors);
  demo_add ("coroutine/defer", test_defer);
  demo_add ("coroutine/dropped-child", test_dropped_child);
  demo_add ("coroutine/items", test_items);
  demo_add ("coroutine/group", test_group);
  demo_add ("coroutine/ring", test_ring);

  return g_test_run ();
}
