/* Gio's asynchronous functions as sequences.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include "cf-item.h"

G_BEGIN_DECLS

GcSequence *cf_gio_copy           (GcMutation      *m,
                                   CfItem          *item);
GcSequence *cf_gio_make_directory (GcMutation      *m,
                                   GFile           *directory);
GcSequence *cf_gio_query          (GcMutation      *m,
                                   GFile           *source,
                                   GFile           *target);
GcSequence *cf_gio_enumerate      (GcMutation      *m,
                                   GFile           *directory);
GcSequence *cf_gio_next_files     (GcMutation      *m,
                                   GFileEnumerator *enumerator,
                                   GFile           *target);

G_END_DECLS
