/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-error.h"

G_BEGIN_DECLS

/* What the public edge checks. */

/* Whether an arena made it and it is of this type. Neither holds for what a binding made by
 * g_type_create_instance(), whose fields contradict each other. */
#define gc_is_a(object, type) \
  (gc_arena_of (object) != NULL && G_TYPE_CHECK_INSTANCE_TYPE (object, type))

/* The arena of a mutation that the calling thread can allocate by, or NULL. */
static inline GcArena *
gc_check_mutation (GcMutation  *m,
                   GError     **error)
{
  GcArena *arena = m != NULL ? gc_mutation_get_arena (m) : NULL;

  if (arena != NULL && gc_arena_is_mutating (arena))
    return arena;
  g_set_error_literal (error, GC_ERROR, GC_ERROR_NOT_MUTATING,
                       "The mutation is finished, or another thread's");
  return NULL;
}

/* Whether text is UTF-8 without a nul inside. */
static inline gboolean
gc_check_utf8 (const char  *text,
               gsize        length,
               GError     **error)
{
  const char *end;

  if (g_utf8_validate_len (text, length, &end))
    return TRUE;
  g_set_error (error, GC_ERROR, GC_ERROR_RANGE,
               "The text is not valid UTF-8 at byte %" G_GSIZE_FORMAT, (gsize) (end - text));
  return FALSE;
}

G_END_DECLS
