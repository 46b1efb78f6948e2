/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-os-private.h"

/* The collector's clocks: the machine's, or for a thread that says so one that counts what the collector does. Each look takes so
 * long, as it does on a machine of today, and the rest of the program no time at all: what comes out is the same each time. Helpers
 * find that it is too late. */
#define LOOK_NS 3000

static GC_THREAD_LOCAL gint64 counted_ns;

gint64 __real_gc_os_now_ns (void);
gint64 __wrap_gc_os_now_ns (void);
gint64 __real_gc_os_cpu_ns (void);
gint64 __wrap_gc_os_cpu_ns (void);

gint64
__wrap_gc_os_now_ns (void)
{
  return counted_ns > 0 ? (counted_ns += LOOK_NS) : __real_gc_os_now_ns ();
}

gint64
__wrap_gc_os_cpu_ns (void)
{
  return counted_ns > 0 ? counted_ns : __real_gc_os_cpu_ns ();
}
