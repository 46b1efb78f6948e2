/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pthread.h>
#include <glib.h>

G_BEGIN_DECLS

/* Everything that the library asks of the operating system. */

gpointer gc_os_map        (gsize    size,
                           gsize    alignment);
void     gc_os_unmap      (gpointer start,
                           gsize    size);
void     gc_os_want_huge  (gpointer start,
                           gsize    size);
void     gc_os_populate   (gpointer start,
                           gsize    size);
void     gc_os_discard    (gpointer start,
                           gsize    size);
gsize    gc_os_measure_run (gconstpointer start,
                           gsize    size,
                           gboolean *is_written);
gboolean gc_os_move       (gpointer from,
                           gpointer to,
                           gsize    size);
gboolean gc_os_bury       (gpointer start,
                           gsize    size);
gint64   gc_os_now_ns     (void);
gint64   gc_os_cpu_ns     (void);
guint64  gc_os_thread_id  (void);
gint64   gc_os_process    (void);

/* Of a variable that is looked at often: without a call. The GNU C library has room for a few such words of libraries that are
 * loaded at any time; others have none. */
#ifdef __GLIBC__
# define GC_THREAD_LOCAL _Thread_local __attribute__ ((tls_model ("initial-exec")))
#else
# define GC_THREAD_LOCAL _Thread_local
#endif

/* The calling thread, as a debugger names it: one load where that is known to be the same as the call, which each function that
 * checks whose scope it is would wait for. */
static inline gintptr
gc_os_this_thread (void)
{
  G_STATIC_ASSERT (sizeof (pthread_t) <= sizeof (gintptr));
#if defined (__GLIBC__) && defined (__x86_64__) && defined (__has_builtin)
# if __has_builtin (__builtin_thread_pointer)
  return (gintptr) __builtin_thread_pointer ();
# endif
#endif
  return (gintptr) pthread_self ();
}

/* In a loop that waits: the processor need not hurry. */
static inline void
gc_os_relax (void)
{
#if defined (__x86_64__)
  __builtin_ia32_pause ();
#elif defined (__aarch64__)
  __asm__ volatile ("yield");
#endif
}

typedef gboolean (*GcFaultHandler) (gconstpointer address);
void     gc_os_on_fault   (GcFaultHandler handler);
void     gc_os_print      (const char *text);

G_END_DECLS
