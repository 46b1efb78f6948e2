/* What is to be copied, and where to.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include <gcseq/gcseq.h>

G_BEGIN_DECLS

GC_DECLARE_TYPE (CfItem, cf_item, CF, ITEM, GcObject)

struct _CfItem
{
  GcObject  parent_instance;
  GFile    *source;
  GFile    *target;
  goffset   size;               /* in bytes */
  GFileType type;
};

CfItem *cf_item_new (GcMutation *m,
                     GFile      *source,
                     GFile      *target,
                     GFileInfo  *info);

G_END_DECLS
