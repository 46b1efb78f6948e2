/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-coroutine-fields.h>
#include <gcseq/gc-step.h>
#include <gcseq/gc-task-group.h>

G_BEGIN_DECLS

#ifndef __GI_SCANNER__

typedef struct _GcCoroutine     GcCoroutine;
typedef struct _GcCoroutineInfo GcCoroutineInfo;
typedef struct _GcDeferral      GcDeferral;

/**
 * GcDeferFunc: (skip)
 * @self: the coroutine
 *
 * What GC_DEFER() has called. It may use what the coroutine owns outside of the heap; while the
 * collector finalizes a coroutine that was dropped, its traced fields are not to be read.
 *
 * Since: 0.1
 */
typedef void (*GcDeferFunc) (gpointer self);

struct _GcCoroutine
{
  /*< private >*/
  GcSequence  parent_instance;
  GcDeferral *deferrals;
};

typedef enum
{
  GC_CLEANUP_GOBJECT,
  GC_CLEANUP_STRING,
  GC_CLEANUP_BOXED,
  GC_CLEANUP_CLEAR
} GcCleanupKind;

typedef struct
{
  guint32 kind;
  guint32 offset;
  union
  {
    GType (*get_type) (void);
    void  (*clear)    (gpointer field);
  } u;
} GcCleanup;

struct _GcCoroutineInfo
{
  const char        *name;
  gsize              size;
  const GcTypeEntry *entries;
  const GcCleanup   *cleanups;
  guint              n_cleanups;
  GcSequenceFlags    flags;
  GcStepResult     (*body) (gpointer     self,
                            GcMutation  *m,
                            GcStep      *step);
  GcObjectClass     *klass;     /* atomic; NULL until first used */
};

GCOBJ_AVAILABLE_IN_ALL
gpointer gc_coroutine_new_   (GcMutation      *m,
                              GcCoroutineInfo *info);
GCOBJ_AVAILABLE_IN_ALL
void     gc_coroutine_finalize_ (GcObject     *object);
GCOBJ_AVAILABLE_IN_ALL
void     gc_coroutine_defer_ (GcCoroutine     *self,
                              GcDeferFunc      func);

# define GC_DEFINE_COROUTINE_WITH_FLAGS(Type, name, flags_, fields) \
  typedef struct _##Type \
  { \
    GcCoroutine parent_instance; \
    GC__END (GC__M_A fields) \
  } Type; \
  G_STATIC_ASSERT (sizeof (#Type) > 3); /* or GType refuses the name */ \
  _Static_assert (_Alignof (Type) <= 8, "objects are aligned to 8 bytes: " #Type " needs more"); \
  static GcStepResult name##_body_ (Type *self, GcMutation *m, GcStep *step); \
  static GcStepResult \
  name##_enter_ (gpointer self, GcMutation *m, GcStep *step) \
  { \
    return name##_body_ (self, m, step); \
  } \
  static GcCoroutineInfo * \
  name##_info_ (void) \
  { \
    typedef Type GC__Self G_GNUC_UNUSED; \
    static const GcCleanup cleanups[] = { GC__END (GC__C_A fields) { 0, 0, { NULL } } }; \
    static const GcTypeEntry entries[] = { \
      GC__END (GC__S_A fields) \
      { G_N_ELEMENTS (cleanups) > 1 ? GC_ENTRY_FINALIZE : GC_ENTRY_FINALIZE_LATE, \
        0, 0, 0, NULL, (GCallback) gc_coroutine_finalize_, NULL }, \
      { GC_ENTRY_END, 0, 0, 0, NULL, NULL, NULL } }; \
    static GcCoroutineInfo info = { \
      #Type, sizeof (Type), entries, cleanups, G_N_ELEMENTS (cleanups) - 1, flags_, name##_enter_, NULL }; \
    return &info; \
  } \
  G_GNUC_UNUSED static GcSequence * \
  name##_new (GcMutation *m GC__END (GC__P_A fields)) \
  { \
    Type *gc__self = (Type *) gc_coroutine_new_ (m, name##_info_ ()); \
    if (G_UNLIKELY (gc__self == NULL)) \
      return NULL; \
    GC__END (GC__I_A fields) \
    return (GcSequence *) gc__self; \
  }

# define GC_DEFINE_COROUTINE(Type, name, fields) \
  GC_DEFINE_COROUTINE_WITH_FLAGS (Type, name, GC_SEQUENCE_NONE, fields)

/* Not inlined nor cloned: the distance of two labels is the same in one copy of the function only. Labels
 * as values, and declared ones, are extensions of C that gcc and clang share. */
# ifdef __clang__
#  define GC__ONE_COPY __attribute__ ((noinline))
# else
#  define GC__ONE_COPY __attribute__ ((noinline, noclone))
# endif
# define GC_COROUTINE_BODY(Type, name) \
  _Pragma ("GCC diagnostic push") \
  _Pragma ("GCC diagnostic ignored \"-Wpedantic\"") \
  GC__ONE_COPY static GcStepResult \
  name##_body_ (Type *self, GcMutation *m G_GNUC_UNUSED, GcStep *step)

# define GC__SEQ ((GcSequence *) self)

/* Resuming is a computed goto: the distance of two labels, which works inside of the body's own switch
 * statements, where case labels would not. A checking compile adds case labels beside the goto labels, so that
 * -Wjump-misses-init sees each initialized local variable that an await cuts. */
# ifdef GC_COROUTINE_CHECK
#  define GC__CHECK_OPEN     switch (0) { case 0:
#  define GC__CHECK_CLOSE    }
#  define GC__CHECK_CASE(id) case 0x5ec00000 + (id):
# else
#  define GC__CHECK_OPEN
#  define GC__CHECK_CLOSE
#  define GC__CHECK_CASE(id)
# endif

/* A label that is declared must be the first thing of its block: nothing stands before GC_BEGIN (). */
# define GC_BEGIN() \
  __label__ gc__start; \
  if (GC__SEQ->resume != 0) \
    goto *(gpointer) ((char *) &&gc__start + GC__SEQ->resume); \
  GC__CHECK_OPEN \
  gc__start: (void) 0
# define GC_END() \
  GC__CHECK_CLOSE \
  _Pragma ("GCC diagnostic pop") \
  return gc_step_done_ (step, NULL)

# define GC__MARK(id) (GC__SEQ->resume = (gint32) ((char *) &&gc__l##id - (char *) &&gc__start))
# define GC__HERE(id) GC__CHECK_CASE (id) gc__l##id
# define GC__SUSPEND(id, result, after) GC__SUSPEND_ (id, result, after)
# define GC__SUSPEND_(id, result, after) \
  do \
    { \
      GC__MARK (id); \
      return (result); \
      GC__HERE (id): \
      if (G_UNLIKELY (step->error != NULL)) \
        return GC_STEP_FAILED; \
      after \
    } \
  while (0)
# define GC__OR(id, result, domain, code, after) GC__OR_ (id, result, domain, code, after)
# define GC__OR_(id, result, domain, code, after) \
  if (GC__MARK (id), 1) \
    return (result); \
  else \
    GC__HERE (id): \
    if (step->error != NULL && !gc_step_catch (step, domain, code)) \
      return GC_STEP_FAILED; \
    else if (step->caught == NULL) \
      { after; } \
    else

# define GC_AWAIT(sequence) \
  GC__SUSPEND (__COUNTER__, gc_step_call_ (step, (sequence)), )
# define GC_AWAIT_REF(field, sequence) \
  GC__SUSPEND (__COUNTER__, gc_step_call_ (step, (sequence)), gc_set (self, field, step->value);)
# define GC_AWAIT_OR(sequence, domain, code) \
  GC__OR (__COUNTER__, gc_step_call_ (step, (sequence)), domain, code, )
# define GC_AWAIT_REF_OR(field, sequence, domain, code) \
  GC__OR (__COUNTER__, gc_step_call_ (step, (sequence)), domain, code, gc_set (self, field, step->value))
# define GC_AWAIT_OR_ANY(sequence)            GC_AWAIT_OR (sequence, 0, -1)
# define GC_AWAIT_REF_OR_ANY(field, sequence) GC_AWAIT_REF_OR (field, sequence, 0, -1)
# define GC_AWAIT_NEXT(group, index) \
  GC__AWAIT_NEXT (__COUNTER__, group, index)
# define GC__AWAIT_NEXT(id, group, index) \
  do \
    { \
      if (!gc_task_group_next ((group), step, (index))) \
        { \
          GC__SUSPEND (id, GC_STEP_WAIT, ); \
          continue; \
        } \
      if (G_UNLIKELY (step->error != NULL)) \
        return GC_STEP_FAILED; \
      break; \
    } \
  while (1)
# define GC_YIELD(item) \
  GC__SUSPEND (__COUNTER__, gc_step_emit_ (step, (item)), )
/* Catches what is thrown into the coroutine there: G_IO_ERROR_CANCELLED when it is closed. */
# define GC_YIELD_OR(item, domain, code) \
  GC__OR (__COUNTER__, gc_step_emit_ (step, (item)), domain, code, )
# define GC_YIELD_OR_ANY(item)       GC_YIELD_OR (item, 0, -1)
# define GC_PAUSE() \
  GC__SUSPEND (__COUNTER__, GC_STEP_CONTINUE, )
# define GC_WAIT() \
  GC__SUSPEND (__COUNTER__, GC_STEP_WAIT, )
# define GC_RETURN(value)    return gc_step_done_ (step, (value))
# define GC_BECOME(sequence) return gc_step_become_ (step, (sequence))
# define GC_THROW(...)       return gc_step_throw (step, __VA_ARGS__)
# define GC_DEFER(func) \
  gc_coroutine_defer_ ((GcCoroutine *) self, (GcDeferFunc) (GCallback) (1 ? (func) : (void (*) (__typeof__ (self))) 0))
# define GC_RESULT           (step->value)
/* Whether that is an item of what was awaited, which goes on when it is awaited again; of coroutines with
 * GC_SEQUENCE_TAKES_ITEMS. */
# define GC_HAS_ITEM         (step->is_item)
# define GC_CAUGHT           ((const GError *) step->caught)

/* Inside of a body the step is known to be active. */
static inline GcStepResult
gc_step_done_ (GcStep   *step,
               gpointer  value)
{
  step->value = value;
  return GC_STEP_DONE;
}

static inline GcStepResult
gc_step_emit_ (GcStep   *step,
               gpointer  item)
{
  step->value = item;
  return GC_STEP_YIELD;
}

static inline GcStepResult
gc_step_call_ (GcStep     *step,
               GcSequence *sequence)
{
  step->next = sequence;
  return GC_STEP_CALL;
}

static inline GcStepResult
gc_step_become_ (GcStep     *step,
                 GcSequence *sequence)
{
  step->next = sequence;
  return GC_STEP_BECOME;
}

#endif /* __GI_SCANNER__ */

G_END_DECLS
