/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Listeners: what they are told, when, and in which order. */

#include "demo.h"

/* One that keeps what it is told, by its hooks. */
#define DEMO_TYPE_WITNESS (demo_witness_get_type ())
G_DECLARE_FINAL_TYPE (DemoWitness, demo_witness, DEMO, WITNESS, GObject)

struct _DemoWitness
{
  GObject parent_instance;
  GArray *events;               /* of GcEvent */
  GcArena *arena;               /* of the last event */
  const GcEvent *last;          /* where that was */
  void (*on_pause) (DemoWitness *self, GcArena *arena);
};

static void
add (GcListener    *listener,
     GcEventType    type,
     GcArena       *arena,
     const GcEvent *event)
{
  DemoWitness *self = DEMO_WITNESS (listener);

  g_assert_cmpint (event->type, ==, type);
  g_array_append_val (self->events, *event);
  self->arena = arena;
  self->last = event;
  if (type == GC_EVENT_PAUSED && self->on_pause != NULL)
    self->on_pause (self, arena);
}

#define HOOK(name, TYPE) \
  static void \
  name (GcListener *listener, GcArena *arena, const GcEvent *event) \
  { \
    add (listener, GC_EVENT_##TYPE, arena, event); \
  }

HOOK (collection_begun, COLLECTION_BEGUN)
HOOK (started, STARTED)
HOOK (marked, MARKED)
HOOK (remarked, REMARKED)
HOOK (cleared, CLEARED)
HOOK (swept, SWEPT)
HOOK (collection_ended, COLLECTION_ENDED)
HOOK (paused, PAUSED)
HOOK (resized, RESIZED)
HOOK (finalized, FINALIZED)

static void
demo_witness_listen (GcListenerInterface *iface)
{
  iface->collection_begun = collection_begun;
  iface->started = started;
  iface->marked = marked;
  iface->remarked = remarked;
  iface->cleared = cleared;
  iface->swept = swept;
  iface->collection_ended = collection_ended;
  iface->paused = paused;
  iface->resized = resized;
  iface->finalized = finalized;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DemoWitness, demo_witness, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GC_TYPE_LISTENER, demo_witness_listen))

static void
demo_witness_finalize (GObject *object)
{
  g_array_unref (DEMO_WITNESS (object)->events);
  G_OBJECT_CLASS (demo_witness_parent_class)->finalize (object);
}

static void
demo_witness_class_init (DemoWitnessClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = demo_witness_finalize;
}

static void
demo_witness_init (DemoWitness *self)
{
  self->events = g_array_new (FALSE, FALSE, sizeof (GcEvent));
}

static DemoWitness *
demo_witness_new (GcArena *arena)
{
  DemoWitness *self = g_object_new (DEMO_TYPE_WITNESS, NULL);

  if (arena != NULL)
    gc_arena_set_listener (arena, GC_LISTENER (self));
  return self;
}

static guint
count (DemoWitness *self,
       GcEventType  type)
{
  guint n = 0;

  for (guint i = 0; i < self->events->len; i++)
    n += g_array_index (self->events, GcEvent, i).type == type;
  return n;
}

static const GcEvent *
last (DemoWitness *self,
      GcEventType  type)
{
  for (guint i = self->events->len; i-- > 0; )
    if (g_array_index (self->events, GcEvent, i).type == type)
      return &g_array_index (self->events, GcEvent, i);
  return NULL;
}

static void
fill (GcArena *arena,
      guint    n)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  gc_arena_set_root (arena, demo_chain_new (m, n));
  demo_scribble (m, n);
}

/* A whole collection, in the order of its phases. */
static void
test_phases (void)
{
  static const GcEventType wanted[] = {
    GC_EVENT_COLLECTION_BEGUN, GC_EVENT_STARTED, GC_EVENT_MARKED, GC_EVENT_REMARKED, GC_EVENT_CLEARED,
    GC_EVENT_COLLECTION_ENDED, GC_EVENT_SWEPT, GC_EVENT_RESIZED, GC_EVENT_PAUSED
  };
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (DemoWitness) witness = NULL;
  const GcEvent *pause, *end;

  demo_sleep_for_ever (arena);
  fill (arena, 1000);
  witness = demo_witness_new (arena);
  gc_arena_collect (arena);
  g_assert_true (witness->arena == arena);
  g_assert_cmpuint (witness->events->len, ==, G_N_ELEMENTS (wanted));
  pause = last (witness, GC_EVENT_PAUSED);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      const GcEvent *event = &g_array_index (witness->events, GcEvent, i);

      g_assert_cmpint (event->type, ==, wanted[i]);
      g_assert_cmpint (event->reason, ==, GC_PAUSE_REASON_REQUEST);
      g_assert_cmpuint (event->collection, ==, 1);
      g_assert_false (event->is_minor);
      g_assert_cmpuint (event->thread, >, 0);
      g_assert_cmpint (event->time_ns, >=, pause->time_ns);
      g_assert_cmpint (event->duration_ns, >=, 0);
      g_assert_cmpint (event->time_ns + event->duration_ns, <=, pause->time_ns + pause->duration_ns);
    }
  g_assert_cmpint (pause->duration_ns, >, 0);
  g_assert_cmpint (ABS (g_get_monotonic_time () - pause->time_ns / 1000), <, 60 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (pause->n, ==, 1000);
  end = last (witness, GC_EVENT_COLLECTION_ENDED);
  g_assert_cmpuint (end->n, ==, 1000);
  g_assert_cmpuint (end->live_objects, ==, 1000);
  g_assert_cmpuint (end->live_bytes, ==, 1000 * sizeof (DemoNode));
  g_assert_cmpuint (end->allocated_bytes, ==, 2000 * sizeof (DemoNode));
}

/* The pieces of work of many slices, without a gap and without an overlap. */
static void
test_slices (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (DemoWitness) witness = demo_witness_new (arena);
  guint64 marked = 0;
  gint64 until = 0;
  guint n = 0;

  fill (arena, 5000);
  do
    n++;
  while (!gc_arena_step_units (arena, 500));
  g_assert_cmpuint (n, >, 5);
  g_assert_cmpuint (count (witness, GC_EVENT_PAUSED), ==, n);
  g_assert_cmpuint (count (witness, GC_EVENT_COLLECTION_BEGUN), ==, 1);
  g_assert_cmpuint (count (witness, GC_EVENT_COLLECTION_ENDED), ==, 1);
  g_assert_cmpuint (count (witness, GC_EVENT_MARKED), >, 5);
  for (guint i = 0; i < witness->events->len; i++)
    {
      const GcEvent *event = &g_array_index (witness->events, GcEvent, i);

      g_assert_cmpint (event->reason, ==, GC_PAUSE_REASON_STEP);
      if (event->type == GC_EVENT_PAUSED || event->type == GC_EVENT_RESIZED)
        continue;
      g_assert_cmpint (event->time_ns, >=, event->duration_ns > 0 ? until : 0);
      until = MAX (until, event->time_ns + event->duration_ns);
      if (event->type != GC_EVENT_COLLECTION_ENDED)
        marked += event->n;
    }
  g_assert_cmpuint (marked, ==, 5000);
}

/* What safe points pay, with minor collections, against the figures of GcStats. */
static void
test_debt (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (DemoWitness) witness = demo_witness_new (arena);
  g_autoptr (GcStats) stats = NULL;
  guint n_minor = 0, n_major = 0;

  for (guint i = 0; i < 3000; i++)
    fill (arena, 300);
  stats = gc_arena_get_stats (arena);
  for (guint i = 0; i < witness->events->len; i++)
    {
      const GcEvent *event = &g_array_index (witness->events, GcEvent, i);

      g_assert_cmpint (event->reason, ==, GC_PAUSE_REASON_DEBT);
      if (event->type == GC_EVENT_COLLECTION_ENDED)
        *(event->is_minor ? &n_minor : &n_major) += 1;
    }
  g_assert_cmpuint (stats->n_cycles, >, 0);
  g_assert_cmpuint (stats->n_minor_cycles, >, 0);
  g_assert_cmpuint (n_major, ==, stats->n_cycles);
  g_assert_cmpuint (n_minor, ==, stats->n_minor_cycles);
  g_assert_cmpuint (count (witness, GC_EVENT_PAUSED), >=, stats->n_pauses);
  g_assert_cmpuint (count (witness, GC_EVENT_RESIZED), >, 0);
}

/* Finalizers run once the pause was told, and are told after they ran. */
static void
test_finalizers (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (DemoWitness) witness = demo_witness_new (arena);
  guint n_finalized = 0;
  const GcEvent *event;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < 200; i++)
      demo_watch_new (m, &n_finalized);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 200);
  event = &g_array_index (witness->events, GcEvent, witness->events->len - 1);
  g_assert_cmpint (event->type, ==, GC_EVENT_FINALIZED);
  g_assert_cmpuint (event->n, ==, 200);
  g_assert_cmpint (event->time_ns, >=, event[-1].time_ns + event[-1].duration_ns);
}

/* A hook in the midst of a scope: nothing that it may do disturbs the scope. */
static void
ask (DemoWitness *self,
     GcArena     *arena)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);
  g_autoptr (GcListener) listener = gc_arena_get_listener (arena);

  g_assert_cmpuint (stats->heap_bytes, >, 0);
  g_assert_true (listener == GC_LISTENER (self));
}

static void
test_in_scope (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (DemoWitness) witness = demo_witness_new (arena);
  g_autoptr (GcPacing) pacing = gc_pacing_new ();

  pacing->min_sleep = 4096;
  gc_arena_set_pacing (arena, pacing);
  witness->on_pause = ask;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GC_ROOT (m, DemoNode, node);

    node = demo_chain_new (m, 10);
    for (guint i = 0; i < 100; i++)
      {
        demo_scribble (m, 1000);
        g_assert_true (gc_mutation_safepoint (m));
        g_assert_cmpuint (gc_mutation_get_depth (m), ==, 1);
      }
    g_assert_cmpuint (demo_chain_length (node), ==, 10);
    g_assert_cmpuint (count (witness, GC_EVENT_PAUSED), >, 10);
  }
  demo_check (arena);
}

/* A hook that takes its own place away, and the last reference to itself. */
static void
leave (DemoWitness *self,
       GcArena     *arena)
{
  gc_arena_set_listener (arena, NULL);
  g_assert_true (DEMO_IS_WITNESS (self));
}

static void
test_replace (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  DemoWitness *first = demo_witness_new (arena);
  g_autoptr (DemoWitness) second = NULL;
  g_autoptr (GcListener) listener = NULL;
  gpointer weak = first;
  guint n;

  g_object_add_weak_pointer (G_OBJECT (first), &weak);
  first->on_pause = leave;
  g_object_unref (first);
  gc_arena_collect (arena);
  g_assert_null (weak);
  g_assert_null (gc_arena_get_listener (arena));
  gc_arena_collect (arena);

  second = g_object_new (DEMO_TYPE_WITNESS, NULL);
  g_object_set (arena, "listener", second, NULL);
  g_object_get (arena, "listener", &listener, NULL);
  g_assert_true (listener == GC_LISTENER (second));
  gc_arena_collect (arena);
  g_assert_cmpuint (count (second, GC_EVENT_PAUSED), ==, 1);
  gc_arena_set_listener (arena, NULL);
  gc_arena_collect (arena);
  n = second->events->len;
  gc_arena_set_listener (arena, GC_LISTENER (second));
  g_assert_cmpuint (second->events->len, ==, n);
  gc_arena_collect (arena);
  g_assert_cmpuint (count (second, GC_EVENT_PAUSED), ==, 2);
}

/* Several listeners, and none. */
static void
test_chain (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcListenerChain) chain = gc_listener_chain_new ();
  g_autoptr (DemoWitness) first = demo_witness_new (NULL);
  g_autoptr (DemoWitness) second = demo_witness_new (NULL);

  gc_arena_set_listener (arena, GC_LISTENER (chain));
  gc_arena_collect (arena);
  gc_listener_chain_add (chain, GC_LISTENER (first));
  gc_arena_collect (arena);
  gc_listener_chain_add (chain, GC_LISTENER (second));
  gc_listener_chain_add (chain, GC_LISTENER (second));
  gc_arena_collect (arena);
  g_assert_cmpuint (count (first, GC_EVENT_PAUSED), ==, 2);
  g_assert_cmpuint (count (second, GC_EVENT_PAUSED), ==, 2);
  g_assert_true (gc_listener_chain_remove (chain, GC_LISTENER (second)));
  gc_arena_collect (arena);
  g_assert_cmpuint (count (second, GC_EVENT_PAUSED), ==, 3);
  g_assert_true (gc_listener_chain_remove (chain, GC_LISTENER (second)));
  g_assert_false (gc_listener_chain_remove (chain, GC_LISTENER (second)));
  gc_arena_collect (arena);
  g_assert_cmpuint (count (first, GC_EVENT_PAUSED), ==, 4);
  g_assert_cmpuint (count (second, GC_EVENT_PAUSED), ==, 3);
}

/* More in one pause than there is room for: what ends it is told all the same. */
static void
test_many (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (DemoWitness) witness = demo_witness_new (arena);
  g_autoptr (GcPacing) pacing = gc_pacing_new ();

  /* Always behind: gc_arena_step() goes from cycle to cycle. */
  pacing->min_sleep = 0;
  pacing->sleep_factor = 0;
  pacing->mark_factor = pacing->trace_factor = pacing->keep_factor = pacing->free_factor = pacing->drop_factor = 0;
  gc_arena_set_pacing (arena, pacing);
  for (guint i = 0; i < 200; i++)
    {
      guint before = witness->events->len;

      fill (arena, 10);
      gc_arena_step (arena, 10 * 1000);
      g_assert_cmpint (g_array_index (witness->events, GcEvent, witness->events->len - 1).type, ==, GC_EVENT_PAUSED);
      g_assert_cmpuint (witness->events->len - before, <=, 128);
    }
  demo_check (arena);
}

/* Threads take turns in the arena; each tells its own pauses. */
static gpointer
work (gpointer arena)
{
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      demo_scribble (m, 1000);
    }
  return NULL;
}

typedef struct { GObject parent_instance; gint n_pauses, n_ends; } DemoCounter;
typedef struct { GObjectClass parent_class; } DemoCounterClass;
GType demo_counter_get_type (void);

static void
demo_counter_tell (GcListener    *listener,
                   GcArena       *arena,
                   const GcEvent *event)
{
  DemoCounter *self = (DemoCounter *) listener;

  if (event->type == GC_EVENT_PAUSED)
    __atomic_add_fetch (&self->n_pauses, 1, __ATOMIC_RELAXED);
  if (event->type == GC_EVENT_COLLECTION_ENDED)
    __atomic_add_fetch (&self->n_ends, 1, __ATOMIC_RELAXED);
}

static void
demo_counter_listen (GcListenerInterface *iface)
{
  iface->tell = demo_counter_tell;
}

G_DEFINE_TYPE_WITH_CODE (DemoCounter, demo_counter, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (GC_TYPE_LISTENER, demo_counter_listen))

static void
demo_counter_class_init (DemoCounterClass *klass)
{
}

static void
demo_counter_init (DemoCounter *self)
{
}

static void
test_threads (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  DemoCounter *counter = g_object_new (demo_counter_get_type (), NULL);
  g_autoptr (GcStats) stats = NULL;
  GThread *threads[4];

  gc_arena_set_listener (arena, GC_LISTENER (counter));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("worker", work, arena);
  for (guint i = 0; i < 20; i++)
    {
      gc_arena_set_listener (arena, i % 2 != 0 ? GC_LISTENER (counter) : NULL);
      g_usleep (500);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  gc_arena_collect (arena);
  stats = gc_arena_get_stats (arena);
  g_assert_cmpint (__atomic_load_n (&counter->n_pauses, __ATOMIC_RELAXED), >, 0);
  g_assert_cmpint (__atomic_load_n (&counter->n_ends, __ATOMIC_RELAXED), <=, stats->n_cycles + stats->n_minor_cycles);
  g_object_unref (counter);
}

static void
test_text (void)
{
  g_autoptr (GcEvent) copy = NULL;
  GcEvent event = {
    .type = GC_EVENT_PAUSED, .reason = GC_PAUSE_REASON_IDLE, .duration_ns = 2310000, .n = 41200
  };
  static const struct { GcEventType type; const char *text; } texts[] = {
    { GC_EVENT_COLLECTION_BEGUN, "collection begun: major, number 0" },
    { GC_EVENT_COLLECTION_ENDED, "collection ended: major, number 0, 41200 objects marked" },
    { GC_EVENT_STARTED, "start: 2.310 ms, 41200 objects marked" },
    { GC_EVENT_FINALIZED, "finalize: 2.310 ms, 41200 objects" },
    { GC_EVENT_RESIZED, "resize: 0 KiB" },
    { GC_EVENT_PAUSED, "pause: 2.310 ms, idle, 41200 objects marked" },
  };

  copy = gc_event_copy (&event);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = NULL;

      copy->type = texts[i].type;
      text = gc_event_to_string (copy);
      g_assert_cmpstr (text, ==, texts[i].text);
    }
}

/* Overwrites what the stack had. */
static G_GNUC_NO_INLINE void
use_stack (void)
{
  volatile guint8 room[1 << 16];

  for (gsize i = 0; i < sizeof room; i++)
    room[i] = 0xaa;
}

/* What a hook was given stays an event, whatever becomes of it. */
static void
test_kept (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (DemoWitness) witness = demo_witness_new (arena);
  GcEvent *kept;

  gc_arena_collect (arena);
  kept = (GcEvent *) witness->last;
  use_stack ();
  g_assert_cmpint (kept->type, ==, GC_EVENT_PAUSED);
  memset (kept, 0xff, sizeof *kept);
  gc_arena_collect (arena);
  g_assert_true (witness->last == kept);
  g_assert_cmpint (kept->type, ==, GC_EVENT_PAUSED);
}

/* One whose type has no hook for what comes most often. */
#define DEMO_TYPE_DEAF demo_deaf_get_type ()
G_DECLARE_FINAL_TYPE (DemoDeaf, demo_deaf, DEMO, DEAF, GObject)
struct _DemoDeaf { GObject parent_instance; };

static void
demo_deaf_listen (GcListenerInterface *iface)
{
  iface->collection_begun = iface->paused = NULL;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DemoDeaf, demo_deaf, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GC_TYPE_LISTENER, demo_deaf_listen))

static void
demo_deaf_class_init (DemoDeafClass *klass)
{
}

static void
demo_deaf_init (DemoDeaf *self)
{
}

static void
test_no_hook (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcListener) listener = g_object_new (DEMO_TYPE_DEAF, NULL);

  gc_arena_set_listener (arena, listener);
  gc_arena_collect (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/listener/kept", test_kept);
  g_test_add_func ("/listener/phases", test_phases);
  g_test_add_func ("/listener/slices", test_slices);
  g_test_add_func ("/listener/debt", test_debt);
  g_test_add_func ("/listener/finalizers", test_finalizers);
  g_test_add_func ("/listener/in-scope", test_in_scope);
  g_test_add_func ("/listener/replace", test_replace);
  g_test_add_func ("/listener/chain", test_chain);
  g_test_add_func ("/listener/many", test_many);
  g_test_add_func ("/listener/threads", test_threads);
  g_test_add_func ("/listener/text", test_text);
  g_test_add_func ("/listener/no-hook", test_no_hook);
  return g_test_run ();
}
