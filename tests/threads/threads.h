/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the tests with several threads share. Atomics and threads are C11's and POSIX's, which
 * ThreadSanitizer understands. */

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (ThreadNode, thread_node, THREAD, NODE, GcObject)
GC_DECLARE_TYPE (ThreadFin, thread_fin, THREAD, FIN, ThreadNode)

struct _ThreadNode
{
  GcObject parent_instance;
  GC_REF (GcObject) left, right;
  guint64 value;
};

GC_DEFINE_TYPE (ThreadNode, thread_node, GC_TYPE_OBJECT,
                GC_FIELD (ThreadNode, left)
                GC_FIELD (ThreadNode, right))

struct _ThreadFin
{
  ThreadNode parent_instance;
  atomic_uint *n_finalized;
};

static void
thread_fin_finalize (GcObject *object)
{
  atomic_fetch_add (THREAD_FIN (object)->n_finalized, 1);
}

GC_DEFINE_TYPE (ThreadFin, thread_fin, thread_node_get_type (),
                GC_FINALIZE (thread_fin_finalize))

/* Smaller under an instrument. */
G_GNUC_UNUSED static guint
scaled (guint n)
{
  const char *preloaded = g_getenv ("LD_PRELOAD");

  if (preloaded != NULL && strstr (preloaded, "vgpreload") != NULL)
    return n / 100 + 1;
#if defined (__SANITIZE_THREAD__) || defined (__SANITIZE_ADDRESS__)
  return n / 10 + 1;
#endif
  return n;
}

static pthread_t
start (void *(*func) (void *),
       gpointer  data)
{
  pthread_t thread;

  g_assert_cmpint (pthread_create (&thread, NULL, func, data), ==, 0);
  return thread;
}

static gpointer
join (pthread_t thread)
{
  gpointer result;

  g_assert_cmpint (pthread_join (thread, &result), ==, 0);
  return result;
}

typedef struct
{
  GcArena    *arena;
  atomic_uint n_finalized;
  atomic_int  stage;
  gpointer    object;
  GcMutation *m;
  pthread_mutex_t lock;
} Shared;
