/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-body.h"
#include "gcseq/gc-call-private.h"

/**
 * SECTION:gc-body
 * @Title: Bodies of other languages
 * @Short_description: What generator functions of scripts are made of
 *
 * |[<!-- language="C" -->
 * static GcStepResult
 * resume (GcMutation *m, GcStep *step, gpointer interpreter, GError **error)
 * {
 *   return demo_resume (interpreter, m, step, error);
 * }
 *
 * static GcSequence *
 * demo_sequence (GcMutation *m, DemoInterpreter *interpreter)
 * {
 *   return gc_sequence_body (m, "main.lua:12", resume, interpreter, demo_interpreter_free);
 * }
 * ]|
 *
 * A language that can stop a function in the middle makes a sequence of it with gc_sequence_body(): each step resumes
 * the function until it awaits something or gives an item. The overrides for Python, JavaScript
 * and Lua that come with the library do so.
 */

typedef struct
{
  GcSequence        parent_instance;
  GC_REF (GcObject) script;
  char             *name;
} GcBodySequence;
typedef GcSequenceClass GcBodySequenceClass;

static GcStepResult
gc_body_sequence_step (GcSequence  *sequence,
                       GcMutation  *m,
                       GcStep      *step,
                       GError     **error)
{
  return gc_call_script (((GcBodySequence *) sequence)->script, m, step, error);
}

static char *
gc_body_sequence_describe (GcSequence *sequence)
{
  return g_strdup (((GcBodySequence *) sequence)->name);
}

static void
gc_body_sequence_finalize (GcObject *object)
{
  g_free (((GcBodySequence *) object)->name);
}

static void
gc_body_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_body_sequence_step;
  klass->error = gc_body_sequence_step;
  klass->describe = gc_body_sequence_describe;
}

GType gc_body_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcBodySequence, gc_body_sequence)
GC_DEFINE_TYPE (GcBodySequence, gc_body_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcBodySequence, script)
                GC_FINALIZE (gc_body_sequence_finalize)
                GC_CLASS_INIT (gc_body_sequence_class_init))

/**
 * gc_sequence_body: (constructor)
 * @m: a mutation
 * @name: (nullable): what the sequence is called in descriptions
 * @func: (scope notified) (closure user_data) (destroy destroy): the step
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence whose steps are calls of a function, for a language binding. Errors of what it calls enter as well as
 * results. Items do not: they pass by, to whoever awaits this sequence. (gc_sequence_func() takes them.)
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_body (GcMutation     *m,
                  const char     *name,
                  GcStepFunc      func,
                  gpointer        user_data,
                  GDestroyNotify  destroy)
{
  GcObject *script;
  GcBodySequence *self;

  g_return_val_if_fail (func != NULL, NULL);

  script = gc_script_new (m, func, user_data, destroy);
  if (script == NULL)
    return NULL;
  self = gc_new (m, GcBodySequence);
  gc_set (self, script, script);
  self->name = g_strdup (name);
  return (GcSequence *) self;
}
