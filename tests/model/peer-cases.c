/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the model does too seldom with peers to rely on. */

#include "model.h"
#include "gcobj/gc-peer-private.h"

static void
on_finalized (gpointer  flag,
              GObject  *where)
{
  *(gboolean *) flag = TRUE;
  (void) where;
}

static GObject *
make (gboolean *is_final)
{
  GObject *object = g_object_new (G_TYPE_OBJECT, NULL);

  *is_final = FALSE;
  g_object_weak_ref (object, on_finalized, is_final);
  return object;
}

/* A reference that is taken after the peer was polled, while marking goes on, keeps the GObject of
 * another peer that it leads to. Where in the cycle that is, steps tell: each once. */
void
model_reference_while_marking (GcZeal zeal)
{
  for (guint at = 0; at < 40; at++)
    {
      g_autoptr (GcArena) arena = gc_arena_new ();
      GcHeap *heap = &arena->heap;
      gboolean first_is_final, second_is_final;
      GObject *first = make (&first_is_final), *second = make (&second_is_final);

      gc_arena_set_zeal (arena, zeal & ~(GC_ZEAL_SAFEPOINT | GC_ZEAL_WALKS | GC_ZEAL_RELOCATE));
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcArray *list = gc_array_new (m);

        gc_arena_set_root (arena, list);
        for (guint i = 0; i < 20; i++)
          gc_array_append (list, gc_array_new (m));
        gc_peer_set_data (gc_peer_new (m, first), "second", gc_peer_new (m, second));
      }
      g_object_unref (first);
      g_object_unref (second);
      for (guint i = 0; i < at; i++)
        gc_arena_step_units (arena, 1);
      if (heap->state != GC_STATE_MARKING || heap->keeper->phase != GC_KEEPER_KEEPS || first_is_final)
        continue;
      g_object_ref (first);
      gc_arena_finish_cycle (arena);
      if (first_is_final || second_is_final)
        g_error ("a GObject was lost that another one leads to");
      g_object_weak_unref (first, on_finalized, &first_is_final);
      g_object_weak_unref (second, on_finalized, &second_is_final);
      g_object_unref (first);
    }
}

/* A program comes back to a condemned peer by a weak reference. */
void
model_rescue_condemned (GcZeal zeal)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcWeakRef) weak = NULL;
  gboolean is_final;
  GObject *object = make (&is_final);

  gc_arena_set_zeal (arena, zeal);
  gc_arena_attach (arena, context);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    weak = gc_object_ref (gc_weak_ref_new (m, gc_peer_new (m, object)));
  }
  g_object_unref (object);
  gc_arena_collect (arena);
  {
    g_autoptr (GcObject) peer = gc_weak_ref_upgrade_dup (weak);

    g_object_unref (gc_peer_dup_object ((GcPeer *) peer));
    while (g_main_context_iteration (context, FALSE))
      ;
    if (is_final)
      g_error ("a GObject was lost that a program came back to");
    g_object_weak_unref (object, on_finalized, &is_final);
  }
}
