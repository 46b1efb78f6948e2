/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-types.h>

G_BEGIN_DECLS

#define GC_TYPE_PARAM_OBJECT        (gc_param_spec_object_get_type ())
#define GC_IS_PARAM_SPEC_OBJECT(p)  (G_TYPE_CHECK_INSTANCE_TYPE ((p), GC_TYPE_PARAM_OBJECT))
#define GC_PARAM_SPEC_OBJECT(p)     (G_TYPE_CHECK_INSTANCE_CAST ((p), GC_TYPE_PARAM_OBJECT, GcParamSpecObject))

typedef struct _GcParamSpecObject GcParamSpecObject;

/**
 * GcParamSpecObject: (skip)
 *
 * Describes a property that holds an object of an arena.
 *
 * Since: 0.1
 */
struct _GcParamSpecObject
{
  /*< private >*/
  GParamSpec parent_instance;
};

GCOBJ_AVAILABLE_IN_ALL
GType       gc_param_spec_object_get_type (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GParamSpec *gc_param_spec_object          (const char  *name,
                                           const char  *nick,
                                           const char  *blurb,
                                           GType        object_type,
                                           GParamFlags  flags);

G_END_DECLS
