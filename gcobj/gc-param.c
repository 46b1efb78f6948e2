/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-object.h"
#include "gcobj/gc-param.h"

/**
 * SECTION:gc-param
 * @Title: Property types
 * @Short_description: Properties that hold objects
 *
 * |[<!-- language="C" -->
 * g_object_class_install_property (object_class, PROP_MODEL,
 *   gc_param_spec_object ("model", "Model", "What is shown", DEMO_TYPE_NODE,
 *                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
 * ]|
 *
 * Offer a plain setter function beside such a property: some languages can't
 * set a property of a type that they do not know to null.
 */

static void
set_default (GParamSpec *pspec,
             GValue     *value)
{
  value->data[0].v_pointer = NULL;
}

static gboolean
validate (GParamSpec *pspec,
          GValue     *value)
{
  gpointer object = value->data[0].v_pointer;

  if (object == NULL || g_value_type_compatible (G_TYPE_FROM_INSTANCE (object), pspec->value_type))
    return FALSE;
  gc_object_unref (object);
  value->data[0].v_pointer = NULL;
  return TRUE;
}

static int
compare (GParamSpec   *pspec,
         const GValue *a,
         const GValue *b)
{
  guintptr x = (guintptr) a->data[0].v_pointer;
  guintptr y = (guintptr) b->data[0].v_pointer;

  return (x > y) - (x < y);
}

GType
gc_param_spec_object_get_type (void)
{
  static gsize type_id;

  if (g_once_init_enter (&type_id))
    {
      const GParamSpecTypeInfo info = {
        .instance_size = sizeof (GcParamSpecObject),
        .n_preallocs = 16,
        .value_type = GC_TYPE_OBJECT,
        .value_set_default = set_default,
        .value_validate = validate,
        .values_cmp = compare,
      };

      g_once_init_leave (&type_id, g_param_type_register_static ("GcParamObject", &info));
    }
  return type_id;
}

/**
 * gc_param_spec_object:
 * @name: the property's name
 * @nick: a short title
 * @blurb: a description
 * @object_type: a type derived from #GcObject
 * @flags: the property's flags
 *
 * Describes a property that holds an object.
 *
 * Returns: (transfer full): the description, floating
 *
 * Since: 0.1
 */
GParamSpec *
gc_param_spec_object (const char  *name,
                      const char  *nick,
                      const char  *blurb,
                      GType        object_type,
                      GParamFlags  flags)
{
  GParamSpec *pspec;

  g_return_val_if_fail (g_type_is_a (object_type, GC_TYPE_OBJECT), NULL);

  pspec = g_param_spec_internal (GC_TYPE_PARAM_OBJECT, name, nick, blurb, flags);
  if (pspec != NULL)
    pspec->value_type = object_type;
  return pspec;
}
