/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-call-private.h"
#include "gcseq/gc-catch.h"

/**
 * SECTION:gc-catch
 * @Title: Catching errors
 * @Short_description: Sequences that go on when another fails
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * try_mirror (GcMutation *m, const GError *caught, gpointer context, GError **error)
 * {
 *   return demo_fetch (m, context);
 * }
 *
 * static GcSequence *
 * demo_fetch_anywhere (GcMutation *m, GcSequence *fetch, GcString *mirror)
 * {
 *   return gc_sequence_catch (m, fetch, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, try_mirror, mirror);
 * }
 * ]|
 *
 * Each of these takes a sequence, which is its from then on, and is a sequence. A result passes in the
 * step in which @sequence ends; so do errors of other kinds.
 *
 * A cancellation is no failure to recover from: %G_IO_ERROR_CANCELLED passes by all of these, but for
 * a gc_sequence_catch() or gc_sequence_catch_value() that names that very domain and code.
 */

typedef enum
{
  GC_CATCH_MAP,                 /* the function makes an error */
  GC_CATCH_FUNC,                /* it makes a sequence */
  GC_CATCH_VALUE                /* the context is the result */
} GcCatchKind;

typedef struct
{
  GcSequence          parent_instance;
  GC_REF (GcSequence) child;
  GC_REF (GcObject)   context;
  GCallback           func;
  GQuark              domain;   /* 0: any */
  gint32              code;     /* -1: any */
  guint8              kind;
} GcCatchSequence;
typedef GcSequenceClass GcCatchSequenceClass;

static GcStepResult
gc_catch_sequence_step (GcSequence  *sequence,
                        GcMutation  *m,
                        GcStep      *step,
                        GError     **error)
{
  GcCatchSequence *self = (GcCatchSequence *) sequence;

  return self->child != NULL ? gc_step_call_child (step, self) : GC_STEP_DONE;
}

/* Takes the error that came in if it is of the frame's kind. */
static gboolean
take (GcCatchSequence *self,
      GcStep          *step)
{
  if (g_error_matches (step->error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      (self->domain != G_IO_ERROR || self->code != G_IO_ERROR_CANCELLED))
    return FALSE;
  return gc_step_catch (step, self->domain, self->code);
}

/* The error is what the function makes of it, or stays. */
static void
map (GcCatchSequence  *self,
     GcMutation       *m,
     GcStep           *step,
     GError          **error)
{
  GError *mapped = NULL;

  if (self->func != NULL)
    mapped = ((GcMapErrorFunc) self->func) (m, step->caught, self->context);
  else
    {
      step->value = NULL;
      gc_call_script (self->context, m, step, &mapped);
      if (mapped == NULL && step->error != NULL)
        return;                 /* thrown by gc_step_throw() */
    }
  if (mapped != NULL)
    g_propagate_error (error, mapped);
  else
    step->error = g_steal_pointer (&step->caught);
}

static GcStepResult
gc_catch_sequence_error (GcSequence  *sequence,
                         GcMutation  *m,
                         GcStep      *step,
                         GError     **error)
{
  GcCatchSequence *self = (GcCatchSequence *) sequence;

  if (!take (self, step))
    return GC_STEP_FAILED;
  switch ((GcCatchKind) self->kind)
    {
    case GC_CATCH_VALUE:
      step->value = self->context;
      return GC_STEP_DONE;
    case GC_CATCH_FUNC:
      if (self->func != NULL)
        step->next = ((GcCatchFunc) self->func) (m, step->caught, self->context, error);
      else
        step->next = gc_call_sequence (NULL, self->context, m, step, NULL, error);
      return GC_STEP_BECOME;
    case GC_CATCH_MAP:
    default:
      map (self, m, step, error);
      return GC_STEP_FAILED;
    }
}

static void
gc_catch_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_catch_sequence_step;
  klass->error = gc_catch_sequence_error;
  klass->flags = GC_SEQUENCE_SAME_STEP;
}

GType gc_catch_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcCatchSequence, gc_catch_sequence)
GC_DEFINE_TYPE (GcCatchSequence, gc_catch_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcCatchSequence, child)
                GC_FIELD (GcCatchSequence, context)
                GC_CLASS_INIT (gc_catch_sequence_class_init))

static GcSequence *
new_catch (GcMutation  *m,
           GcCatchKind  kind,
           GcSequence  *sequence,
           GQuark       domain,
           int          code,
           GCallback    func,
           gpointer     context)
{
  GcCatchSequence *self = gc_new (m, GcCatchSequence);

  if (self == NULL)
    return NULL;
  g_return_val_if_fail (gc_word_is_of (sequence, self) && gc_word_is_of (context, self), NULL);

  self->kind = kind;
  self->domain = domain;
  self->code = code;
  self->func = func;
  gc_set (self, child, sequence);
  gc_set (self, context, context);
  return (GcSequence *) self;
}

/* The same for scripts. */
static GcSequence *
new_catch_script (GcMutation     *m,
                  GcCatchKind     kind,
                  GcSequence     *sequence,
                  GQuark          domain,
                  int             code,
                  GcStepFunc      func,
                  gpointer        user_data,
                  GDestroyNotify  destroy)
{
  GcObject *script = gc_script_new (m, func, user_data, destroy);

  return script != NULL ? new_catch (m, kind, sequence, domain, code, NULL, script) : NULL;
}

/**
 * gc_sequence_map_error: (skip)
 * @m: a mutation
 * @sequence: a sequence
 * @func: makes an error of the error
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that fails with what @func makes of the error of @sequence. @func runs in the step in which
 * @sequence fails; it does not see %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_map_error (GcMutation     *m,
                       GcSequence     *sequence,
                       GcMapErrorFunc  func,
                       gpointer        context)
{
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  return new_catch (m, GC_CATCH_MAP, sequence, 0, -1, (GCallback) func, context);
}

/**
 * gc_sequence_map_error_full: (constructor) (rename-to gc_sequence_map_error)
 * @m: a mutation
 * @sequence: a sequence
 * @func: (scope notified) (closure user_data) (destroy destroy): finds the error in gc_step_get_error() and fails with
 *   another; if it does not fail, the error stays, whatever it returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that fails with what @func makes of the error of @sequence. @func runs in the step in which
 * @sequence fails; it does not see %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_map_error_full (GcMutation     *m,
                            GcSequence     *sequence,
                            GcStepFunc      func,
                            gpointer        user_data,
                            GDestroyNotify  destroy)
{
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  return new_catch_script (m, GC_CATCH_MAP, sequence, 0, -1, func, user_data, destroy);
}

/**
 * gc_sequence_or_else: (skip)
 * @m: a mutation
 * @sequence: a sequence
 * @func: makes the sequence to go on with
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that becomes the one that @func makes of the error of @sequence. @func runs in the step in which
 * @sequence fails; it does not see %G_IO_ERROR_CANCELLED. The first step of what it makes is the next one.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_or_else (GcMutation  *m,
                     GcSequence  *sequence,
                     GcCatchFunc  func,
                     gpointer     context)
{
  return gc_sequence_catch (m, sequence, 0, -1, func, context);
}

/**
 * gc_sequence_or_else_full: (constructor) (rename-to gc_sequence_or_else)
 * @m: a mutation
 * @sequence: a sequence
 * @func: (scope notified) (closure user_data) (destroy destroy): makes a sequence of what gc_step_get_error() gives, and
 *   returns what gc_step_become() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that becomes the one that @func makes of the error of @sequence. @func runs in the step in which
 * @sequence fails; it does not see %G_IO_ERROR_CANCELLED. The first step of what it makes is the next one.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_or_else_full (GcMutation     *m,
                          GcSequence     *sequence,
                          GcStepFunc      func,
                          gpointer        user_data,
                          GDestroyNotify  destroy)
{
  return gc_sequence_catch_full (m, sequence, 0, -1, func, user_data, destroy);
}

/**
 * gc_sequence_catch: (skip)
 * @m: a mutation
 * @sequence: a sequence
 * @domain: a domain of errors, 0 for any
 * @code: a code of it, -1 for any
 * @func: makes the sequence to go on with
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that becomes the one that @func makes of an error of that kind. @func runs in the step in which
 * @sequence fails. %G_IO_ERROR_CANCELLED is caught only where @domain and @code are that; what is run
 * then is not cancelled again.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_catch (GcMutation  *m,
                   GcSequence  *sequence,
                   GQuark       domain,
                   int          code,
                   GcCatchFunc  func,
                   gpointer     context)
{
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  return new_catch (m, GC_CATCH_FUNC, sequence, domain, code, (GCallback) func, context);
}

/**
 * gc_sequence_catch_full: (constructor) (rename-to gc_sequence_catch)
 * @m: a mutation
 * @sequence: a sequence
 * @domain: a domain of errors, 0 for any
 * @code: a code of it, -1 for any
 * @func: (scope notified) (closure user_data) (destroy destroy): makes a sequence of what gc_step_get_error() gives, and
 *   returns what gc_step_become() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that becomes the one that @func makes of an error of that kind. @func runs in the step in which
 * @sequence fails. %G_IO_ERROR_CANCELLED is caught only where @domain and @code are that; what is run
 * then is not cancelled again.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_catch_full (GcMutation     *m,
                        GcSequence     *sequence,
                        GQuark          domain,
                        int             code,
                        GcStepFunc      func,
                        gpointer        user_data,
                        GDestroyNotify  destroy)
{
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  return new_catch_script (m, GC_CATCH_FUNC, sequence, domain, code, func, user_data, destroy);
}

/**
 * gc_sequence_catch_value: (skip)
 * @m: a mutation
 * @sequence: a sequence
 * @domain: a domain of errors, 0 for any
 * @code: a code of it, -1 for any
 * @value: (type GcObj.Object) (nullable): the result instead: an object or a tagged word
 *
 * Makes a sequence that ends with @value where @sequence fails with an error of that kind, in the same step.
 * %G_IO_ERROR_CANCELLED is caught only where @domain and @code are that.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_catch_value (GcMutation *m,
                         GcSequence *sequence,
                         GQuark      domain,
                         int         code,
                         gpointer    value)
{
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);

  return new_catch (m, GC_CATCH_VALUE, sequence, domain, code, NULL, value);
}

/**
 * gc_sequence_catch_value_of: (constructor) (rename-to gc_sequence_catch_value)
 * @m: a mutation
 * @sequence: a sequence
 * @domain: a domain of errors, 0 for any
 * @code: a code of it, -1 for any
 * @value: (nullable): the result instead: anything
 *
 * Makes a sequence that ends with @value where @sequence fails with an error of that kind, in the same step. What is not
 * an object of the arena is put into a #GcBox. %G_IO_ERROR_CANCELLED is caught only where @domain and @code are that.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_catch_value_of (GcMutation   *m,
                            GcSequence   *sequence,
                            GQuark        domain,
                            int           code,
                            const GValue *value)
{
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);

  return gc_sequence_catch_value (m, sequence, domain, code, gc_word_from_value (m, value));
}
