/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The operating system: memory, clocks, faults. Nothing else in the library
 * calls it for these. */


#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "gcobj/gc-os-private.h"

#define PAGE_SHIFT   12
#define RUN_PAGES    256                /* looked at in one go */
#define GAP_PAGES    16                 /* fewer are not worth the look: a microsecond, and 4 for the call */
#define PAGE_IS_THERE ((guint64) 3 << 62)       /* in memory, or swapped out: Linux, admin-guide/mm/pagemap */
#define HUGE_PAGE_NS (1000 * 1000)      /* of processor time: so long may it take to get one */

/* Maps zeroed memory, or gives NULL: an aligned part of a mapping that is larger by the alignment, the highest one, since
 * the system maps downwards: so there is no hole between two that are as large as they are aligned, and the system can make
 * one of them, of which it allows 65,530. Not MAP_NORESERVE: the system shall refuse here what it could never
 * back, instead of killing the process later. */
gpointer
gc_os_map (gsize size,
           gsize alignment)
{
  gsize total, before, after;
  char *start, *aligned;

  if (!g_size_checked_add (&total, size, alignment))
    return NULL;
  start = mmap (NULL, total, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED)
    return NULL;

  aligned = (char *) ((guintptr) (start + alignment) & ~(guintptr) (alignment - 1));
  before = aligned - start;
  after = total - before - size;
  if (before > 0)
    munmap (start, before);
  if (after > 0)
    munmap (aligned + size, after);
  return aligned;
}

void
gc_os_unmap (gpointer start,
             gsize    size)
{
  munmap (start, size);
}

/* Gives the memory back and keeps the addresses; they read as zero. */
void
gc_os_discard (gpointer start,
               gsize    size)
{
  madvise (start, size, MADV_DONTNEED);
}

/* Has memory that nobody touched yet come in huge pages, where the system has any to give: fewer faults and fewer misses
 * of the TLB. A hint. To clear one takes a tenth of a millisecond; but a virtual machine that has to ask its host for the memory
 * first may take five. Then it is ordinary pages for the rest of the process: an allocation is not to take longer than a pause. */
void
gc_os_want_huge (gpointer start,
                 gsize    size)
{
#ifdef MADV_HUGEPAGE
  static gboolean are_slow;
  gint64 before;

  if (__atomic_load_n (&are_slow, __ATOMIC_RELAXED) || madvise (start, size, MADV_HUGEPAGE) != 0)
    return;
  before = gc_os_cpu_ns ();
  *(volatile char *) start = 0;
  if (gc_os_cpu_ns () - before > HUGE_PAGE_NS)
    {
      __atomic_store_n (&are_slow, TRUE, __ATOMIC_RELAXED);
      madvise (start, size, MADV_NOHUGEPAGE);
    }
#endif
}

/* Has memory present before it is touched: one call for what would be a fault for
 * each page. A hint; older systems do not know it. */
void
gc_os_populate (gpointer start,
                gsize    size)
{
#ifdef MADV_POPULATE_WRITE
  madvise (start, size, MADV_POPULATE_WRITE);
#endif
}

/* What the system tells of some pages, if it does. The file is opened each time, since after a fork it would go on to tell of the
 * parent. An emulator whose addresses are not the system's would give what is told of other memory: then it would not know
 * the page that this function's own variables are in, which is written. */
static gboolean
read_pages (gconstpointer start,
            gsize         n,
            guint64      *pages)
{
  int fd = open ("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  guint64 own = 0;
  gboolean is_told;

  if (fd < 0)
    return FALSE;
#define READ(address, entries, n) \
  (pread (fd, entries, (n) * sizeof (guint64), (off_t) ((guintptr) (address) >> PAGE_SHIFT) * (off_t) sizeof (guint64)) == \
   (gssize) ((n) * sizeof (guint64)))
  is_told = READ (&own, &own, 1) && (own & PAGE_IS_THERE) != 0 && READ (start, pages, n);
#undef READ
  close (fd);
  return is_told;
}

/* Of private memory that reads as zero where nobody wrote: how many bytes from @start, which is aligned to pages, are alike, up to
 * @size at most. To read what nobody wrote costs a fault for each page, and then another when it is written after all. Short
 * gaps count as written, and so does everything where the system does not tell, or has larger pages. */
gsize
gc_os_measure_run (gconstpointer  start,
                   gsize          size,
                   gboolean      *is_written)
{
  guint64 pages[RUN_PAGES];
  gsize n = MIN ((size + (1 << PAGE_SHIFT) - 1) >> PAGE_SHIFT, RUN_PAGES);
  gsize run = 0, gap = 0;

  *is_written = TRUE;
  if (sysconf (_SC_PAGESIZE) != 1 << PAGE_SHIFT || !read_pages (start, n, pages))
    return MIN (size, n << PAGE_SHIFT);

  while (gap < n && (pages[gap] & PAGE_IS_THERE) == 0)
    gap++;
  if (gap >= MIN (n, GAP_PAGES))
    {
      *is_written = FALSE;
      return MIN (size, gap << PAGE_SHIFT);
    }
  for (gap = 0; run < n && gap < GAP_PAGES; run++)
    gap = (pages[run] & PAGE_IS_THERE) == 0 ? gap + 1 : 0;
  return MIN (size, (gap < GAP_PAGES ? run : run - gap) << PAGE_SHIFT);
}

/* Frees memory and keeps its addresses taken: to follow one of them faults. */
gboolean
gc_os_bury (gpointer start,
            gsize    size)
{
  return mmap (start, size, PROT_NONE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) != MAP_FAILED;
}

/* Moves memory to a mapping of its own and buries what it leaves. Pages are not
 * copied where the system can leave the old range mapped: between an
 * unmapping and a burial another thread could get the addresses. */
gboolean
gc_os_move (gpointer from,
            gpointer to,
            gsize    size)
{
#ifdef MREMAP_DONTUNMAP
  if (mremap (from, size, size, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, to) == to)
    return mprotect (from, size, PROT_NONE) == 0;
#endif
  memcpy (to, from, size);
  return gc_os_bury (from, size);
}

static gint64
read_clock (clockid_t id)
{
  struct timespec t;

  clock_gettime (id, &t);
  return (gint64) t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Cheap (no system call), and runs on while the thread does not. */
gint64
gc_os_now_ns (void)
{
  return read_clock (CLOCK_MONOTONIC);
}

/* What this thread has computed: a system call, so twice in a slice. */
gint64
gc_os_cpu_ns (void)
{
  return read_clock (CLOCK_THREAD_CPUTIME_ID);
}

/* Differs in a child process. */
gint64
gc_os_process (void)
{
  return getpid ();
}

/* The calling thread's number in the system, as other tools show it. */
guint64
gc_os_thread_id (void)
{
  static _Thread_local guint64 id;

  if (G_UNLIKELY (id == 0))
    id = syscall (SYS_gettid);
  return id;
}

static GcFaultHandler fault_handler;
static struct sigaction fault_previous;

static void
on_fault (int        signal_number,
          siginfo_t *info,
          void      *context)
{
  (void) context;
  (void) signal_number;
  fault_handler (info->si_addr);
  /* The access repeats on return and meets what was there before us. */
  sigaction (SIGSEGV, &fault_previous, NULL);
}

/* Has @handler told of the first invalid access; then the process ends as it
 * would have. */
void
gc_os_on_fault (GcFaultHandler handler)
{
  struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };

  if (fault_handler != NULL)
    return;
  fault_handler = handler;
  sigaction (SIGSEGV, &action, &fault_previous);
}

/* Writes to standard error from a signal handler. */
void
gc_os_print (const char *text)
{
  if (write (STDERR_FILENO, text, strlen (text)) < 0)
    return;
}
