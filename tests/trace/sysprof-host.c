/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs a program as Sysprof does, and prints what it tells: each of its threads asks for a ring buffer by the socket that
 * SYSPROF_CONTROL_FD names, and gets a file descriptor of one. */

#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "print-frames.h"

#define REQUEST      "CreatRing"        /* with its nul */
#define RING_SIZE    (4096 * 64)
#define MAX_RINGS    16

/* The other end of what sysprof-collector.h is one end of; the library has it, but no header that is installed. */
typedef struct _MappedRingBuffer MappedRingBuffer;

MappedRingBuffer *mapped_ring_buffer_new_reader (size_t            size);
int               mapped_ring_buffer_get_fd     (MappedRingBuffer *self);
void              mapped_ring_buffer_unref      (MappedRingBuffer *self);
bool              mapped_ring_buffer_drain      (MappedRingBuffer *self,
                                                 bool            (*callback) (const void *data,
                                                                              size_t     *size,
                                                                              void       *user_data),
                                                 void             *user_data);

static MappedRingBuffer *rings[MAX_RINGS];
static unsigned int n_rings;

static bool
take_frame (const void *data,
            size_t     *size,
            void       *user_data)
{
  const SysprofCaptureFrame *frame = data;

  (void) user_data;
  if (frame->len < sizeof *frame || frame->len > *size)
    {
      fprintf (stderr, "a frame of %u bytes\n", frame->len);
      exit (3);
    }
  if (frame->type == SYSPROF_CAPTURE_FRAME_MARK)
    print_mark (data);
  else if (frame->type == SYSPROF_CAPTURE_FRAME_CTRDEF)
    print_definitions (data);
  else if (frame->type == SYSPROF_CAPTURE_FRAME_CTRSET)
    print_values (data);
  *size = frame->len;
  return true;
}

static void
drain (void)
{
  for (unsigned int i = 0; i < n_rings; i++)
    mapped_ring_buffer_drain (rings[i], take_frame, NULL);
}

static void
send_descriptor (int socket,
                 int fd)
{
  char byte = 0;
  union { char bytes[CMSG_SPACE (sizeof (int))]; struct cmsghdr aligned; } control = { { 0 } };
  struct iovec data = { &byte, 1 };
  struct msghdr message = {
    .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes
  };
  struct cmsghdr *header = CMSG_FIRSTHDR (&message);

  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (header), &fd, sizeof fd);
  if (sendmsg (socket, &message, 0) != 1)
    exit (4);
}

/* FALSE when the program has ended. */
static bool
serve (int socket)
{
  struct pollfd wait = { socket, POLLIN, 0 };
  char request[sizeof REQUEST];

  drain ();
  if (poll (&wait, 1, 1) <= 0)
    return true;
  if (recv (socket, request, sizeof request, MSG_WAITALL) != sizeof request)
    return false;
  if (strcmp (request, REQUEST) != 0 || n_rings == MAX_RINGS)
    exit (5);
  rings[n_rings] = mapped_ring_buffer_new_reader (RING_SIZE);
  send_descriptor (socket, mapped_ring_buffer_get_fd (rings[n_rings++]));
  return true;
}

int
main (int   argc,
      char *argv[])
{
  int sockets[2], status;
  struct timespec now;
  char number[16];
  pid_t child;

  if (argc < 2 || socketpair (AF_LOCAL, SOCK_STREAM, 0, sockets) != 0)
    return 1;
  clock_gettime (CLOCK_MONOTONIC, &now);
  printf ("start\t%" PRId64 "\n", (int64_t) now.tv_sec * 1000000000 + now.tv_nsec);
  fflush (stdout);
  child = fork ();
  if (child == 0)
    {
      close (sockets[0]);
      snprintf (number, sizeof number, "%d", sockets[1]);
      setenv ("SYSPROF_CONTROL_FD", number, 1);
      execv (argv[1], argv + 1);
      _exit (127);
    }
  close (sockets[1]);
  while (serve (sockets[0]))
    ;
  waitpid (child, &status, 0);
  drain ();
  for (unsigned int i = 0; i < n_rings; i++)
    mapped_ring_buffer_unref (rings[i]);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128;
}
