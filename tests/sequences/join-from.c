/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Joins whose sequences come from another one. */

#include "parts.h"

typedef enum
{
  ENDS,
  ENDLESS,
  FAILS,
  GIVES_NULL,
  GIVES_STRING,
  HANGS
} Way;

typedef struct
{
  Way way;
  int n;                        /* how many it gives before it ends, fails, … */
  int pauses;                   /* before each */
  int failing;                  /* which child fails; -1: none */
  guint max;
  guint n_given;
  guint n_ended;
} Plan;

static Plan plan;

static guint n_running, n_most;

GC_DEFINE_COROUTINE (DemoChild, demo_child, GC_PARAM (int, i))

GC_COROUTINE_BODY (DemoChild, demo_child)
{
  GC_BEGIN ();
  n_running++;
  n_most = MAX (n_most, n_running);
  GC_PAUSE ();
  GC_PAUSE ();
  n_running--;
  if (self->i == plan.failing)
    GC_THROW (G_IO_ERROR, G_IO_ERROR_BUSY, "%d", self->i);
  GC_RETURN (INT (self->i));
  GC_END ();
}

GC_DEFINE_COROUTINE (DemoSource, demo_source, GC_LOCAL (int, i) GC_LOCAL (int, k))

GC_COROUTINE_BODY (DemoSource, demo_source)
{
  GC_BEGIN ();
  for (self->i = 0; plan.way == ENDLESS || self->i < plan.n; self->i++)
    {
      for (self->k = 0; self->k < plan.pauses; self->k++)
        GC_PAUSE ();
      plan.n_given++;
      GC_YIELD (demo_child_new (m, self->i));
    }
  if (plan.way == FAILS)
    GC_THROW (G_IO_ERROR, G_IO_ERROR_CLOSED, "the source");
  if (plan.way == GIVES_NULL)
    GC_YIELD (NULL);
  if (plan.way == GIVES_STRING)
    GC_YIELD (gc_string_new (m, "no sequence"));
  if (plan.way == HANGS)
    GC_AWAIT (gc_sequence_never (m));
  GC_END ();
}

static GcSequence *
end_source (GcMutation  *m,
            gpointer     context,
            GError     **error)
{
  plan.n_ended++;
  return demo_part_new (m, 'e', 2, 0);
}

static GcSequence *
make_source (GcMutation *m)
{
  plan.n_given = plan.n_ended = n_running = n_most = 0;
  return gc_sequence_finally (m, demo_source_new (m), end_source, NULL);
}

static gpointer
digits (GcMutation  *m,
        gpointer     value,
        gpointer     context,
        GError     **error)
{
  GcArray *results = value;
  gssize number = 0;

  for (gsize i = 0; i < gc_array_get_length (results); i++)
    {
      gpointer result = gc_array_get (results, i);
      g_autoptr (GError) failure = NULL;

      if (!gc_is_tagged (result))
        {
          g_assert_cmpuint (gc_outcome_get_index (result), ==, i);
          result = gc_outcome_get_result (result, &failure);
        }
      number = number * 10 + (failure != NULL ? 9 : gc_untag_int (result) + 1);
    }
  return INT (number);
}

static GcSequence *
make_all (GcMutation *m,
          gpointer    context)
{
  return gc_sequence_map (m, gc_sequence_all_from (m, make_source (m), plan.max), digits, NULL);
}

static GcSequence *
make_settled (GcMutation *m,
              gpointer    context)
{
  return gc_sequence_map (m, gc_sequence_all_settled_from (m, make_source (m), plan.max), digits, NULL);
}

static GcSequence *
make_any (GcMutation *m,
          gpointer    context)
{
  return gc_sequence_any_from (m, make_source (m), plan.max);
}

static GcSequence *
make_race (GcMutation *m,
           gpointer    context)
{
  return gc_sequence_race_from (m, make_source (m), plan.max);
}

static GcSequence *
make_detached (GcMutation *m,
               gpointer    context)
{
  return gc_sequence_race_detached_from (m, make_source (m), plan.max);
}

static gpointer
tell (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  return gc_outcome_has_failed (value) ? INT (-1) : INT (gc_outcome_get_index (value));
}

static GcSequence *
make_select (GcMutation *m,
             gpointer    context)
{
  return gc_sequence_map (m, gc_sequence_select_from (m, make_source (m), plan.max), tell, NULL);
}

static void
test_values (Demo          *demo,
             gconstpointer  data)
{
  for (int n = 0; n < 5; n++)
    for (guint max = 0; max < 4; max++)
      for (int pauses = 0; pauses < 80; pauses += 30)
        {
          static const int all[] = { 0, 1, 12, 123, 1234 };
          static const int settled[] = { 0, 1, 19, 193, 1934 };

          plan = (Plan) { ENDS, n, pauses, -1, max };
          g_assert_cmpint (gc_untag_int (demo_run (demo, make_all, NULL, NULL)), ==, all[n]);
          g_assert_cmpuint (plan.n_ended, ==, 1);
          g_assert_cmpuint (n_most, <=, max == 0 ? (guint) n : max);
          plan.failing = 1;
          g_assert_cmpint (gc_untag_int (demo_run (demo, make_settled, NULL, NULL)), ==, settled[n]);
          g_assert_cmpuint (plan.n_ended, ==, 1);
        }
}

/* A failure stops the source, where it is: suspended, waiting, at an end. */
static void
test_failures (Demo          *demo,
               gconstpointer  data)
{
  for (guint max = 0; max < 4; max++)
    for (int pauses = 0; pauses < 80; pauses += 30)
      {
        plan = (Plan) { ENDLESS, 0, pauses, 3, max };
        demo_assert_error (demo, make_all, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
        g_assert_cmpuint (plan.n_ended, ==, 1);
        plan = (Plan) { HANGS, 4, pauses, 3, max };
        demo_assert_error (demo, make_all, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
        g_assert_cmpuint (plan.n_ended, ==, 1);
        plan = (Plan) { FAILS, 3, pauses, 5, max };
        demo_assert_error (demo, make_all, NULL, G_IO_ERROR, G_IO_ERROR_CLOSED);
        g_assert_cmpuint (plan.n_ended, ==, 1);
        demo_assert_error (demo, make_settled, NULL, G_IO_ERROR, G_IO_ERROR_CLOSED);
        plan = (Plan) { FAILS, 0, pauses, 5, max };
        demo_assert_error (demo, make_any, NULL, G_IO_ERROR, G_IO_ERROR_CLOSED);
        demo_assert_error (demo, make_race, NULL, G_IO_ERROR, G_IO_ERROR_CLOSED);
        demo_assert_error (demo, make_select, NULL, G_IO_ERROR, G_IO_ERROR_CLOSED);
        plan = (Plan) { GIVES_NULL, 3, pauses, 5, max };
        demo_assert_error (demo, make_all, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
        g_assert_cmpuint (plan.n_ended, ==, 1);
        plan = (Plan) { GIVES_STRING, 3, pauses, 5, max };
        demo_assert_error (demo, make_settled, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
        g_assert_cmpuint (plan.n_ended, ==, 1);
      }
}

/* The first of endlessly many */
static void
test_first (Demo          *demo,
            gconstpointer  data)
{
  for (guint max = 0; max < 4; max++)
    for (int pauses = 0; pauses < 80; pauses += 30)
      {
        plan = (Plan) { ENDLESS, 0, pauses, 0, max };
        g_assert_cmpint (gc_untag_int (demo_run (demo, make_any, NULL, NULL)), ==, 1);
        g_assert_cmpuint (plan.n_ended, ==, 1);
        demo_assert_error (demo, make_race, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
        g_assert_cmpuint (plan.n_ended, ==, 1);
        demo_assert_error (demo, make_detached, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
        part_settle (demo);
        g_assert_cmpuint (plan.n_ended, ==, 1);
        g_assert_cmpint (gc_untag_int (demo_run (demo, make_select, NULL, NULL)), ==, -1);
        g_assert_cmpuint (plan.n_ended, ==, 1);
        plan.failing = -1;
        g_assert_cmpint (gc_untag_int (demo_run (demo, make_race, NULL, NULL)), ==, 0);
        g_assert_cmpint (gc_untag_int (demo_run (demo, make_select, NULL, NULL)), ==, 0);
        plan = (Plan) { ENDS, 0, pauses, 0, max };
        demo_assert_error (demo, make_any, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_ALL_FAILED);
        demo_assert_error (demo, make_race, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_ALL_FAILED);
        demo_assert_error (demo, make_select, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_ALL_FAILED);
      }
}

/* Cancelled anywhere: the source, once begun, is closed. */
static void
check_cancelled (gssize        number,
                 const GError *error,
                 guint         n_steps,
                 gpointer      context)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (plan.n_ended, <=, 1);
  if (plan.n_given > 0)
    g_assert_cmpuint (plan.n_ended, ==, 1);
}

static void
test_cancel (Demo          *demo,
             gconstpointer  data)
{
  for (guint max = 0; max < 3; max++)
    {
      plan = (Plan) { ENDS, 3, 2, 2, max };
      part_cancel_everywhere (demo, make_settled, NULL, check_cancelled);
      part_cancel_everywhere (demo, make_any, NULL, check_cancelled);
      part_cancel_everywhere (demo, make_all, NULL, check_cancelled);
      plan = (Plan) { FAILS, 2, 2, 1, max };
      part_cancel_everywhere (demo, make_all, NULL, check_cancelled);
      plan = (Plan) { GIVES_NULL, 2, 2, -1, max };
      part_cancel_everywhere (demo, make_all, NULL, check_cancelled);
      part_drop_everywhere (demo, make_all, NULL, 25);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("join-from/values", test_values);
  demo_add ("join-from/failures", test_failures);
  demo_add ("join-from/first", test_first);
  demo_add ("join-from/cancel", test_cancel);

  return g_test_run ();
}
