/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <stddef.h>
#include <gcobj/gc-slot.h>

G_BEGIN_DECLS

#ifndef __GI_SCANNER__

typedef enum
{
  GC_ENTRY_END,
  GC_ENTRY_SLOTS,               /* one strong slot or an inline array of them */
  GC_ENTRY_WEAK,                /* one weak slot or an inline array of them */
  GC_ENTRY_TAIL_SLOTS,          /* counted strong slots at the end of the instance */
  GC_ENTRY_TAIL_BYTES,          /* counted unmanaged elements at the end of the instance */
  GC_ENTRY_TAIL_EPHEMERONS,     /* a table's entries with weak keys; of the library alone */
  GC_ENTRY_TAIL_WEAK_VALUES,    /* a table's entries with weak values */
  GC_ENTRY_UNTRACED,            /* a pointer that the collector is told to overlook */
  GC_ENTRY_INIT,
  GC_ENTRY_TRACE,
  GC_ENTRY_FINALIZE,
  GC_ENTRY_FINALIZE_LATE,       /* for those alone that gc_object_arm_finalizer_() was called on */
  GC_ENTRY_CLASS_INIT,
  GC_ENTRY_INTERFACE
} GcEntryKind;

/* One line of a GC_DEFINE_TYPE list. */
typedef struct
{
  guint8      kind;
  guint32     offset;
  guint32     size;             /* of the field; of one element for a tail */
  guint32     count_offset;
  const char *name;
  GCallback   function;
  GType     (*get_type) (void);
} GcTypeEntry;

GCOBJ_AVAILABLE_IN_ALL
GType          gc_type_register_ (GType              parent,
                                  const char        *name,
                                  gsize              class_size,
                                  gsize              instance_size,
                                  gboolean           is_abstract,
                                  gpointer          *parent_class,
                                  const GcTypeEntry *entries);
GCOBJ_AVAILABLE_IN_ALL
GcObjectClass *gc_type_get_class_ (GType type);

/* Checks that stand inside a constant expression and add nothing to it. */
# ifdef __cplusplus
#  define GC_ASSERT_(condition, message) 0
# else
#  define GC_ASSERT_(condition, message) \
  (0 * sizeof (struct { _Static_assert (condition, message); char x; }))
# endif

# define GC_MEMBER_(T, f)  (((T *) 0)->f)
/* The element of an inline array, or the field itself. */
# define GC_IS_SLOT_(lvalue) \
  __builtin_types_compatible_p (__typeof__ (&(lvalue)), __typeof__ (lvalue) const *)

/* These list entries carry their own commas, so that an empty list is fine. */
# define GC_FIELD(T, f) \
  { GC_ENTRY_SLOTS, \
    (guint32) (offsetof (T, f) + GC_ASSERT_ (GC_IS_SLOT_ (GC_MEMBER_ (T, f)), \
                                             #T "." #f " is not declared with GC_REF ()")), \
    sizeof (GC_MEMBER_ (T, f)), 0, #f, NULL, NULL },
# define GC_FIELD_ARRAY(T, f) \
  { GC_ENTRY_SLOTS, \
    (guint32) (offsetof (T, f) + GC_ASSERT_ (GC_IS_SLOT_ (GC_MEMBER_ (T, f)[0]), \
                                             #T "." #f " is not an array declared with GC_REF ()")), \
    sizeof (GC_MEMBER_ (T, f)), 0, #f, NULL, NULL },
# define GC_FIELD_WEAK(T, f) \
  { GC_ENTRY_WEAK, \
    (guint32) (offsetof (T, f) + GC_ASSERT_ (sizeof (GC_MEMBER_ (T, f).gc_weak_) == sizeof (gpointer), \
                                             #T "." #f " is not declared with GC_WEAK ()")), \
    sizeof (GC_MEMBER_ (T, f)), 0, #f, NULL, NULL },
# define GC_FIELD_WEAK_ARRAY(T, f) \
  { GC_ENTRY_WEAK, \
    (guint32) (offsetof (T, f) + GC_ASSERT_ (sizeof (GC_MEMBER_ (T, f)[0].gc_weak_) == sizeof (gpointer), \
                                             #T "." #f " is not an array declared with GC_WEAK ()")), \
    sizeof (GC_MEMBER_ (T, f)), 0, #f, NULL, NULL },
# define GC_FIELD_TAIL(T, f, n) \
  { GC_ENTRY_TAIL_SLOTS, \
    (guint32) (offsetof (T, f) + GC_ASSERT_ (GC_IS_SLOT_ (GC_MEMBER_ (T, f)[0]), \
                                             #T "." #f " is not declared with GC_REF_TAIL ()")), \
    sizeof (gpointer), \
    (guint32) (offsetof (T, n) + GC_ASSERT_ (__builtin_types_compatible_p (__typeof__ (&GC_MEMBER_ (T, n)), const gsize *), \
                                             #T "." #n " is not a const gsize")), \
    #f, NULL, NULL },
# define GC_FIELD_TAIL_BYTES(T, f, n) \
  { GC_ENTRY_TAIL_BYTES, offsetof (T, f), sizeof (GC_MEMBER_ (T, f)[0]), \
    (guint32) (offsetof (T, n) + GC_ASSERT_ (__builtin_types_compatible_p (__typeof__ (&GC_MEMBER_ (T, n)), const gsize *), \
                                             #T "." #n " is not a const gsize")), \
    #f, NULL, NULL },
# define GC_FIELD_UNTRACED(T, f) \
  { GC_ENTRY_UNTRACED, offsetof (T, f), sizeof (GC_MEMBER_ (T, f)), 0, #f, NULL, NULL },
# define GC_INSTANCE_INIT(function) \
  { GC_ENTRY_INIT, 0, 0, 0, NULL, (GCallback) (1 ? (function) : (void (*) (GcObject *)) NULL), NULL },
# define GC_TRACE(function) \
  { GC_ENTRY_TRACE, 0, 0, 0, NULL, (GCallback) (1 ? (function) : (void (*) (GcObject *, GcTracer *)) NULL), NULL },
# define GC_FINALIZE(function) \
  { GC_ENTRY_FINALIZE, 0, 0, 0, NULL, (GCallback) (1 ? (function) : (void (*) (GcObject *)) NULL), NULL },
# define GC_CLASS_INIT(function) \
  { GC_ENTRY_CLASS_INIT, 0, 0, 0, NULL, (GCallback) (function), NULL },
# define GC_INTERFACE(iface_get_type, iface_init) \
  { GC_ENTRY_INTERFACE, 0, 0, 0, NULL, (GCallback) (iface_init), iface_get_type },

/* What gc_new() needs of a type, by its C name. The class is looked up once in
 * each file; classes of static types are never unloaded. */
# define GC_DECLARE_CLASS_(T, t_n) \
  G_GNUC_UNUSED static inline GcObjectClass * \
  T##_gc_class_ (void) \
  { \
    static GcObjectClass *klass; \
    GcObjectClass *known = __atomic_load_n (&klass, __ATOMIC_ACQUIRE); \
    if (GC_UNLIKELY_ (known == NULL)) \
      { \
        known = gc_type_get_class_ (t_n##_get_type ()); \
        __atomic_store_n (&klass, known, __ATOMIC_RELEASE); \
      } \
    return known; \
  }

/* A finalizer that stands before GC_DEFINE_TYPE() chains up by this; a tentative
 * definition, which C allows to repeat. */
# ifdef __cplusplus
#  define GC_DECLARE_PARENT_CLASS_(t_n)
# else
#  define GC_DECLARE_PARENT_CLASS_(t_n) G_GNUC_UNUSED static gpointer t_n##_parent_class;
# endif

# define GC_DECLARE_TYPE(T, t_n, MODULE, OBJ_NAME, Parent) \
  GType t_n##_get_type (void); \
  GC_DECLARE_PARENT_CLASS_ (t_n) \
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS \
  typedef struct _##T T; \
  typedef struct { Parent##Class parent_class; } T##Class; \
  G_DEFINE_AUTOPTR_CLEANUP_FUNC (T, gc_object_unref) \
  GC_DECLARE_CLASS_ (T, t_n) \
  G_GNUC_UNUSED static inline T * \
  MODULE##_##OBJ_NAME (gpointer object) \
  { \
    return G_TYPE_CHECK_INSTANCE_CAST (object, t_n##_get_type (), T); \
  } \
  G_GNUC_UNUSED static inline gboolean \
  MODULE##_IS_##OBJ_NAME (gpointer object) \
  { \
    return G_TYPE_CHECK_INSTANCE_TYPE (object, t_n##_get_type ()); \
  } \
  G_GNUC_END_IGNORE_DEPRECATIONS

# define GC_DEFINE_TYPE_(T, t_n, PARENT_TYPE, is_abstract, ...) \
  static gpointer t_n##_parent_class = NULL; \
  _Static_assert (_Alignof (T) <= 8, "objects are aligned to 8 bytes: " #T " needs more"); \
  GType \
  t_n##_get_type (void) \
  { \
    static gsize type_id = 0; \
    if (g_once_init_enter (&type_id)) \
      { \
        static const GcTypeEntry entries[] = { __VA_ARGS__ { GC_ENTRY_END, 0, 0, 0, NULL, NULL, NULL } }; \
        GType type = gc_type_register_ (PARENT_TYPE, #T, sizeof (T##Class), sizeof (T), \
                                        is_abstract, &t_n##_parent_class, entries); \
        g_once_init_leave (&type_id, type); \
      } \
    return type_id; \
  } \
  G_GNUC_UNUSED static inline gpointer \
  t_n##_get_parent_class_ (void) \
  { \
    return t_n##_parent_class; \
  }

# define GC_DEFINE_TYPE(T, t_n, PARENT_TYPE, ...) \
  GC_DEFINE_TYPE_ (T, t_n, PARENT_TYPE, FALSE, __VA_ARGS__)
# define GC_DEFINE_ABSTRACT_TYPE(T, t_n, PARENT_TYPE, ...) \
  GC_DEFINE_TYPE_ (T, t_n, PARENT_TYPE, TRUE, __VA_ARGS__)

# define gc_new(m, T) \
  ((T *) gc_object_new_inline_ ((m), T##_gc_class_ ()))
# define gc_new_with_tail(m, T, n) \
  ((T *) gc_object_new_of_class_with_tail ((m), T##_gc_class_ (), (n)))

/* Derived accessors, for slots that hold objects. */
# define GC_DEFINE_GETTER(T, t_n, FieldType, field) \
  FieldType * \
  t_n##_get_##field (T *self) \
  { \
    g_return_val_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, t_n##_get_type ()), NULL); \
    g_return_val_if_fail (gc_object_can_read_ (self), NULL); \
    return self->field; \
  } \
  FieldType * \
  t_n##_dup_##field (T *self) \
  { \
    g_return_val_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, t_n##_get_type ()), NULL); \
    return (FieldType *) gc_object_dup_slot_ (self, &self->field); \
  }
# define GC_DEFINE_ACCESSORS(T, t_n, FieldType, field_type_get_type, field) \
  GC_DEFINE_GETTER (T, t_n, FieldType, field) \
  void \
  t_n##_set_##field (T *self, FieldType *value) \
  { \
    g_return_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, t_n##_get_type ())); \
    g_return_if_fail (value == NULL || G_TYPE_CHECK_INSTANCE_TYPE (value, field_type_get_type ())); \
    gc_object_set_slot (self, &self->field, value); \
  }

GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_object_can_read_ (gpointer       object);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_object_dup_slot_ (gpointer       object,
                               gconstpointer  slot);

#else /* __GI_SCANNER__ */

/* What the scanner has to see of a type in other libraries. */
# define GC_DECLARE_TYPE(T, t_n, MODULE, OBJ_NAME, Parent) \
  GType t_n##_get_type (void); \
  typedef struct _##T T; \
  typedef struct { Parent##Class parent_class; } T##Class;

#endif

G_END_DECLS
