/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Shows that the checks check: the model runs on a library with one fault planted
 * at a time (gc-fault-private.h), in plain and under each of the arena's own checks. Each fault has
 * to be caught by at least one of them; without one all must be clean. */

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gcobj/heap/gc-fault-private.h"
#include "model.h"
#include "mutators.h"

#define N_SEEDS 12
#define N_OPS   4000

static const char *const names[] = {
  [GC_FAULT_NONE] = "none",
  [GC_FAULT_BARRIER_SHADE] = "barrier-shade",
  [GC_FAULT_BARRIER_REPORT] = "barrier-report",
  [GC_FAULT_EXTERNAL_ROOT] = "external-root",
  [GC_FAULT_SCOPED_ROOT] = "scoped-root",
  [GC_FAULT_LAST_SLOT] = "last-slot",
  [GC_FAULT_WEAK_CLEARING] = "weak-clearing",
  [GC_FAULT_COLOUR_FLIP] = "colour-flip",
  [GC_FAULT_TAIL_NEXT] = "tail-next",
  [GC_FAULT_EPHEMERON_KEY] = "ephemeron-key",
  [GC_FAULT_ARRAY_SLICE] = "array-slice",
  [GC_FAULT_FINALIZE_TWICE] = "finalize-twice",
  [GC_FAULT_SWEEP_LIVE] = "sweep-live",
  [GC_FAULT_GREY_TAIL] = "grey-tail",
  [GC_FAULT_WIDE] = "wide",
  [GC_FAULT_TRACE] = "trace",
  [GC_FAULT_REMARK] = "remark",
  [GC_FAULT_EPOCH] = "epoch",
  [GC_FAULT_ZERO] = "zero",
  [GC_FAULT_LARGE_SWEEP] = "large-sweep",
  [GC_FAULT_LARGE_KEPT] = "large-kept",
  [GC_FAULT_UNWRITTEN] = "unwritten",
  [GC_FAULT_PAGES_FREED] = "pages-freed",
  [GC_FAULT_PAGES_ZERO] = "pages-zero",
  [GC_FAULT_EXTERNAL_UNREF] = "external-unref",
  [GC_FAULT_FINALIZE_LOST] = "finalize-lost",
  [GC_FAULT_KEEP_MEMORY] = "keep-memory",
  [GC_FAULT_ABANDON] = "abandon",
  [GC_FAULT_WEAK_READ] = "weak-read",
  [GC_FAULT_WEAK_SET] = "weak-set",
  [GC_FAULT_RESTORE] = "restore",
  [GC_FAULT_RELOCATE_LISTS] = "relocate-lists",
  [GC_FAULT_LOG] = "log",
  [GC_FAULT_LOG_WEAK] = "log-weak",
  [GC_FAULT_CARD] = "card",
  [GC_FAULT_EPHEMERON_CLEARING] = "ephemeron-clearing",
  [GC_FAULT_GUARDIAN_SHADE] = "guardian-shade",
  [GC_FAULT_ROOT_KEY] = "root-key",
  [GC_FAULT_YOUNG_BLOCK] = "young-block",
  [GC_FAULT_STORED] = "stored",
  [GC_FAULT_TEAM_GIFT] = "team-gift",
  [GC_FAULT_TEAM_ARRAY] = "team-array",
  [GC_FAULT_TEAM_DEFERRED] = "team-deferred",
  [GC_FAULT_TEAM_SWEEP] = "team-sweep",
  [GC_FAULT_KEEPER_TRIAL] = "keeper-trial",
  [GC_FAULT_PEER_POLL] = "peer-poll",
  [GC_FAULT_PEER_CONDEMN] = "peer-condemn",
  [GC_FAULT_PEER_YOUNG] = "peer-young",
  [GC_FAULT_PEER_RELEASED] = "peer-released",
  [GC_FAULT_PEER_CERTIFICATE] = "peer-certificate",
  [GC_FAULT_PEER_RESCUE] = "peer-rescue",
  [GC_FAULT_MUTATOR_ROOTS] = "mutator-roots",
  [GC_FAULT_MUTATOR_WINDOW] = "mutator-window",
  [GC_FAULT_MUTATOR_LOCK] = "mutator-lock",
  [GC_FAULT_MUTATOR_STOP] = "mutator-stop",
  [GC_FAULT_MUTATOR_SWEEP] = "mutator-sweep",
  [GC_FAULT_MUTATOR_LOG] = "mutator-log",
  [GC_FAULT_MUTATOR_RUN] = "mutator-run",
};

G_STATIC_ASSERT (G_N_ELEMENTS (names) == GC_N_FAULTS);

static const struct
{
  const char *name;
  GcZeal      zeal;
} modes[] = {
  { "plain", GC_ZEAL_NONE },
  { "safepoint", GC_ZEAL_SAFEPOINT },
  { "verify", GC_ZEAL_VERIFY },
  { "shadow-slots", GC_ZEAL_SHADOW_SLOTS },
  { "untraced", GC_ZEAL_UNTRACED },
  { "relocate", GC_ZEAL_RELOCATE },
  { "clobber", GC_ZEAL_CLOBBER },
};

GC_DECLARE_TYPE (FaultWatch, fault_watch, FAULT, WATCH, GcObject)

struct _FaultWatch
{
  GcObject parent_instance;
  GC_REF (FaultWatch) next;
  GC_WEAK (FaultWatch) watched;
};

GC_DEFINE_TYPE (FaultWatch, fault_watch, GC_TYPE_OBJECT,
                GC_FIELD (FaultWatch, next)
                GC_FIELD_WEAK (FaultWatch, watched))

/* Reads weak slots of the dead while they are being cleared, which the model does too seldom
 * to rely on: no such slot leads anywhere. */
static void
read_while_clearing (GcZeal zeal)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  gboolean is_complete = FALSE;

  gc_arena_set_zeal (arena, zeal);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < 1000; i++)
      {
        FaultWatch *watch = gc_new (m, FaultWatch);

        gc_set_weak (watch, watched, gc_new (m, FaultWatch));
        gc_set (watch, next, gc_arena_get_root (arena));
        gc_arena_set_root (arena, watch);
      }
  }
  while (!is_complete)
    {
      is_complete = gc_arena_step_units (arena, 1);
      if (gc_arena_get_phase (arena) == GC_PHASE_CLEARING)
        {
          g_autoptr (GcMutation) m = gc_arena_begin (arena);

          for (FaultWatch *watch = gc_arena_get_root (arena); watch != NULL; watch = watch->next)
            if (gc_weak_get (watch, watched) != NULL)
              g_error ("a weak slot leads to the dead");
          if (zeal != GC_ZEAL_NONE)
            break;
        }
    }
}

/* With full checks every store is reported at once: no block counts as young, and nothing is noted for later. */
static gboolean
is_harmless (GcFault fault)
{
  return fault == GC_FAULT_NONE ||
         (GCOBJ_CHECKS >= 2 &&
          (fault == GC_FAULT_YOUNG_BLOCK || fault == GC_FAULT_STORED || fault == GC_FAULT_MUTATOR_LOG));
}

/* Several threads in one arena, for the faults that one can't find. */
static void
use_threads (GcZeal zeal)
{
  alarm (90);
  for (guint i = 0; i < 10; i++)
    mutators_run (&(MutatorOptions) {
      .seed = 1 + i, .n_threads = 3, .n_rounds = 2, .n_ops = zeal == GC_ZEAL_NONE ? 2000 : 400, .zeal = zeal
    });
  alarm (0);
}

typedef struct
{
  pid_t pid;
  char *path;                   /* what it printed */
} Child;

static void
start (Child   *child,
       GcFault  fault,
       GcZeal   zeal)
{
  int fd = g_file_open_tmp ("gcobj-fault-XXXXXX", &child->path, NULL);

  g_assert_cmpint (fd, >=, 0);
  fflush (NULL);
  child->pid = fork ();
  if (child->pid == 0)
    {
      dup2 (fd, STDOUT_FILENO);
      dup2 (fd, STDERR_FILENO);
      gc_planted_fault = fault;
      if (fault == GC_FAULT_NONE || fault == GC_FAULT_WEAK_READ)
        read_while_clearing (zeal);
      if (fault == GC_FAULT_NONE || fault == GC_FAULT_KEEPER_TRIAL)
        model_reference_while_marking (zeal);
      if (fault == GC_FAULT_NONE || fault == GC_FAULT_PEER_RESCUE)
        model_rescue_condemned (zeal);
      if (fault == GC_FAULT_NONE || fault >= GC_FAULT_MUTATOR_ROOTS)
        use_threads (zeal);
      if (fault >= GC_FAULT_MUTATOR_ROOTS)
        _exit (0);
      for (guint i = 0; i < N_SEEDS; i++)
        {
          ModelOptions options = { 1 + i, MAX (400, (guint) (N_OPS * model_scale ())), zeal, FALSE };

          model_run (&options, NULL);
        }
      _exit (0);
    }
  close (fd);
}

/* How the child ended: NULL if all went well. */
static const char *
finish (Child *child)
{
  g_autofree char *printed = NULL;
  const char *how = NULL;
  int status;

  g_assert_cmpint (waitpid (child->pid, &status, 0), ==, child->pid);
  g_file_get_contents (child->path, &printed, NULL, NULL);
  if (status != 0)
    {
      how = WIFSIGNALED (status) && WTERMSIG (status) == SIGALRM ? "hang" :
            strstr (printed, "stale pointer") != NULL ? "stale" :
            strstr (printed, "CRITICAL") != NULL ? "critical" :
            strstr (printed, "ERROR") != NULL ? "error" :
            strstr (printed, "model: seed") != printed && strstr (printed, "model: ") == printed ? "model" :
            "crash";
      if (g_test_verbose ())
        g_test_message ("%s", printed);
    }
  g_unlink (child->path);
  g_free (child->path);
  return how;
}

static void
test_fault (gconstpointer data)
{
  GcFault fault = GPOINTER_TO_INT (data);
  g_autoptr (GString) row = g_string_new (NULL);
  Child children[G_N_ELEMENTS (modes)];
  guint n_caught = 0;

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    start (&children[i], fault, modes[i].zeal);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      const char *how = finish (&children[i]);

      g_string_append_printf (row, " %-12s", how != NULL ? how : "-");
      n_caught += how != NULL;
    }
  g_test_message ("%-18s%s", names[fault], row->str);
  if (is_harmless (fault) != (n_caught == 0))
    g_test_fail_printf ("the fault %s was caught in %u modes", names[fault], n_caught);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GString) head = g_string_new (NULL);

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    g_string_append_printf (head, " %-12s", modes[i].name);
  g_test_message ("%-18s%s", "fault", head->str);
  for (int i = 0; i < GC_N_FAULTS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/faults/%s", names[i]);

      g_test_add_data_func (path, GINT_TO_POINTER (i), test_fault);
    }
  return g_test_run ();
}
