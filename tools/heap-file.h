/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A heap snapshot that was read from a file. Nodes are numbers from 0 on; 0 is the root of all. */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  HEAP_NODE_HIDDEN, HEAP_NODE_ARRAY, HEAP_NODE_STRING, HEAP_NODE_OBJECT, HEAP_NODE_CODE,
  HEAP_NODE_CLOSURE, HEAP_NODE_REGEXP, HEAP_NODE_NUMBER, HEAP_NODE_NATIVE, HEAP_NODE_SYNTHETIC,
  HEAP_NODE_OTHER
} HeapNodeKind;

typedef enum
{
  HEAP_EDGE_CONTEXT, HEAP_EDGE_ELEMENT, HEAP_EDGE_PROPERTY, HEAP_EDGE_INTERNAL, HEAP_EDGE_HIDDEN,
  HEAP_EDGE_SHORTCUT, HEAP_EDGE_WEAK,
  HEAP_EDGE_OTHER
} HeapEdgeKind;

#define HEAP_MAX_KINDS    64
#define HEAP_MAX_PAUSES   64

typedef struct
{
  guint32  n_nodes;
  guint8  *kind;
  guint32 *name;                /* in strings */
  guint64 *id;
  guint64 *size;
  guint32 *first_edge;          /* n_nodes + 1 of them */

  guint32  n_edges;
  guint8  *edge_kind;
  guint32 *edge_name;           /* in strings, or a number */
  guint32 *edge_to;

  guint32  n_strings;
  gsize   *string_start;        /* in text */
  GString *text;

  /* What gcobj itself adds. */
  gboolean is_ours;
  guint64  arena;               /* whose ids they are; 0: not known */
  guint    n_pauses;            /* classes of the histogram: the n-th counts those below 2^n µs */
  guint64  pauses[HEAP_MAX_PAUSES];
  guint64  max_pause_ns;
  guint64  n_cycles;
  guint64  n_requests;          /* collections that were asked for, and are no pauses */
  guint64  max_request_ns;
} HeapFile;

HeapFile   *heap_file_read       (const char      *path,
                                  GError         **error);
HeapFile   *heap_file_parse      (const char      *data,
                                  gsize            size,
                                  GError         **error);
void        heap_file_free       (HeapFile        *self);

const char *heap_file_class_name (const HeapFile  *self,
                                  guint32          node);
char       *heap_file_edge_label (const HeapFile  *self,
                                  guint32          edge);
gboolean    heap_file_find_id    (const HeapFile  *self,
                                  guint64          id,
                                  guint32         *node);

static inline const char *
heap_file_string (const HeapFile *self,
                  guint32         number)
{
  return self->text->str + self->string_start[number];
}

/* Whether an edge has no part in what is kept alive. */
static inline gboolean
heap_file_is_weak (const HeapFile *self,
                   guint32         edge)
{
  return self->edge_kind[edge] == HEAP_EDGE_WEAK;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeapFile, heap_file_free)

G_END_DECLS
