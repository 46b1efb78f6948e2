/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The model once more, for several threads that have scopes of one arena at the same time.
 *
 * Each thread has a graph of its own, in the arena and in arrays, and changes no other. But threads hand objects to each other,
 * through mailboxes with a lock, and refer to what they were given. One large array, soon old, has roots of them all.
 * A thread compares its objects with its arrays after each safe point. Between rounds, when all of them rest, one counts
 * what is alive in all graphs and compares that with what the collector says.
 *
 * What each thread does goes by the seed; how they get mixed is chance. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "mutators.h"

#define N_ROOTS     700         /* of a thread, in the hub: with the others' it is large, and has cards */
#define N_MAILBOXES 64
#define N_LOCALS    4
#define N_REFS      32
#define MAX_NODES   60000
#define FOREIGN     0x80000000u
#define OWNER_SHIFT 24
#define ID_MASK     0xffffffu

typedef guint32 Word;           /* 0: nothing; an id of one's own; or FOREIGN, another's number, and its id */

GC_DECLARE_TYPE (MutBase, mut_base, MUT, BASE, GcObject)
GC_DECLARE_TYPE (MutNode, mut_node, MUT, NODE, MutBase)
GC_DECLARE_TYPE (MutFin, mut_fin, MUT, FIN, MutNode)
GC_DECLARE_TYPE (MutTail, mut_tail, MUT, TAIL, MutBase)

struct _MutBase
{
  GcObject parent_instance;
  guint32 id;
  guint32 owner;
};

GC_DEFINE_TYPE (MutBase, mut_base, GC_TYPE_OBJECT)

struct _MutNode
{
  MutBase parent_instance;
  GC_REF (MutBase) slots[3];
  GC_WEAK (MutBase) weak;
};

GC_DEFINE_TYPE (MutNode, mut_node, mut_base_get_type (),
                GC_FIELD_ARRAY (MutNode, slots)
                GC_FIELD_WEAK (MutNode, weak))

struct _MutFin
{
  MutNode parent_instance;
  atomic_uchar *n_finalized;
};

static void
mut_fin_finalize (GcObject *object)
{
  if (atomic_fetch_add (MUT_FIN (object)->n_finalized, 1) != 0)
    g_error ("object %u of thread %u is finalized twice", MUT_BASE (object)->id, MUT_BASE (object)->owner);
}

GC_DEFINE_TYPE (MutFin, mut_fin, mut_node_get_type (),
                GC_FIELD_UNTRACED (MutFin, n_finalized)
                GC_FINALIZE (mut_fin_finalize))

struct _MutTail
{
  MutBase parent_instance;
  const gsize n;
  GC_REF_TAIL (MutBase) items;
};

GC_DEFINE_TYPE (MutTail, mut_tail, mut_base_get_type (),
                GC_FIELD_TAIL (MutTail, items, n))

typedef enum { SMALL, NODE, FIN, TAIL } Kind;

typedef struct
{
  Kind      kind;
  MutBase  *address;            /* good if the last walk met it */
  guint32   n, first;           /* slots, in words */
  guint32   weak;               /* what the weak slot got */
  guint32   value;              /* what the weak table has for it */
  guint32   hash;               /* or 0 */
  guint32   walk;               /* that met it last */
  guint32   reached;            /* the count that met it last */
} Node;

typedef struct _Model Model;

typedef struct
{
  Model            *model;
  guint             number;
  guint64           rng;
  guint             n_ops;
  Node             *nodes;
  atomic_uchar     *n_finalized;
  guint32           n_nodes;    /* the next id */
  GArray           *words;
  Word              roots[N_ROOTS];
  GcObject         *refs[N_REFS];
  guint32           ref_ids[N_REFS];
  MutBase         **locals[N_LOCALS];
  Word              local_words[N_LOCALS];
  GArray           *met;        /* ids of the last walk, and what was made since */
  guint32           walk;
  guint             n_fins;
} Thread;

struct _Model
{
  const MutatorOptions *options;
  GcArena              *arena;
  pthread_barrier_t     barrier;
  pthread_mutex_t       mail_lock;
  Word                  mail[N_MAILBOXES];      /* all of them FOREIGN */
  Thread                threads[MUTATORS_MAX];
  guint32               count;
  guint64               n_alive;
};

static guint64
next_random (Thread *self)
{
  guint64 z = (self->rng += 0x9E3779B97F4A7C15);

  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

static guint
pick (Thread *self,
      guint   n)
{
  return (guint) ((next_random (self) >> 32) * n >> 32);
}

static void G_GNUC_PRINTF (2, 3) G_GNUC_NORETURN
fail (Thread     *self,
      const char *format,
      ...)
{
  const MutatorOptions *options = self->model->options;
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_error ("mutators: seed %" G_GUINT64_FORMAT ", zeal 0x%x, thread %u of %u: %s", options->seed, options->zeal,
           self->number, options->n_threads, text);
}

static Word *
word_of (Thread *self,
         Node   *node,
         guint   i)
{
  return &g_array_index (self->words, Word, node->first + i);
}

static Word
word_for_others (Thread  *self,
                 guint32  id)
{
  return FOREIGN | self->number << OWNER_SHIFT | id;
}

static MutTail *
get_hub (Thread *self)
{
  return gc_arena_get_root (self->model->arena);
}

static MutTail *
get_mail (Thread *self)
{
  return (MutTail *) get_hub (self)->items[0];
}

static GcTable *
get_table (Thread *self)
{
  return (GcTable *) get_hub (self)->items[1 + self->number];
}

#define ROOT_PLACE(self, i) (1 + MUTATORS_MAX + (self)->number * N_ROOTS + (i))

/* ---- comparing ---- */

static void
meet (Thread  *self,
      guint32  id,
      MutBase *object)
{
  Node *node = &self->nodes[id];

  if (object->id != id || object->owner != self->number)
    fail (self, "the place of object %u has object %u of thread %u", id, object->id, object->owner);
  if (atomic_load (&self->n_finalized[id]) != 0)
    fail (self, "object %u was finalized while it is reachable", id);
  if (node->walk == self->walk)
    {
      if (node->address != object)
        fail (self, "object %u is in two places", id);
      return;
    }
  node->walk = self->walk;
  node->address = object;
  g_array_append_val (self->met, id);
}

static void
compare (Thread  *self,
         Word     word,
         MutBase *object)
{
  if ((word != 0) != (object != NULL))
    fail (self, "a slot has %p for 0x%x", (gpointer) object, word);
  if (word == 0)
    return;
  if (!(word & FOREIGN))
    meet (self, word, object);
  else if (word != (FOREIGN | object->owner << OWNER_SHIFT | object->id))
    fail (self, "a slot has object %u of thread %u for 0x%x", object->id, object->owner, word);
}

static MutBase *
get_slot (Node  *node,
          guint  i)
{
  return node->kind == TAIL ? ((MutTail *) node->address)->items[i] : ((MutNode *) node->address)->slots[i];
}

/* Meets all objects of this thread's that it can reach. */
static void
walk (Thread *self)
{
  MutTail *hub = get_hub (self);

  self->walk++;
  g_array_set_size (self->met, 0);
  for (guint i = 0; i < N_ROOTS; i++)
    compare (self, self->roots[i], hub->items[ROOT_PLACE (self, i)]);
  for (guint i = 0; i < N_LOCALS; i++)
    if (self->locals[i] != NULL)
      compare (self, self->local_words[i], *self->locals[i]);
  for (guint i = 0; i < N_REFS; i++)
    if (self->refs[i] != NULL)
      meet (self, self->ref_ids[i], (MutBase *) self->refs[i]);
  for (guint i = 0; i < self->met->len; i++)
    {
      Node *node = &self->nodes[g_array_index (self->met, guint32, i)];

      for (guint k = 0; k < node->n; k++)
        compare (self, *word_of (self, node, k), get_slot (node, k));
      if (node->kind == TAIL && ((MutTail *) node->address)->n != node->n)
        fail (self, "a tail has another length");
      if (node->value != 0)
        {
          MutBase *value = gc_table_lookup (get_table (self), node->address);

          if (value == NULL)
            fail (self, "the weak table has lost object %u", node->address->id);
          meet (self, node->value, value);
        }
    }
  /* What is reachable can't have been cleared; what was not cleared is what it was. */
  for (guint i = 0; i < self->met->len; i++)
    {
      Node *node = &self->nodes[g_array_index (self->met, guint32, i)];

      if (node->weak != 0)
        {
          MutBase *object = gc_weak_get ((MutNode *) node->address, weak);

          if (object != NULL ? object->id != node->weak || object->owner != self->number :
              self->nodes[node->weak].walk == self->walk)
            fail (self, "a weak slot has %p for object %u", (gpointer) object, node->weak);
        }
      if (node->hash != 0 && gc_object_hash ((GcObject *) node->address) != node->hash)
        fail (self, "a hash has changed");
    }
}

/* ---- operations ---- */

static guint32
any (Thread *self)
{
  return self->met->len > 0 ? g_array_index (self->met, guint32, pick (self, self->met->len)) : 0;
}

static void
store (Thread  *self,
       guint32  owner,
       guint    i,
       Word     word,
       MutBase *object)
{
  Node *node = &self->nodes[owner];

  *word_of (self, node, i) = word;
  if (node->kind == TAIL)
    gc_set ((MutTail *) node->address, items[i], object);
  else
    gc_set ((MutNode *) node->address, slots[i], object);
}

static void
set_root (Thread  *self,
          guint    i,
          Word     word,
          MutBase *object)
{
  self->roots[i] = word;
  gc_set (get_hub (self), items[ROOT_PLACE (self, i)], object);
}

/* In some slot of an object that is reachable, or as a root. */
static void
store_somewhere (Thread  *self,
                 Word     word,
                 MutBase *object)
{
  guint32 owner = any (self);

  if (owner != 0 && self->nodes[owner].n > 0 && pick (self, 8) > 0)
    store (self, owner, pick (self, self->nodes[owner].n), word, object);
  else if (pick (self, 4) == 0)
    {
      guint i = pick (self, N_LOCALS);

      self->local_words[i] = word;
      *self->locals[i] = object;
    }
  else
    set_root (self, pick (self, N_ROOTS), word, object);
}

static guint32
make (Thread     *self,
      GcMutation *m)
{
  static const guint lengths[] = { 0, 3, 20, 60, 300, 5000 };
  guint what = pick (self, 32);
  Kind kind = what < 6 ? SMALL : what < 26 ? NODE : what < 29 ? FIN : TAIL;
  guint32 id = self->n_nodes;
  Node node = { .kind = kind, .first = self->words->len, .walk = self->walk };

  if (id == MAX_NODES)
    return 0;
  self->n_nodes++;
  switch (kind)
    {
    case SMALL:
      node.address = gc_new (m, MutBase);
      break;
    case FIN:
      node.address = (MutBase *) gc_new (m, MutFin);
      ((MutFin *) node.address)->n_finalized = &self->n_finalized[id];
      self->n_fins++;
      node.n = 3;
      break;
    case TAIL:
      node.n = lengths[pick (self, pick (self, 8) == 0 ? 6 : 5)];
      node.address = (MutBase *) gc_new_with_tail (m, MutTail, node.n);
      break;
    default:
      node.address = (MutBase *) gc_new (m, MutNode);
      node.n = 3;
    }
  if (node.address->id != 0 || node.address->owner != 0)
    fail (self, "new memory is not zeroed");
  node.address->id = id;
  node.address->owner = self->number;
  self->nodes[id] = node;
  g_array_set_size (self->words, self->words->len + node.n);
  for (guint i = 0; i < node.n; i++)
    if (get_slot (&node, i) != NULL)
      fail (self, "a new slot is not NULL");
  g_array_append_val (self->met, id);
  return id;
}

static void
make_linked (Thread     *self,
             GcMutation *m)
{
  guint32 id = make (self, m);

  if (id == 0)
    return;
  for (guint i = 0; i < MIN (self->nodes[id].n, 3); i++)
    {
      guint32 other = any (self);

      if (pick (self, 2) == 0)
        store (self, id, i, other, other != 0 ? self->nodes[other].address : NULL);
    }
  if (pick (self, 8) > 0)
    store_somewhere (self, id, self->nodes[id].address);
}

static void
make_garbage (Thread     *self,
              GcMutation *m)
{
  for (guint i = pick (self, 400); i-- > 0; )
    {
      MutNode *one = gc_new (m, MutNode), *two = gc_new (m, MutNode);

      gc_set (one, slots[0], MUT_BASE (two));
      gc_set (two, slots[1], MUT_BASE (one));
      if (two->slots[0] != NULL || one->slots[1] != NULL)
        fail (self, "garbage is not new");
    }
}

static gboolean
has_weak (Node *node)
{
  return node->kind == NODE || node->kind == FIN;
}

static void
use_mail (Thread *self)
{
  Model *model = self->model;
  guint place = pick (self, N_MAILBOXES);
  guint32 id = any (self);
  MutBase *object = NULL;
  Word word = 0;

  pthread_mutex_lock (&model->mail_lock);
  if (pick (self, 2) == 0)
    {
      model->mail[place] = id != 0 ? word_for_others (self, id) : 0;
      gc_set (get_mail (self), items[place], id != 0 ? self->nodes[id].address : NULL);
    }
  else
    {
      object = get_mail (self)->items[place];
      word = model->mail[place];
      if ((object != NULL) != (word != 0) ||
          (object != NULL && word != (FOREIGN | object->owner << OWNER_SHIFT | object->id)))
        fail (self, "a mailbox has %p for 0x%x", (gpointer) object, word);
    }
  pthread_mutex_unlock (&model->mail_lock);
  if (word == 0)
    return;
  if (object->owner != self->number)
    {
      store_somewhere (self, word, object);
      return;
    }
  /* One's own may have been reachable by the mailbox alone, or by what others have. */
  if (self->nodes[object->id].walk != self->walk)
    {
      set_root (self, pick (self, N_ROOTS), object->id, object);
      walk (self);
    }
}

static void
use_text (Thread     *self,
          GcMutation *m)
{
  g_autofree char *text = g_strdup_printf ("text %u", pick (self, 50));
  GcString *string = gc_string_intern (m, text);

  if (gc_string_intern (m, text) != string || g_strcmp0 (gc_string_get_text (string), text) != 0)
    fail (self, "an interned string is another");
}

static void
operate (Thread     *self,
         GcMutation *m)
{
  guint32 id = any (self), other = any (self);
  guint what = pick (self, 100);
  guint i;

  if (id == 0 || what < 30)
    make_linked (self, m);
  else if (what < 34)
    make_garbage (self, m);
  else if (what < 50)
    store_somewhere (self, other, self->nodes[other].address);
  else if (what < 62)
    store_somewhere (self, 0, NULL);
  else if (what < 70)
    {
      if (has_weak (&self->nodes[id]))
        {
          self->nodes[id].weak = other;
          gc_set_weak ((MutNode *) self->nodes[id].address, weak, self->nodes[other].address);
        }
    }
  else if (what < 78)
    {
      if (self->nodes[id].value == 0 || pick (self, 2) == 0)
        {
          self->nodes[id].value = other;
          gc_table_insert (get_table (self), self->nodes[id].address, self->nodes[other].address);
        }
      else
        {
          self->nodes[id].value = 0;
          if (!gc_table_remove (get_table (self), self->nodes[id].address))
            fail (self, "the weak table has no object %u", id);
        }
    }
  else if (what < 82)
    {
      i = pick (self, N_REFS);
      if (self->refs[i] != NULL)
        gc_object_unref (self->refs[i]);
      self->refs[i] = gc_object_ref (self->nodes[id].address);
      self->ref_ids[i] = id;
    }
  else if (what < 84)
    {
      i = pick (self, N_REFS);
      g_clear_pointer (&self->refs[i], gc_object_unref);
    }
  else if (what < 86)
    self->nodes[id].hash = gc_object_hash ((GcObject *) self->nodes[id].address);
  else if (what < 88)
    use_text (self, m);
  else
    use_mail (self);
}

/* ---- a thread ---- */

static GC_MAY_COLLECT void
session (Thread     *self,
         GcMutation *m)
{
  GC_ROOT (m, MutBase, one);
  GC_ROOT (m, MutBase, two);
  GC_ROOT (m, MutBase, three);
  GC_ROOT (m, MutBase, four);
  MutBase **locals[N_LOCALS] = { &one, &two, &three, &four };
  guint n = 1 + pick (self, 60);

  memcpy (self->locals, locals, sizeof locals);
  walk (self);
  while (n-- > 0 && self->n_ops > 0)
    {
      self->n_ops--;
      if (pick (self, 8) == 0)
        {
          if (!gc_mutation_safepoint (m))
            fail (self, "no safe point");
          walk (self);
        }
      else if (pick (self, 16) == 0)
        {
          g_autoptr (GcMutation) inner = gc_arena_begin (self->model->arena);

          operate (self, pick (self, 2) == 0 ? m : inner);
        }
      else
        operate (self, m);
    }
  memset (self->locals, 0, sizeof self->locals);
  memset (self->local_words, 0, sizeof self->local_words);
}

/* What asks for a pause, or for all others to stop. */
static void
work_outside (Thread *self)
{
  GcArena *arena = self->model->arena;
  g_autoptr (GcStats) stats = NULL;
  guint i;

  switch (pick (self, 40))
    {
    case 0:
      gc_arena_collect (arena);
      break;
    case 1:
      gc_arena_start_cycle (arena);
      break;
    case 2:
      gc_arena_start_sweeping (arena);
      break;
    case 3:
      gc_arena_finish_cycle (arena);
      break;
    case 4:
      stats = gc_arena_get_stats (arena);
      break;
    case 5:
      i = pick (self, N_REFS);
      g_clear_pointer (&self->refs[i], gc_object_unref);
      break;
    case 6:
      {
        /* From a scope, and so from the midst of the others'. */
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        g_autoptr (GListModel) census = NULL;

        walk (self);
        census = gc_arena_take_census (arena, NULL);
        if (census == NULL || g_list_model_get_n_items (census) == 0)
          fail (self, "a census is empty");
        walk (self);
      }
      break;
    default:
      gc_arena_step_units (arena, 1 + pick (self, 300));
    }
}

static void *
run_thread (gpointer data)
{
  Thread *self = data;
  const MutatorOptions *options = self->model->options;

  for (guint round = 0; round < options->n_rounds; round++)
    {
      pthread_barrier_wait (&self->model->barrier);
      self->n_ops = options->n_ops;
      while (self->n_ops > 0)
        {
          {
            g_autoptr (GcMutation) m = gc_arena_begin (self->model->arena);

            session (self, m);
          }
          if (pick (self, 3) == 0)
            work_outside (self);
        }
      pthread_barrier_wait (&self->model->barrier);
    }
  return NULL;
}

/* ---- while all rest ---- */

static void
count_word (Model   *model,
            Thread  *thread,
            Word     word,
            GArray  *grey)
{
  Node *node;

  if (word == 0)
    return;
  if (!(word & FOREIGN))
    word = word_for_others (thread, word);
  thread = &model->threads[(word & ~FOREIGN) >> OWNER_SHIFT];
  node = &thread->nodes[word & ID_MASK];
  if (node->reached == model->count)
    return;
  node->reached = model->count;
  model->n_alive++;
  if (atomic_load (&thread->n_finalized[word & ID_MASK]) != 0)
    fail (thread, "object %u was finalized and is reachable", word & ID_MASK);
  g_array_append_val (grey, word);
}

static void
check_all (Model *model)
{
  g_autoptr (GArray) grey = g_array_new (FALSE, FALSE, sizeof (Word));
  g_autoptr (GcStats) stats = NULL;
  g_autoptr (GError) error = NULL;
  const guint n_threads = model->options->n_threads;
  /* A table has storage of its own, or not. Strings may be interned as long as nothing is collected. */
  const guint n_least = 2 + MUTATORS_MAX, n_most = n_least + MUTATORS_MAX;

  model->count++;
  model->n_alive = 0;
  for (guint i = 0; i < N_MAILBOXES; i++)
    count_word (model, NULL, model->mail[i], grey);
  for (guint t = 0; t < n_threads; t++)
    {
      Thread *thread = &model->threads[t];

      for (guint i = 0; i < N_ROOTS; i++)
        count_word (model, thread, thread->roots[i], grey);
      for (guint i = 0; i < N_REFS; i++)
        if (thread->refs[i] != NULL)
          count_word (model, thread, thread->ref_ids[i], grey);
    }
  while (grey->len > 0)
    {
      Word word = g_array_index (grey, Word, grey->len - 1);
      Thread *thread = &model->threads[(word & ~FOREIGN) >> OWNER_SHIFT];
      Node *node = &thread->nodes[word & ID_MASK];

      g_array_set_size (grey, grey->len - 1);
      for (guint i = 0; i < node->n; i++)
        count_word (model, thread, *word_of (thread, node, i), grey);
      count_word (model, thread, node->value, grey);
    }

  if (!gc_arena_verify (model->arena, &error))
    fail (&model->threads[0], "%s", error->message);
  stats = gc_arena_get_stats (model->arena);
  if (stats->live_objects < model->n_alive + n_least || stats->live_objects > model->n_alive + n_most)
    fail (&model->threads[0], "%" G_GUINT64_FORMAT " objects are alive instead of %" G_GUINT64_FORMAT " and %u to %u",
          stats->live_objects, model->n_alive, n_least, n_most);
}

static void
begin (Model                *model,
       const MutatorOptions *options)
{
  g_autoptr (GcPacing) pacing = gc_pacing_new ();

  *model = (Model) { .options = options };
  model->arena = gc_arena_new ();
  gc_arena_set_zeal (model->arena, options->zeal);
  pacing->min_sleep = 1 << (12 + options->seed % 8);
  gc_arena_set_pacing (model->arena, pacing);
  pthread_barrier_init (&model->barrier, NULL, options->n_threads + 1);
  pthread_mutex_init (&model->mail_lock, NULL);
  for (guint i = 0; i < options->n_threads; i++)
    {
      Thread *thread = &model->threads[i];

      thread->model = model;
      thread->number = i;
      thread->rng = (options->seed * MUTATORS_MAX + i) * 0xD1342543DE82EF95 + 1;
      thread->nodes = g_new0 (Node, MAX_NODES);
      thread->n_finalized = g_new0 (atomic_uchar, MAX_NODES);
      thread->n_nodes = 1;
      thread->words = g_array_new (FALSE, TRUE, sizeof (Word));
      thread->met = g_array_new (FALSE, FALSE, sizeof (guint32));
    }
  {
    g_autoptr (GcMutation) m = gc_arena_begin (model->arena);
    MutTail *hub = gc_new_with_tail (m, MutTail, 1 + MUTATORS_MAX + MUTATORS_MAX * N_ROOTS);

    gc_set (hub, items[0], (MutBase *) gc_new_with_tail (m, MutTail, N_MAILBOXES));
    for (guint i = 0; i < MUTATORS_MAX; i++)
      gc_set (hub, items[1 + i], (MutBase *) gc_table_new (m, GC_TABLE_WEAK_KEYS));
    gc_arena_set_root (model->arena, hub);
  }
}

static void
end (Model *model)
{
  for (guint i = 0; i < model->options->n_threads; i++)
    for (guint k = 0; k < N_REFS; k++)
      g_clear_pointer (&model->threads[i].refs[k], gc_object_unref);
  g_object_add_weak_pointer (G_OBJECT (model->arena), (gpointer *) &model->arena);
  g_object_unref (model->arena);
  if (model->arena != NULL)
    fail (&model->threads[0], "something keeps the arena");
  for (guint i = 0; i < model->options->n_threads; i++)
    {
      Thread *thread = &model->threads[i];
      guint n_finalized = 0;

      for (guint id = 1; id < thread->n_nodes; id++)
        n_finalized += atomic_load (&thread->n_finalized[id]);
      if (n_finalized != thread->n_fins)
        fail (thread, "%u of %u objects were finalized", n_finalized, thread->n_fins);
      g_free (thread->nodes);
      g_free (thread->n_finalized);
      g_array_unref (thread->words);
      g_array_unref (thread->met);
    }
  pthread_barrier_destroy (&model->barrier);
  pthread_mutex_destroy (&model->mail_lock);
}

void
mutators_run (const MutatorOptions *options)
{
  pthread_t threads[MUTATORS_MAX];
  Model model;

  g_assert_cmpuint (options->n_threads, <=, MUTATORS_MAX);
  begin (&model, options);
  for (guint i = 0; i < options->n_threads; i++)
    if (pthread_create (&threads[i], NULL, run_thread, &model.threads[i]) != 0)
      g_error ("mutators: no thread");
  for (guint round = 0; round < options->n_rounds; round++)
    {
      pthread_barrier_wait (&model.barrier);
      pthread_barrier_wait (&model.barrier);
      check_all (&model);
    }
  for (guint i = 0; i < options->n_threads; i++)
    pthread_join (threads[i], NULL);
  end (&model);
}
