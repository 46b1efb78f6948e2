/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-type.h"
#include "gcobj/gc-value-private.h"

/**
 * SECTION:gc-type
 * @Title: Types
 * @Short_description: Defining types of arena objects in C
 *
 * |[<!-- language="C" -->
 * GC_DECLARE_TYPE (DemoNode, demo_node, DEMO, NODE, GcObject)
 *
 * struct _DemoNode
 * {
 *   GcObject parent_instance;
 *   GC_REF (DemoNode) left;
 *   GC_REF (DemoNode) right;
 *   char *label;
 * };
 *
 * static void
 * demo_node_finalize (GcObject *object)
 * {
 *   g_free (DEMO_NODE (object)->label);
 *   GC_OBJECT_CLASS (demo_node_parent_class)->finalize (object);
 * }
 *
 * GC_DEFINE_TYPE (DemoNode, demo_node, GC_TYPE_OBJECT,
 *                 GC_FIELD (DemoNode, left)
 *                 GC_FIELD (DemoNode, right)
 *                 GC_FINALIZE (demo_node_finalize))
 * ]|
 *
 * A type lists its slots, its layout, from which the collector knows what an
 * object refers to. A type inherits its parent's. The list carries its own
 * commas and may be empty.
 *
 * Types are registered as abstract for GType, since only an arena makes
 * instances: g_type_create_instance() refuses them.
 */

/**
 * GC_DECLARE_TYPE:
 * @T: the C name of the type, in CamelCase
 * @t_n: the same in lower_case, the prefix of its functions
 * @MODULE: the prefix of its macros
 * @OBJ_NAME: its name in them
 * @Parent: the C name of the parent type
 *
 * Declares a type, in a header or before its definition: `T` and `TClass`, `t_n_get_type`,
 * the casts `MODULE_OBJ_NAME` and `MODULE_IS_OBJ_NAME`, an autoptr that drops
 * an external reference, and what gc_new() needs. The structure `struct _T` is
 * written out after it and begins with the parent's.
 *
 * The class has no members of its own, and the `get_type` function no decoration
 * for export. A type that wants either spells these declarations out, and
 * is made by gc_object_new().
 *
 * Since: 0.1
 */

/**
 * GC_DEFINE_TYPE:
 * @T: the C name of the type
 * @t_n: the same in lower_case
 * @PARENT_TYPE: the GType of the parent, such as %GC_TYPE_OBJECT
 * @...: its fields and functions, one after the other without commas; none is fine
 *
 * Defines a type that GC_DECLARE_TYPE() declared: `t_n_get_type`, which registers
 * it when first called, and `t_n_parent_class`, through which its functions chain up.
 *
 * Each slot is listed, by GC_FIELD() and its kin. Fields of the parent are not
 * listed again.
 *
 * Since: 0.1
 */

/**
 * GC_DEFINE_ABSTRACT_TYPE:
 * @T: the C name of the type
 * @t_n: the same in lower_case
 * @PARENT_TYPE: the GType of the parent
 * @...: as for GC_DEFINE_TYPE()
 *
 * Defines a type that only types derived from it have instances of.
 *
 * Since: 0.1
 */

/**
 * GC_FIELD:
 * @T: the C name of the type
 * @f: a field declared with GC_REF()
 *
 * Lists a slot, in GC_DEFINE_TYPE(). A field that is declared otherwise does not compile.
 *
 * Since: 0.1
 */

/**
 * GC_FIELD_ARRAY:
 * @T: the C name of the type
 * @f: a field such as `GC_REF (DemoNode) children[4]`
 *
 * Lists an array of slots inside of the instance.
 *
 * Since: 0.1
 */

/**
 * GC_FIELD_WEAK:
 * @T: the C name of the type
 * @f: a field declared with GC_WEAK()
 *
 * Lists a weak slot.
 *
 * Since: 0.1
 */

/**
 * GC_FIELD_WEAK_ARRAY:
 * @T: the C name of the type
 * @f: a field that is an array declared with GC_WEAK()
 *
 * Lists weak slots that follow each other.
 *
 * Since: 0.1
 */

/**
 * GC_FIELD_TAIL:
 * @T: the C name of the type
 * @f: its last field, declared with GC_REF_TAIL()
 * @n: its field `const gsize` that counts them
 *
 * Lists the slots at the end of a type of variable size. gc_new_with_tail() sets
 * the count, once and for all.
 *
 * |[<!-- language="C" -->
 * GC_DECLARE_TYPE (DemoVector, demo_vector, DEMO, VECTOR, GcObject)
 *
 * struct _DemoVector
 * {
 *   GcObject parent_instance;
 *   const gsize n;
 *   GC_REF_TAIL (GcObject) items;
 * };
 *
 * GC_DEFINE_TYPE (DemoVector, demo_vector, GC_TYPE_OBJECT,
 *                 GC_FIELD_TAIL (DemoVector, items, n))
 * ]|
 *
 * Since: 0.1
 */

/**
 * GC_FIELD_TAIL_BYTES:
 * @T: the C name of the type
 * @f: its last field, a flexible array such as `guint8 data[]`
 * @n: its field `const gsize` that counts the elements
 *
 * Tells the size of a type that ends with plain data, which is not traced.
 *
 * Since: 0.1
 */

/**
 * GC_FIELD_UNTRACED:
 * @T: the C name of the type
 * @f: a field
 *
 * Tells the check %GC_ZEAL_UNTRACED that the field may look like a reference to an object and
 * is none, or is one that something else keeps alive and in its place. Collection itself
 * overlooks every field that is not listed as a slot.
 *
 * Since: 0.1
 */

/**
 * GC_INSTANCE_INIT:
 * @function: `void (*) (GcObject *self)`
 *
 * Sets #GcObjectClass.init in GC_DEFINE_TYPE(): called for each new object. The
 * parent's function is called by chaining up.
 *
 * Since: 0.1
 */

/**
 * GC_TRACE:
 * @function: `void (*) (GcObject *self, GcTracer *tracer)`
 *
 * Sets #GcObjectClass.trace, for slots that no layout can list: those in memory
 * that the object owns outside of the heap.
 *
 * |[<!-- language="C" -->
 * static void
 * demo_env_trace (GcObject *object,
 *                 GcTracer *tracer)
 * {
 *   DemoEnv *self = DEMO_ENV (object);
 *
 *   for (guint i = 0; i < self->n_frames; i++)
 *     gc_trace (tracer, &self->frames[i].value);
 *   GC_OBJECT_CLASS (demo_env_parent_class)->trace (object, tracer);
 * }
 * ]|
 *
 * Since: 0.1
 */

/**
 * GC_FINALIZE:
 * @function: `void (*) (GcObject *self)`
 *
 * Sets #GcObjectClass.finalize, which frees what the object owns outside of the heap. Only
 * types that own something need it: objects without a finalizer are never touched once they are
 * dead.
 *
 * Since: 0.1
 */

/**
 * GC_CLASS_INIT:
 * @function: `void (*) (TClass *klass)`
 *
 * Has a function called when the class is initialized, after the entries before
 * this one took effect.
 *
 * Since: 0.1
 */

/**
 * GC_INTERFACE:
 * @iface_get_type: the function that gives the interface's GType, without parentheses
 * @iface_init: `void (*) (TheInterface *iface, gpointer data)`
 *
 * Has the type implement an interface of GObject's type system.
 *
 * Since: 0.1
 */

/* Per type: what GC_DEFINE_TYPE() said. */
typedef struct
{
  const GcTypeEntry *entries;
  gpointer          *parent_class;
  guint              instance_size;
  gboolean           is_abstract;
} TypeInfo;

/* What types in other libraries are laid out after. */
G_STATIC_ASSERT (sizeof (GcObject) == sizeof (GTypeInstance));
G_STATIC_ASSERT (sizeof (GcObjectClass) == sizeof (GTypeClass) + 16 + 13 * sizeof (gpointer));

static const GcLayout empty_layout;

static void
object_init (GcObject *self)
{
  (void) self;
}

static void
object_trace (GcObject *self,
              GcTracer *tracer)
{
  (void) self;
  (void) tracer;
}

static void
object_finalize (GcObject *self)
{
  (void) self;
}

/* Runs for each class, after the parent's structure was copied into it. */
static void
object_base_init (gpointer g_class)
{
  GcObjectClass *klass = g_class;

  klass->alloc_size = GC_ALLOC_NEVER_FAST;
  klass->flags = 0;
}

static void
object_class_init (gpointer g_class,
                   gpointer data)
{
  GcObjectClass *klass = g_class;

  (void) data;
  klass->init = object_init;
  klass->trace = object_trace;
  klass->finalize = object_finalize;
  klass->layout = &empty_layout;
  klass->flags |= GC_KIND_ABSTRACT;
}

/* Only g_type_create_instance() runs this: the instance is none of an arena's,
 * and every function that is given it says so. */
static void
object_instance_init (GTypeInstance *instance,
                      gpointer       g_class)
{
  (void) instance;
  g_critical ("an instance of %s was made outside of an arena; use its constructor, which takes a mutation",
              g_type_name (G_TYPE_FROM_CLASS (g_class)));
}

/* No script may call a class's functions: it could finalize what lives. */
/**
 * GcObjectClass::init: (skip)
 * @self: an object
 *
 * Called for each new object. See #GcObjectClass.
 */

/**
 * GcObjectClass::trace: (skip)
 * @self: an object
 * @tracer: the tracer
 *
 * Reports slots. See #GcObjectClass.
 */

/**
 * GcObjectClass::finalize: (skip)
 * @self: an object
 *
 * Frees what the object owns. See #GcObjectClass.
 */

/**
 * GcObject: (ref-func gc_object_ref) (unref-func gc_object_unref) (set-value-func gc_value_set_object) (get-value-func gc_value_get_object)
 *
 * The base of all garbage-collected types. Its structure is private.
 *
 * Since: 0.1
 */
GType
gc_object_get_type (void)
{
  static gsize type_id;

  if (g_once_init_enter (&type_id))
    {
      const GTypeInfo info = {
        .class_size = sizeof (GcObjectClass),
        .base_init = object_base_init,
        .class_init = object_class_init,
        .instance_size = sizeof (GcObject),
        .instance_init = object_instance_init,
        .value_table = &gc_value_table,
      };
      const GTypeFundamentalInfo fundamental = {
        G_TYPE_FLAG_CLASSED | G_TYPE_FLAG_INSTANTIATABLE | G_TYPE_FLAG_DERIVABLE | G_TYPE_FLAG_DEEP_DERIVABLE
      };

      g_once_init_leave (&type_id,
                         g_type_register_fundamental (g_type_fundamental_next (), "GcObject",
                                                      &info, &fundamental, G_TYPE_FLAG_ABSTRACT));
    }
  return type_id;
}

static gboolean
adds_fields (const GcTypeEntry *entries)
{
  for (; entries->kind != GC_ENTRY_END; entries++)
    if (entries->kind < GC_ENTRY_INIT)
      return TRUE;
  return FALSE;
}

/* The class_init of every type that GC_DEFINE_TYPE() defines. */
static void
class_init (gpointer g_class,
            gpointer data)
{
  const TypeInfo *info = data;
  GcObjectClass *klass = g_class;

  if (info->parent_class != NULL)
    *info->parent_class = g_type_class_peek_parent (g_class);
  if (info->is_abstract)
    klass->flags |= GC_KIND_ABSTRACT;
  if (adds_fields (info->entries))
    klass->layout = gc_layout_extend (klass->layout, info->entries);

  for (const GcTypeEntry *entry = info->entries; entry->kind != GC_ENTRY_END; entry++)
    switch (entry->kind)
      {
      case GC_ENTRY_INIT:
        klass->init = (void (*) (GcObject *)) entry->function;
        break;
      case GC_ENTRY_TRACE:
        klass->trace = (void (*) (GcObject *, GcTracer *)) entry->function;
        break;
      case GC_ENTRY_FINALIZE:
        klass->finalize = (void (*) (GcObject *)) entry->function;
        klass->flags &= ~GC_KIND_FINALIZE_LATE;
        break;
      case GC_ENTRY_FINALIZE_LATE:
        klass->finalize = (void (*) (GcObject *)) entry->function;
        klass->flags |= GC_KIND_FINALIZE_LATE;
        break;
      case GC_ENTRY_CLASS_INIT:
        ((void (*) (gpointer)) entry->function) (g_class);
        break;
      default:
        break;
      }
}

/* Registers a type. For GType it is abstract: only an arena makes instances. */
GType
gc_type_register_ (GType              parent,
                   const char        *name,
                   gsize              class_size,
                   gsize              instance_size,
                   gboolean           is_abstract,
                   gpointer          *parent_class,
                   const GcTypeEntry *entries)
{
  TypeInfo *info = g_new (TypeInfo, 1);
  GTypeInfo type_info = {
    .class_size = class_size,
    .class_init = class_init,
    .class_data = info,
    .instance_size = instance_size,
  };
  GType type;

  g_return_val_if_fail (g_type_is_a (parent, GC_TYPE_OBJECT), G_TYPE_INVALID);
  g_return_val_if_fail (instance_size <= G_MAXUINT16, G_TYPE_INVALID);

  *info = (TypeInfo) { entries, parent_class, instance_size, is_abstract };
  type = g_type_register_static (parent, name, &type_info, G_TYPE_FLAG_ABSTRACT);
  for (const GcTypeEntry *entry = entries; entry->kind != GC_ENTRY_END; entry++)
    if (entry->kind == GC_ENTRY_INTERFACE)
      {
        const GInterfaceInfo interface_info = { (GInterfaceInitFunc) entry->function, NULL, NULL };

        g_type_add_interface_static (type, entry->get_type (), &interface_info);
      }
  return type;
}

/* The class of a type, which then stays. */
GcObjectClass *
gc_type_get_class_ (GType type)
{
  gpointer klass = g_type_class_peek_static (type);

  return klass != NULL ? klass : g_type_class_ref (type);
}

static pthread_mutex_t seal_lock = PTHREAD_MUTEX_INITIALIZER;

/* Works out what the collector wants to know of a class, when its first object is
 * made: no class_init, also none of a binding, changes it after that. */
gboolean
gc_class_seal (GcObjectClass *klass)
{
  const GcLayout *layout = klass->layout;
  guint16 flags;
  GTypeQuery query;

  g_type_query (G_TYPE_FROM_CLASS (klass), &query);
  if (layout->flags & GC_KIND_TAIL &&
      (layout->tail_offset > query.instance_size || query.instance_size > ((layout->tail_offset + 7) & ~7u)))
    {
      g_critical ("%s: the tail does not begin where the instance ends", query.type_name);
      return FALSE;
    }

  pthread_mutex_lock (&seal_lock);
  if (klass->flags & GC_KIND_READY)
    {
      pthread_mutex_unlock (&seal_lock);
      return TRUE;
    }
  flags = klass->flags | layout->flags;
  if (layout->n_weak > 0)
    flags |= GC_KIND_WEAK;
  if (layout->n_slots > GC_NARROW)
    flags |= GC_KIND_WIDE;
  if (klass->trace != object_trace)
    flags |= GC_KIND_TRACE;
  if (klass->finalize != object_finalize && !(flags & GC_KIND_FINALIZE_LATE))
    flags |= GC_KIND_FINALIZE;
  if (klass->init != object_init)
    flags |= GC_KIND_INIT;
  klass->instance_size = gc_round_size (query.instance_size);
  klass->slots = layout->slots;
  klass->n_slots = layout->n_slots;
  klass->tail_offset = layout->tail_offset;
  klass->name = g_type_name (G_TYPE_FROM_CLASS (klass));
  __atomic_store_n (&klass->flags, flags | GC_KIND_READY, __ATOMIC_RELEASE);
  if (!(flags & (GC_KIND_ABSTRACT | GC_KIND_TAIL | GC_KIND_FINALIZE | GC_KIND_INIT)) &&
      klass->instance_size < GC_MEDIUM_SIZE)
    __atomic_store_n (&klass->alloc_size, klass->instance_size, __ATOMIC_RELEASE);
  pthread_mutex_unlock (&seal_lock);
  return TRUE;
}
