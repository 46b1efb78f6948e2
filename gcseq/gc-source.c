/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-unix.h>

#include "gcseq/gc-async.h"
#include "gcseq/gc-operation-private.h"
#include "gcseq/gc-source.h"

/**
 * SECTION:gc-source
 * @Title: Event sources
 * @Short_description: Waiting for sources of the main context, files and processes
 *
 * |[<!-- language="C" -->
 * GC_DEFINE_COROUTINE (Compile, compile,
 *                      GC_PARAM_STRING (file)
 *                      GC_LOCAL_GOBJECT (GSubprocess, subprocess))
 *
 * GC_COROUTINE_BODY (Compile, compile)
 * {
 *   GC_BEGIN ();
 *   self->subprocess = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, "cc", "-c", self->file, NULL);
 *   GC_AWAIT (gc_sequence_from_subprocess (m, self->subprocess));
 *   if (gc_untag_int (GC_RESULT) != 0)
 *     GC_THROW (G_IO_ERROR, G_IO_ERROR_FAILED, "%s does not compile", self->file);
 *   GC_END ();
 * }
 * ]|
 *
 * Sources are attached to the runner's main context in the first step of the sequence; it ends in the second one. A
 * sequence that is cancelled fails at once, and destroys its source, as does one that is dropped half-way; what it waited
 * for is not changed by that.
 */

typedef struct
{
  GcOperation   operation;
  GSource      *source;
  GSource      *child;          /* of from_source: somebody else's */
  int           fd;
  GIOCondition  condition;
  GPid          pid;
  int           result;
} GcSourceWait;

static gboolean
source_ended (GcSourceWait *self,
              int           result)
{
  self->result = result;
  gc_operation_complete (self);
  return G_SOURCE_REMOVE;
}

/* Has the source call @callback, once. */
static gboolean
attach (GcSourceWait *self,
        GcStep       *step,
        GSourceFunc   callback)
{
  g_source_set_static_name (self->source, "[gcseq] wait");
  g_source_set_callback (self->source, callback, gc_operation_ref (self), gc_operation_unref);
  g_source_attach (self->source, gc_step_context (step)->runner->main_context);
  return TRUE;
}

static gpointer
source_finish (GcOperation  *operation,
               GcMutation   *m,
               GError      **error)
{
  GcSourceWait *self = (GcSourceWait *) operation;

  return self->child != NULL ? NULL : gc_tag_int (self->result);
}

static void
source_cancel (GcOperation *operation)
{
  g_source_destroy (((GcSourceWait *) operation)->source);
}

static void
source_clear (GcOperation *operation)
{
  GcSourceWait *self = (GcSourceWait *) operation;

  g_clear_pointer (&self->source, g_source_unref);
  g_clear_pointer (&self->child, g_source_unref);
}

/* Any source: as a child of one of ours, since its callback may have any signature. */

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     data)
{
  return callback (data);
}

static GSourceFuncs functions = {
  .dispatch = dispatch,
};

static gboolean
on_any (gpointer data)
{
  return source_ended (data, 0);
}

static gboolean
any_start (GcOperation  *operation,
           GcStep       *step,
           GError      **error)
{
  GcSourceWait *self = (GcSourceWait *) operation;

  self->source = g_source_new (&functions, sizeof (GSource));
  g_source_set_priority (self->source, g_source_get_priority (self->child));
  g_source_set_dummy_callback (self->child);
  g_source_add_child_source (self->source, self->child);
  return attach (self, step, on_any);
}

static const GcOperationClass any_class = {
  .name = "source",
  .size = sizeof (GcSourceWait),
  .start = any_start,
  .finish = source_finish,
  .cancel = source_cancel,
  .clear = source_clear,
};

/**
 * gc_sequence_from_source: (constructor)
 * @m: a mutation
 * @source: a source that is attached to no context
 *
 * Makes a sequence that ends with %NULL when @source is ready for the first time. Then the source is destroyed.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_from_source (GcMutation *m,
                         GSource    *source)
{
  GcSourceWait *self;

  g_return_val_if_fail (source != NULL, NULL);
  g_return_val_if_fail (!g_source_is_destroyed (source) && g_source_get_context (source) == NULL, NULL);

  self = gc_operation_new (&any_class);
  self->child = g_source_ref (source);
  return gc_operation_await (m, self);
}

/* File descriptors */

static gboolean
on_fd (int          fd,
       GIOCondition condition,
       gpointer     data)
{
  return source_ended (data, condition);
}

static gboolean
fd_start (GcOperation  *operation,
          GcStep       *step,
          GError      **error)
{
  GcSourceWait *self = (GcSourceWait *) operation;

  self->source = g_unix_fd_source_new (self->fd, self->condition);
  return attach (self, step, G_SOURCE_FUNC (on_fd));
}

static const GcOperationClass fd_class = {
  .name = "file descriptor",
  .size = sizeof (GcSourceWait),
  .start = fd_start,
  .finish = source_finish,
  .cancel = source_cancel,
  .clear = source_clear,
};

/**
 * gc_sequence_from_fd: (constructor)
 * @m: a mutation
 * @fd: a file descriptor, which has to stay open
 * @condition: what to wait for
 *
 * Makes a sequence that ends when @fd is ready, with those of the conditions, and %G_IO_ERR and %G_IO_HUP, that hold: a
 * tagged integer.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_from_fd (GcMutation   *m,
                     int           fd,
                     GIOCondition  condition)
{
  GcSourceWait *self;

  g_return_val_if_fail (fd >= 0, NULL);

  self = gc_operation_new (&fd_class);
  self->fd = fd;
  self->condition = condition;
  return gc_operation_await (m, self);
}

/* Processes */

static void
on_child (GPid     pid,
          int      status,
          gpointer data)
{
  source_ended (data, status);
}

static gboolean
child_start (GcOperation  *operation,
             GcStep       *step,
             GError      **error)
{
  GcSourceWait *self = (GcSourceWait *) operation;

  self->source = g_child_watch_source_new (self->pid);
  return attach (self, step, G_SOURCE_FUNC (on_child));
}

static const GcOperationClass child_class = {
  .name = "child process",
  .size = sizeof (GcSourceWait),
  .start = child_start,
  .finish = source_finish,
  .cancel = source_cancel,
  .clear = source_clear,
};

/**
 * gc_sequence_from_child: (constructor)
 * @m: a mutation
 * @pid: a child process that nobody else waits for, as g_spawn_async() gives with %G_SPAWN_DO_NOT_REAP_CHILD
 *
 * Makes a sequence that ends when the process does, with its wait status: a tagged integer, which
 * g_spawn_check_wait_status() understands.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_from_child (GcMutation *m,
                        GPid        pid)
{
  GcSourceWait *self;

  g_return_val_if_fail (pid > 0, NULL);

  self = gc_operation_new (&child_class);
  self->pid = pid;
  return gc_operation_await (m, self);
}

static void
subprocess_start (gpointer             source,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             callback_data,
                  gpointer             user_data)
{
  g_subprocess_wait_async (source, cancellable, callback, callback_data);
}

static gpointer
subprocess_finish (GcMutation    *m,
                   gpointer       source,
                   GAsyncResult  *result,
                   gpointer       user_data,
                   GError       **error)
{
  return g_subprocess_wait_finish (source, result, error) ? gc_tag_int (g_subprocess_get_status (source)) : NULL;
}

/**
 * gc_sequence_from_subprocess: (constructor)
 * @m: a mutation
 * @subprocess: a subprocess
 *
 * Makes a sequence that ends when the process does, with its wait status: a tagged integer, 0 for success. If the
 * sequence is cancelled, the process goes on.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_from_subprocess (GcMutation  *m,
                             GSubprocess *subprocess)
{
  g_return_val_if_fail (G_IS_SUBPROCESS (subprocess), NULL);

  return gc_sequence_from_async (m, subprocess, subprocess_start, subprocess_finish, NULL, NULL);
}
