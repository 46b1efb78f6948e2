/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "kinds.h"

GC_DECLARE_TYPE (ModelOdd, model_odd, MODEL, ODD, ModelObject)
GC_DECLARE_TYPE (ModelPair, model_pair, MODEL, PAIR, ModelObject)
GC_DECLARE_TYPE (ModelNode, model_node, MODEL, NODE, ModelObject)
GC_DECLARE_TYPE (ModelTrio, model_trio, MODEL, TRIO, ModelNode)
GC_DECLARE_TYPE (ModelNarrow, model_narrow, MODEL, NARROW, ModelObject)
GC_DECLARE_TYPE (ModelWide, model_wide, MODEL, WIDE, ModelObject)
GC_DECLARE_TYPE (ModelWeak, model_weak, MODEL, WEAK, ModelObject)
GC_DECLARE_TYPE (ModelWeakFin, model_weak_fin, MODEL, WEAK_FIN, ModelWeak)
GC_DECLARE_TYPE (ModelKeeper, model_keeper, MODEL, KEEPER, ModelTail)

_Thread_local void (*model_finalized) (guint32 id, gboolean is_intact);

/* A size that is not a multiple of the alignment. */
struct _ModelOdd
{
  ModelObject parent_instance;
  guint8 odd;
};

struct _ModelPair
{
  ModelObject parent_instance;
  GC_REF (GcObject) slot;
};

struct _ModelNode
{
  ModelObject parent_instance;
  GC_REF (GcObject) left, right;
};

struct _ModelTrio
{
  ModelNode parent_instance;
  GC_REF (GcObject) third;
};

/* As many slots as the marker's fast path takes, and more. */
struct _ModelNarrow
{
  ModelObject parent_instance;
  GC_REF (GcObject) slots[32];
};

struct _ModelWide
{
  ModelObject parent_instance;
  GC_REF (GcObject) slots[41];
};

struct _ModelWeak
{
  ModelObject parent_instance;
  GC_REF (GcObject) slot;
  GC_WEAK (GcObject) weak[3];
};

struct _ModelWeakFin
{
  ModelWeak parent_instance;
};

/* Variable size, also large, with a finalizer. */
struct _ModelKeeper
{
  ModelTail parent_instance;
};

guint32
model_check_of (guint32 id)
{
  return id * 2654435761u ^ 0x5bd1e995u;
}

guint8
model_byte_of (guint32 id,
               gsize   i)
{
  return (guint8) (id * 31 + i * 7 + 1);
}

static void
report (GcObject *object,
        gboolean  is_intact)
{
  ModelObject *self = (ModelObject *) object;

  model_finalized (self->id, is_intact && self->check == model_check_of (self->id));
}

static void
model_fin_finalize (GcObject *object)
{
  ModelFin *self = MODEL_FIN (object);

  report (object, self->cell != NULL && *self->cell == self->parent_instance.id);
  g_clear_pointer (&self->cell, g_free);
  GC_OBJECT_CLASS (model_fin_parent_class)->finalize (object);
}

static void
model_weak_fin_finalize (GcObject *object)
{
  report (object, TRUE);
  GC_OBJECT_CLASS (model_weak_fin_parent_class)->finalize (object);
}

static void
model_keeper_finalize (GcObject *object)
{
  report (object, TRUE);
  GC_OBJECT_CLASS (model_keeper_parent_class)->finalize (object);
}

static void
model_env_trace (GcObject *object,
                 GcTracer *tracer)
{
  ModelEnv *self = (ModelEnv *) object;

  for (gsize i = 0; i < self->n; i++)
    {
      gc_trace (tracer, &self->frames[i].value);
      gc_trace_weak (tracer, &self->frames[i].weak);
    }
  GC_OBJECT_CLASS (model_env_parent_class)->trace (object, tracer);
}

static void
model_env_finalize (GcObject *object)
{
  ModelEnv *self = MODEL_ENV (object);

  report (object, self->n == 0 || self->frames != NULL);
  g_clear_pointer (&self->frames, g_free);
  self->n = 0;
  GC_OBJECT_CLASS (model_env_parent_class)->finalize (object);
}

GC_DEFINE_TYPE (ModelObject, model_object, GC_TYPE_OBJECT)
GC_DEFINE_TYPE (ModelOdd, model_odd, model_object_get_type ())
GC_DEFINE_TYPE (ModelPair, model_pair, model_object_get_type (),
                GC_FIELD (ModelPair, slot))
GC_DEFINE_TYPE (ModelNode, model_node, model_object_get_type (),
                GC_FIELD (ModelNode, left)
                GC_FIELD (ModelNode, right))
GC_DEFINE_TYPE (ModelTrio, model_trio, model_node_get_type (),
                GC_FIELD (ModelTrio, third))
GC_DEFINE_TYPE (ModelNarrow, model_narrow, model_object_get_type (),
                GC_FIELD_ARRAY (ModelNarrow, slots))
GC_DEFINE_TYPE (ModelWide, model_wide, model_object_get_type (),
                GC_FIELD_ARRAY (ModelWide, slots))
GC_DEFINE_TYPE (ModelWeak, model_weak, model_object_get_type (),
                GC_FIELD (ModelWeak, slot)
                GC_FIELD_WEAK (ModelWeak, weak[0])
                GC_FIELD_WEAK (ModelWeak, weak[1])
                GC_FIELD_WEAK (ModelWeak, weak[2]))
GC_DEFINE_TYPE (ModelWeakFin, model_weak_fin, model_weak_get_type (),
                GC_FINALIZE (model_weak_fin_finalize))
GC_DEFINE_TYPE (ModelFin, model_fin, model_object_get_type (),
                GC_FIELD (ModelFin, slot)
                GC_FINALIZE (model_fin_finalize))
GC_DEFINE_TYPE (ModelTail, model_tail, model_object_get_type (),
                GC_FIELD_TAIL (ModelTail, items, n))
GC_DEFINE_TYPE (ModelKeeper, model_keeper, model_tail_get_type (),
                GC_FINALIZE (model_keeper_finalize))
GC_DEFINE_TYPE (ModelBytes, model_bytes, model_object_get_type (),
                GC_FIELD_TAIL_BYTES (ModelBytes, bytes, n))
GC_DEFINE_TYPE (ModelEnv, model_env, model_object_get_type (),
                GC_TRACE (model_env_trace)
                GC_FINALIZE (model_env_finalize))

const Kind model_kinds[] = {
  { "leaf", model_object_get_type, KIND_INLINE, 0, 0, sizeof (ModelObject), 6 },
  { "odd", model_odd_get_type, KIND_INLINE, 0, 0, sizeof (ModelOdd), 4 },
  { "pair", model_pair_get_type, KIND_INLINE, 1, 0, sizeof (ModelPair), 16 },
  { "node", model_node_get_type, KIND_INLINE, 2, 0, sizeof (ModelNode), 20 },
  { "trio", model_trio_get_type, KIND_INLINE, 3, 0, sizeof (ModelTrio), 16 },
  { "narrow", model_narrow_get_type, KIND_INLINE, 32, 0, sizeof (ModelNarrow), 2 },
  { "wide", model_wide_get_type, KIND_INLINE, 41, 0, sizeof (ModelWide), 2 },
  { "weak", model_weak_get_type, KIND_INLINE, 1, 3, sizeof (ModelWeak), 7 },
  { "weak-fin", model_weak_fin_get_type, KIND_INLINE | KIND_FIN, 1, 3, sizeof (ModelWeakFin), 3 },
  { "fin", model_fin_get_type, KIND_INLINE | KIND_FIN, 1, 0, sizeof (ModelFin), 8 },
  { "tail", model_tail_get_type, KIND_TAIL, 0, 0, sizeof (ModelTail), 10 },
  { "keeper", model_keeper_get_type, KIND_TAIL | KIND_FIN, 0, 0, sizeof (ModelKeeper), 2 },
  { "bytes", model_bytes_get_type, KIND_BYTES, 0, 0, sizeof (ModelBytes), 5 },
  { "env", model_env_get_type, KIND_ENV | KIND_FIN, 0, 0, sizeof (ModelEnv), 4 },
};
const guint model_n_kinds = G_N_ELEMENTS (model_kinds);

const Kind *
model_kind_of (GType (*get_type) (void))
{
  for (guint i = 0; i < model_n_kinds; i++)
    if (model_kinds[i].get_type == get_type)
      return &model_kinds[i];
  g_assert_not_reached ();
}

/* The address of a slot. */
gconstpointer
model_slot (const Kind *kind,
            gpointer    object,
            gsize       i)
{
  if (kind->flags & KIND_TAIL)
    return &((ModelTail *) object)->items[i];
  if (kind->flags & KIND_ENV)
    return &((ModelEnv *) object)->frames[i].value;
  return &((ModelSlots *) object)->slots[i];
}

/* The address of a weak slot. */
gconstpointer
model_weak_slot (const Kind *kind,
                 gpointer    object,
                 gsize       i)
{
  if (kind->flags & KIND_ENV)
    return &((ModelEnv *) object)->frames[i].weak;
  return &((ModelWeak *) object)->weak[i];
}

/* Stores into a slot, as a program would. */
void
model_store (const Kind *kind,
             gpointer    object,
             gsize       i,
             gpointer    value)
{
  if (kind->flags & KIND_TAIL)
    gc_set ((ModelTail *) object, items[i], value);
  else if (kind->flags & KIND_ENV)
    gc_set ((ModelEnv *) object, frames[i].value, value);
  else
    gc_set ((ModelSlots *) object, slots[i], value);
}
