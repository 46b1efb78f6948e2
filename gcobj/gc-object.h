/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-types.h>

G_BEGIN_DECLS

#define GC_TYPE_OBJECT            (gc_object_get_type ())
#define GC_OBJECT(obj)            (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_OBJECT, GcObject))
#define GC_IS_OBJECT(obj)         (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_OBJECT))
#define GC_OBJECT_CLASS(klass)    (G_TYPE_CHECK_CLASS_CAST ((klass), GC_TYPE_OBJECT, GcObjectClass))
#define GC_IS_OBJECT_CLASS(klass) (G_TYPE_CHECK_CLASS_TYPE ((klass), GC_TYPE_OBJECT))
#define GC_OBJECT_GET_CLASS(obj)  (G_TYPE_INSTANCE_GET_CLASS ((obj), GC_TYPE_OBJECT, GcObjectClass))

#ifndef __GI_SCANNER__   /* scripts see no field of an instance, not even a private one */
struct _GcObject
{
  /*< private >*/
  GTypeInstance parent_instance;
};
#endif

/**
 * GcObjectClass:
 * @parent_class: the parent class
 * @init: called for each new object, once it is zeroed and typed; may not
 *   allocate; the base class does nothing
 * @trace: reports the addresses of those slots that the type's layout does not
 *   declare, with gc_trace(); chain up; the base class does nothing
 * @finalize: frees what the object owns outside of the heap; chain up; the
 *   base class does nothing, and a type whose @finalize is the base's costs nothing
 *
 * The class of all arena objects.
 *
 * @trace runs inside a pause, on whatever thread collects, and may do nothing
 * but report slots. @finalize runs exactly once, after the object became
 * unreachable and before its memory is reused, outside of any lock, on the
 * thread that paid for the collection; it may use the object's own unmanaged
 * fields, and may not allocate in the arena, take references or read slots.
 *
 * Since: 0.1
 */
struct _GcObjectClass
{
  GTypeClass parent_class;

  /*< public >*/
  void (*init)     (GcObject *self);
  void (*trace)    (GcObject *self,
                    GcTracer *tracer);
  void (*finalize) (GcObject *self);

  /*< private >*/
  guint32        alloc_size;       /* what the fast path allocates; beyond any window where it may not */
  guint32        instance_size;
  guint16        n_slots;
  guint16        flags;
  guint32        tail_offset;
  const guint16 *slots;
  gconstpointer  layout;
  const char    *name;             /* for debuggers: a type is nothing that they can follow */
  gpointer       padding[7];
};

GCOBJ_AVAILABLE_IN_ALL
GType     gc_object_get_type            (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_object_new                 (GcMutation    *m,
                                         GType          type);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_object_new_with_tail       (GcMutation    *m,
                                         GType          type,
                                         gsize          n);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_object_try_new             (GcMutation    *m,
                                         GType          type,
                                         gsize          n,
                                         GError       **error);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_object_construct           (GType          type,
                                         GcMutation    *m);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_object_new_of_class        (GcMutation    *m,
                                         GcObjectClass *klass);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_object_new_of_class_with_tail (GcMutation    *m,
                                            GcObjectClass *klass,
                                            gsize          n);

GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_object_ref                 (gpointer       object);
GCOBJ_AVAILABLE_IN_ALL
void      gc_object_unref               (gpointer       object);

GCOBJ_AVAILABLE_IN_ALL
GcArena  *gc_object_get_arena           (GcObject      *object);
GCOBJ_AVAILABLE_IN_ALL
guint     gc_object_hash                (GcObject      *object);
GCOBJ_AVAILABLE_IN_ALL
gsize     gc_object_get_size            (GcObject      *object);
GCOBJ_AVAILABLE_IN_ALL
void      gc_object_add_external_bytes  (GcObject      *object,
                                         gssize         bytes);
GCOBJ_AVAILABLE_IN_ALL
gsize     gc_object_get_external_bytes  (GcObject      *object);
GCOBJ_AVAILABLE_IN_ALL
void      gc_object_abandon             (GcObject      *object);
GCOBJ_AVAILABLE_IN_ALL
char     *gc_object_to_string           (GcObject      *object);

GCOBJ_AVAILABLE_IN_ALL
void      gc_trace                      (GcTracer      *tracer,
                                         gconstpointer  slot);
GCOBJ_AVAILABLE_IN_ALL
void      gc_trace_weak                 (GcTracer      *tracer,
                                         gconstpointer  slot);
GCOBJ_AVAILABLE_IN_ALL
void      gc_trace_array                (GcTracer      *tracer,
                                         gconstpointer  slots,
                                         gsize          n);

#ifndef __GI_SCANNER__
/* What the allocation fast path sees; the head of GcMutation. A later version may leave it empty. */
typedef struct
{
  char *ptr;
  char *limit;
} GcWindow;

/* Takes an object from the window; NULL where that has no room, or where the class needs more than that. */
static inline gpointer
gc_window_take_ (GcMutation    *m,
                 GcObjectClass *klass)
{
  GcWindow *window = (GcWindow *) (gpointer) m;
  char *object = window->ptr;
  guint64 end = (guint64) (guintptr) object + __atomic_load_n (&klass->alloc_size, __ATOMIC_ACQUIRE);

  if (G_UNLIKELY (end > (guint64) (guintptr) window->limit))
    return NULL;
  window->ptr = (char *) (guintptr) end;
  ((GTypeInstance *) (gpointer) object)->g_class = (GTypeClass *) klass;
  return object;
}

/* As gc_object_new_of_class(), without a call where the window has room. */
static inline gpointer
gc_object_new_inline_ (GcMutation    *m,
                       GcObjectClass *klass)
{
  gpointer object = G_LIKELY (m != NULL) ? gc_window_take_ (m, klass) : NULL;

  return G_LIKELY (object != NULL) ? object : gc_object_new_of_class (m, klass);
}

GCOBJ_AVAILABLE_IN_ALL
void      gc_object_arm_finalizer_      (gpointer       object);
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcObject, gc_object_unref)

G_END_DECLS
