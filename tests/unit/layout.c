/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Instances of 1 to 64 bytes beyond the header, of elements of 1, 2, 4 and 8
 * bytes: each is aligned, has its size, and overlaps with no other. */

#include "demo.h"

#define SIZES_OF_8(_, e) _ (8, e) _ (16, e) _ (24, e) _ (32, e) _ (40, e) _ (48, e) _ (56, e) _ (64, e)
#define SIZES_OF_4(_, e) SIZES_OF_8 (_, e) \
  _ (4, e) _ (12, e) _ (20, e) _ (28, e) _ (36, e) _ (44, e) _ (52, e) _ (60, e)
#define SIZES_OF_2(_, e) SIZES_OF_4 (_, e) \
  _ (2, e) _ (6, e) _ (10, e) _ (14, e) _ (18, e) _ (22, e) _ (26, e) _ (30, e) \
  _ (34, e) _ (38, e) _ (42, e) _ (46, e) _ (50, e) _ (54, e) _ (58, e) _ (62, e)
#define SIZES_OF_1(_, e) SIZES_OF_2 (_, e) \
  _ (1, e) _ (3, e) _ (5, e) _ (7, e) _ (9, e) _ (11, e) _ (13, e) _ (15, e) \
  _ (17, e) _ (19, e) _ (21, e) _ (23, e) _ (25, e) _ (27, e) _ (29, e) _ (31, e) \
  _ (33, e) _ (35, e) _ (37, e) _ (39, e) _ (41, e) _ (43, e) _ (45, e) _ (47, e) \
  _ (49, e) _ (51, e) _ (53, e) _ (55, e) _ (57, e) _ (59, e) _ (61, e) _ (63, e)
#define ALL_LAYOUTS(_) \
  SIZES_OF_1 (_, guint8) SIZES_OF_2 (_, guint16) SIZES_OF_4 (_, guint32) SIZES_OF_8 (_, guint64)

#define DEFINE_LAYOUT(size, element) \
  GType layout_##size##_##element##_get_type (void); \
  typedef struct { GcObjectClass parent_class; } Layout##size##_##element##Class; \
  typedef struct \
  { \
    GcObject parent_instance; \
    element payload[(size) / sizeof (element)]; \
  } Layout##size##_##element; \
  GC_DEFINE_TYPE (Layout##size##_##element, layout_##size##_##element, GC_TYPE_OBJECT, )

ALL_LAYOUTS (DEFINE_LAYOUT)

typedef struct
{
  GType (*get_type) (void);
  gsize payload;
  gsize alignment;
  gsize offset;
  gsize instance_size;
} Layout;

#define LIST_LAYOUT(size, element) \
  { layout_##size##_##element##_get_type, size, _Alignof (element), \
    offsetof (Layout##size##_##element, payload), sizeof (Layout##size##_##element) },

static const Layout layouts[] = { ALL_LAYOUTS (LIST_LAYOUT) };

static void
test_alignment (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  g_assert_cmpuint (G_N_ELEMENTS (layouts), ==, 64 + 32 + 16 + 8);
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    for (guint k = 0; k < 20; k++)
      {
        const Layout *layout = &layouts[i];
        char *object = gc_object_new (m, layout->get_type ());

        g_assert_cmpuint ((guintptr) object % 8, ==, 0);
        g_assert_cmpuint ((guintptr) (object + layout->offset) % layout->alignment, ==, 0);
        /* An odd number of words, so that what follows starts in the other half of a granule. */
        gc_object_new (m, layouts[(i * 7 + k) % G_N_ELEMENTS (layouts)].get_type ());
      }
}

static void
test_size (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      GcObject *object = gc_object_new (m, layouts[i].get_type ());
      gsize expected = (layouts[i].instance_size + 7) / 8 * 8;

      g_assert_cmpuint (gc_object_get_size (object), ==, MAX (expected, 16));
    }
}

/* Objects of all layouts side by side, each full of its own pattern. */
static void
test_overlap (void)
{
  enum { ROUNDS = 40 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  guint n = ROUNDS * G_N_ELEMENTS (layouts);
  g_autofree guint *kinds = g_new (guint, n);

  for (guint i = 0; i < n; i++)
    kinds[i] = g_rand_int_range (rand, 0, G_N_ELEMENTS (layouts));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *all = gc_new_with_tail (m, DemoVector, n);

    for (guint i = 0; i < n; i++)
      {
        const Layout *layout = &layouts[kinds[i]];
        char *object = gc_object_new (m, layout->get_type ());

        for (gsize k = 0; k < layout->payload; k++)
          g_assert_cmpint (object[layout->offset + k], ==, 0);
        memset (object + layout->offset, 1 + i % 255, layout->payload);
        gc_set (all, items[i], (gpointer) object);
      }
    gc_arena_set_root (arena, all);
  }

  for (guint round = 0; round < 4; round++)
    {
      g_autoptr (GcMutation) m = NULL;
      DemoVector *all;

      demo_check (arena);
      m = gc_arena_begin (arena);
      all = gc_arena_get_root (arena);
      for (guint i = 0; i < n; i++)
        {
          const Layout *layout = &layouts[kinds[i]];
          const guint8 *object = (const guint8 *) all->items[i];

          g_assert_cmpuint (G_TYPE_FROM_INSTANCE (object), ==, layout->get_type ());
          for (gsize k = 0; k < layout->payload; k++)
            g_assert_cmpuint (object[layout->offset + k], ==, 1 + i % 255);
        }
      /* The holes that this leaves are filled by objects of other sizes. */
      for (guint i = round; i < n; i += 3)
        {
          const Layout *layout = &layouts[kinds[i] = g_rand_int_range (rand, 0, G_N_ELEMENTS (layouts))];
          char *object = gc_object_new (m, layout->get_type ());

          for (gsize k = 0; k < layout->payload; k++)
            g_assert_cmpint (object[layout->offset + k], ==, 0);
          memset (object + layout->offset, 1 + i % 255, layout->payload);
          gc_set (all, items[i], (gpointer) object);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/alignment", test_alignment);
  g_test_add_func ("/layout/size", test_size);
  g_test_add_func ("/layout/overlap", test_overlap);
  return g_test_run ();
}
