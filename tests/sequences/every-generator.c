/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Generators, and what is made of them: see every.h. What gives items is collected, so that all of it runs. */

#include "every.h"

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

static gboolean
is_zero (GcMutation  *m,
         gpointer     value,
         gpointer     context,
         GError     **error)
{
  fail (error);
  return value == INT (0);
}

static gpointer
add (GcMutation  *m,
     gpointer     so_far,
     gpointer     item,
     gpointer     context,
     GError     **error)
{
  fail (error);
  return INT (gc_untag_int (so_far) + gc_untag_int (item));
}

static GcSequence *
take_item (GcMutation  *m,
           gpointer     value,
           gpointer     context,
           GError     **error)
{
  return fail (error) ? NULL : every_part_new (m, 0, 1, 0);
}

static GcSequence *
two_of (GcMutation  *m,
        gpointer     value,
        gpointer     context,
        GError     **error)
{
  return fail (error) ? NULL : numbers (m, 2);
}

static gboolean
once_seven (GcMutation  *m,
            gpointer    *item,
            gpointer     context,
            GError     **error)
{
  *item = INT (7);
  if (fail (error))
    return FALSE;
  gc_array_append (context, NULL);
  return gc_array_get_length (context) == 1;
}

/* What scripts do: the data says what. */

enum { SEVEN, ADD, IS_ZERO, PART_AGAIN, TWO };

static GcStepResult
script (GcMutation  *m,
        GcStep      *step,
        gpointer     data,
        GError     **error)
{
  int *what = data;
  gpointer value = gc_step_get (step);

  note ();
  if (every.mode == BAD)
    return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_BUSY, "script");
  switch (*what)
    {
    case SEVEN:
      *what = -1;
      return gc_step_emit (step, INT (7));
    case ADD:
      return gc_step_done (step, INT (gc_is_tagged (value) ? gc_untag_int (value) + 10 : 10));
    case IS_ZERO:
      return gc_step_done (step, INT (value == INT (0)));
    case PART_AGAIN:
      return gc_step_become (step, every_part_new (m, 0, 1, 0));
    case TWO:
      return gc_step_become (step, numbers (m, 2));
    default:
      return gc_step_done (step, NULL);
    }
}

/* Two items, in a step each: 0 1, or 0 and an error. */
GC_DEFINE_COROUTINE (EveryPair, every_pair, GC_PARAM (Mode, mode))

static void
every_pair_ended (EveryPair *self)
{
  seen.n_ended++;
}

GC_COROUTINE_BODY (EveryPair, every_pair)
{
  GC_BEGIN ();
  seen.n_begun++;
  GC_DEFER (every_pair_ended);
  GC_YIELD (INT (0));
  if (self->mode == BAD)
    GC_THROW (G_IO_ERROR, G_IO_ERROR_BUSY, "pair");
  GC_YIELD (INT (1));
  GC_END ();
}

/* Takes one item, and closes the rest. */
GC_DEFINE_COROUTINE (EveryCloser, every_closer, GC_PARAM_REF (GcSequence, generator))

GC_COROUTINE_BODY (EveryCloser, every_closer)
{
  GC_BEGIN ();
  GC_AWAIT (gc_generator_next (m, self->generator));
  GC_BECOME (gc_generator_close (m, self->generator));
  GC_END ();
}

static GcArray *
array_of_two (GcMutation *m)
{
  GcArray *array = gc_array_new (m);

  gc_array_append (array, INT (8));
  gc_array_append (array, INT (9));
  return array;
}

static GcSequence *
from_list_model (GcMutation *m)
{
  g_autoptr (GListStore) store = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);

  g_list_store_append (store, object);
  return gc_generator_from_list_model (m, G_LIST_MODEL (store));
}

#define PAIR          every_pair_new (m, mode)
#define COLLECT(...)  gc_generator_collect (m, __VA_ARGS__)
#define TWO_OF_THEM   (GcSequence *[]) { PAIR, every_pair_new (m, GOOD) }, 2
#define OF_PAIRS      gc_generator_map (m, numbers (m, 2), pair_of, NULL)

static gpointer
pair_of (GcMutation  *m,
         gpointer     value,
         gpointer     context,
         GError     **error)
{
  return every_pair_new (m, every.mode);
}

#define ENTRIES(ENTRY) \
  ENTRY (gc_generator_collect, "4: [0 1]", "3: busy", COLLECT (PAIR)) \
  ENTRY (gc_generator_count, "4: 2", "3: busy", gc_generator_count (m, PAIR)) \
  ENTRY (gc_generator_fold, "4: 6 @2 @3", "7: busy @2 !2", gc_generator_fold (m, numbers (m, 2), INT (5), add, NULL)) \
  ENTRY (gc_generator_fold_full, "4: 10 @2 @3", "7: busy @2 !2", \
         gc_generator_fold_full (m, numbers (m, 2), number (5), script, DATA (ADD))) \
  ENTRY (gc_generator_for_each, "6: 100 @2 @4", "7: busy @2 !2", \
         gc_generator_for_each (m, numbers (m, 2), take_item, NULL)) \
  ENTRY (gc_generator_for_each_full, "6: 100 @2 @4", "7: busy @2 !2", \
         gc_generator_for_each_full (m, numbers (m, 2), script, DATA (PART_AGAIN))) \
  ENTRY (gc_generator_find, "7: 0 @2", "7: busy @2 !2", gc_generator_find (m, numbers (m, 2), is_zero, NULL)) \
  ENTRY (gc_generator_find_full, "7: 0 @2", "7: busy @2 !2", \
         gc_generator_find_full (m, numbers (m, 2), script, DATA (IS_ZERO))) \
  ENTRY (gc_generator_any_match, "7: 1 @2", "7: busy @2 !2", \
         gc_generator_any_match (m, numbers (m, 2), is_zero, NULL)) \
  ENTRY (gc_generator_any_match_full, "7: 1 @2", "7: busy @2 !2", \
         gc_generator_any_match_full (m, numbers (m, 2), script, DATA (IS_ZERO))) \
  ENTRY (gc_generator_all_match, "8: 0 @2 @3", "7: busy @2 !2", \
         gc_generator_all_match (m, numbers (m, 2), is_zero, NULL)) \
  ENTRY (gc_generator_all_match_full, "8: 0 @2 @3", "7: busy @2 !2", \
         gc_generator_all_match_full (m, numbers (m, 2), script, DATA (IS_ZERO))) \
  ENTRY (gc_generator_chain, "9: [0 1 0]", "7: busy !5", \
         COLLECT (gc_generator_chain (m, PAIR, numbers (m, 1), NULL))) \
  ENTRY (gc_generator_chain_array, "10: [0 1 0 1]", "7: busy !5", \
         COLLECT (gc_generator_chain_array (m, TWO_OF_THEM))) \
  ENTRY (gc_generator_zip, "14: [[0 0] [1 1]]", "11: busy !6", \
         COLLECT (gc_generator_zip (m, PAIR, numbers (m, 3), NULL))) \
  ENTRY (gc_generator_zip_array, "12: [[0 0] [1 1]]", "9: busy !6", \
         COLLECT (gc_generator_zip_array (m, TWO_OF_THEM))) \
  ENTRY (gc_generator_merge, "18: [0 0 1]", "18: busy !13", \
         COLLECT (gc_generator_merge (m, PAIR, numbers (m, 1), NULL))) \
  ENTRY (gc_generator_merge_array, "22: [0 0 1 1]", "16: busy !13", \
         COLLECT (gc_generator_merge_array (m, TWO_OF_THEM))) \
  ENTRY (gc_generator_flatten, "36: [0 1 0 1]", "21: busy !13", COLLECT (gc_generator_flatten (m, OF_PAIRS, 1))) \
  ENTRY (gc_generator_map, "7: [10 11] @3 @5", "8: busy @3 !3", \
         COLLECT (gc_generator_map (m, numbers (m, 2), add_ten, NULL))) \
  ENTRY (gc_generator_map_full, "7: [10 11] @3 @5", "8: busy @3 !3", \
         COLLECT (gc_generator_map_full (m, numbers (m, 2), script, DATA (ADD)))) \
  ENTRY (gc_generator_filter, "6: [0] @3 @5", "8: busy @3 !3", \
         COLLECT (gc_generator_filter (m, numbers (m, 2), is_zero, NULL))) \
  ENTRY (gc_generator_filter_full, "6: [0] @3 @5", "8: busy @3 !3", \
         COLLECT (gc_generator_filter_full (m, numbers (m, 2), script, DATA (IS_ZERO)))) \
  ENTRY (gc_generator_flat_map, "9: [0 1] @3", "8: busy @3 !3", \
         COLLECT (gc_generator_flat_map (m, numbers (m, 1), two_of, NULL))) \
  ENTRY (gc_generator_flat_map_full, "9: [0 1] @3", "8: busy @3 !3", \
         COLLECT (gc_generator_flat_map_full (m, numbers (m, 1), script, DATA (TWO)))) \
  ENTRY (gc_generator_scan, "7: [5 6] @3 @5", "8: busy @3 !3", \
         COLLECT (gc_generator_scan (m, numbers (m, 2), INT (5), add, NULL))) \
  ENTRY (gc_generator_scan_full, "7: [10 10] @3 @5", "8: busy @3 !3", \
         COLLECT (gc_generator_scan_full (m, numbers (m, 2), number (5), script, DATA (ADD)))) \
  ENTRY (gc_generator_take_while, "10: [0] @3 @5", "8: busy @3 !3", \
         COLLECT (gc_generator_take_while (m, numbers (m, 2), is_zero, NULL))) \
  ENTRY (gc_generator_take_while_full, "10: [0] @3 @5", "8: busy @3 !3", \
         COLLECT (gc_generator_take_while_full (m, numbers (m, 2), script, DATA (IS_ZERO)))) \
  ENTRY (gc_generator_take, "7: [0]", NULL, COLLECT (gc_generator_take (m, PAIR, 1))) \
  ENTRY (gc_generator_skip, "6: [1]", "4: busy", COLLECT (gc_generator_skip (m, PAIR, 1))) \
  ENTRY (gc_generator_chunk, "6: [[0 1]]", "4: busy", COLLECT (gc_generator_chunk (m, PAIR, 2))) \
  ENTRY (gc_generator_enumerate, "7: [[0 0] [1 1]]", "5: busy", COLLECT (gc_generator_enumerate (m, PAIR))) \
  ENTRY (gc_generator_next, "2: item 0", NULL, gc_generator_next (m, PAIR)) \
  ENTRY (gc_generator_close, "9: null", NULL, every_closer_new (m, numbers (m, 2))) \
  ENTRY (gc_generator_empty, "2: []", NULL, COLLECT (gc_generator_empty (m))) \
  ENTRY (gc_generator_once, "3: [4]", NULL, COLLECT (gc_generator_once (m, INT (4)))) \
  ENTRY (gc_generator_once_of, "3: [GcBox]", NULL, COLLECT (gc_generator_once_of (m, number (4)))) \
  ENTRY (gc_generator_range, "4: [3 1]", NULL, COLLECT (gc_generator_range (m, 3, 0, -2))) \
  ENTRY (gc_generator_from_array, "4: [8 9]", NULL, COLLECT (gc_generator_from_array (m, array_of_two (m)))) \
  ENTRY (gc_generator_from_list_model, "3: [GcOwningBox]", NULL, COLLECT (from_list_model (m))) \
  ENTRY (gc_generator_from_func, "3: [7] @2 @3", "2: busy @2", \
         COLLECT (gc_generator_from_func (m, once_seven, gc_array_new (m)))) \
  ENTRY (gc_generator_from_func_full, "3: [7] @2 @3", "2: busy @2", \
         COLLECT (gc_generator_from_func_full (m, script, DATA (SEVEN))))

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

  demo_add ("every-generator", test_every);

  return g_test_run ();
}
