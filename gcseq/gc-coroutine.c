/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-coroutine.h"
#include "gcseq/gc-strand-private.h"

struct _GcDeferral
{
  GcDeferral  *next;
  GcDeferFunc  func;
};

typedef struct
{
  GcSequenceClass parent_class;
} GcCoroutineClass;

/* Runs what was deferred and clears the fields, once. */
static void
clean_up (GcCoroutine           *self,
          const GcCoroutineInfo *info)
{
  while (self->deferrals != NULL)
    {
      GcDeferral *deferral = self->deferrals;

      self->deferrals = deferral->next;
      deferral->func (self);
      g_free (deferral);
    }
  for (guint i = info->n_cleanups; i-- > 0; )
    {
      const GcCleanup *cleanup = &info->cleanups[i];
      gpointer *field = (gpointer *) ((char *) self + cleanup->offset);

      switch ((GcCleanupKind) cleanup->kind)
        {
        case GC_CLEANUP_GOBJECT:
          g_clear_object ((GObject **) field);
          break;
        case GC_CLEANUP_STRING:
          g_clear_pointer (field, g_free);
          break;
        case GC_CLEANUP_BOXED:
          if (*field != NULL)
            g_boxed_free (cleanup->u.get_type (), g_steal_pointer (field));
          break;
        case GC_CLEANUP_CLEAR:
          cleanup->u.clear (field);
          break;
        default:
          g_assert_not_reached ();
        }
    }
}

/* An error enters the body where it went on: the macros there pass it on or catch it. */
static GcStepResult
gc_coroutine_step (GcSequence  *sequence,
                   GcMutation  *m,
                   GcStep      *step,
                   GError     **error)
{
  const GcCoroutineInfo *info = gc_sequence_class_of (sequence)->info;
  GcStepResult result;

  if (G_UNLIKELY (step->error != NULL && sequence->resume == 0))
    result = GC_STEP_FAILED;    /* cancelled before anything was awaited */
  else
    result = info->body (sequence, m, step);
  if ((result == GC_STEP_DONE || result == GC_STEP_FAILED || result == GC_STEP_BECOME) &&
      (info->n_cleanups > 0 || ((GcCoroutine *) sequence)->deferrals != NULL) &&
      !(sequence->flags & GC_SEQUENCE_IS_CLEAN))
    {
      sequence->flags |= GC_SEQUENCE_IS_CLEAN;
      clean_up ((GcCoroutine *) sequence, info);
    }
  return result;
}

/* Where there is nothing to clear but what was deferred, only those that defer something need it. */
void
gc_coroutine_finalize_ (GcObject *object)
{
  GcSequence *self = (GcSequence *) object;

  if (!(self->flags & GC_SEQUENCE_IS_CLEAN))
    clean_up ((GcCoroutine *) self, gc_sequence_class_of (self)->info);
}

static void
gc_coroutine_class_init (GcSequenceClass *klass)
{
  klass->step = gc_coroutine_step;
  klass->error = gc_coroutine_step;
}

GType gc_coroutine_get_type (void) G_GNUC_CONST;

GC_DEFINE_ABSTRACT_TYPE (GcCoroutine, gc_coroutine, GC_TYPE_SEQUENCE,
                         GC_CLASS_INIT (gc_coroutine_class_init))

G_STATIC_ASSERT (sizeof (GcCoroutine) == 32);

static GcObjectClass *
register_type (GcCoroutineInfo *info)
{
  static GMutex lock;
  static gpointer parent_class;
  GcObjectClass *klass;

  g_mutex_lock (&lock);
  klass = __atomic_load_n (&info->klass, __ATOMIC_ACQUIRE);
  if (klass == NULL)
    {
      GType type = gc_type_register_ (gc_coroutine_get_type (), info->name, sizeof (GcCoroutineClass), info->size,
                                      FALSE, &parent_class, info->entries);

      klass = gc_type_get_class_ (type);
      ((GcSequenceClass *) klass)->info = info;
      ((GcSequenceClass *) klass)->flags = info->flags;
      __atomic_store_n (&info->klass, klass, __ATOMIC_RELEASE);
    }
  g_mutex_unlock (&lock);
  return klass;
}

gpointer
gc_coroutine_new_ (GcMutation      *m,
                   GcCoroutineInfo *info)
{
  GcObjectClass *klass = __atomic_load_n (&info->klass, __ATOMIC_ACQUIRE);

  if (G_UNLIKELY (klass == NULL))
    klass = register_type (info);
  return gc_object_new_of_class (m, klass);
}

void
gc_coroutine_defer_ (GcCoroutine *self,
                     GcDeferFunc  func)
{
  GcDeferral *deferral = g_new (GcDeferral, 1);
  const GcCoroutineInfo *info = gc_sequence_class_of (self)->info;

  if (info->n_cleanups == 0 && !(self->parent_instance.flags & GC_SEQUENCE_IS_ARMED))
    {
      self->parent_instance.flags |= GC_SEQUENCE_IS_ARMED;
      gc_object_arm_finalizer_ (self);
    }

  deferral->next = self->deferrals;
  deferral->func = func;
  self->deferrals = deferral;
}
