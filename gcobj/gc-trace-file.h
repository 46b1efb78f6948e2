/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-listener.h>

G_BEGIN_DECLS

#define GC_TYPE_TRACE_FILE (gc_trace_file_get_type ())
GCOBJ_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GcTraceFile, gc_trace_file, GC, TRACE_FILE, GObject)

GCOBJ_AVAILABLE_IN_ALL
GcTraceFile *gc_trace_file_new (const char  *path,
                                GError     **error);

G_END_DECLS
