/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

/* A slot is read like any pointer and written only through the barrier: its
 * declared type is a const pointer, so that every other store is refused by the
 * compiler. This is legal C: heap memory is not an object defined const.
 * __typeof__ makes `GC_REF (T) a, b;` declare two slots. */
#ifdef __GI_SCANNER__
# define GC_REF(T)      T *
# define GC_WEAK(T)     T *
# define GC_REF_TAIL(T) T *
#elif defined (__cplusplus)
# define GC_REF(T)      __typeof__ (T *const)
# define GC_WEAK(T)     struct { T *const gc_weak_; }
# define GC_REF_TAIL(T) GC_REF_TAIL_CXX_ (T)
#else
# define GC_REF(T)      __typeof__ (T *const)
# define GC_WEAK(T)     struct { T *const gc_weak_; }
# define GC_REF_TAIL(T) __typeof__ (T *const [])
#endif

#define GC_UNTRACED

GCOBJ_AVAILABLE_IN_ALL
void      gc_object_set_slot (gpointer       owner,
                              gconstpointer  slot,
                              gconstpointer  value);
GCOBJ_AVAILABLE_IN_ALL
void      gc_object_set_weak_slot (gpointer       owner,
                                   gconstpointer  slot,
                                   gconstpointer  value);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_weak_slot_get   (gconstpointer  slot);

/* Immediates: the collector ignores a slot whose word has one of its low 3 bits set. */
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_tag_int         (gssize         value);
GCOBJ_AVAILABLE_IN_ALL
gssize    gc_untag_int       (gconstpointer  word);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_is_tagged       (gconstpointer  word);

#ifndef __GI_SCANNER__

/* G_UNLIKELY() takes a variable in between, and GCC 12 forgets the hint on the way (performance/gcbench). */
# define GC_UNLIKELY_(expr) (__builtin_expect (!!(expr), 0))

/* Non-zero while stores have to be reported: some arena marks, or a check
 * watches all stores. */
GCOBJ_AVAILABLE_IN_ALL
extern guint8 gc_barrier_needed_;

/* Which pieces of address space have young objects only: one of the thread's own, and those of its other arenas by
 * their low bits, each in a cache line of its own. Never a promise: a later version may leave them 0. (The GNU C library has room
 * for a few thread-local words that are found without a call, of whatever library.) */
# ifdef __GLIBC__
#  define GC_YOUNG_LOCAL_ __thread __attribute__ ((tls_model ("initial-exec")))
# else
#  define GC_YOUNG_LOCAL_ __thread
# endif
# define GC_YOUNG_SHIFT_ 16
# define GC_N_YOUNG_     16
# define GC_YOUNG_WORDS_ 8
GCOBJ_AVAILABLE_IN_ALL
extern GC_YOUNG_LOCAL_ guintptr gc_young_block_;
GCOBJ_AVAILABLE_IN_ALL
extern guintptr gc_other_young_blocks_[GC_N_YOUNG_][GC_YOUNG_WORDS_];

GCOBJ_AVAILABLE_IN_ALL
void      gc_write_barrier_ (gpointer       owner,
                             gconstpointer  slot,
                             gconstpointer  value);

/* Strict aliasing would let a compiler keep an old value of the slot in a
 * register across a store through void **. */
typedef gconstpointer __attribute__ ((may_alias)) gc_slot_word_;

/* Most stores are into what was just made: one word is looked at for them, before it matters whether anybody has to be told. */
static inline void
gc_store_ (gpointer       owner,
           gconstpointer  slot,
           gconstpointer  value)
{
  guintptr block = (guintptr) owner >> GC_YOUNG_SHIFT_;

  *(gc_slot_word_ *) (guintptr) slot = value;
  if (GC_UNLIKELY_ (block != __atomic_load_n (&gc_young_block_, __ATOMIC_RELAXED)) &&
      __atomic_load_n (&gc_barrier_needed_, __ATOMIC_RELAXED) &&
      block != __atomic_load_n (&gc_other_young_blocks_[block % GC_N_YOUNG_][0], __ATOMIC_RELAXED))
    gc_write_barrier_ (owner, slot, value);
}

static inline gpointer
gc_tag_int_ (gssize value)
{
  return (gpointer) (((gsize) value << 3) | 1);
}

static inline gssize
gc_untag_int_ (gconstpointer word)
{
  return (gssize) (gsize) word >> 3;
}

static inline gboolean
gc_is_tagged_ (gconstpointer word)
{
  return ((gsize) word & 7) != 0;
}

# define gc_tag_int(value)   gc_tag_int_ (value)
# define gc_untag_int(word)  gc_untag_int_ (word)
# define gc_is_tagged(word)  gc_is_tagged_ (word)

# ifdef __cplusplus
G_END_DECLS
template <typename T> struct GcTailCxx_ { typedef T *const type[1]; };
# define GC_REF_TAIL_CXX_(T) typename GcTailCxx_<T>::type
template <typename O, typename S, typename V>
static inline void
gc_set_cxx_ (O *owner, S *const *slot, V value)
{
  S *checked = value;
  gc_store_ (owner, slot, checked);
}
template <typename O, typename V>
static inline void
gc_set_cxx_ (O *owner, GcObject *const *slot, V value)
{
  gc_store_ (owner, slot, (gconstpointer) value);
}
G_BEGIN_DECLS
#  define gc_set(owner, field, value) \
  (__extension__ ({ auto gc_o_ = (owner); gc_set_cxx_ (gc_o_, &gc_o_->field, (value)); }))
#  define gc_set_weak(owner, field, value) \
  (__extension__ ({ auto gc_o_ = (owner); \
                    decltype (+gc_o_->field.gc_weak_) gc_v_ = (value); \
                    gc_object_set_weak_slot (gc_o_, &gc_o_->field, gc_v_); }))
#  define gc_weak_get(owner, field) \
  (static_cast<decltype (+(owner)->field.gc_weak_)> (gc_weak_slot_get (&(owner)->field)))
# else
/* What a slot of this type takes: GcObject * takes any object, others their own type. */
#  define gc_value_type_(slot) \
  __typeof__ (_Generic ((slot), GcObject *: (gpointer) 0, default: (slot)))
/* Refuses a field that is not declared as a slot; has no value of its own. */
#  define gc_check_slot_(address) \
  ((void) sizeof (struct { _Static_assert (__builtin_types_compatible_p (__typeof__ (address), \
                                                                         __typeof__ (*(address)) const *), \
                                           "the field is not declared with GC_REF ()"); char x; }))
#  define gc_set(owner, field, value) \
  (__extension__ ({ __typeof__ (&*(owner)) gc_o_ = (owner); \
                    gc_check_slot_ (&gc_o_->field); \
                    gc_value_type_ (gc_o_->field) gc_v_ = (value); \
                    gc_store_ (gc_o_, &gc_o_->field, gc_v_); }))
#  define gc_set_weak(owner, field, value) \
  (__extension__ ({ __typeof__ (&*(owner)) gc_o_ = (owner); \
                    gc_value_type_ (gc_o_->field.gc_weak_) gc_v_ = (value); \
                    gc_object_set_weak_slot (gc_o_, &gc_o_->field, gc_v_); }))
#  define gc_weak_get(owner, field) \
  ((__typeof__ (&*(owner)->field.gc_weak_)) gc_weak_slot_get (&(owner)->field))
# endif
#endif

G_END_DECLS
