/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each of the arena's own checks finds what it is for, and nothing in a correct program. */

#include <string.h>
#include <gcobj/gcobj.h>

#define LIBRARY "GcObj"

GC_DECLARE_TYPE (ZealNode, zeal_node, ZEAL, NODE, GcObject)
GC_DECLARE_TYPE (ZealForgetful, zeal_forgetful, ZEAL, FORGETFUL, GcObject)
GC_DECLARE_TYPE (ZealOpen, zeal_open, ZEAL, OPEN, GcObject)
GC_DECLARE_TYPE (ZealEnv, zeal_env, ZEAL, ENV, GcObject)
GC_DECLARE_TYPE (ZealFin, zeal_fin, ZEAL, FIN, GcObject)

struct _ZealNode
{
  GcObject parent_instance;
  GC_REF (GcObject) left, right;
  GC_WEAK (GcObject) weak;
  gint64 value;
};

GC_DEFINE_TYPE (ZealNode, zeal_node, GC_TYPE_OBJECT,
                GC_FIELD (ZealNode, left)
                GC_FIELD (ZealNode, right)
                GC_FIELD_WEAK (ZealNode, weak))

/* A reference that no layout tells of, at offset 16. */
struct _ZealForgetful
{
  GcObject parent_instance;
  GC_REF (GcObject) slot;
  ZealNode *forgotten;
};

GC_DEFINE_TYPE (ZealForgetful, zeal_forgetful, GC_TYPE_OBJECT,
                GC_FIELD (ZealForgetful, slot))

/* The same on purpose. */
struct _ZealOpen
{
  GcObject parent_instance;
  GC_REF (GcObject) slot;
  GC_UNTRACED ZealNode *known;
};

GC_DEFINE_TYPE (ZealOpen, zeal_open, GC_TYPE_OBJECT,
                GC_FIELD (ZealOpen, slot)
                GC_FIELD_UNTRACED (ZealOpen, known))

typedef struct
{
  GC_REF (GcObject) value;
} Frame;

/* Slots in memory of its own, which grows. */
struct _ZealEnv
{
  GcObject parent_instance;
  gsize n;
  Frame *frames;
};

static void
zeal_env_trace (GcObject *object,
                GcTracer *tracer)
{
  ZealEnv *self = (ZealEnv *) object;

  for (gsize i = 0; i < self->n; i++)
    gc_trace (tracer, &self->frames[i].value);
}

static void
zeal_env_finalize (GcObject *object)
{
  g_free (ZEAL_ENV (object)->frames);
}

GC_DEFINE_TYPE (ZealEnv, zeal_env, GC_TYPE_OBJECT,
                GC_TRACE (zeal_env_trace)
                GC_FINALIZE (zeal_env_finalize))

static void
zeal_env_push (ZealEnv  *self,
               gpointer  value)
{
  self->frames = g_realloc (self->frames, (self->n + 1) * sizeof *self->frames);
  memset ((gpointer) &self->frames[self->n], 0, sizeof *self->frames);
  self->n++;
  gc_set (self, frames[self->n - 1].value, value);
}

struct _ZealFin
{
  GcObject parent_instance;
  guint *n_finalized;
};

static void
zeal_fin_finalize (GcObject *object)
{
  (*ZEAL_FIN (object)->n_finalized)++;
}

GC_DEFINE_TYPE (ZealFin, zeal_fin, GC_TYPE_OBJECT,
                GC_FINALIZE (zeal_fin_finalize))

static GcArena *
new_arena (GcZeal zeal)
{
  GcArena *arena = gc_arena_new ();

  gc_arena_set_zeal (arena, zeal);
  g_assert_cmphex (gc_arena_get_zeal (arena), ==, zeal);
  return arena;
}

/* A store that gc_set() would refuse to be told of: what memcpy() and casts do. */
static void
store_around (gconstpointer slot,
              gpointer      value)
{
  memcpy ((gpointer) (guintptr) slot, &value, sizeof value);
}

static void
expect (const char *pattern)
{
  g_test_expect_message (LIBRARY, G_LOG_LEVEL_CRITICAL, pattern);
}

static void
test_shadow_slots (void)
{
  g_autoptr (GcArena) arena = new_arena (GC_ZEAL_SHADOW_SLOTS);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    ZealNode *node = gc_new (m, ZealNode);

    gc_arena_set_root (arena, node);
    gc_set (node, left, GC_OBJECT (gc_new (m, ZealNode)));
    store_around (&node->right, gc_new (m, ZealNode));
    expect ("shadow-slots: the slot at offset 16 of a ZealNode holds 0x* stored into without gc_set ()");
  }
  g_test_assert_expected_messages ();

  /* It was told once. An overwritten tagged word is a store like any other. */
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    ZealNode *node = gc_arena_get_root (arena);

    gc_set (node, right, gc_tag_int (3));
    store_around (&node->right, gc_tag_int (4));
    expect ("shadow-slots: the slot at offset 16 of a ZealNode holds 0x21*");
  }
  g_test_assert_expected_messages ();
}

/* A slot that is cleared around the barrier, and one in an array. */
static void
test_shadow_slots_cleared (void)
{
  g_autoptr (GcArena) arena = new_arena (GC_ZEAL_SHADOW_SLOTS);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    ZealNode *node = gc_new (m, ZealNode);

    gc_arena_set_root (arena, node);
    gc_set (node, left, GC_OBJECT (node));
  }
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    ZealNode *node = gc_arena_get_root (arena);

    store_around (&node->left, NULL);
    expect ("shadow-slots: the slot at offset 8 of a ZealNode holds (nil)*");
  }
  g_test_assert_expected_messages ();
}

static void
test_shadow_slots_clean (void)
{
  g_autoptr (GcArena) arena = new_arena (GC_ZEAL_SHADOW_SLOTS);

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      ZealNode *root = gc_arena_get_root (arena);
      ZealNode *node = gc_new (m, ZealNode);

      /* What dies leaves its memory, and its copied slots, to others. */
      gc_set (node, left, GC_OBJECT (root));
      gc_set (node, right, gc_tag_int (i));
      if (root != NULL && i % 3 == 0)
        gc_set (root, right, GC_OBJECT (gc_new (m, ZealNode)));
      if (i % 10 == 0)
        gc_set (node, left, NULL);
      gc_arena_set_root (arena, node);
    }
}

/* Memory that an object owns moves when it grows, and comes back to others. */
static void
test_shadow_slots_unmanaged (void)
{
  g_autoptr (GcArena) arena = new_arena (GC_ZEAL_SHADOW_SLOTS);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, gc_new (m, ZealEnv));
  }
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      ZealEnv *env = gc_arena_get_root (arena);

      zeal_env_push (env, gc_new (m, ZealNode));
      if (i % 40 == 39)
        gc_arena_set_root (arena, gc_new (m, ZealEnv));
    }
}

static void
test_untraced (void)
{
  g_autoptr (GcArena) arena = new_arena (GC_ZEAL_UNTRACED);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    ZealForgetful *object = gc_new (m, ZealForgetful);
    ZealNode *node = gc_new (m, ZealNode);

    gc_arena_set_root (arena, object);
    gc_set (object, slot, GC_OBJECT (node));
    object->forgotten = node;
    expect ("untraced: ZealForgetful: the word at offset 16 holds a reference to a ZealNode*");
  }
  g_test_assert_expected_messages ();

  /* Integers and addresses inside of objects are none. */
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    ZealForgetful *object = gc_arena_get_root (arena);
    ZealNode *node = gc_new (m, ZealNode);

    object->forgotten = NULL;
    gc_set (object, slot, GC_OBJECT (node));
    node->value = (gint64) (gintptr) node + 8;
  }
}

static void
test_untraced_on_purpose (void)
{
  g_autoptr (GcArena) arena = new_arena (GC_ZEAL_UNTRACED);
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  ZealOpen *object = gc_new (m, ZealOpen);
  ZealEnv *env = gc_new (m, ZealEnv);

  gc_arena_set_root (arena, object);
  gc_set (object, slot, GC_OBJECT (env));
  object->known = gc_new (m, ZealNode);
  zeal_env_push (env, object->known);
}

/* A pointer that is kept over a safe point without being rooted. */
static void
test_relocate_stale (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (GcArena) arena = new_arena (GC_ZEAL_RELOCATE);
      ZealNode *volatile node;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        node = gc_new (m, ZealNode);
        gc_arena_set_root (arena, node);
      }
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        node->value = 1;
      }
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*stale pointer: 0x* was in a ZealNode until cycle *");
}

/* A reference in a field that is not traced, to an object that lives on. */
static void
test_relocate_untraced (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (GcArena) arena = new_arena (GC_ZEAL_RELOCATE);

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        ZealForgetful *object = gc_new (m, ZealForgetful);
        ZealNode *node = gc_new (m, ZealNode);

        gc_arena_set_root (arena, object);
        gc_set (object, slot, GC_OBJECT (node));
        object->forgotten = node;
      }
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        ZealForgetful *object = gc_arena_get_root (arena);

        g_assert_cmpint (((ZealNode *) object->slot)->value, ==, 0);
        ((ZealForgetful *volatile) object)->forgotten->value = 1;
      }
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*stale pointer: 0x* was in a ZealNode until cycle *");
}

/* What is rooted is led along; what is referenced from outside stays. */
static void
test_relocate_clean (void)
{
  g_autoptr (GcArena) arena = new_arena (GC_ZEAL_RELOCATE);
  ZealNode *kept;
  ZealNode *before;
  guint hash;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GC_ROOT (m, ZealNode, node);
    ZealEnv *env = gc_new (m, ZealEnv);

    node = before = gc_new (m, ZealNode);
    node->value = 7;
    gc_set_weak (node, weak, GC_OBJECT (node));
    zeal_env_push (env, node);
    gc_set (node, left, GC_OBJECT (env));
    hash = gc_object_hash (GC_OBJECT (node));
    g_assert_true (gc_mutation_safepoint (m));
    g_assert_true (node != before);
    g_assert_cmpint (node->value, ==, 7);
    g_assert_true (gc_weak_get (node, weak) == GC_OBJECT (node));
    g_assert_true (((ZealEnv *) node->left)->frames[0].value == GC_OBJECT (node));
    g_assert_cmphex (gc_object_hash (GC_OBJECT (node)), ==, hash);

    before = node;
    kept = gc_object_ref (node);
    g_assert_true (gc_mutation_safepoint (m));
    g_assert_true (node == before);
  }
  g_assert_cmpint (kept->value, ==, 7);
  gc_arena_collect (arena);
  g_assert_cmpint (kept->value, ==, 7);
  gc_object_unref (kept);
}

/* A reference into another arena. Marking it does harm: in a process of its own. */
static void
test_verify (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (GcArena) arena = new_arena (GC_ZEAL_VERIFY);
      g_autoptr (GcArena) other = gc_arena_new ();
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      g_autoptr (GcMutation) m2 = gc_arena_begin (other);
      ZealNode *node = gc_new (m, ZealNode);

      gc_arena_set_root (arena, node);
      store_around (&node->left, gc_new (m2, ZealNode));
      gc_mutation_finish (m2);
      gc_mutation_finish (m);
      gc_arena_collect (arena);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*CRITICAL*verify: cycle *: a ZealNode 0x* refers to 0x*, which is no object of the arena*");
}

/* The same by the function. */
static void
test_verify_function (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GError) error = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    ZealNode *node = gc_new (m, ZealNode);

    gc_arena_set_root (arena, node);
    gc_set (node, left, GC_OBJECT (gc_new (m, ZealNode)));
  }
  g_assert_true (gc_arena_verify (arena, &error));
  g_assert_no_error (error);

  if (g_test_subprocess ())
    {
      g_autoptr (GcArena) other = gc_arena_new ();
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      g_autoptr (GcMutation) m2 = gc_arena_begin (other);
      ZealNode *node = gc_arena_get_root (arena);

      store_around (&node->left, gc_new (m2, ZealNode));
      gc_mutation_finish (m2);
      gc_mutation_finish (m);
      g_assert_false (gc_arena_verify (arena, &error));
      g_assert_error (error, GC_ERROR, GC_ERROR_CORRUPT);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

static void
test_clobber (void)
{
  g_autoptr (GcArena) arena = new_arena (GC_ZEAL_CLOBBER);
  const guint8 *dead;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    ZealNode *node;

    gc_arena_set_root (arena, gc_new (m, ZealNode));
    node = gc_new (m, ZealNode);
    node->value = -1;
    /* It does not share its last granule with what lives. */
    gc_new (m, ZealNode);
    dead = (const guint8 *) node;
  }
  gc_arena_collect (arena);
  for (gsize i = 8; i < sizeof (ZealNode); i++)
    g_assert_cmphex (dead[i], ==, 0xdb);

  /* Memory that is used again is zero all the same. */
  for (guint i = 0; i < 20; i++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (guint k = 0; k < 500; k++)
          {
            ZealNode *node = gc_new (m, ZealNode);

            g_assert_null (node->left);
            g_assert_null (node->right);
            g_assert_cmpint (node->value, ==, 0);
            if (k % 7 == 0)
              {
                gc_set (node, left, gc_arena_get_root (arena));
                gc_arena_set_root (arena, node);
              }
          }
      }
      gc_arena_collect (arena);
    }
}

static void
test_safepoint (void)
{
  g_autoptr (GcArena) arena = new_arena (GC_ZEAL_SAFEPOINT);
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GC_ROOT (m, ZealFin, rooted);

    gc_new (m, ZealFin)->n_finalized = &n_finalized;
    rooted = gc_new (m, ZealFin);
    rooted->n_finalized = &n_finalized;
    g_assert_true (gc_mutation_safepoint (m));
    g_assert_cmpuint (n_finalized, ==, 1);

    /* Not while another scope is open. */
    {
      g_autoptr (GcMutation) inner = gc_arena_begin (arena);

      gc_new (inner, ZealFin)->n_finalized = &n_finalized;
      g_assert_false (gc_mutation_safepoint (inner));
      g_assert_false (gc_mutation_safepoint (m));
    }
    g_assert_cmpuint (n_finalized, ==, 1);
    g_assert_true (gc_mutation_safepoint (m));
    g_assert_cmpuint (n_finalized, ==, 2);
  }
  g_assert_cmpuint (n_finalized, ==, 3);

  /* The end of an implicit scope is no safe point. */
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    ZealFin *object = gc_new (m, ZealFin);

    object->n_finalized = &n_finalized;
    gc_arena_set_root (arena, object);
  }
  gc_arena_set_root (arena, NULL);
  g_assert_cmpuint (n_finalized, ==, 3);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
  }
  g_assert_cmpuint (n_finalized, ==, 4);
}

static void
test_environment (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (GcArena) arena = NULL;

      g_setenv ("GCOBJ_ZEAL", "verify,shadow-slots:clobber", TRUE);
      arena = gc_arena_new ();
      g_assert_cmphex (gc_arena_get_zeal (arena), ==,
                       GC_ZEAL_VERIFY | GC_ZEAL_SHADOW_SLOTS | GC_ZEAL_CLOBBER);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

static void
test_too_late (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcZeal zeal = gc_arena_get_zeal (arena);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_new (m, ZealNode);
  }
  expect ("*objects were allocated already*");
  gc_arena_set_zeal (arena, GC_ZEAL_VERIFY);
  g_test_assert_expected_messages ();
  g_assert_cmphex (gc_arena_get_zeal (arena), ==, zeal);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zeal/shadow-slots/store", test_shadow_slots);
  g_test_add_func ("/zeal/shadow-slots/clear", test_shadow_slots_cleared);
  g_test_add_func ("/zeal/shadow-slots/clean", test_shadow_slots_clean);
  g_test_add_func ("/zeal/shadow-slots/unmanaged", test_shadow_slots_unmanaged);
  g_test_add_func ("/zeal/untraced/forgotten", test_untraced);
  g_test_add_func ("/zeal/untraced/on-purpose", test_untraced_on_purpose);
  g_test_add_func ("/zeal/relocate/stale", test_relocate_stale);
  g_test_add_func ("/zeal/relocate/untraced", test_relocate_untraced);
  g_test_add_func ("/zeal/relocate/clean", test_relocate_clean);
  g_test_add_func ("/zeal/verify/check", test_verify);
  g_test_add_func ("/zeal/verify/function", test_verify_function);
  g_test_add_func ("/zeal/clobber", test_clobber);
  g_test_add_func ("/zeal/safepoint", test_safepoint);
  g_test_add_func ("/zeal/environment", test_environment);
  g_test_add_func ("/zeal/too-late", test_too_late);
  return g_test_run ();
}
