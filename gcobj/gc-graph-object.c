/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an object is called in a picture of the heap, and what leads from it to where. Slots are named
 * by their place in the object: fields as the type's list names them, the rest by numbers. */

#include "gcobj/gc-graph-private.h"
#include "gcobj/gc-slots-private.h"
#include "gcobj/gc-string-private.h"
#include "gcobj/gc-table-private.h"

#define MAX_TEXT      80        /* bytes of a string's text that are its name */
#define MAX_SELF_SIZE ((gsize) 0xffff0000)      /* of one node: its size is below 2^32 */

typedef struct
{
  GcObjectClass *klass;
  guint32        type_name;
  guint8         kind;
  gboolean       is_pairs;      /* a table's strong keys and values */
  guint          n_words;
  guint32       *words;         /* the name of each word of an instance; 0: none */
} ClassInfo;

/* Values that wait for their key to be met, in chains. */
typedef struct
{
  gpointer value;
  gsize    next;                /* + 1 */
} Waiting;

static void
name_words (GcGraph        *self,
            ClassInfo      *info,
            const GcLayout *layout)
{
  info->n_words = (info->klass->instance_size + sizeof (gpointer) - 1) / sizeof (gpointer);
  info->words = g_new0 (guint32, info->n_words);
  for (guint f = 0; f < layout->n_fields; f++)
    {
      const GcLayoutField *field = &layout->fields[f];

      for (guint i = 0; i < field->n; i++)
        {
          guint word = field->offset / sizeof (gpointer) + i;
          g_autofree char *name = field->n == 1 ? g_strdup (field->name)
                                                : g_strdup_printf ("%s[%u]", field->name, i);

          if (word < info->n_words)
            info->words[word] = gc_graph_add_string (self, name);
        }
    }
}

static void
class_info_free (gpointer data)
{
  ClassInfo *info = data;

  g_free (info->words);
  g_free (info);
}

static ClassInfo *
get_info (GcGraph       *self,
          GcObjectClass *klass)
{
  ClassInfo *info = self->last_class;
  GType type;

  if (info != NULL && info->klass == klass)
    return info;
  if (self->classes == NULL)
    self->classes = g_hash_table_new_full (NULL, NULL, NULL, class_info_free);
  info = g_hash_table_lookup (self->classes, klass);
  if (info == NULL)
    {
      type = G_TYPE_FROM_CLASS (klass);
      info = g_new0 (ClassInfo, 1);
      info->klass = klass;
      info->type_name = gc_graph_add_string (self, g_type_name (type));
      info->is_pairs = type == gc_table_slots_get_type ();
      info->kind = type == GC_TYPE_STRING ? GC_NODE_STRING :
                   info->is_pairs || type == gc_slots_get_type () ||
                   klass->flags & (GC_KIND_EPHEMERONS | GC_KIND_WEAK_VALUES) ? GC_NODE_ARRAY : GC_NODE_OBJECT;
      name_words (self, info, klass->layout);
      g_hash_table_insert (self->classes, klass, info);
    }
  self->last_class = info;
  return info;
}

void
gc_graph_clear_classes (GcGraph *self)
{
  g_clear_pointer (&self->classes, g_hash_table_unref);
  self->last_class = NULL;
}

/* The beginning of a string's text. */
static guint32
add_text (GcGraph        *self,
          const GcString *string)
{
  char text[MAX_TEXT + sizeof "…"];
  gsize length = string->n - 1;

  if (length > MAX_TEXT)
    {
      length = g_utf8_find_prev_char (string->text, string->text + MAX_TEXT + 1) - string->text;
      memcpy (text, string->text, length);
      strcpy (text + length, "…");
    }
  else
    memcpy (text, string->text, length + 1);
  return gc_graph_add_string (self, text);
}

static gboolean
is_string (gconstpointer word)
{
  return gc_is_ref (word) && gc_heap_of (word) != NULL && G_TYPE_FROM_INSTANCE (word) == GC_TYPE_STRING;
}

void
gc_graph_describe (GcGraph  *self,
                   GcNode   *node,
                   GcObject *object)
{
  ClassInfo *info = get_info (self, gc_class_of (object));

  node->klass = info->klass;
  node->kind = info->kind;
  node->size = gc_size_of (object, info->klass);
  node->name = info->kind == GC_NODE_STRING && self->flags & GC_GRAPH_EDGES ?
               add_text (self, (GcString *) object) : info->type_name;
}

static void
visit_slot (GcTracer   *tracer,
            gpointer   *slot,
            GcEdgeKind  kind)
{
  GcGraph *self = tracer->data;
  ClassInfo *info = get_info (self, gc_class_of (tracer->object));
  gsize offset = (gsize) ((char *) slot - (char *) tracer->object);
  gsize word = offset / sizeof (gpointer);

  if (word < info->n_words && info->words[word] != 0)
    gc_graph_add_ref (self, kind, info->words[word], *slot);
  else if (kind == GC_EDGE_WEAK)
    gc_graph_add_ref (self, kind, gc_graph_add_string (self, "traced"), *slot);
  else
    gc_graph_add_ref (self, GC_EDGE_ELEMENT, self->n_traced, *slot);
  if (word >= info->n_words || info->words[word] == 0)
    self->n_traced++;
}

static void
visit (GcTracer *tracer,
       gpointer *slot)
{
  visit_slot (tracer, slot, GC_EDGE_PROPERTY);
}

static void
visit_weak (GcTracer *tracer,
            gpointer *slot)
{
  visit_slot (tracer, slot, GC_EDGE_WEAK);
}

/* An entry's value has the name of the key, where that is text. */
static void
add_value (GcGraph    *self,
           gpointer    key,
           gpointer    value,
           gboolean    is_weak)
{
  GcEdgeKind kind = is_weak ? GC_EDGE_WEAK : is_string (key) ? GC_EDGE_PROPERTY : GC_EDGE_INTERNAL;
  guint32 name;

  if (!gc_is_ref (value))
    return;
  name = is_string (key) ? add_text (self, key) : gc_graph_add_string (self, "value");
  gc_graph_add_ref (self, kind, name, value);
}

static void
wait_for_key (GcGraph  *self,
              gpointer  key,
              gpointer  value)
{
  Waiting *waiting = gc_graph_grow (self, &self->waiting_values, sizeof *waiting);

  if (waiting == NULL)
    return;
  if (self->waiting == NULL)
    self->waiting = g_hash_table_new (NULL, NULL);
  *waiting = (Waiting) { value, GPOINTER_TO_SIZE (g_hash_table_lookup (self->waiting, key)) };
  g_hash_table_insert (self->waiting, key, GSIZE_TO_POINTER (self->waiting_values.n));
}

/* What an ephemeron that was met before its key keeps alive. */
static void
add_awaited (GcGraph  *self,
             GcObject *key)
{
  gsize next;

  if (self->waiting == NULL)
    return;
  next = GPOINTER_TO_SIZE (g_hash_table_lookup (self->waiting, key));
  if (next == 0)
    return;
  g_hash_table_remove (self->waiting, key);
  while (next > 0)
    {
      Waiting waiting = ((Waiting *) self->waiting_values.data)[next - 1];

      gc_graph_add_ref (self, GC_EDGE_INTERNAL, gc_graph_add_string (self, "value (ephemeron)"), waiting.value);
      next = waiting.next;
    }
}

/* The value belongs to the key: it lives as long as that does, if the table does. */
static void
walk_ephemeron (GcGraph           *self,
                const GcEphemeron *entry)
{
  guint32 node;

  if (gc_is_ref (entry->key) && *gc_meta (entry->key) & GC_META_SPECIAL)
    {
      gc_graph_add_ref (self, GC_EDGE_WEAK, gc_graph_add_string (self, "key"), entry->key);
      add_value (self, NULL, entry->value, TRUE);
      if (!gc_is_ref (entry->value))
        return;
      node = gc_graph_find (self, entry->key);
      if (node != 0)
        gc_graph_add_late_ref (self, node, gc_graph_add_string (self, "value (ephemeron)"), entry->value);
      else
        wait_for_key (self, entry->key, entry->value);
      return;
    }
  gc_graph_add_ref (self, GC_EDGE_INTERNAL, gc_graph_add_string (self, "key"), entry->key);
  if (entry->key != NULL && entry->key != GC_TOMBSTONE)
    add_value (self, entry->key, entry->value, FALSE);
}

static void
walk_entries (GcGraph         *self,
              GcObject        *object,
              const ClassInfo *info)
{
  gpointer tail = (char *) object + info->klass->tail_offset;
  gsize n = gc_tail_count (object, info->klass);
  gboolean is_weak = !info->is_pairs;

  if (info->klass->flags & GC_KIND_EPHEMERONS)
    for (gsize i = 0; i < n && !self->has_failed; i++)
      walk_ephemeron (self, (GcEphemeron *) tail + i);
  else
    for (gsize i = 0; i < (is_weak ? n : n / 2) && !self->has_failed; i++)
      {
        const GcEntry *entry = (GcEntry *) tail + i;

        gc_graph_add_ref (self, GC_EDGE_INTERNAL, gc_graph_add_string (self, "key"), entry->key);
        if (entry->key != NULL && entry->key != GC_TOMBSTONE)
          add_value (self, entry->key, entry->value, is_weak);
      }
}

static void
add_natives (GcGraph    *self,
             const char *name,
             gsize       size)
{
  while (size > 0 && !self->has_failed)
    {
      gsize part = MIN (size, MAX_SELF_SIZE);

      gc_graph_add_edge (self, GC_EDGE_INTERNAL, gc_graph_add_string (self, name),
                         gc_graph_add_native (self, name, part));
      size -= part;
    }
}

void
gc_graph_walk_object (GcGraph  *self,
                      GcObject *object)
{
  GcTracer tracer = { &self->arena->heap, visit, visit_weak, self, NULL };
  ClassInfo *info = get_info (self, gc_class_of (object));
  GcNode *node;

  self->n_traced = 0;
  add_natives (self, GC_GRAPH_EXTERNAL_BYTES, gc_side_external_bytes (self->arena, object));
  node = gc_graph_node (self, self->current);
  if (node->size > MAX_SELF_SIZE)
    {
      gsize rest = node->size - MAX_SELF_SIZE;

      node->size = MAX_SELF_SIZE;
      add_natives (self, "the rest of a large object", rest);
    }
  if (info->is_pairs || info->klass->flags & (GC_KIND_EPHEMERONS | GC_KIND_WEAK_VALUES))
    walk_entries (self, object, info);
  else if (!self->has_failed)
    gc_heap_trace_object (tracer.heap, object, &tracer);
  add_awaited (self, object);
}
