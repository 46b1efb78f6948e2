/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gcobj/gcobj.h>

#if !GCOBJ_CHECK_VERSION (0, 1, 0)
# error "these headers are too old"
#endif

int
main (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  gc_arena_collect (arena);
  return 0;
}
