/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The first error of the domain in the process is one that a binding made: it knows the type and the domain's name. */

#include <gcseq/gcseq.h>

static void
test_by_name (void)
{
  g_autoptr (GError) error = NULL, copy = NULL;

  g_type_ensure (GC_TYPE_SEQUENCE_ERROR);
  error = g_error_new_literal (g_quark_from_static_string ("GcSequenceError"), GC_SEQUENCE_ERROR_EXCEPTION, "made");
  copy = g_error_copy (error);
  g_assert_error (copy, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_EXCEPTION);
  g_assert_cmpuint (gc_sequence_error_get_n_causes (error), ==, 0);
  g_assert_cmpuint (gc_sequence_error_get_n_causes (copy), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sequences/error-domain/by-name", test_by_name);

  return g_test_run ();
}
