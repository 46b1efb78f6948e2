/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the collector knows of a class: flags, where the slots are, and the storage that it has to understand. */

#include "gcobj/gc-object.h"

G_BEGIN_DECLS

/* GcObjectClass.flags */
#define GC_KIND_READY      0x0001
#define GC_KIND_ABSTRACT   0x0002
#define GC_KIND_TAIL       0x0004             /* the size varies */
#define GC_KIND_TAIL_SLOTS 0x0008
#define GC_KIND_WEAK       0x0010             /* has weak slots in its layout */
#define GC_KIND_TRACE      0x0020
#define GC_KIND_FINALIZE   0x0040
#define GC_KIND_INIT       0x0080
#define GC_KIND_EPHEMERONS 0x0100             /* the tail holds GcEntry's with weak keys */
#define GC_KIND_WEAK_VALUES 0x0200            /* the tail holds GcEntry's with weak values */
#define GC_KIND_WIDE       0x0400             /* more slots than the marker's fast path takes */
#define GC_KIND_FINALIZE_LATE 0x0800          /* has a finalizer that an object asks for */
#define GC_KIND_ALONE      (GC_KIND_TRACE | GC_KIND_EPHEMERONS | GC_KIND_WEAK_VALUES)  /* left to the thread that
                                                                          pauses: calls out, or the ephemerons' index */
#define GC_KIND_SCAN       (GC_KIND_WIDE | GC_KIND_TAIL_SLOTS | GC_KIND_WEAK | GC_KIND_TRACE | \
                             GC_KIND_EPHEMERONS | GC_KIND_WEAK_VALUES)

#define GC_ALLOC_NEVER_FAST G_MAXUINT32        /* larger than any window */

typedef struct _GcLayout     GcLayout;
typedef struct _GcEntry      GcEntry;
typedef struct _GcEntries    GcEntries;

/* A field that has slots, as the type's list names it: for people who look into the heap. */
typedef struct
{
  const char *name;
  guint32     offset;
  guint32     n;                /* slots; 0: counted ones at the instance's end */
} GcLayoutField;

/* What a class's fields are. Shared by a class and those that add none. */
struct _GcLayout
{
  guint16            n_slots;
  guint16            n_weak;
  guint16            n_untraced;
  const guint16     *slots;     /* byte offsets of all strong slots, parents' first */
  const guint16     *weak;
  const guint16     *untraced;
  guint16            flags;     /* GC_KIND_TAIL… */
  guint32            tail_offset;
  guint32            tail_element_size;
  guint32            tail_count_offset;
  const GcLayoutField *fields;  /* parents' first */
  guint32            n_fields;
};

/* A table's storage, which the collector has to understand where keys or values are weak. */
struct _GcEntry
{
  gpointer key;
  gpointer value;
};

/* Ephemerons have a link of their own, so that finishing needs no memory. */
typedef struct _GcEphemeron GcEphemeron;
struct _GcEphemeron
{
  gpointer     key;
  gpointer     value;
  GcEphemeron *pending;         /* the next of its bucket while its key is unmarked, or its end */
};

/* Objects of the EPHEMERONS and WEAK_VALUES kinds start like this. */
struct _GcEntries
{
  GcObject    parent_instance;
  const gsize n;                /* entries in the tail */
  gsize       n_cleared;        /* entries that the collector cleared: tombstones */
  guint64     logged;           /* the heap's log_era while it is in the log */
};

#define GC_TOMBSTONE ((gpointer) 2)   /* a tagged word: no object, and not free either */

G_END_DECLS
