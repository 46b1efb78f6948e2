/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence.h>

/* One list of fields makes the structure of a coroutine, its layout, its constructor and its
 * clean-up. The list is a sequence of parenthesized tuples without commas between them; two macros that
 * call each other in turn walk it, so that there may be any number of fields. A tuple is
 *
 *   (kind, P for a parameter or L for a local, type, name, what kind needs) */

#define GC_PARAM(T, n)              (PLAIN, P, T, n, )
#define GC_PARAM_REF(T, n)          (REF, P, T, n, )
#define GC_PARAM_GOBJECT(T, n)      (GOBJECT, P, T, n, )
#define GC_PARAM_STRING(n)          (STRING, P, char, n, )
#define GC_PARAM_BOXED(T, n, t)     (BOXED, P, T, n, t)
#define GC_LOCAL(T, n)              (PLAIN, L, T, n, )
#define GC_LOCAL_REF(T, n)          (REF, L, T, n, )
#define GC_LOCAL_GOBJECT(T, n)      (GOBJECT, L, T, n, )
#define GC_LOCAL_STRING(n)          (STRING, L, char, n, )
#define GC_LOCAL_BOXED(T, n, t)     (BOXED, L, T, n, t)
#define GC_LOCAL_CLEAR(T, n, f)     (CLEAR, L, T, n, f)

#ifndef __GTK_DOC_IGNORE__      /* how it is done */

#define GC__END(...)  GC__END_ (__VA_ARGS__)
#define GC__END_(...) __VA_ARGS__##_END

/* Members */
#define GC__M_A(k, p, T, n, x) GC__M_##k (T, n) GC__M_B
#define GC__M_B(k, p, T, n, x) GC__M_##k (T, n) GC__M_A
#define GC__M_A_END
#define GC__M_B_END
#define GC__M_PLAIN(T, n)   T n;
#define GC__M_CLEAR(T, n)   T n;
#define GC__M_REF(T, n)     GC_REF (T) n;
#define GC__M_GOBJECT(T, n) T *n;
#define GC__M_STRING(T, n)  T *n;
#define GC__M_BOXED(T, n)   T *n;

/* Slots */
#define GC__S_A(k, p, T, n, x) GC__S_##k (n) GC__S_B
#define GC__S_B(k, p, T, n, x) GC__S_##k (n) GC__S_A
#define GC__S_A_END
#define GC__S_B_END
#define GC__S_PLAIN(n)
#define GC__S_CLEAR(n)
#define GC__S_REF(n)        GC_FIELD (GC__Self, n)
#define GC__S_GOBJECT(n)
#define GC__S_STRING(n)
#define GC__S_BOXED(n)

/* Clean-up: fields in the reverse order */
#define GC__C_A(k, p, T, n, x) GC__C_##k (T, n, x) GC__C_B
#define GC__C_B(k, p, T, n, x) GC__C_##k (T, n, x) GC__C_A
#define GC__C_A_END
#define GC__C_B_END
#define GC__C_PLAIN(T, n, x)
#define GC__C_REF(T, n, x)
#define GC__C_GOBJECT(T, n, x) { GC_CLEANUP_GOBJECT, G_STRUCT_OFFSET (GC__Self, n), { NULL } },
#define GC__C_STRING(T, n, x)  { GC_CLEANUP_STRING, G_STRUCT_OFFSET (GC__Self, n), { NULL } },
#define GC__C_BOXED(T, n, x)   { GC_CLEANUP_BOXED, G_STRUCT_OFFSET (GC__Self, n), { .get_type = x } },
#define GC__C_CLEAR(T, n, x) \
  { GC_CLEANUP_CLEAR, G_STRUCT_OFFSET (GC__Self, n), \
    { .clear = (void (*) (gpointer)) (GCallback) (1 ? (x) : (void (*) (T *)) 0) } },

/* Arguments of the constructor */
#define GC__P_A(k, p, T, n, x) GC__P_##p##_##k (T, n) GC__P_B
#define GC__P_B(k, p, T, n, x) GC__P_##p##_##k (T, n) GC__P_A
#define GC__P_A_END
#define GC__P_B_END
#define GC__P_L_PLAIN(T, n)
#define GC__P_L_CLEAR(T, n)
#define GC__P_L_REF(T, n)
#define GC__P_L_GOBJECT(T, n)
#define GC__P_L_STRING(T, n)
#define GC__P_L_BOXED(T, n)
#define GC__P_P_PLAIN(T, n)   , T n
#define GC__P_P_REF(T, n)     , T *n
#define GC__P_P_GOBJECT(T, n) , T *n
#define GC__P_P_STRING(T, n)  , const char *n
#define GC__P_P_BOXED(T, n)   , const T *n

/* What the constructor does with them */
#define GC__I_A(k, p, T, n, x) GC__I_##p##_##k (T, n, x) GC__I_B
#define GC__I_B(k, p, T, n, x) GC__I_##p##_##k (T, n, x) GC__I_A
#define GC__I_A_END
#define GC__I_B_END
#define GC__I_L_PLAIN(T, n, x)
#define GC__I_L_CLEAR(T, n, x)
#define GC__I_L_REF(T, n, x)
#define GC__I_L_GOBJECT(T, n, x)
#define GC__I_L_STRING(T, n, x)
#define GC__I_L_BOXED(T, n, x)
#define GC__I_P_PLAIN(T, n, x)   gc__self->n = n;
#define GC__I_P_REF(T, n, x)     gc_set (gc__self, n, n);
#define GC__I_P_GOBJECT(T, n, x) gc__self->n = n != NULL ? g_object_ref (n) : NULL;
#define GC__I_P_STRING(T, n, x)  gc__self->n = g_strdup (n);
#define GC__I_P_BOXED(T, n, x)   gc__self->n = n != NULL ? (T *) g_boxed_copy (x (), n) : NULL;

#endif
