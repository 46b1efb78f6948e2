/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Chrome's trace events: "Trace Event Format", of the Catapult project. Perfetto, chrome://tracing and
 * speedscope read it. Each flush ends the file; the next events overwrite the end. So the file is
 * complete whenever the program stops, however it does. When there is no room for more, the file ends where it ended
 * before. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gcobj/gc-trace-private.h"
#include "gcobj/gc-version.h"

#define N_CLASSES 24            /* of pauses by length: those of GcStats */

typedef struct
{
  GcTraceWriter parent;
  FILE         *file;           /* NULL once it failed */
  gboolean      is_first;       /* nothing was written yet */
  guint64       pauses[N_CLASSES];
  char         *end;            /* how the file ended when it was last flushed */
  long          place;          /* and where that is */
} Json;

static void
begin_event (Json *self)
{
  fputs (self->is_first ? "\n" : ",\n", self->file);
  self->is_first = FALSE;
}

/* Microseconds with three places, without a locale's comma. */
static void
put_time (Json       *self,
          const char *key,
          gint64      ns)
{
  ns = MAX (ns, 0);
  fprintf (self->file, "\"%s\":%" G_GINT64_FORMAT ".%03d,", key, ns / 1000, (int) (ns % 1000));
}

static void
put_place (Json          *self,
           const GcEvent *event)
{
  fprintf (self->file, "\"pid\":%d,\"tid\":%" G_GUINT64_FORMAT ",", (int) getpid (), event->thread);
}

static void
add_arena (GcTraceWriter *writer,
           guint          arena)
{
  Json *self = (Json *) writer;
  const char *program = g_get_prgname ();
  g_autofree char *name = NULL;

  if (arena > 1)
    return;
  name = g_utf8_make_valid (program != NULL ? program : "program", -1);
  for (char *c = name; *c != '\0'; c++)
    if (*c == '"' || *c == '\\' || (guchar) *c < ' ')
      *c = '_';
  begin_event (self);
  fprintf (self->file, "{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":%d,\"tid\":%d,\"args\":{\"name\":\"%s\"}}",
           (int) getpid (), (int) getpid (), name);
}

static void
add_span (GcTraceWriter *writer,
          guint          arena,
          const char    *name,
          const char    *message,
          const GcEvent *event)
{
  Json *self = (Json *) writer;

  begin_event (self);
  fprintf (self->file, "{\"ph\":\"X\",\"name\":\"%s\",\"cat\":\"gcobj\",", name);
  put_time (self, "ts", event->time_ns);
  put_time (self, "dur", event->duration_ns);
  put_place (self, event);
  fprintf (self->file, "\"args\":{\"arena\":%u,\"reason\":\"%s\",\"minor\":%s,\"n\":%" G_GUINT64_FORMAT "}}", arena,
           gc_pause_reason_to_name (event->reason), event->is_minor ? "true" : "false", event->n);
  if (event->type == GC_EVENT_PAUSED)
    {
      guint class = 0;

      for (gint64 us = event->duration_ns / 1000; us > 0 && class < N_CLASSES - 1; us /= 2)
        class++;
      self->pauses[class]++;
    }
}

/* A collection goes on between pauses, so that it is asynchronous to the thread. */
static void
put_async (Json          *self,
           char           phase,
           guint          arena,
           const GcEvent *event)
{
  begin_event (self);
  fprintf (self->file, "{\"ph\":\"%c\",\"name\":\"%s collection\",\"cat\":\"gcobj\",\"id\":\"%u.%" G_GUINT64_FORMAT "\",",
           phase, event->is_minor ? "minor" : "major", arena, event->collection);
  put_time (self, "ts", event->time_ns);
  put_place (self, event);
}

static void
begin (GcTraceWriter *writer,
       guint          arena,
       const GcEvent *event)
{
  Json *self = (Json *) writer;

  put_async (self, 'b', arena, event);
  fprintf (self->file, "\"args\":{\"arena\":%u,\"allocated_bytes\":%" G_GUINT64_FORMAT "}}", arena, event->allocated_bytes);
}

static void
end (GcTraceWriter *writer,
     guint          arena,
     gint64         began_ns,
     const char    *message,
     const GcEvent *event)
{
  Json *self = (Json *) writer;

  put_async (self, 'e', arena, event);
  fprintf (self->file, "\"args\":{\"marked_objects\":%" G_GUINT64_FORMAT ",\"live_bytes\":%" G_GUINT64_FORMAT "}}",
           event->n, event->live_bytes);
}

static void
count (GcTraceWriter *writer,
       guint          arena,
       const GcEvent *event)
{
  Json *self = (Json *) writer;
  guint64 counts[GC_TRACE_N_COUNTS];

  gc_trace_get_counts (event, counts);
  for (guint i = 0; i < GC_TRACE_N_COUNTS; i++)
    {
      begin_event (self);
      fprintf (self->file, "{\"ph\":\"C\",\"name\":\"%s\",\"cat\":\"gcobj\",\"id\":\"%u\",", gc_trace_counts[i], arena);
      put_time (self, "ts", event->time_ns + event->duration_ns);
      put_place (self, event);
      fprintf (self->file, "\"args\":{\"bytes\":%" G_GUINT64_FORMAT "}}", counts[i]);
    }
}

static char *
make_end (Json *self)
{
  GString *text = g_string_new ("\n],\"displayTimeUnit\":\"ns\",\"otherData\":{\"writer\":\"gcobj " GCOBJ_VERSION_S
                                "\",\"pauses\":\"");

  for (guint i = 0; i < N_CLASSES; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? " " : "", self->pauses[i]);
  g_string_append (text, "\"}}\n");
  return g_string_free (text, FALSE);
}

/* Takes back what was written since the file was last whole. That there is room for its end is known. */
static void
take_back (Json *self)
{
  int fd = dup (fileno (self->file));
  gsize n = self->end != NULL ? strlen (self->end) : 0;

  /* Closed first: it writes what is left in its buffer. */
  fclose (g_steal_pointer (&self->file));
  if (fd < 0)
    return;
  if (n > 0 && pwrite (fd, self->end, n, self->place) == (gssize) n)
    (void) !ftruncate (fd, self->place + (off_t) n);
  close (fd);
}

static gboolean
flush (GcTraceWriter *writer)
{
  Json *self = (Json *) writer;
  g_autofree char *end = make_end (self);
  long place;
  int code;

  if (self->file == NULL)
    return FALSE;
  place = ftell (self->file);
  fputs (end, self->file);
  if (place >= 0 && fflush (self->file) == 0 && !ferror (self->file) && fseek (self->file, place, SEEK_SET) == 0)
    {
      g_free (self->end);
      self->end = g_steal_pointer (&end);
      self->place = place;
      return TRUE;
    }
  code = errno;
  take_back (self);
  errno = code;
  return FALSE;
}

static void
json_free (GcTraceWriter *writer)
{
  Json *self = (Json *) writer;

  g_clear_pointer (&self->file, fclose);
  g_free (self->end);
  g_free (self);
}

GcTraceWriter *
gc_trace_json_new (const char *path)
{
  FILE *file = fopen (path, "we");
  Json *self;

  if (file == NULL)
    return NULL;
  self = g_new0 (Json, 1);
  self->parent = (GcTraceWriter) { add_arena, add_span, begin, end, count, flush, json_free };
  self->file = file;
  self->is_first = TRUE;
  fputs ("{\"traceEvents\":[", file);
  return &self->parent;
}
