/* Copying files and folders.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include <gcseq/gcseq.h>

G_BEGIN_DECLS

typedef struct
{
  guint  n_jobs;                /* files that are copied at a time */
  guint  n_tries;               /* for each file and folder */
  gint64 pause;                 /* before the second try, in microseconds; doubled each time */
} CfOptions;

GcSequence *cf_copy (GcMutation      *m,
                     GFile           *source,
                     GFile           *target,
                     const CfOptions *options);

G_END_DECLS
