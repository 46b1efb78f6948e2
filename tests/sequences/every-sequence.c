/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Leaves, transformations, errors, clean-up, joins and loops: see every.h. */

#include "every.h"

/* Callbacks: each says when it runs. In bad cases those that may fail, fail. */

static gboolean
fail (GError **error)
{
  note ();
  if (every.mode == BAD)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "callback");
  return every.mode == BAD;
}

static gpointer
add_ten (GcMutation  *m,
         gpointer     value,
         gpointer     context,
         GError     **error)
{
  fail (error);
  return INT (gc_untag_int (value) + 10);
}

static void
look (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  fail (error);
}

static GcSequence *
go_on (GcMutation  *m,
       gpointer     value,
       gpointer     context,
       GError     **error)
{
  return fail (error) ? NULL : every_part_new (m, 1, gc_untag_int (value) + 20, 0);
}

static GcSequence *
thunk (GcMutation  *m,
       gpointer     context,
       GError     **error)
{
  return fail (error) ? NULL : every_part_new (m, 1, 30, 0);
}

static GcSequence *
clean_up (GcMutation  *m,
          gpointer     context,
          GError     **error)
{
  note ();
  return every_part_new (m, 1, 40, 0);
}

static GError *
rename_error (GcMutation   *m,
              const GError *error,
              gpointer      context)
{
  note ();
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "closed");
}

static GcSequence *
instead (GcMutation    *m,
         const GError  *caught,
         gpointer       context,
         GError       **error)
{
  note ();
  return every_part_new (m, 1, caught->code, 0);
}

static gboolean
is_below_three (GcMutation  *m,
                gpointer     value,
                gpointer     context,
                GError     **error)
{
  fail (error);
  return gc_untag_int (value) < 3;
}

/* A round of a loop: counts up to 3. */
static GcSequence *
round_of (GcMutation  *m,
          gpointer     value,
          gpointer     context,
          GError     **error)
{
  gssize n = gc_untag_int (value);

  note ();
  return n == 3 ? NULL : every_part_new (m, 0, n + 1, n == 2 && every.mode == BAD ? G_IO_ERROR_BUSY : 0);
}

static GcSequence *
break_at_two (GcMutation  *m,
              gpointer     value,
              gpointer     context,
              GError     **error)
{
  gssize n = gc_untag_int (value);

  note ();
  return n == 2 ? context : every_part_new (m, 0, n + 1, n == 1 && every.mode == BAD ? G_IO_ERROR_BUSY : 0);
}

static GcSequence *
try_thrice (GcMutation  *m,
            gpointer     value,
            gpointer     context,
            GError     **error)
{
  gssize n = gc_untag_int (value);

  note ();
  return every_part_new (m, 0, n, n < 2 || every.mode == BAD ? G_IO_ERROR_BUSY : 0);
}

static gboolean
is_third (GcMutation   *m,
          const GError *error,
          guint         n,
          gpointer      context)
{
  note ();
  return n < 3;
}

static GcSequence *
make_body (GcMutation   *m,
           GcTaskGroup  *group,
           GcStep       *step,
           gpointer      context,
           GError      **error)
{
  note ();
  gc_task_group_spawn (group, step, every_part_new (m, 6, 0, 0));
  return every_part_new (m, 1, 50, every.mode == BAD ? G_IO_ERROR_BUSY : 0);
}

static GcStepResult
two_steps (GcMutation  *m,
           GcStep      *step,
           gpointer     context,
           GError     **error)
{
  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  note ();
  if (gc_step_get (step) == NULL)
    return gc_step_call (step, every_part_new (m, 0, 5, every.mode == BAD ? G_IO_ERROR_BUSY : 0));
  return gc_step_done (step, gc_step_get (step));
}

/* What scripts do: the data says what. */

enum { DONE, NUMBER, BECOME, YES, ROUND, TRY, NONE };

static GcStepResult
script (GcMutation  *m,
        GcStep      *step,
        gpointer     data,
        GError     **error)
{
  gpointer value = gc_step_get (step);
  gssize n = gc_is_tagged (value) ? gc_untag_int (value) : GC_IS_BOX (value) ? gc_box_get_int64 (value, NULL) : 0;

  note ();
  switch (*(int *) data)
    {
    case NONE:
      return gc_step_done (step, NULL);
    case NUMBER:
      if (every.mode == BAD)
        return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_BUSY, "script");
      return gc_step_done (step, INT (n + 10));
    case BECOME:
      return gc_step_become (step, every_part_new (m, 1, 20, 0));
    case YES:
      return gc_step_done (step, n < 3 ? INT (1) : INT (0));
    case ROUND:
      if (n == 3)
        return gc_step_done (step, value);
      return gc_step_become (step, every_part_new (m, 0, n + 1, n == 2 && every.mode == BAD ? G_IO_ERROR_BUSY : 0));
    case TRY:
      return gc_step_become (step, every_part_new (m, 0, n, n < 2 || every.mode == BAD ? G_IO_ERROR_BUSY : 0));
    case DONE:
    default:
      if (gc_step_get_error (step) != NULL)
        gc_step_catch (step, 0, -1);
      return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_CLOSED, "script");
    }
}


static GcSequence *
error_of (GcMutation *m)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "error");

  return gc_sequence_error (m, error);
}

/* What joins are given: PART, and one that comes later. */
#define BOTH (GcSequence *[]) { PART, OTHER }, 2

/* The same from a generator. */
GC_DEFINE_COROUTINE (EveryGiver, every_giver, GC_PARAM (Mode, mode))

GC_COROUTINE_BODY (EveryGiver, every_giver)
{
  GC_BEGIN ();
  GC_YIELD (PART_OF (self->mode));
  GC_YIELD (OTHER);
  GC_END ();
}

#define FROM every_giver_new (m, mode), 2

#define ENTRIES(ENTRY) \
  ENTRY (gc_sequence_value, "1: 5", NULL, gc_sequence_value (m, INT (5))) \
  ENTRY (gc_sequence_value_of, "1: GcBox", NULL, gc_sequence_value_of (m, number (5))) \
  ENTRY (gc_sequence_error, NULL, "1: busy", error_of (m)) \
  ENTRY (gc_sequence_never, "1: waits", NULL, gc_sequence_never (m)) \
  ENTRY (gc_sequence_steps, "3: 5 @1 @3", "3: busy @1", gc_sequence_steps (m, two_steps, NULL)) \
  ENTRY (gc_sequence_func, "1: 10 @1", "1: busy @1", gc_sequence_func (m, script, DATA (NUMBER))) \
  ENTRY (gc_sequence_defer, "3: 30 @1", "1: busy @1", gc_sequence_defer (m, thunk, NULL)) \
  ENTRY (gc_sequence_defer_full, "3: 20 @1", NULL, gc_sequence_defer_full (m, script, DATA (BECOME))) \
  ENTRY (gc_sequence_body, "1: 10 @1", "1: busy @1", gc_sequence_body (m, "body", script, DATA (NUMBER))) \
  ENTRY (gc_sequence_map, "4: 12 @4", "4: busy @4", gc_sequence_map (m, OTHER, add_ten, NULL)) \
  ENTRY (gc_sequence_map_full, "4: 12 @4", "4: busy @4", gc_sequence_map_full (m, OTHER, script, DATA (NUMBER))) \
  ENTRY (gc_sequence_inspect, "4: 2 @4", "4: busy @4", gc_sequence_inspect (m, OTHER, look, NULL)) \
  ENTRY (gc_sequence_inspect_full, "4: 2 @4", "4: busy @4", \
         gc_sequence_inspect_full (m, OTHER, script, DATA (NUMBER))) \
  ENTRY (gc_sequence_then, "7: 22 @5", "5: busy @5", gc_sequence_then (m, OTHER, go_on, NULL)) \
  ENTRY (gc_sequence_then_full, "6: 20 @4", "3: busy", gc_sequence_then_full (m, PART, script, DATA (BECOME))) \
  ENTRY (gc_sequence_chain, "6: 2", "3: busy", gc_sequence_chain (m, PART, OTHER)) \
  ENTRY (gc_sequence_flatten, "4: 1", "4: busy", gc_sequence_flatten (m, gc_sequence_value (m, PART))) \
  ENTRY (gc_sequence_named, "3: 1", "3: busy", gc_sequence_named (m, PART, "name")) \
  ENTRY (gc_sequence_map_error, "3: 1", "3: g-io-error-quark 18 @3", \
         gc_sequence_map_error (m, PART, rename_error, NULL)) \
  ENTRY (gc_sequence_map_error_full, "3: 1", "3: g-io-error-quark 18 @3", \
         gc_sequence_map_error_full (m, PART, script, DATA (DONE))) \
  ENTRY (gc_sequence_or_else, "3: 1", "5: 26 @3", gc_sequence_or_else (m, PART, instead, NULL)) \
  ENTRY (gc_sequence_or_else_full, "3: 1", "5: 20 @3", gc_sequence_or_else_full (m, PART, script, DATA (BECOME))) \
  ENTRY (gc_sequence_catch, "3: 1", "5: 26 @3", gc_sequence_catch (m, PART, G_IO_ERROR, -1, instead, NULL)) \
  ENTRY (gc_sequence_catch_full, "3: 1", "5: 20 @3", \
         gc_sequence_catch_full (m, PART, G_IO_ERROR, -1, script, DATA (BECOME))) \
  ENTRY (gc_sequence_catch_value, "3: 1", "3: 6", gc_sequence_catch_value (m, PART, G_IO_ERROR, -1, INT (6))) \
  ENTRY (gc_sequence_catch_value_of, "3: 1", "3: GcBox", \
         gc_sequence_catch_value_of (m, PART, G_IO_ERROR, -1, number (5))) \
  ENTRY (gc_sequence_finally, "6: 1 @3", "6: busy @3", gc_sequence_finally (m, PART, clean_up, NULL)) \
  ENTRY (gc_sequence_finally_full, "6: 1 @3", "6: busy @3", \
         gc_sequence_finally_full (m, PART, script, DATA (BECOME))) \
  ENTRY (gc_sequence_shield, "3: 1", "3: busy", gc_sequence_shield (m, PART)) \
  ENTRY (gc_sequence_join, "8: [1 2]", "8: busy", gc_sequence_join (m, PART, OTHER)) \
  ENTRY (gc_sequence_all, "8: [1 2]", "8: busy", gc_sequence_all (m, PART, OTHER, NULL)) \
  ENTRY (gc_sequence_allv, "8: [1 2]", "8: busy", gc_sequence_allv (m, BOTH)) \
  ENTRY (gc_sequence_all_limited, "8: [1 2]", "4: busy", gc_sequence_all_limited (m, BOTH, 1)) \
  ENTRY (gc_sequence_all_from, "15: [1 2]", "13: busy", gc_sequence_all_from (m, FROM)) \
  ENTRY (gc_sequence_all_settled, "8: [#0 1 #1 2]", "8: [#0 -1 #1 2]", \
         gc_sequence_all_settled (m, PART, OTHER, NULL)) \
  ENTRY (gc_sequence_all_settledv, "8: [#0 1 #1 2]", "8: [#0 -1 #1 2]", gc_sequence_all_settledv (m, BOTH)) \
  ENTRY (gc_sequence_all_settled_limited, "8: [#0 1 #1 2]", "8: [#0 -1 #1 2]", \
         gc_sequence_all_settled_limited (m, BOTH, 1)) \
  ENTRY (gc_sequence_all_settled_from, "15: [#0 1 #1 2]", "15: [#0 -1 #1 2]", gc_sequence_all_settled_from (m, FROM)) \
  ENTRY (gc_sequence_any, "8: 1", "8: 2", gc_sequence_any (m, PART, OTHER, NULL)) \
  ENTRY (gc_sequence_anyv, "8: 1", "8: 2", gc_sequence_anyv (m, BOTH)) \
  ENTRY (gc_sequence_any_limited, "4: 1", "8: 2", gc_sequence_any_limited (m, BOTH, 1)) \
  ENTRY (gc_sequence_any_from, "13: 1", "15: 2", gc_sequence_any_from (m, FROM)) \
  ENTRY (gc_sequence_race, "7: 1", "7: busy", gc_sequence_race (m, PART, STAY, NULL)) \
  ENTRY (gc_sequence_racev, "8: 1", "8: busy", gc_sequence_racev (m, BOTH)) \
  ENTRY (gc_sequence_race_from, "13: 1", "13: busy", gc_sequence_race_from (m, FROM)) \
  ENTRY (gc_sequence_race_detached, "5: 1", "5: busy", gc_sequence_race_detached (m, PART, STAY, NULL)) \
  ENTRY (gc_sequence_race_detachedv, "6: 1", "6: busy", gc_sequence_race_detachedv (m, BOTH)) \
  ENTRY (gc_sequence_race_detached_from, "9: 1", "9: busy", gc_sequence_race_detached_from (m, FROM)) \
  ENTRY (gc_sequence_select, "7: #0 1", "7: #0 -1", gc_sequence_select (m, PART, STAY, NULL)) \
  ENTRY (gc_sequence_selectv, "8: #0 1", "8: #0 -1", gc_sequence_selectv (m, BOTH)) \
  ENTRY (gc_sequence_select_from, "13: #0 1", "13: #0 -1", gc_sequence_select_from (m, FROM)) \
  ENTRY (gc_sequence_loop, "7: 3 @1 @3 @5 @7", "6: busy @1 @3 @5", gc_sequence_loop (m, INT (0), round_of, NULL)) \
  ENTRY (gc_sequence_loop_full, "7: 3 @1 @3 @5 @7", "6: busy @1 @3 @5", \
         gc_sequence_loop_full (m, number (0), script, DATA (ROUND))) \
  ENTRY (gc_sequence_loop_break, "7: 7 @1 @3 @5", "4: busy @1 @3", \
         gc_sequence_loop (m, INT (0), break_at_two, gc_sequence_loop_break (m, INT (7)))) \
  ENTRY (gc_sequence_loop_break_of, "7: GcBox @1 @3 @5", "4: busy @1 @3", \
         gc_sequence_loop (m, INT (0), break_at_two, gc_sequence_loop_break_of (m, number (5)))) \
  ENTRY (gc_sequence_loop_while, "5: 3 @1 @1 @3 @3 @5", "1: busy @1", \
         gc_sequence_loop_while (m, INT (1), is_below_three, round_of, NULL)) \
  ENTRY (gc_sequence_loop_while_full, "5: 3 @1 @1 @3 @3 @5", "4: busy @1 @1 @3 @3", \
         gc_sequence_loop_while_full (m, number (1), script, DATA (YES), script, DATA (ROUND))) \
  ENTRY (gc_sequence_repeat, "7: 3 @1 @3 @5", "6: busy @1 @3 @5", gc_sequence_repeat (m, 3, round_of, NULL)) \
  ENTRY (gc_sequence_repeat_full, "7: 3 @1 @3 @5", "6: busy @1 @3 @5", \
         gc_sequence_repeat_full (m, 3, script, DATA (ROUND))) \
  ENTRY (gc_sequence_retry, "7: 2 @1 @3 @3 @5 @5", "7: busy @1 @3 @3 @5 @5", \
         gc_sequence_retry (m, 3, 0, 1, 0, try_thrice, is_third, NULL)) \
  ENTRY (gc_sequence_retry_full, "7: 2 @1 @3 @3 @5 @5", "7: busy @1 @3 @3 @5 @5", \
         gc_sequence_retry_full (m, 3, 0, 1, 0, script, DATA (TRY), script, DATA (YES))) \
  ENTRY (gc_sequence_scope, "9: 50 @1", "9: busy @1", gc_sequence_scope (m, make_body, NULL)) \
  ENTRY (gc_sequence_scope_full, "4: 20 @1", NULL, gc_sequence_scope_full (m, script, DATA (BECOME)))

ENTRIES (EVERY_MAKE)

static const Every table[] = { ENTRIES (EVERY_ROW) { NULL } };

static void
test_every (Demo          *demo,
            gconstpointer  data)
{
  test_table (demo, table);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("every-sequence", test_every);

  return g_test_run ();
}
