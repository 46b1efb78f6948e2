/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Callbacks of combinators: see gc-call-private.h. */

#include "gcseq/gc-call-private.h"

/* A function of a script: what has to be freed. */
typedef struct
{
  GcObject       parent_instance;
  GcStepFunc     func;
  gpointer       user_data;
  GDestroyNotify destroy;
} GcScript;
typedef GcObjectClass GcScriptClass;

GType gc_script_get_type (void) G_GNUC_CONST;

/* A script may do anything when its function is freed: not inside of a finalizer. */
static void
gc_script_finalize (GcObject *object)
{
  GcScript *self = (GcScript *) object;

  if (self->destroy != NULL)
    gc_arena_defer_notify (gc_object_get_arena (object), self->destroy, self->user_data);
}

GC_DECLARE_CLASS_ (GcScript, gc_script)
GC_DEFINE_TYPE (GcScript, gc_script, GC_TYPE_OBJECT,
                GC_FIELD_UNTRACED (GcScript, user_data)
                GC_FINALIZE (gc_script_finalize))

GcObject *
gc_script_new (GcMutation     *m,
               GcStepFunc      func,
               gpointer        user_data,
               GDestroyNotify  destroy)
{
  GcScript *self = gc_new (m, GcScript);

  if (self == NULL)
    {
      if (destroy != NULL)
        destroy (user_data);
      return NULL;
    }
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  return (GcObject *) self;
}

/* Steps as the script says. An error that came in and was not taken stays one. */
GcStepResult
gc_call_script (GcObject    *context,
                GcMutation  *m,
                GcStep      *step,
                GError     **error)
{
  GcScript *self = (GcScript *) context;

  return self->func (m, step, self->user_data, error);
}

/* Calls a script that has to end with a value; FALSE if it failed or said something else. */
static gboolean
call_for (GcStepResult   wanted,
          GcObject      *context,
          GcMutation    *m,
          GcStep        *step,
          gpointer       value,
          GError       **error)
{
  GError *thrown = NULL;
  GcStepResult result;

  step->value = value;
  step->next = NULL;
  result = gc_call_script (context, m, step, &thrown);
  if (thrown == NULL && step->error == NULL && result != wanted && !(wanted == GC_STEP_BECOME && result == GC_STEP_CALL))
    thrown = g_error_new (GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED,
                          "The function returned %d; it has to return what gc_step_%s() returns", result,
                          wanted == GC_STEP_DONE ? "done" : "become");
  if (thrown == NULL)
    return step->error == NULL;
  g_propagate_error (error, thrown);
  return FALSE;
}

typedef gpointer    (*ValueFunc)     (GcMutation *m, gpointer value, gpointer context, GError **error);
typedef GcSequence *(*SequenceFunc)  (GcMutation *m, gpointer value, gpointer context, GError **error);
typedef gpointer    (*FoldFunc)      (GcMutation *m, gpointer so_far, gpointer item, gpointer context, GError **error);
typedef gboolean    (*PredicateFunc) (GcMutation *m, gpointer value, gpointer context, GError **error);

/* Gives the value that @func makes of @value. */
gpointer
gc_call_value (GCallback    func,
               GcObject    *context,
               GcMutation  *m,
               GcStep      *step,
               gpointer     value,
               GError     **error)
{
  if (func != NULL)
    return ((ValueFunc) func) (m, value, context, error);
  return call_for (GC_STEP_DONE, context, m, step, value, error) ? step->value : NULL;
}

/* Gives the sequence that @func makes of @value. */
GcSequence *
gc_call_sequence (GCallback    func,
                  GcObject    *context,
                  GcMutation  *m,
                  GcStep      *step,
                  gpointer     value,
                  GError     **error)
{
  if (func != NULL)
    return ((SequenceFunc) func) (m, value, context, error);
  return call_for (GC_STEP_BECOME, context, m, step, value, error) ? g_steal_pointer (&step->next) : NULL;
}

/* Gives the sequence that @func makes of @value, or NULL if that says that there is none: step->value is then the
 * result, which is @value in C, and in a script what it is done with. */
GcSequence *
gc_call_round (GCallback    func,
               GcObject    *context,
               GcMutation  *m,
               GcStep      *step,
               gpointer     value,
               GError     **error)
{
  GError *thrown = NULL;
  GcStepResult result;

  step->value = value;
  if (func != NULL)
    return ((SequenceFunc) func) (m, value, context, error);

  step->next = NULL;
  result = gc_call_script (context, m, step, &thrown);
  if (thrown == NULL && step->error == NULL && result != GC_STEP_DONE && result != GC_STEP_CALL &&
      result != GC_STEP_BECOME)
    thrown = g_error_new (GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED,
                          "The function returned %d; it has to return what gc_step_become() or gc_step_done() returns",
                          result);
  if (thrown != NULL)
    g_propagate_error (error, thrown);
  return thrown == NULL && result != GC_STEP_DONE ? g_steal_pointer (&step->next) : NULL;
}

/* Scripts see no tagged words in arrays. */
static gpointer
box_tagged (GcMutation *m,
            gpointer    word)
{
  return gc_is_tagged (word) ? gc_box_new_int64 (m, gc_untag_int (word)) : word;
}

/* Gives what @func makes of two values; to a script these are an array of two. */
gpointer
gc_call_fold (GCallback    func,
              GcObject    *context,
              GcMutation  *m,
              GcStep      *step,
              gpointer     so_far,
              gpointer     item,
              GError     **error)
{
  GcArray *both;

  if (func != NULL)
    return ((FoldFunc) func) (m, so_far, item, context, error);
  both = gc_array_new (m);
  gc_array_append (both, box_tagged (m, so_far));
  gc_array_append (both, box_tagged (m, item));
  return gc_call_value (NULL, context, m, step, both, error);
}

/* Whether a word counts as true: an object that is not a box with FALSE or 0, or a tagged word but 0. */
static gboolean
is_true (gpointer word)
{
  if (word == NULL || word == gc_tag_int (0))
    return FALSE;
  if (gc_word_is_object (word) && GC_IS_BOX (word))
    {
      GType type = gc_box_get_value_type (word);

      if (type == G_TYPE_BOOLEAN)
        return gc_box_get_boolean (word, NULL);
      if (type == G_TYPE_INT || type == G_TYPE_INT64 || type == G_TYPE_DOUBLE)
        return gc_box_get_double (word, NULL) != 0;
    }
  return TRUE;
}

/* Gives what @func says of @value. */
gboolean
gc_call_predicate (GCallback    func,
                   GcObject    *context,
                   GcMutation  *m,
                   GcStep      *step,
                   gpointer     value,
                   GError     **error)
{
  if (func != NULL)
    return ((PredicateFunc) func) (m, value, context, error);
  return call_for (GC_STEP_DONE, context, m, step, value, error) && is_true (step->value);
}
