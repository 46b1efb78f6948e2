/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Scopes: how operations are grouped, nested, interrupted by safe points and left
 * by jumps; and what happens between them. */

#include <setjmp.h>
#include "model.h"

static void
push (Run       *run,
      GcObject **variable)
{
  Rooted rooted = { variable, 0 };

  g_array_append_val (run->rooted, rooted);
}

static void
pop (Run *run,
     guint n)
{
  g_array_set_size (run->rooted, run->rooted->len - n);
}

static GC_MAY_COLLECT void
safepoint (Run        *run,
           GcMutation *m)
{
  gboolean expected = run->n_scopes == 1 && !run->is_lent && run->n_inhibited == 0;

  if (expected)
    model_minor (run);
  if (gc_mutation_safepoint (m) != expected)
    model_fail (run, "a safe point was %s in scope %u", expected ? "refused" : "taken", run->n_scopes);
  run->figures.safepoints++;
  if (expected)
    model_walk (run);
}

/* Opens scopes, roots locals, and leaves them all behind. */
static void G_GNUC_NORETURN
leap (Run        *run,
      GcMutation *m,
      jmp_buf    *place,
      guint       height)
{
  GcMutation *scope = m;

  if (model_chance (run, 2))
    {
      scope = gc_arena_begin (run->arena);
      run->n_scopes++;
    }
  {
    GC_ROOT (scope, GcObject, local);
    guint n = model_pick (run, 6);

    push (run, &local);
    while (n-- > 0)
      model_operate (run, scope);
    if (height > 0)
      leap (run, scope, place, height - 1);
    longjmp (*place, 1);
  }
}

static void
jump (Run        *run,
      GcMutation *m)
{
  const guint n_rooted = run->rooted->len;
  const guint n_scopes = run->n_scopes;
  GcMutationMark mark;
  jmp_buf place;

  gc_mutation_save (m, &mark);
  if (setjmp (place) == 0)
    leap (run, run->innermost, &place, model_pick (run, 4));
  gc_mutation_restore (m, &mark);
  g_array_set_size (run->rooted, n_rooted);
  run->n_scopes = n_scopes;
  run->figures.jumps++;
  if (gc_mutation_get_depth (run->innermost) != n_scopes)
    model_fail (run, "after a jump the depth is %u instead of %u", gc_mutation_get_depth (run->innermost), n_scopes);
}

typedef struct
{
  Run   *run;
  guint  depth;
} Lent;

static GC_MAY_COLLECT void
use_lent (GcMutation *m,
          gpointer    data)
{
  Run *run = ((Lent *) data)->run;
  GcMutation *outer = run->innermost;

  run->n_scopes++;
  run->innermost = m;
  if (run->n_scopes == 1)
    {
      run->is_lent = TRUE;
      model_walk (run);
    }
  model_session (run, m, ((Lent *) data)->depth);
  run->innermost = outer;
  run->n_scopes--;
  run->is_lent = run->is_lent && run->n_scopes > 0;
}

/* A function called inside of a session. */
static GC_MAY_COLLECT void
nest (Run        *run,
      GcMutation *m,
      guint       depth)
{
  guint how = model_pick (run, 6);
  Lent lent = { run, depth };

  if (how < 2)
    model_session (run, m, depth);
  else if (how < 3)
    gc_arena_mutate (run->arena, use_lent, &lent);
  else
    {
      g_autoptr (GcMutation) inner = gc_arena_begin (run->arena);
      GcMutation *outer = run->innermost;

      run->n_scopes++;
      run->innermost = inner;
      /* The outer mutation is as good for allocation as the inner one. */
      model_session (run, how < 4 ? m : inner, depth);
      run->innermost = outer;
      run->n_scopes--;
    }
}

/* A number of operations, with rooted locals of its own. */
void
model_session (Run        *run,
               GcMutation *m,
               guint       depth)
{
  GC_ROOT (m, GcObject, first);
  GC_ROOT (m, GcObject, second);
  guint n = 1 + model_pick (run, (run->scope_length >> 2 * depth) + 1);

  push (run, &first);
  push (run, &second);
  while (n-- > 0 && run->n_ops < run->options->n_ops)
    {
      guint what = model_pick (run, 200);

      run->n_ops++;
      if (what < 5)
        safepoint (run, m);
      else if (what < 9 && depth < 4)
        nest (run, m, depth + 1);
      else if (what < 10)
        jump (run, m);
      else
        model_operate (run, m);
    }
  pop (run, 2);
}

/* An outermost scope. */
void
model_scope (Run *run)
{
  run->figures.phases[gc_arena_get_phase (run->arena)]++;
  if (model_chance (run, 8))
    {
      Lent lent = { run, 0 };

      gc_arena_mutate (run->arena, use_lent, &lent);
    }
  else
    {
      g_autoptr (GcMutation) m = gc_arena_begin (run->arena);

      run->n_scopes = 1;
      run->innermost = m;
      model_walk (run);
      if (run->has_watchers && model_chance (run, 6))
        model_empty_queues (run);
      model_session (run, m, 0);
      run->n_scopes = 0;
      run->innermost = NULL;
      if (run->n_inhibited == 0 && model_chance (run, 2))
        model_minor (run);
    }
}

static guint32
any_external (Run *run)
{
  if (run->externals->len == 0)
    return 0;
  return g_array_index (run->externals, guint32, model_pick (run, run->externals->len));
}

/* Setters open a scope of their own. */
static void
set_from_outside (Run *run)
{
  guint32 id = any_external (run);
  guint32 value = model_chance (run, 3) ? 0 : any_external (run);
  const Node *node = model_node_of (run, id);
  guint i;

  if (id == 0)
    return;
  if (node->n_slots > 0)
    {
      i = model_pick (run, node->n_slots);
      gc_object_set_slot (node->address, model_slot (node->kind, node->address, i), model_real (run, value));
      *model_word (run, node, i) = value;
    }
  if (node->n_weak > 0 && !(node->kind->flags & KIND_WEAK_REF))
    {
      i = model_pick (run, node->n_weak);
      gc_object_set_weak_slot (node->address, model_weak_slot (node->kind, node->address, i),
                               model_real (run, value));
      *model_word (run, node, node->n_slots + i) = value;
    }
}

static void
set_root_from_outside (Run *run)
{
  run->root = any_external (run);
  gc_arena_set_root (run->arena, model_real (run, run->root));
}

static void
expect_phase (Run     *run,
              GcPhase  phase)
{
  if (run->n_inhibited == 0 && gc_arena_get_phase (run->arena) != phase)
    model_fail (run, "the phase is %u instead of %u", gc_arena_get_phase (run->arena), phase);
}

static void
toggle_inhibition (Run *run)
{
  if (run->n_inhibited > 0)
    {
      gc_arena_uninhibit (run->arena);
      run->n_inhibited--;
    }
  else if (model_chance (run, 4))
    {
      gc_arena_inhibit (run->arena);
      run->n_inhibited++;
    }
}

/* What a program does while no scope is open. */
void
model_outside (Run *run)
{
  guint what = model_pick (run, 40);

  run->n_ops++;
  if (what < 26)
    {
      if (run->is_timed && what < 8)
        gc_arena_step (run->arena, 20 + model_pick (run, 100));
      else
        {
          guint units = 1 + model_pick (run, model_chance (run, 2) ? 4 : run->step_units);

          run->figures.cycles += gc_arena_step_units (run->arena, units);
        }
    }
  else if (what < 28)
    gc_arena_start_cycle (run->arena);
  else if (what < 30)
    {
      gc_arena_finish_marking (run->arena);
      expect_phase (run, GC_PHASE_MARKED);
    }
  else if (what < 31)
    {
      gc_arena_start_sweeping (run->arena);
      expect_phase (run, GC_PHASE_SWEEPING);
    }
  else if (what < 32)
    {
      gc_arena_finish_cycle (run->arena);
      expect_phase (run, GC_PHASE_IDLE);
    }
  else if (what < 33)
    {
      gc_arena_collect (run->arena);
      expect_phase (run, GC_PHASE_IDLE);
    }
  else if (what < 35)
    {
      model_drop_ref (run);
      model_drop_key (run);
    }
  else if (what < 37)
    set_from_outside (run);
  else if (what < 38)
    set_root_from_outside (run);
  else
    toggle_inhibition (run);
}
