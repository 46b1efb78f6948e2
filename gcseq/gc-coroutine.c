/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-coroutine.h"
#include "gcseq/gc-strand-private.h"

/**
 * SECTION:gc-coroutine
 * @Title: Coroutines
 * @Short_description: Functions that wait in the middle
 *
 * |[<!-- language="C" -->
 * GC_DEFINE_COROUTINE (Twice, twice,
 *                      GC_PARAM_REF (GcSequence, first)
 *                      GC_PARAM_REF (GcSequence, second)
 *                      GC_LOCAL (gssize, sum))
 *
 * GC_COROUTINE_BODY (Twice, twice)
 * {
 *   GC_BEGIN ();
 *   GC_AWAIT (self->first);
 *   self->sum = gc_untag_int (GC_RESULT);
 *   GC_AWAIT (self->second);
 *   self->sum += gc_untag_int (GC_RESULT);
 *   GC_RETURN (gc_tag_int (self->sum));
 *   GC_END ();
 * }
 *
 * static GcSequence *
 * demo_seven (GcMutation *m)
 * {
 *   return twice_new (m, gc_sequence_value (m, gc_tag_int (3)), gc_sequence_value (m, gc_tag_int (4)));
 * }
 * ]|
 *
 * A coroutine is a sequence whose steps are written as one function. It stops at each of the macros below that
 * awaits, and goes on behind it. What it needs after that is in its fields, of which one list makes the
 * structure, the layout for the collector, the constructor and the clean-up; so that a coroutine is
 * collectable like any object, also one that is dropped half-way.
 *
 * C's own local variables do not live across an await, and pointers to objects are void after one. A
 * checking compile finds the former: `-DGC_COROUTINE_CHECK -Wjump-misses-init -fsyntax-only`.
 *
 * In the body are `self`, the coroutine; `m`, the mutation; and `step`, the #GcStep. Everything between two
 * stops is one step.
 */

/**
 * GC_DEFINE_COROUTINE:
 * @Type: the name of the type, of three letters or more
 * @name: the name of its functions
 * @fields: the fields, without commas between them
 *
 * Defines a type of coroutines: its structure, and the constructor `name_new (m, …)`, which is static and has a
 * parameter for each GC_PARAM() and its like, in their order. It returns a #GcSequence. The body follows, with
 * GC_COROUTINE_BODY().
 *
 * Since: 0.1
 */

/**
 * GC_DEFINE_COROUTINE_WITH_FLAGS:
 * @Type: the name of the type, of three letters or more
 * @name: the name of its functions
 * @flags_: #GcSequenceFlags
 * @fields: the fields, without commas between them
 *
 * Defines a type of coroutines as GC_DEFINE_COROUTINE() does. With %GC_SEQUENCE_TAKES_ITEMS it goes on with each
 * item of what it awaits, as gc_step_is_item() tells; with %GC_SEQUENCE_SAME_STEP in the step in which that ends.
 *
 * Since: 0.1
 */

/**
 * GC_COROUTINE_BODY:
 * @Type: the name of the type
 * @name: the name of its functions
 *
 * Heads the function that is the coroutine's body. In it are `self`, `m` and `step`.
 *
 * Since: 0.1
 */

/**
 * GC_PARAM:
 * @T: a type
 * @n: a name
 *
 * A field that the constructor sets from an argument: a number, a structure, a pointer that the coroutine
 * does not own.
 *
 * Since: 0.1
 */

/**
 * GC_PARAM_REF:
 * @T: a type of objects of the arena
 * @n: a name
 *
 * A slot that the constructor sets from an argument.
 *
 * Since: 0.1
 */

/**
 * GC_PARAM_GOBJECT:
 * @T: a type of #GObject
 * @n: a name
 *
 * A field that the constructor sets to a new reference to an argument, which may be %NULL. The reference is dropped when
 * the coroutine ends or is reclaimed.
 *
 * Since: 0.1
 */

/**
 * GC_PARAM_STRING:
 * @n: a name
 *
 * A field that the constructor sets to a copy of an argument, a `const char *`, which may be %NULL. It is freed when
 * the coroutine ends or is reclaimed.
 *
 * Since: 0.1
 */

/**
 * GC_PARAM_BOXED:
 * @T: a boxed type
 * @n: a name
 * @t: the function that gives its #GType
 *
 * A field that the constructor sets to a copy of an argument, which may be %NULL. It is freed when
 * the coroutine ends or is reclaimed.
 *
 * Since: 0.1
 */

/**
 * GC_LOCAL:
 * @T: a type
 * @n: a name
 *
 * A field that is zero at first, and that nothing is done about in the end.
 *
 * Since: 0.1
 */

/**
 * GC_LOCAL_REF:
 * @T: a type of objects of the arena
 * @n: a name
 *
 * A slot that is %NULL at first.
 *
 * Since: 0.1
 */

/**
 * GC_LOCAL_GOBJECT:
 * @T: a type of #GObject
 * @n: a name
 *
 * A field that is %NULL at first. The reference that it owns is dropped when the coroutine ends or is reclaimed.
 *
 * Since: 0.1
 */

/**
 * GC_LOCAL_STRING:
 * @n: a name
 *
 * A `char *` that is %NULL at first. It is freed when the coroutine ends or is reclaimed.
 *
 * Since: 0.1
 */

/**
 * GC_LOCAL_BOXED:
 * @T: a boxed type
 * @n: a name
 * @t: the function that gives its #GType
 *
 * A field that is %NULL at first. It is freed when the coroutine ends or is reclaimed.
 *
 * Since: 0.1
 */

/**
 * GC_LOCAL_CLEAR:
 * @T: a type
 * @n: a name
 * @f: a function that is given the field's address
 *
 * A field that is zero at first. @f clears it when the coroutine ends or is reclaimed, also if nothing was ever put
 * there.
 *
 * Since: 0.1
 */

/**
 * GC_BEGIN:
 *
 * Begins the body of a coroutine. In front of it is nothing, but what is to happen in every step.
 *
 * Since: 0.1
 */

/**
 * GC_END:
 *
 * Ends the body of a coroutine. One that comes here ends with %NULL.
 *
 * Since: 0.1
 */

/**
 * GC_RETURN:
 * @value: an object or a tagged word
 *
 * Ends the coroutine with a result.
 *
 * Since: 0.1
 */

/**
 * GC_BECOME:
 * @sequence: a sequence
 *
 * Ends the coroutine and runs @sequence in its place: what that ends with is the result. See
 * gc_step_become().
 *
 * Since: 0.1
 */

/**
 * GC_THROW:
 * @...: domain, code, format and its arguments
 *
 * Ends the coroutine with an error, as gc_step_throw() does.
 *
 * Since: 0.1
 */

/**
 * GC_AWAIT:
 * @sequence: a sequence
 *
 * Runs @sequence, and goes on with its result in %GC_RESULT, in the step after the one in which it ends. Its
 * error ends the coroutine.
 *
 * Since: 0.1
 */

/**
 * GC_AWAIT_REF:
 * @field: a slot of the coroutine
 * @sequence: a sequence
 *
 * Runs @sequence and stores its result in a slot of the coroutine. Its error ends the coroutine.
 *
 * Since: 0.1
 */

/**
 * GC_AWAIT_OR:
 * @sequence: a sequence
 * @domain: a domain of errors
 * @code: a code of it, or -1 for any
 *
 * Runs @sequence. If it fails in this way, the block that follows is run, where %GC_CAUGHT is the error; other
 * errors end the coroutine.
 *
 * |[<!-- language="C" -->
 * GC_DEFINE_COROUTINE (Patient, patient,
 *                      GC_PARAM_REF (GcSequence, first))
 *
 * GC_COROUTINE_BODY (Patient, patient)
 * {
 *   GC_BEGIN ();
 *   GC_AWAIT_OR (self->first, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
 *     {
 *       GC_RETURN (NULL);
 *     }
 *   GC_RETURN (GC_RESULT);
 *   GC_END ();
 * }
 * ]|
 *
 * Since: 0.1
 */

/**
 * GC_AWAIT_REF_OR:
 * @field: a slot of the coroutine
 * @sequence: a sequence
 * @domain: a domain of errors
 * @code: a code of it, or -1 for any
 *
 * Runs @sequence and stores its result in a slot of the coroutine. If it fails in this way, the block that follows is
 * run, as with GC_AWAIT_OR().
 *
 * Since: 0.1
 */

/**
 * GC_AWAIT_OR_ANY:
 * @sequence: a sequence
 *
 * Runs @sequence. If it fails, or the coroutine is cancelled meanwhile, the block that follows is run, as with
 * GC_AWAIT_OR().
 *
 * Since: 0.1
 */

/**
 * GC_AWAIT_REF_OR_ANY:
 * @field: a slot of the coroutine
 * @sequence: a sequence
 *
 * Runs @sequence and stores its result in a slot of the coroutine. If it fails, or the coroutine is cancelled
 * meanwhile, the block that follows is run, as with GC_AWAIT_OR().
 *
 * Since: 0.1
 */

/**
 * GC_AWAIT_NEXT:
 * @group: a #GcTaskGroup
 * @index: (out): where to put the index of the child, in the coroutine's own fields
 *
 * Waits until a child of @group ends, and takes it: see gc_task_group_next(). The error of a child ends the coroutine.
 *
 * Since: 0.1
 */

/**
 * GC_RESULT:
 *
 * What came in: gc_step_get() of the step. After an await it is the result, as a `gpointer`: an object or a tagged
 * word, until the next stop.
 *
 * Since: 0.1
 */

/**
 * GC_CAUGHT:
 *
 * In the block behind GC_AWAIT_OR() and its like, the error: gc_step_get_error() of the step.
 *
 * Since: 0.1
 */

/**
 * GC_YIELD:
 * @item: an object or a tagged word
 *
 * Gives an item to who takes this sequence's items, and goes on when the next one is wanted. See gc_step_emit().
 *
 * Since: 0.1
 */

/**
 * GC_YIELD_OR:
 * @item: an object or a tagged word
 * @domain: a domain of errors, 0 for any
 * @code: a code of it, -1 for any
 *
 * Gives an item as GC_YIELD(). The statement behind it runs if an error of that kind is thrown into the
 * coroutine there: %G_IO_ERROR_CANCELLED when it is closed.
 *
 * Since: 0.1
 */

/**
 * GC_YIELD_OR_ANY:
 * @item: an object or a tagged word
 *
 * As GC_YIELD_OR(), for errors of any kind.
 *
 * Since: 0.1
 */

/**
 * GC_HAS_ITEM:
 *
 * Whether GC_RESULT is an item of what was awaited, and not its result. Only a coroutine that is defined with
 * %GC_SEQUENCE_TAKES_ITEMS meets items.
 *
 * Since: 0.1
 */

/**
 * GC_PAUSE:
 *
 * Ends the step. The coroutine goes on in the next one.
 *
 * Since: 0.1
 */

/**
 * GC_WAIT:
 *
 * Waits until a waker of the sequence is woken, see gc_step_init_waker(). A wake is a hint: look at the condition
 * again.
 *
 * Since: 0.1
 */

/**
 * GC_DEFER:
 * @func: a function that is given the coroutine: see #GcDeferFunc
 *
 * Has @func called when the coroutine ends in whatever way, or is reclaimed: once, the last one first, and before its
 * fields are cleared.
 *
 * Since: 0.1
 */

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
