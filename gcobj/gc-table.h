/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_TABLE_FLAGS (gc_table_flags_get_type ())

/**
 * GcTableFlags:
 * @GC_TABLE_STRONG: the table keeps its keys and values alive
 * @GC_TABLE_WEAK_KEYS: an entry lasts, and its value lives, as long as something else than
 *   the values of such entries leads to its key (an ephemeron)
 * @GC_TABLE_WEAK_VALUES: an entry lasts as long as its value lives
 *
 * What a table keeps alive.
 *
 * Since: 0.1
 */
typedef enum
{
  GC_TABLE_STRONG      = 0,
  GC_TABLE_WEAK_KEYS   = 1 << 0,
  GC_TABLE_WEAK_VALUES = 1 << 1
} GcTableFlags;

GCOBJ_AVAILABLE_IN_ALL
GType     gc_table_flags_get_type     (void) G_GNUC_CONST;

#define GC_TYPE_TABLE    (gc_table_get_type ())
#define GC_TABLE(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_TABLE, GcTable))
#define GC_IS_TABLE(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_TABLE))

typedef struct _GcTable     GcTable;
typedef struct _GcTableIter GcTableIter;

/**
 * GcTableIter: (skip)
 *
 * A place in a table, on the stack: see gc_table_iter_init(). Opaque.
 *
 * Since: 0.1
 */
struct _GcTableIter
{
  /*< private >*/
  gpointer table;
  gpointer storage;
  gsize    index;
  gpointer padding;
};

/**
 * GcTableFunc:
 * @key: (type GcObj.Object) (transfer none) (nullable): a key; %NULL for a tagged word
 * @value: (type GcObj.Object) (transfer none) (nullable): its value; %NULL for a tagged word
 * @user_data: data given to gc_table_foreach()
 *
 * Is called for an entry of a table.
 *
 * Since: 0.1
 */
typedef void (*GcTableFunc) (gpointer key,
                             gpointer value,
                             gpointer user_data);

GCOBJ_AVAILABLE_IN_ALL
GType     gc_table_get_type           (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcTable  *gc_table_new                (GcMutation    *m,
                                       GcTableFlags   flags);

GCOBJ_AVAILABLE_IN_ALL
GcTableFlags gc_table_get_flags       (GcTable       *self);
GCOBJ_AVAILABLE_IN_ALL
gsize     gc_table_get_size           (GcTable       *self);

GCOBJ_AVAILABLE_IN_ALL
void      gc_table_insert             (GcTable       *self,
                                       gpointer       key,
                                       gpointer       value);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_table_try_insert         (GcTable       *self,
                                       gpointer       key,
                                       gpointer       value,
                                       GError       **error);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_table_lookup             (GcTable       *self,
                                       gpointer       key);
GCOBJ_AVAILABLE_IN_ALL
GcObject *gc_table_lookup_dup         (GcTable       *self,
                                       gpointer       key);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_table_contains           (GcTable       *self,
                                       gpointer       key);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_table_remove             (GcTable       *self,
                                       gpointer       key);
GCOBJ_AVAILABLE_IN_ALL
void      gc_table_clear              (GcTable       *self);

GCOBJ_AVAILABLE_IN_ALL
void      gc_table_insert_string      (GcTable       *self,
                                       const char    *key,
                                       gpointer       value);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_table_try_insert_string  (GcTable       *self,
                                       const char    *key,
                                       gpointer       value,
                                       GError       **error);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_table_lookup_string      (GcTable       *self,
                                       const char    *key);
GCOBJ_AVAILABLE_IN_ALL
GcObject *gc_table_lookup_string_dup  (GcTable       *self,
                                       const char    *key);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_table_contains_string    (GcTable       *self,
                                       const char    *key);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_table_remove_string      (GcTable       *self,
                                       const char    *key);

GCOBJ_AVAILABLE_IN_ALL
GcObject **gc_table_list_keys         (GcTable       *self,
                                       gsize         *n);
GCOBJ_AVAILABLE_IN_ALL
GcObject **gc_table_list_values       (GcTable       *self,
                                       gsize         *n);
GCOBJ_AVAILABLE_IN_ALL
void      gc_table_foreach            (GcTable       *self,
                                       GcTableFunc    func,
                                       gpointer       user_data);

GCOBJ_AVAILABLE_IN_ALL
void      gc_table_iter_init          (GcTableIter   *iter,
                                       GcTable       *table);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_table_iter_next          (GcTableIter   *iter,
                                       gpointer      *key,
                                       gpointer      *value);
GCOBJ_AVAILABLE_IN_ALL
void      gc_table_iter_remove        (GcTableIter   *iter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcTable, gc_object_unref)

G_END_DECLS
