/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* For programs that make thousands of quarks: GLib keeps each table of them that it outgrew, the first one of its start
 * included, and nothing refers to it. LeakSanitizer can't be told, as GLib has no frame pointers; Valgrind can, and looks for leaks of
 * the same programs (valgrind.supp). */

#include <glib.h>

#ifdef __SANITIZE_ADDRESS__
int __lsan_is_turned_off (void);

int
__lsan_is_turned_off (void)
{
  return TRUE;
}
#endif
