/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Looking into a heap.
 *
 * A million objects with two references each, to one that is near and one that
 * is anywhere. While the picture is taken the arena is held, so that a census, which is nothing
 * but that, tells how long a program stands still; a snapshot is written
 * as well, into memory. The second one finds all ids given.
 */

#include <gcobj/gcobj.h>
#include <time.h>

#include "bench.h"

GC_DECLARE_TYPE (Item, item, PERF, ITEM, GcObject)

struct _Item
{
  GcObject parent_instance;
  GC_REF (Item) near;
  GC_REF (Item) far;
  guint64 number;
};

GC_DEFINE_TYPE (Item, item, GC_TYPE_OBJECT,
                GC_FIELD (Item, near)
                GC_FIELD (Item, far))

static double
cpu_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static void
build (GcArena *arena,
       size_t   n)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GC_ROOT (m, GcArray, items);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  items = gc_array_new (m);
  gc_arena_set_root (arena, items);
  for (size_t i = 0; i < n; i++)
    {
      Item *item = gc_new (m, Item);

      item->number = i;
      if (i > 0)
        {
          gc_set (item, near, gc_array_get (items, i - 1));
          gc_set (item, far, gc_array_get (items, (gsize) g_rand_int_range (random, 0, (gint32) i)));
        }
      gc_array_append (items, item);
    }
}

static void
census (GcArena *arena,
        size_t   n)
{
  double start = cpu_seconds ();
  g_autoptr (GListModel) model = gc_arena_take_census (arena, NULL);
  guint64 n_found = 0;

  bench_report ("census-ns-per-object", "%.1f", 1e9 * (cpu_seconds () - start) / (double) n);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GcTypeCount) count = g_list_model_get_item (model, i);

      n_found += gc_type_count_get_n_objects (count);
    }
  bench_require (n_found == n + 2);    /* the array and its slots */
}

static void
write_snapshot (GcArena    *arena,
                size_t      n,
                const char *key)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  double start = cpu_seconds ();

  bench_require (gc_arena_write_snapshot (arena, stream, NULL, NULL));
  bench_report (key, "%.1f", 1e9 * (cpu_seconds () - start) / (double) n);
}

static void
snapshot (size_t n)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  build (arena, n);
  census (arena, n);
  write_snapshot (arena, n, "first-ns-per-object");
  write_snapshot (arena, n, "second-ns-per-object");
}

const BenchWorkload bench_workload = {
  "snapshot", "gcobj", 1000 * 1000, 20 * 1000, snapshot
};
