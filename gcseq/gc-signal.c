/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-operation-private.h"
#include "gcseq/gc-signal.h"

/**
 * SECTION:gc-signal
 * @Title: Signals and properties
 * @Short_description: Waiting for what happens to a GObject
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * demo_wait_for_network (GcMutation *m)
 * {
 *   g_auto (GValue) yes = G_VALUE_INIT;
 *
 *   g_value_init (&yes, G_TYPE_BOOLEAN);
 *   g_value_set_boolean (&yes, TRUE);
 *   return gc_sequence_from_property (m, G_OBJECT (g_network_monitor_get_default ()), "network-available", &yes);
 * }
 * ]|
 *
 * These connect to a signal in their first step, and disconnect with the first emission that counts, on whatever thread
 * it is; the sequence ends in the step after that. The object is kept alive meanwhile. A sequence that is cancelled fails
 * at once and disconnects, as does one that is dropped half-way.
 */

typedef struct
{
  GcOperation  operation;
  GObject     *instance;
  GClosure    *closure;
  guint        signal_id;
  GQuark       detail;
  gint         is_taken;        /* atomic: the first emission counts */
  GArray      *arguments;       /* of GValue: of a signal */
  GParamSpec  *pspec;           /* of a property */
  GValue       wanted;
  GValue       value;
} GcSignalWait;

static void
disconnect (GcOperation *operation)
{
  GcSignalWait *self = (GcSignalWait *) operation;

  g_signal_handlers_disconnect_matched (self->instance, G_SIGNAL_MATCH_CLOSURE, 0, 0, self->closure, NULL, NULL);
}

/* FALSE if another emission was first. */
static gboolean
take (GcSignalWait *self)
{
  gint expected = FALSE;

  return __atomic_compare_exchange_n (&self->is_taken, &expected, TRUE, FALSE, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static void
complete (GcSignalWait *self)
{
  gc_operation_ref (self);      /* the closure's goes */
  disconnect (&self->operation);
  gc_operation_complete (self);
  gc_operation_unref (self);
}

static void
closure_gone (gpointer  data,
              GClosure *closure)
{
  gc_operation_unref (data);
}

static void
connect (GcSignalWait    *self,
         GClosureMarshal  marshal)
{
  self->closure = g_closure_new_simple (sizeof (GClosure), gc_operation_ref (self));
  g_closure_add_finalize_notifier (self->closure, self, closure_gone);
  g_closure_set_marshal (self->closure, marshal);
  g_signal_connect_closure_by_id (self->instance, self->signal_id, self->detail, self->closure, FALSE);
}

static void
signal_clear (GcOperation *operation)
{
  GcSignalWait *self = (GcSignalWait *) operation;

  g_clear_object (&self->instance);
  g_clear_pointer (&self->arguments, g_array_unref);
  g_clear_pointer (&self->pspec, g_param_spec_unref);
  if (G_IS_VALUE (&self->wanted))
    g_value_unset (&self->wanted);
  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
}

static gpointer
signal_new (const GcOperationClass *klass,
            gpointer                instance,
            const char             *name)
{
  GcSignalWait *self = gc_operation_new (klass);

  self->instance = g_object_ref (instance);
  g_signal_parse_name (name, G_OBJECT_TYPE (instance), &self->signal_id, &self->detail, TRUE);
  return self;
}

/* Any signal */

static void
on_signal (GClosure     *closure,
           GValue       *return_value,
           guint         n,
           const GValue *arguments,
           gpointer      hint,
           gpointer      data)
{
  GcSignalWait *self = closure->data;

  if (!take (self))
    return;
  for (guint i = 1; i < n; i++)
    {
      GValue value = G_VALUE_INIT;

      g_value_init (&value, G_VALUE_TYPE (&arguments[i]));
      g_value_copy (&arguments[i], &value);
      g_array_append_val (self->arguments, value);
    }
  complete (self);
}

static gboolean
signal_start (GcOperation  *operation,
              GcStep       *step,
              GError      **error)
{
  GcSignalWait *self = (GcSignalWait *) operation;

  self->arguments = g_array_new (FALSE, FALSE, sizeof (GValue));
  g_array_set_clear_func (self->arguments, (GDestroyNotify) g_value_unset);
  connect (self, on_signal);
  return TRUE;
}

static gpointer
signal_finish (GcOperation  *operation,
               GcMutation   *m,
               GError      **error)
{
  GcSignalWait *self = (GcSignalWait *) operation;
  GcArray *array = gc_array_new (m);

  for (guint i = 0; i < self->arguments->len; i++)
    gc_array_append (array, gc_word_from_value (m, &g_array_index (self->arguments, GValue, i)));
  return array;
}

static const GcOperationClass signal_class = {
  .name = "signal",
  .size = sizeof (GcSignalWait),
  .start = signal_start,
  .finish = signal_finish,
  .cancel = disconnect,
  .clear = signal_clear,
};

/**
 * gc_sequence_from_signal: (constructor)
 * @m: a mutation
 * @instance: an object
 * @detailed_signal: the name of a signal, such as "notify::visible"
 *
 * Makes a sequence that ends with the next emission of a signal. The result is a #GcArray of its arguments, without
 * the object; what is not an object of the arena is in a #GcBox.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_from_signal (GcMutation *m,
                         GObject    *instance,
                         const char *detailed_signal)
{
  guint id;
  GQuark detail;

  g_return_val_if_fail (G_IS_OBJECT (instance), NULL);
  g_return_val_if_fail (detailed_signal != NULL, NULL);
  g_return_val_if_fail (g_signal_parse_name (detailed_signal, G_OBJECT_TYPE (instance), &id, &detail, TRUE), NULL);

  return gc_operation_await (m, signal_new (&signal_class, instance, detailed_signal));
}

/* Properties */

/* Whether it is as it should be. */
static gboolean
look (GcSignalWait *self)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, self->pspec->value_type);
  g_object_get_property (self->instance, self->pspec->name, &value);
  if ((G_IS_VALUE (&self->wanted) && g_param_values_cmp (self->pspec, &value, &self->wanted) != 0) || !take (self))
    {
      g_value_unset (&value);
      return FALSE;
    }
  self->value = value;
  complete (self);
  return TRUE;
}

static void
on_notify (GClosure     *closure,
           GValue       *return_value,
           guint         n,
           const GValue *arguments,
           gpointer      hint,
           gpointer      data)
{
  look (closure->data);
}

static gboolean
property_start (GcOperation  *operation,
                GcStep       *step,
                GError      **error)
{
  GcSignalWait *self = (GcSignalWait *) operation;

  connect (self, on_notify);
  if (G_IS_VALUE (&self->wanted))
    look (self);
  return TRUE;
}

static gpointer
property_finish (GcOperation  *operation,
                 GcMutation   *m,
                 GError      **error)
{
  return gc_word_from_value (m, &((GcSignalWait *) operation)->value);
}

static const GcOperationClass property_class = {
  .name = "property",
  .size = sizeof (GcSignalWait),
  .start = property_start,
  .finish = property_finish,
  .cancel = disconnect,
  .clear = signal_clear,
};

/**
 * gc_sequence_from_property: (constructor)
 * @m: a mutation
 * @instance: an object
 * @property: the name of a property that can be read
 * @value: (nullable): the value to wait for, which can be transformed to the property's type; %NULL for any
 *
 * Makes a sequence that waits until a property has a value: it ends in its first step if it has that already, else in the
 * step after it was notified. Without a value, it waits for the next notification. It ends with the property's value; what
 * is not an object of the arena is in a #GcBox.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_from_property (GcMutation   *m,
                           GObject      *instance,
                           const char   *property,
                           const GValue *value)
{
  g_autofree char *name = NULL;
  GValue wanted = G_VALUE_INIT;
  GParamSpec *pspec;
  GcSignalWait *self;

  g_return_val_if_fail (G_IS_OBJECT (instance), NULL);
  g_return_val_if_fail (property != NULL, NULL);
  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (instance), property);
  g_return_val_if_fail (pspec != NULL && (pspec->flags & G_PARAM_READABLE), NULL);
  if (value != NULL)
    {
      g_return_val_if_fail (g_value_type_transformable (G_VALUE_TYPE (value), pspec->value_type), NULL);
      g_value_init (&wanted, pspec->value_type);
      g_value_transform (value, &wanted);
    }

  name = g_strconcat ("notify::", pspec->name, NULL);
  self = signal_new (&property_class, instance, name);
  self->pspec = g_param_spec_ref (pspec);
  self->wanted = wanted;
  return gc_operation_await (m, self);
}

/* Cancellables */

static void
on_cancelled (GClosure     *closure,
              GValue       *return_value,
              guint         n,
              const GValue *arguments,
              gpointer      hint,
              gpointer      data)
{
  GcSignalWait *self = closure->data;

  if (take (self))
    complete (self);
}

static gboolean
cancellable_start (GcOperation  *operation,
                   GcStep       *step,
                   GError      **error)
{
  GcSignalWait *self = (GcSignalWait *) operation;

  connect (self, on_cancelled);
  if (g_cancellable_is_cancelled (G_CANCELLABLE (self->instance)) && take (self))
    complete (self);
  return TRUE;
}

static gpointer
cancellable_finish (GcOperation  *operation,
                    GcMutation   *m,
                    GError      **error)
{
  return NULL;
}

static const GcOperationClass cancellable_class = {
  .name = "cancellable",
  .size = sizeof (GcSignalWait),
  .start = cancellable_start,
  .finish = cancellable_finish,
  .cancel = disconnect,
  .clear = signal_clear,
};

/**
 * gc_sequence_from_cancellable: (constructor)
 * @m: a mutation
 * @cancellable: a cancellable
 *
 * Makes a sequence that ends with %NULL when @cancellable is cancelled: in its first step if it is already, else in the step
 * after it was.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_from_cancellable (GcMutation   *m,
                              GCancellable *cancellable)
{
  g_return_val_if_fail (G_IS_CANCELLABLE (cancellable), NULL);

  return gc_operation_await (m, signal_new (&cancellable_class, cancellable, "cancelled"));
}
