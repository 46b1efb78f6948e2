/* What is to be copied, and where to.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "cf-item.h"

static void
cf_item_finalize (GcObject *object)
{
  CfItem *self = CF_ITEM (object);

  g_clear_object (&self->source);
  g_clear_object (&self->target);
  GC_OBJECT_CLASS (cf_item_parent_class)->finalize (object);
}

GC_DEFINE_TYPE (CfItem, cf_item, GC_TYPE_OBJECT,
                GC_FINALIZE (cf_item_finalize))

CfItem *
cf_item_new (GcMutation *m,
             GFile      *source,
             GFile      *target,
             GFileInfo  *info)
{
  CfItem *self = gc_new (m, CfItem);

  self->source = g_object_ref (source);
  self->target = g_object_ref (target);
  self->size = g_file_info_get_size (info);
  self->type = g_file_info_get_file_type (info);
  return self;
}
