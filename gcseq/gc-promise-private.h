/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcseq/gc-operation-private.h"
#include "gcseq/gc-promise.h"

G_BEGIN_DECLS

/* An operation that waits for a promise. Others have it as their first field. */
typedef struct
{
  GcOperation  operation;
  GcPromise   *promise;
  GList        link;            /* among those that wait */
  gboolean     is_linked;
} GcPromiseWait;

void         gc_promise_wait_begin  (GcPromiseWait  *self);
gboolean     gc_promise_wait_start  (GcOperation    *operation,
                                     GcStep         *step,
                                     GError        **error);
gpointer     gc_promise_wait_finish (GcOperation    *operation,
                                     GcMutation     *m,
                                     GError        **error);
void         gc_promise_wait_leave  (GcOperation    *operation);
void         gc_promise_wait_clear  (GcOperation    *operation);
gboolean     gc_promise_take_error  (GcPromise      *self,
                                     GError         *error);

G_END_DECLS
