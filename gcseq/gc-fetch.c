/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A fetch takes one item of a generator, on a strand of its own: who wants the item can do
 * other things meanwhile. It ends with the item, and the generator is suspended until the next fetch. */

#include "gcseq/gc-join-private.h"

typedef struct
{
  GcSequence          parent_instance;
  GC_REF (GcSequence) generator;
  guint8              has_begun;
  guint8              has_item;
} GcFetchSequence;
typedef GcSequenceClass GcFetchSequenceClass;

static GcStepResult
gc_fetch_sequence_step (GcSequence  *sequence,
                        GcMutation  *m,
                        GcStep      *step,
                        GError     **error)
{
  GcFetchSequence *self = (GcFetchSequence *) sequence;

  if (!self->has_begun)
    {
      self->has_begun = TRUE;
      step->next = self->generator;
      return GC_STEP_CALL;
    }
  self->has_item = step->is_item;
  return GC_STEP_DONE;
}

static void
gc_fetch_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_fetch_sequence_step;
  klass->flags = GC_SEQUENCE_SAME_STEP | GC_SEQUENCE_TAKES_ITEMS;
}

GType gc_fetch_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcFetchSequence, gc_fetch_sequence)
GC_DEFINE_TYPE (GcFetchSequence, gc_fetch_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcFetchSequence, generator)
                GC_CLASS_INIT (gc_fetch_sequence_class_init))

/* Takes the next item of a generator. */
GcSequence *
gc_fetch_new (GcMutation *m,
              GcSequence *generator)
{
  GcFetchSequence *self = gc_new (m, GcFetchSequence);

  gc_set (self, generator, generator);
  return (GcSequence *) self;
}

/* Whether it ended with an item; if not, it was the generator's end. */
gboolean
gc_fetch_has_item (GcSequence *fetch)
{
  return ((GcFetchSequence *) fetch)->has_item;
}
