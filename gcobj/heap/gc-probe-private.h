/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Static probes for perf, bpftrace and SystemTap: each is one nop, and a note in the library that
 * says where it is and where its arguments are. What they tell is in chapters/seeing-pauses.xml. */

#ifdef GCOBJ_USDT
# include <sys/sdt.h>
# define GC_PROBE2(name, a, b)    DTRACE_PROBE2 (gcobj, name, a, b)
# define GC_PROBE3(name, a, b, c) DTRACE_PROBE3 (gcobj, name, a, b, c)
#else
# define GC_PROBE2(name, a, b)    ((void) 0)
# define GC_PROBE3(name, a, b, c) ((void) 0)
#endif
