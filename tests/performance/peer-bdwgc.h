/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The Boehm-Demers-Weiser collector.
 *
 * With PEER_BDWGC_INLINE, small objects come from free lists in the program
 * itself: gc_inline.h is meant for compilers and is the fastest that the
 * collector offers.
 */

#pragma once

#include <gc/gc.h>

#define PEER_COLLECTS                   true
#define PEER_COLLECT(arena)             ((void) (arena), GC_gcollect ())
#define PEER_START()                    GC_INIT ()
#define PEER_DROP_TAIL(object)          ((void) (object))

#define peer_allocate_block(size, leaf) \
  ((leaf) ? GC_MALLOC_ATOMIC (size) : GC_MALLOC (size))

#ifdef PEER_BDWGC_INLINE

#define PEER_NAME                       "bdwgc-inline"

#include <gc/gc_inline.h>

/* Leaves are not for such lists: the collector does not follow the links of
 * free objects without pointers, and would hand them out a second time. The
 * extra word keeps pointers to the end of an object inside it, as
 * GC_MALLOC () does. */
#define peer_allocate(size, leaf) \
  ((leaf) ? GC_MALLOC_ATOMIC (size) : peer_allocate_inline (size))

/* Not GC_MALLOC_WORDS (): that clears the first word for the collector's
 * sake, and ours is about to hold the class. */
#define peer_allocate_inline(size) \
  (__extension__ ({ \
    static void *free_lists[GC_TINY_FREELISTS]; \
    void *object; \
 \
    GC_MALLOC_WORDS_KIND (object, (size) / sizeof (void *) + 1, free_lists, \
                          GC_I_NORMAL, (void) 0); \
    object; \
  }))

#else

#define PEER_NAME                       "bdwgc"
#define peer_allocate(size, leaf)       peer_allocate_block (size, leaf)

#endif

/* What holds no pointers is not cleared either. */
#define PEER_ALLOCATES_DIRTY(leaf)      (leaf)

#define PEER_FIELD(Type, field, target)
#define PEER_DEFINE_DROP(Type, type, ...)
#define PEER_DROP(type, object)         ((void) (object))

#include "peer-plain.h"
