/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gcobj/gcobj.h>

/* The types that the model makes objects of: one for each way in which the
 * collector treats an object. All derive from ModelObject, so that the first 16 bytes
 * of each say which one it is. */

GC_DECLARE_TYPE (ModelObject, model_object, MODEL, OBJECT, GcObject)
GC_DECLARE_TYPE (ModelTail, model_tail, MODEL, TAIL, ModelObject)
GC_DECLARE_TYPE (ModelBytes, model_bytes, MODEL, BYTES, ModelObject)
GC_DECLARE_TYPE (ModelFin, model_fin, MODEL, FIN, ModelObject)
GC_DECLARE_TYPE (ModelEnv, model_env, MODEL, ENV, ModelObject)

struct _ModelObject
{
  GcObject parent_instance;
  guint32 id;
  guint32 check;
};

struct _ModelTail
{
  ModelObject parent_instance;
  const gsize n;
  GC_REF_TAIL (GcObject) items;
};

struct _ModelBytes
{
  ModelObject parent_instance;
  const gsize n;
  guint8 bytes[];
};

struct _ModelFin
{
  ModelObject parent_instance;
  GC_REF (GcObject) slot;
  guint32 *cell;                /* owned: the id, again */
};

typedef struct
{
  GC_REF (GcObject) value;
  GC_WEAK (GcObject) weak;
} ModelFrame;

struct _ModelEnv
{
  ModelObject parent_instance;
  gsize n;
  ModelFrame *frames;           /* slots in unmanaged memory, owned */
};

/* The slots of all types that have them in the instance: they follow the head. */
typedef struct
{
  ModelObject parent_instance;
  GC_REF (GcObject) slots[];
} ModelSlots;

struct _Run;

/* What the library's containers refer to is in node->extra; the walk asks these for it. */
typedef struct
{
  /* Visits what the object keeps, as far as that is known yet. */
  void     (*follow) (struct _Run *run,
                      guint32      id);
  /* Visits what it keeps by now, given what was reached. Whether there was anything new. */
  gboolean (*again)  (struct _Run *run,
                      guint32      id);
  /* Calls @func for each object that it may keep, given others. */
  void     (*edges)  (struct _Run *run,
                      guint32      id,
                      void       (*func) (struct _Run *run, guint32 id));
  /* How many objects of the heap it has for itself, at most. */
  guint    (*hidden) (gpointer     extra);
  void     (*free)   (gpointer     extra);
} KindOps;

typedef enum
{
  KIND_INLINE = 1 << 0,         /* n_slots slots after the head, then n_weak weak ones */
  KIND_TAIL   = 1 << 1,         /* as many slots as it is made with */
  KIND_BYTES  = 1 << 2,         /* as many bytes */
  KIND_ENV    = 1 << 3,         /* as many frames: a slot and a weak one */
  KIND_FIN    = 1 << 4,
  KIND_OTHER  = 1 << 5,         /* not derived from ModelObject: does not say which one it is */
  KIND_WEAK_REF = 1 << 6
} KindFlags;

typedef struct
{
  const char *name;
  GType     (*get_type) (void);
  guint       flags;
  guint       n_slots;
  guint       n_weak;
  gsize       size;             /* of the instance; without the tail */
  guint       weight;           /* how often one is made */
  const KindOps *ops;
} Kind;

extern const Kind model_kinds[];
extern const guint model_n_kinds;

/* Who is told of finalizers: set by the run. */
extern _Thread_local void (*model_finalized) (guint32 id, gboolean is_intact);

const Kind *model_kind_of      (GType     (*get_type) (void));
guint32    model_check_of     (guint32     id);
guint8     model_byte_of      (guint32     id,
                               gsize       i);
gconstpointer model_slot      (const Kind *kind,
                               gpointer    object,
                               gsize       i);
gconstpointer model_weak_slot (const Kind *kind,
                               gpointer    object,
                               gsize       i);
void       model_store        (const Kind *kind,
                               gpointer    object,
                               gsize       i,
                               gpointer    value);
