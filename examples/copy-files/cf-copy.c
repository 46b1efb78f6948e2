/* Copying files and folders. One sequence walks the folders and sends files into a channel; some others receive
 * them and copy. They are tasks of a scope: if one fails, or the whole is cancelled, the others are cancelled and
 * awaited before it ends.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "cf-copy.h"
#include "cf-gio.h"

#define N_QUEUED 64             /* files that are found before they can be copied */

/* What the sequences share */

GC_DECLARE_TYPE (CfJob, cf_job, CF, JOB, GcObject)

struct _CfJob
{
  GcObject           parent_instance;
  GC_REF (GcChannel) files;
  GC_REF (GcArray)   folders;   /* still to be looked into */
  GFile             *source;
  GFile             *target;
  CfOptions          options;
  goffset            n_found;   /* bytes, and one for each file */
  goffset            n_copied;
  guint              n_files;
};

static void
cf_job_finalize (GcObject *object)
{
  CfJob *self = CF_JOB (object);

  g_clear_object (&self->source);
  g_clear_object (&self->target);
  GC_OBJECT_CLASS (cf_job_parent_class)->finalize (object);
}

GC_DEFINE_TYPE (CfJob, cf_job, GC_TYPE_OBJECT,
                GC_FIELD (CfJob, files)
                GC_FIELD (CfJob, folders)
                GC_FINALIZE (cf_job_finalize))

/* Trying again: a file system may be busy, or not be there yet. */

static GcSequence *
try_once (GcMutation  *m,
          gpointer     n_tries,
          gpointer     context,
          GError     **error)
{
  CfItem *item = context;

  return item->type == G_FILE_TYPE_DIRECTORY ? cf_gio_make_directory (m, item->target) : cf_gio_copy (m, item);
}

static gboolean
may_help (GcMutation   *m,
          const GError *error,
          guint         n_tries,
          gpointer      item)
{
  return !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
}

static GcSequence *
is_fine (GcMutation    *m,
         const GError  *caught,
         gpointer       context,
         GError       **error)
{
  return gc_sequence_value (m, NULL);
}

/* Copies a file, or makes a folder unless it is there. */
static GcSequence *
try_item (GcMutation *m,
          CfJob      *job,
          CfItem     *item)
{
  GcSequence *sequence = gc_sequence_retry (m, job->options.n_tries, job->options.pause, 2, 0,
                                            try_once, may_help, item);

  return item->type == G_FILE_TYPE_DIRECTORY
    ? gc_sequence_catch (m, sequence, G_IO_ERROR, G_IO_ERROR_EXISTS, is_fine, NULL)
    : sequence;
}

/* Copies files until no more come. */

GC_DEFINE_COROUTINE (CfWorker, cf_worker,
                     GC_PARAM_REF (CfJob, job)
                     GC_LOCAL_REF (CfItem, item))

static void
cf_worker_report (CfWorker *self,
                  GcStep   *step)
{
  CfJob *job = self->job;
  g_autofree char *name = g_file_get_basename (self->item->target);

  job->n_files++;
  job->n_copied += self->item->size + 1;
  gc_step_report_progress (step, (double) job->n_copied / job->n_found, name);
}

GC_COROUTINE_BODY (CfWorker, cf_worker)
{
  GC_BEGIN ();
  for (;;)
    {
      GC_AWAIT_REF_OR (item, gc_channel_receive (self->job->files, m), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_CLOSED)
        GC_RETURN (NULL);
      GC_AWAIT (try_item (m, self->job, self->item));
      cf_worker_report (self, step);
    }
  GC_END ();
}

/* Finds files, and makes folders on the way. */

GC_DEFINE_COROUTINE (CfWalker, cf_walker,
                     GC_PARAM_REF (CfJob, job)
                     GC_LOCAL_REF (CfItem, item)
                     GC_LOCAL_REF (GcArray, items)
                     GC_LOCAL_GOBJECT (GFileEnumerator, enumerator)
                     GC_LOCAL_GOBJECT (GFile, target))

static GFileEnumerator *
unbox_enumerator (gpointer box)
{
  g_auto (GValue) value = G_VALUE_INIT;

  gc_box_get_value (box, &value);
  return g_value_dup_object (&value);
}

/* A folder waits until it is looked into; a file goes to the workers. */
static GcSequence *
cf_walker_found (CfWalker   *self,
                 GcMutation *m)
{
  CfItem *item = self->item;

  if (item->type == G_FILE_TYPE_DIRECTORY)
    {
      gc_array_append (self->job->folders, item);
      return gc_sequence_value (m, NULL);
    }
  self->job->n_found += item->size + 1;
  return gc_channel_send (self->job->files, m, item);
}

GC_COROUTINE_BODY (CfWalker, cf_walker)
{
  GC_BEGIN ();
  GC_AWAIT_REF (item, cf_gio_query (m, self->job->source, self->job->target));
  GC_AWAIT (cf_walker_found (self, m));
  while (gc_array_get_length (self->job->folders) > 0)
    {
      gc_set (self, item, gc_array_pop (self->job->folders));
      g_set_object (&self->target, self->item->target);
      GC_AWAIT (try_item (m, self->job, self->item));
      GC_AWAIT (cf_gio_enumerate (m, self->item->source));
      g_clear_object (&self->enumerator);
      self->enumerator = unbox_enumerator (GC_RESULT);
      for (;;)
        {
          GC_AWAIT_REF (items, cf_gio_next_files (m, self->enumerator, self->target));
          if (gc_array_get_length (self->items) == 0)
            break;
          while (gc_array_get_length (self->items) > 0)
            {
              gc_set (self, item, gc_array_pop (self->items));
              GC_AWAIT (cf_walker_found (self, m));
            }
        }
    }
  gc_channel_close (self->job->files);
  GC_END ();
}

/* All together */

GC_DEFINE_COROUTINE (CfBody, cf_body,
                     GC_PARAM_REF (CfJob, job)
                     GC_PARAM_REF (GcTaskGroup, group)
                     GC_LOCAL (guint, index))

GC_COROUTINE_BODY (CfBody, cf_body)
{
  GC_BEGIN ();
  gc_task_group_spawn (self->group, step, cf_walker_new (m, self->job));
  for (guint i = 0; i < self->job->options.n_jobs; i++)
    gc_task_group_spawn (self->group, step, cf_worker_new (m, self->job));
  while (gc_task_group_get_n_live (self->group) > 0)
    GC_AWAIT_NEXT (self->group, &self->index);
  GC_RETURN (gc_tag_int (self->job->n_files));
  GC_END ();
}

static GcSequence *
make_body (GcMutation   *m,
           GcTaskGroup  *group,
           GcStep       *step,
           gpointer      job,
           GError      **error)
{
  return cf_body_new (m, job, group);
}

/* Copies a file, or a folder with all that is in it, and ends with the number of files. What exists is overwritten. */
GcSequence *
cf_copy (GcMutation      *m,
         GFile           *source,
         GFile           *target,
         const CfOptions *options)
{
  CfJob *job = gc_new (m, CfJob);

  gc_set (job, files, gc_channel_new (m, N_QUEUED));
  gc_set (job, folders, gc_array_new (m));
  job->source = g_object_ref (source);
  job->target = g_object_ref (target);
  job->options = *options;
  return gc_sequence_scope (m, make_body, job);
}
