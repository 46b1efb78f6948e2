/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A long function with a rooted local. */

#include <gio/gio.h>

#include "types.h"

typedef struct { int value; } Record;

gboolean read_record (GInputStream *in, Record *record);
DemoNode *demo_node_new (GcMutation *m, const Record *record);
DemoNode *import_twice (GcMutation *m, GInputStream *in);

static GC_MAY_COLLECT DemoNode *
import_all (GcMutation *m, GInputStream *in)
{
  Record record;

  GC_ROOT (m, DemoNode, list);                  /* a rooted local: DemoNode *list = NULL; LIFO, ends with the block */
  while (read_record (in, &record))
    {
      DemoNode *n = demo_node_new (m, &record);
      gc_set (n, right, list);
      list = n;                                 /* plain assignment: roots are rescanned */
      gc_mutation_safepoint (m);                /* may collect if m is the only open scope; list survives, n does not */
    }
  return list;                                  /* valid until the caller's next safe point: time to reroot it */
}

DemoNode *
import_twice (GcMutation *m, GInputStream *in)
{
  GC_ROOT (m, DemoNode, first);

  first = import_all (m, in);
  gc_set (first, left, import_all (m, in));
  return first;
}
