/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the heap's files offer each other and the layer above. The structures, and a
 * map of it all, are in gc-heap-types-private.h. */

#include <string.h>
#include "gcobj/gc-os-private.h"
#include "gcobj/heap/gc-fault-private.h"
#include "gcobj/heap/gc-heap-types-private.h"
#include "gcobj/heap/gc-weak-set-private.h"

G_BEGIN_DECLS

/* ---- from an address to what describes it ---- */

/* One bit for each slab-sized piece of a 48-bit address space. It makes any
 * pointer checkable at the public edge, also an instance that was not made by
 * an arena. */
#define GC_REGISTRY_BITS ((gsize) 1 << 26)
extern guint8 gc_registry[GC_REGISTRY_BITS / 8];
extern void (*gc_slab_log) (const GcSlab *slab, gsize size, gboolean is_taken);

static inline gboolean
gc_address_is_ours (gconstpointer address)
{
  gsize piece = (guintptr) address / GC_SLAB_SIZE;

  return piece < GC_REGISTRY_BITS &&
         (__atomic_load_n (&gc_registry[piece / 8], __ATOMIC_RELAXED) >> (piece % 8) & 1) != 0;
}

static inline GcSlab *
gc_slab_of (gconstpointer object)
{
  return (GcSlab *) ((guintptr) object & ~(guintptr) GC_SLAB_MASK);
}

/* The heap of an object, or NULL if no arena made it. */
static inline GcHeap *
gc_heap_of (gconstpointer object)
{
  return gc_address_is_ours (object) ? gc_slab_of (object)->heap : NULL;
}

static inline guint8 *
gc_meta (gconstpointer object)
{
  guintptr address = (guintptr) object;

  return (guint8 *) ((address & ~(guintptr) GC_SLAB_MASK) + ((address & GC_SLAB_MASK) >> 4));
}

/* A byte that several markers may read and write at once: see gc-team.c for why that does no harm. */
static inline guint8
gc_meta_load (const guint8 *meta)
{
  return __atomic_load_n (meta, __ATOMIC_RELAXED);
}

static inline void
gc_meta_store (guint8 *meta,
               guint8  byte)
{
  __atomic_store_n (meta, byte, __ATOMIC_RELAXED);
}

/* Whether a store into an object has to be reported: what gc_set() leaves to the function it
 * calls, because a slab's geometry is nobody else's business. */
#define GC_STORES_MARKED 1      /* gc_barrier_needed_: into objects that are marked */
#define GC_STORES_ALL    2      /* into all objects */

static inline gboolean
gc_store_matters (gconstpointer owner)
{
  guint8 needed = __atomic_load_n (&gc_barrier_needed_, __ATOMIC_RELAXED);

  return needed != 0 && ((needed & GC_STORES_ALL) != 0 || (gc_meta_load (gc_meta (owner)) & GC_META_NEEDLOG) != 0);
}

static inline GcBlock *
gc_block_of (gconstpointer object)
{
  return &gc_slab_of (object)->blocks[((guintptr) object & GC_SLAB_MASK) / GC_BLOCK_SIZE];
}

static inline char *
gc_block_start (const GcBlock *block)
{
  GcSlab *slab = gc_slab_of (block);

  return (char *) slab + (gsize) (block - slab->blocks) * GC_BLOCK_SIZE;
}

/* A slot's word is an object: not NULL, none of the low 3 bits set. The
 * rotation puts those bits on top, the subtraction turns NULL into the largest. */
static inline gboolean
gc_is_ref (gconstpointer word)
{
  guint64 w = (guint64) (guintptr) word;

  return ((w >> 3 | w << 61) - 1) < ((guint64) 1 << 61) - 1;
}

static inline GcObjectClass *
gc_class_of (gconstpointer object)
{
  return (GcObjectClass *) ((const GTypeInstance *) object)->g_class;
}

static inline gsize
gc_round_size (gsize size)
{
  size = (size + 7) & ~(gsize) 7;
  return MAX (size, GC_MIN_OBJECT);
}

static inline gsize
gc_tail_count (gconstpointer        object,
               const GcObjectClass *klass)
{
  const GcLayout *layout = klass->layout;

  return *(const gsize *) ((const char *) object + layout->tail_count_offset);
}

static inline gsize
gc_size_of (gconstpointer        object,
            const GcObjectClass *klass)
{
  const GcLayout *layout = klass->layout;

  if (G_LIKELY (!(klass->flags & GC_KIND_TAIL)))
    return klass->instance_size;
  return gc_round_size (layout->tail_offset +
                        gc_tail_count (object, klass) * layout->tail_element_size);
}

static inline gboolean
gc_is_marked (const GcHeap  *heap,
              gconstpointer  object)
{
  return (gc_meta_load (gc_meta (object)) & heap->colour) != 0;
}

/* Takes work off a budget. Whether nothing is left of it, or of the time. */
static inline gboolean
gc_budget_spend (GcBudget *budget,
                 gint64    units)
{
  budget->units -= units;
  return budget->units <= 0 ||
         (budget->deadline_ns != 0 && gc_os_now_ns () > budget->deadline_ns);
}

#define GC_RUN 20               /* blocks of a mutator that lie side by side: a third of a slab */

/* gc-slab.c */
gboolean  gc_slab_add            (GcHeap        *heap);
GcSlab   *gc_slab_map            (GcHeap        *heap,
                                  gsize          size,
                                  gboolean       want_huge);
void      gc_slab_unmap          (GcSlab        *slab,
                                  gsize          size);
void      gc_slab_register       (GcSlab        *slab,
                                  gboolean       ours);
void      gc_slabs_free          (GcHeap        *heap);
void      gc_block_put_empty     (GcHeap        *heap,
                                  GcBlock       *block);
void      gc_block_put_swept     (GcHeap        *heap,
                                  GcBlock       *block,
                                  guint          n_live);
GcBlock  *gc_block_take_off      (GcHeap        *heap);
GcBlock  *gc_block_take_off_near (GcHeap        *heap,
                                  GcAllocator   *self);
void      gc_allocator_give_back (GcAllocator   *self,
                                  GcHeap        *heap);
void      gc_block_clear         (GcHeap        *heap,
                                  GcBlock       *block);
GcBlock  *gc_block_take_empty    (GcHeap        *heap);
void      gc_heap_trim           (GcHeap        *heap);
gboolean  gc_heap_release_empty  (GcHeap        *heap,
                                  GcBudget      *budget);

static inline void
gc_block_set_empty (GcBlock *block)
{
  block->state = GC_BLOCK_EMPTY;
  block->is_zero = FALSE;
  block->empty_age = 0;
}

/* gc-sweep.c */
guint     gc_block_sweep_only    (GcHeap        *heap,
                                  GcBlock       *block,
                                  guint64       *bits);
guint     gc_block_sweep_dead    (GcHeap        *heap,
                                  GcBlock       *block,
                                  guint64       *bits);
guint     gc_block_sweep         (GcHeap        *heap,
                                  GcBlock       *block,
                                  guint64       *bits);
void      gc_block_read_bits     (GcBlock       *block,
                                  guint64       *bits);
GcBlock  *gc_heap_next_unswept   (GcHeap        *heap);

/* Whether the sweep's cursor is not at its end. */
static inline gboolean
gc_heap_has_unswept_slab (const GcHeap *heap)
{
  return heap->sweep_slab < heap->n_slabs;
}

GcBlock  *gc_heap_next_unswept_near (GcHeap     *heap,
                                  GcAllocator   *self);
gboolean  gc_heap_finish_sweep   (GcHeap        *heap,
                                  GcBudget      *budget);

/* gc-allocate.c */
gpointer  gc_heap_allocate       (GcHeap        *heap,
                                  GcAllocator   *self,
                                  GcObjectClass *klass,
                                  gsize          size);
void      gc_heap_retire_windows (GcHeap        *heap);
void      gc_heap_add_allocator  (GcHeap        *heap,
                                  GcAllocator   *allocator);
void      gc_allocator_flush     (GcAllocator   *self,
                                  GcHeap        *heap);

/* gc-recent.c */
void      gc_heap_age_young      (GcHeap        *heap);
void      gc_heap_drop_young     (GcHeap        *heap,
                                  gboolean       recent_too);
void      gc_heap_recycle_recent (GcHeap        *heap);
gboolean  gc_recent_may_be_swept (const GcHeap  *heap);
guint     gc_recent_sweep        (GcHeap        *heap,
                                  GcBlock       *block,
                                  guint64       *bits);
GcBlock  *gc_recent_pop          (GcAllocator   *self);
void      gc_recent_find_empty   (GcHeap        *heap,
                                  GcAllocator   *self);

/* gc-young.c */
void      gc_allocator_tell_young (GcAllocator  *self,
                                  guintptr       young);
void      gc_allocator_tell_again (GcAllocator  *self);
void      gc_allocator_be_silent (GcAllocator   *self);
void      gc_heap_forget_young   (GcHeap        *heap);

/* gc-share.c */
void      gc_heap_share          (GcHeap        *heap);
void      gc_heap_stop           (GcHeap        *heap);
void      gc_heap_resume         (GcHeap        *heap);
gsize     gc_heap_count_allocated (const GcHeap *heap);
void      gc_heap_lock_shared    (GcHeap        *heap);
void      gc_heap_unlock_shared  (GcHeap        *heap);

/* Whether several threads may have scopes. Changes only while nobody has one, or who asks. */
static inline gboolean
gc_heap_is_shared (const GcHeap *heap)
{
  return __atomic_load_n (&heap->is_shared, __ATOMIC_RELAXED);
}

/* What others may change at the same time is changed between these two (I18). They nest; nobody waits in between. */
static inline void
gc_heap_lock (GcHeap *heap)
{
  if (G_UNLIKELY (gc_heap_is_shared (heap)))
    gc_heap_lock_shared (heap);
}

static inline void
gc_heap_unlock (GcHeap *heap)
{
  if (G_UNLIKELY (gc_heap_is_shared (heap)))
    gc_heap_unlock_shared (heap);
}

/* Counts bytes as allocated, or not, under the lock; others may look at the count. */
static inline void
gc_heap_count (GcHeap *heap,
               gssize  bytes)
{
  __atomic_store_n (&heap->allocated, heap->allocated + (gsize) bytes, __ATOMIC_RELAXED);
}

static inline void
gc_heap_set_trigger_to (GcHeap *heap,
                        gsize   trigger)
{
  __atomic_store_n (&heap->trigger, trigger, __ATOMIC_RELAXED);
}

/* gc-slab.c */
void      gc_heap_count_bytes    (GcHeap        *heap,
                                  gssize         bytes);

/* gc-queue.c */
void      gc_queue_grow          (GcQueue       *queue);
gboolean  gc_queue_shrink        (GcQueue       *queue);
void      gc_queue_clear         (GcQueue       *queue);
gboolean  gc_segments_trim       (GcSegmentPool *pool,
                                  GcBudget      *budget);
void      gc_segments_free       (GcSegmentPool *pool);

static inline void
gc_queue_push (GcQueue  *queue,
               gpointer  word)
{
  if (G_UNLIKELY (queue->top == NULL || queue->n == GC_SEGMENT_WORDS))
    gc_queue_grow (queue);
  queue->top->words[queue->n++] = word;
}

static inline gboolean
gc_queue_is_empty (const GcQueue *queue)
{
  return queue->n == 0 && queue->n_below == 0;
}

static inline gpointer
gc_queue_pop (GcQueue *queue)
{
  if (G_UNLIKELY (queue->n == 0) && !gc_queue_shrink (queue))
    return NULL;
  return queue->top->words[--queue->n];
}

static inline gsize
gc_queue_get_length (const GcQueue *queue)
{
  return queue->n_below + queue->n;
}

/* gc-mark.c */
void      gc_marker_reset        (GcHeap        *heap);
void      gc_marker_shade_stored (GcHeap        *heap);
void      gc_allocator_shade_stored (GcAllocator *self,
                                  GcHeap        *heap);
void      gc_marker_begin        (GcMarker      *self,
                                  GcHeap        *heap);
gboolean  gc_marker_run          (GcMarker      *self,
                                  GcHeap        *heap,
                                  GcBudget      *budget);
void      gc_shade               (GcHeap        *heap,
                                  gpointer       object);
void      gc_shade_root          (GcHeap        *heap,
                                  gpointer       object);
void      gc_heap_trace_object   (GcHeap        *heap,
                                  GcObject      *object,
                                  GcTracer      *tracer);

guint     gc_marker_rescan       (GcHeap        *heap,
                                  GcObject      *object);
void      gc_marker_scan_words   (GcHeap        *heap,
                                  gpointer      *words,
                                  gsize          n);

/* gc-team.c */
gboolean  gc_marker_drain        (GcHeap        *heap,
                                  GcBudget      *budget);
gboolean  gc_team_share          (GcMarker      *self);
typedef void (*GcTeamJob) (GcHeap *heap, gpointer data, gboolean is_helper);
void      gc_team_do             (GcHeap        *heap,
                                  GcTeamJob      job,
                                  gpointer       data);
void      gc_team_visit          (GcHeap        *heap);
void      gc_team_free           (GcHeap        *heap);

static inline gboolean
gc_team_is_wanted (const GcHeap *heap)
{
  return __atomic_load_n (&heap->n_markers, __ATOMIC_RELAXED) > 1;
}

/* gc-team-sweep.c */
void      gc_team_sweep          (GcHeap        *heap);

/* gc-log.c */
void      gc_heap_note_store     (GcHeap        *heap,
                                  gpointer       owner,
                                  gconstpointer  slot,
                                  gconstpointer  value);
void      gc_heap_note_weak_store (GcHeap       *heap,
                                   gpointer      owner,
                                   gconstpointer value);
gboolean  gc_log_has_card        (GcHeap        *heap,
                                  gpointer       owner,
                                  gconstpointer  slot);
gboolean  gc_log_note_own        (GcHeap        *heap,
                                  GcAllocator   *self,
                                  GcObject      *owner);
void      gc_allocator_flush_log (GcAllocator   *self,
                                  GcHeap        *heap);
gboolean  gc_log_scan            (GcHeap        *heap,
                                  GcBudget      *budget);
void      gc_log_drop            (GcHeap        *heap);
void      gc_log_begin_era       (GcHeap        *heap);

/* gc-ephemeron.c */
void      gc_ephemeron_reserve   (GcHeap        *heap,
                                  gsize          n);
void      gc_ephemeron_met       (GcHeap        *heap,
                                  gsize          n);
void      gc_ephemeron_counted   (GcHeap        *heap);
void      gc_ephemeron_marked    (GcHeap        *heap,
                                  GcEphemeron   *entry);
void      gc_ephemeron_key_marked (GcHeap       *heap,
                                   gpointer      key);
void      gc_ephemeron_set       (gpointer       owner,
                                  GcEphemeron   *entry,
                                  gpointer       key,
                                  gpointer       value);
void      gc_ephemeron_set_strong (gpointer      owner,
                                   GcEphemeron  *entry,
                                   gpointer      key,
                                   gpointer      value);
void      gc_weak_entry_set      (gpointer       owner,
                                  GcEntry       *entry,
                                  gpointer       key,
                                  gpointer       value);

/* gc-weak.c */
gboolean  gc_heap_is_dead        (GcHeap        *heap,
                                  gconstpointer  object);
gboolean  gc_heap_is_gone        (GcHeap        *heap,
                                  gconstpointer  object);
void      gc_heap_settle         (GcHeap        *heap);
gboolean  gc_heap_clear_weak     (GcHeap        *heap,
                                  GcBudget      *budget);
gboolean  gc_heap_clear_ephemerons (GcHeap      *heap,
                                    GcBudget    *budget);
void      gc_heap_add_holder     (GcHeap        *heap,
                                  GcWeakHolder  *holder);
void      gc_heap_remove_holder  (GcHeap        *heap,
                                  GcWeakHolder  *holder);
gboolean  gc_heap_process_holders (GcHeap       *heap,
                                   GcWeakStage   stage,
                                   GcBudget     *budget);

/* gc-keeper.c */
void      gc_heap_set_keeper     (GcHeap        *heap,
                                  GcKeeper      *keeper);
void      gc_keeper_restart      (GcHeap        *heap);
gboolean  gc_keeper_keep         (GcHeap        *heap,
                                  GcBudget      *budget);
gboolean  gc_keeper_has_begun    (GcHeap        *heap);
gboolean  gc_keeper_condemn      (GcHeap        *heap,
                                  GcBudget      *budget);

/* gc-finalize.c */
void      gc_heap_add_finalizable (GcHeap       *heap,
                                   gpointer      object);
gboolean  gc_heap_abandon        (GcHeap        *heap,
                                  gpointer       object);
gboolean  gc_heap_queue_dead     (GcHeap        *heap,
                                  GcBudget      *budget);
void      gc_heap_begin_batch    (GcHeap        *heap,
                                  GcBatch       *batch);
void      gc_heap_end_batch      (GcHeap        *heap,
                                  GcBatch       *batch);

/* gc-external.c */
void      gc_external_init       (GcExternal    *self);
void      gc_external_clear      (GcExternal    *self);
gboolean  gc_external_ref        (GcHeap        *heap,
                                  gpointer       object);
gboolean  gc_external_unref      (GcHeap        *heap,
                                  gpointer       object,
                                  gboolean      *was_last);
gsize     gc_external_count      (GcHeap        *heap);
gboolean  gc_external_has        (GcHeap        *heap,
                                  gconstpointer  object);
void      gc_external_dirty_all  (GcHeap        *heap);
gboolean  gc_external_scan_dirty (GcHeap        *heap,
                                  GcBudget      *budget);
void      gc_external_foreach    (GcHeap        *heap,
                                  GFunc          func,
                                  gpointer       data);

/* gc-cycle.c */
gboolean  gc_heap_shade_roots    (GcHeap        *heap);
void      gc_heap_remark         (GcHeap        *heap);
gboolean  gc_heap_sweep          (GcHeap        *heap,
                                  GcBudget      *budget);
gboolean  gc_heap_advance        (GcHeap        *heap,
                                  GcBudget      *budget,
                                  GcPauseKind   *kind);
void      gc_heap_start_cycle    (GcHeap        *heap);
void      gc_heap_finish_marking (GcHeap        *heap);
void      gc_heap_finish_clearing (GcHeap       *heap);
void      gc_heap_finish_cycle   (GcHeap        *heap);
void      gc_heap_collect        (GcHeap        *heap);

/* gc-pace.c */
extern const GcPacing gc_default_pacing;

void      gc_heap_sleep          (GcHeap        *heap);
void      gc_heap_set_sleep      (GcHeap        *heap);
void      gc_heap_sleep_longer   (GcHeap        *heap);
void      gc_heap_set_trigger    (GcHeap        *heap);
gsize     gc_heap_get_debt       (GcHeap        *heap);
gsize     gc_heap_get_lateness   (GcHeap        *heap);
void      gc_heap_credit         (GcHeap        *heap);
gboolean  gc_heap_pay            (GcHeap        *heap,
                                  gint64         budget_ns);
void      gc_heap_run_request    (GcHeap        *heap,
                                  void         (*work) (GcHeap *heap));
gboolean  gc_heap_step           (GcHeap        *heap,
                                  GcBudget       budget,
                                  gboolean       is_owed);

/* Whether finalizers wait to be run. */
static inline gboolean
gc_heap_has_dead (const GcHeap *heap)
{
  return __atomic_load_n (&heap->n_dead, __ATOMIC_RELAXED) > 0;
}

/* gc-verify.c */
gboolean  gc_heap_verify         (GcHeap        *heap,
                                  GError       **error);
void      gc_heap_foreach_marked (GcHeap        *heap,
                                  void         (*func) (GcObject *object, gpointer data),
                                  gpointer       data);
GcObject *gc_heap_find_marked    (GcHeap        *heap,
                                  gconstpointer  word);

/* gc-zeal.c and the files of its modes */
guint     gc_zeal_from_environment (void);
void      gc_zeal_set            (GcHeap        *heap,
                                  guint          zeal);
void      gc_zeal_after_marking  (GcHeap        *heap);
void      gc_zeal_after_cycle    (GcHeap        *heap);
void      gc_zeal_at_safepoint   (GcHeap        *heap);
void      gc_untraced_check      (GcHeap        *heap);
void      gc_relocate            (GcHeap        *heap);
void      gc_shadow_begin        (GcHeap        *heap);
void      gc_shadow_end          (GcHeap        *heap);
void      gc_shadow_record       (GcHeap        *heap,
                                  gconstpointer  slot,
                                  gconstpointer  value);
void      gc_shadow_check        (GcHeap        *heap);
void      gc_shadow_rebuild      (GcHeap        *heap);
void      gc_shadow_refresh      (GcHeap        *heap);

/* gc-heap.c */
void      gc_heap_init           (GcHeap            *heap,
                                  gpointer           owner,
                                  const GcHeapHooks *hooks);
void      gc_heap_clear          (GcHeap            *heap);
void      gc_heap_set_barrier    (GcHeap            *heap,
                                  gboolean           on);
void      gc_heap_update_barrier (GcHeap            *heap);
void      gc_barrier_hold        (void);
void      gc_barrier_release     (void);

G_END_DECLS

#include "gcobj/heap/gc-large-private.h"
#include "gcobj/heap/gc-minor-private.h"
#include "gcobj/heap/gc-owed-private.h"
