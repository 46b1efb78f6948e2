/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Marks and counters for Sysprof: into a capture file of our own, or, if Sysprof runs the program, into its
 * capture. Sysprof's library is linked statically, and does nothing before it is called. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "gcobj/gc-trace-private.h"

#ifdef GCOBJ_SYSPROF
#include <sysprof-capture.h>

typedef struct
{
  GcTraceWriter         parent;
  SysprofCaptureWriter *writer; /* NULL: to who runs the program */
  GArray               *counters;  /* guint: the first counter of each arena */
  int                   fd;     /* of the file; -1: none */
  off_t                 size;   /* of the file when it was last flushed: what is whole */
  gboolean              has_failed;
} Sysprof;

/* Numbers of counters. To who runs the program each thread counts its own from 1 on, and all of them end up in one capture: so
 * ours, which any thread may set, are far from there. There is room for 24 bits. */
static guint
request_counters (Sysprof *self,
                  guint    arena)
{
  if (self->writer != NULL)
    return sysprof_capture_writer_request_counter (self->writer, GC_TRACE_N_COUNTS);
  return 0x800000 | (((guint) getpid () * 64 + (arena - 1) * GC_TRACE_N_COUNTS) & 0x7fffff);
}

static void
add_arena (GcTraceWriter *writer,
           guint          arena)
{
  Sysprof *self = (Sysprof *) writer;
  SysprofCaptureCounter counters[GC_TRACE_N_COUNTS] = { 0 };
  guint first = request_counters (self, arena);

  for (guint i = 0; i < GC_TRACE_N_COUNTS; i++)
    {
      g_snprintf (counters[i].category, sizeof counters[i].category, arena > 1 ? "GcObj %u" : "GcObj", arena);
      g_strlcpy (counters[i].name, gc_trace_counts[i], sizeof counters[i].name);
      g_snprintf (counters[i].description, sizeof counters[i].description, "Of arena %u", arena);
      counters[i].id = first + i;
      counters[i].type = SYSPROF_CAPTURE_COUNTER_INT64;
    }
  if (self->writer != NULL)
    sysprof_capture_writer_define_counters (self->writer, SYSPROF_CAPTURE_CURRENT_TIME, -1, getpid (), counters,
                                            GC_TRACE_N_COUNTS);
  else
    sysprof_collector_define_counters (counters, GC_TRACE_N_COUNTS);
  g_array_append_val (self->counters, first);
}

static void
mark (Sysprof    *self,
      gint64      time_ns,
      gint64      duration_ns,
      const char *name,
      const char *message)
{
  if (self->writer != NULL)
    sysprof_capture_writer_add_mark (self->writer, time_ns, -1, getpid (), duration_ns, "GcObj", name, message);
  else
    sysprof_collector_mark (time_ns, duration_ns, "GcObj", name, message);
}

static void
add_span (GcTraceWriter *writer,
          guint          arena,
          const char    *name,
          const char    *message,
          const GcEvent *event)
{
  mark ((Sysprof *) writer, event->time_ns, event->duration_ns, name, message);
}

static void
end (GcTraceWriter *writer,
     guint          arena,
     gint64         began_ns,
     const char    *message,
     const GcEvent *event)
{
  mark ((Sysprof *) writer, began_ns, event->time_ns - began_ns, event->is_minor ? "minor collection" : "major collection",
        message);
}

static void
count (GcTraceWriter *writer,
       guint          arena,
       const GcEvent *event)
{
  Sysprof *self = (Sysprof *) writer;
  SysprofCaptureCounterValue values[GC_TRACE_N_COUNTS];
  guint ids[GC_TRACE_N_COUNTS];
  guint64 counts[GC_TRACE_N_COUNTS];

  gc_trace_get_counts (event, counts);
  for (guint i = 0; i < GC_TRACE_N_COUNTS; i++)
    {
      ids[i] = g_array_index (self->counters, guint, arena - 1) + i;
      values[i].v64 = (gint64) counts[i];
    }
  if (self->writer != NULL)
    sysprof_capture_writer_set_counters (self->writer, event->time_ns + event->duration_ns, -1, getpid (), ids, values,
                                         GC_TRACE_N_COUNTS);
  else
    sysprof_collector_set_counters (ids, values, GC_TRACE_N_COUNTS);
}

static gboolean
flush (GcTraceWriter *writer)
{
  Sysprof *self = (Sysprof *) writer;

  if (self->writer == NULL)
    return TRUE;
  self->has_failed |= !sysprof_capture_writer_flush (self->writer);
  if (!self->has_failed)
    self->size = lseek (self->fd, 0, SEEK_END);
  return !self->has_failed;
}

static void
sysprof_free (GcTraceWriter *writer)
{
  Sysprof *self = (Sysprof *) writer;

  g_clear_pointer (&self->writer, sysprof_capture_writer_unref);
  /* A part of a frame is nothing that can be read. */
  if (self->has_failed && self->size > 0)
    (void) !ftruncate (self->fd, self->size);
  if (self->fd >= 0)
    close (self->fd);
  g_array_unref (self->counters);
  g_free (self);
}

static GcTraceWriter *
make (SysprofCaptureWriter *writer,
      int                   fd)
{
  Sysprof *self = g_new0 (Sysprof, 1);

  self->parent = (GcTraceWriter) { add_arena, add_span, NULL, end, count, flush, sysprof_free };
  self->writer = writer;
  self->fd = fd;
  self->counters = g_array_new (FALSE, FALSE, sizeof (guint));
  return &self->parent;
}

GcTraceWriter *
gc_trace_sysprof_new (const char *path)
{
  SysprofCaptureWriter *writer;
  int fd = open (path, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0640);
  int own, code;

  if (fd < 0)
    return NULL;
  own = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  sysprof_clock_init ();
  /* It owns the descriptor, if it fails too. */
  writer = sysprof_capture_writer_new_from_fd (fd, 0);
  if (writer != NULL)
    return make (writer, own);
  code = errno;
  if (own >= 0)
    close (own);
  gc_trace_remove (path);
  errno = code;
  return NULL;
}

GcTraceWriter *
gc_trace_collector_new (void)
{
  if (g_getenv ("SYSPROF_CONTROL_FD") == NULL && g_getenv ("SYSPROF_TRACE_FD") == NULL)
    return NULL;
  sysprof_collector_init ();
  return sysprof_collector_is_active () ? make (NULL, -1) : NULL;
}

#else

GcTraceWriter *
gc_trace_sysprof_new (const char *path)
{
  errno = ENOSYS;
  return NULL;
}

GcTraceWriter *
gc_trace_collector_new (void)
{
  return NULL;
}

#endif
