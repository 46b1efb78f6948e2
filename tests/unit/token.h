/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A boxed type whose copies are counted, and whose end does what foreign code may do. */

#include <gcobj/gcobj.h>

typedef struct
{
  int number;
} Token;

static int token_count;
static GcArena *token_use_arena;

static Token *
token_new (int number)
{
  Token *self = g_new (Token, 1);

  __atomic_add_fetch (&token_count, 1, __ATOMIC_RELAXED);
  self->number = number;
  return self;
}

static gpointer
token_copy (gpointer self)
{
  return token_new (((Token *) self)->number);
}

static void
token_free (gpointer self)
{
  __atomic_sub_fetch (&token_count, 1, __ATOMIC_RELAXED);
  /* Inside of a finalizer this would be a critical. */
  if (token_use_arena != NULL)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (token_use_arena);

      gc_object_unref (gc_object_ref (gc_string_new (m, "allocated")));
    }
  g_free (self);
}

#define TOKEN_TYPE (token_get_type ())
static GType token_get_type (void);
G_DEFINE_BOXED_TYPE (Token, token, token_copy, token_free)
