/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-string.h"

G_BEGIN_DECLS

struct _GcString
{
  GcObject    parent_instance;
  const gsize n;                /* bytes of the text, its nul included */
  guint32     hash;             /* of the text; 0: not known yet */
  char        text[];
};

/* gc-string.c */
GcString *gc_string_make     (GcMutation    *m,
                              const char    *text,
                              gsize          length);
GcString *gc_string_try_make (GcMutation    *m,
                              const char    *text,
                              gsize          length,
                              GError       **error);

/* gc-string-intern.c */
void      gc_string_clear_interned (GcArena *arena);

G_END_DECLS
