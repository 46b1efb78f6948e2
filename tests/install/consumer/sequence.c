/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gcseq/gcseq.h>

int
main (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcRunner) runner = gc_runner_new (arena);
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  return gc_untag_int (gc_runner_run (runner, gc_sequence_value (m, gc_tag_int (7)), NULL, NULL)) == 7 ? 0 : 1;
}
