/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What holds objects from outside of the heap, and weakly. */

#include "types.h"

void outside (GcMutation *m, GcArena *arena, GcObject *object);

void
outside (GcMutation *m, GcArena *arena, GcObject *object)
{
  GcRootSet *set = gc_root_set_new (m);                        /* stash, fetch; collectable; the wrong set is an error */
  GcObject *kept = gc_object_ref (object);                     /* counted, any thread; what bindings do */
  g_autoptr (GcHandle) handle = gc_handle_new (object);        /* a GObject, for list models */
  g_autoptr (GcRootKey) key = gc_root_set_stash (set, gc_handle_get_object (handle));

  g_assert (gc_root_set_contains (set, key));
  gc_arena_attach (arena, NULL);                               /* idle collection on the main context */
  gc_object_unref (kept);
}

void weakly (GcMutation *m, GcGuardian *guardian, GcObject *object);

void
weakly (GcMutation *m, GcGuardian *guardian, GcObject *object)
{
  GcTable *cache = gc_table_new (m, GC_TABLE_WEAK_VALUES);
  GcWeakRef *w = gc_weak_ref_new (m, object);
  DemoNode *alive = gc_weak_ref_upgrade (w);                       /* NULL once it is gone */

  gc_guardian_watch (guardian, object, "closed");              /* delivered, alive again, on the main context */
  gc_arena_set_root (gc_mutation_get_arena (m), alive != NULL ? (gpointer) alive : (gpointer) cache);
}
