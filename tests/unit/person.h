/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A type of records, and what tests of records share. */

#include <gio/gio.h>
#include "demo.h"
#include "token.h"

#define expect_critical(pattern) \
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, pattern)
#define assert_fails(expression, code) \
  G_STMT_START { \
    g_autoptr (GError) e_ = NULL; \
    GError **err = &e_; \
    g_assert_true (!(expression)); \
    g_assert_error (e_, GC_ERROR, code); \
  } G_STMT_END

#define LIST(...) ((const char *const []) { __VA_ARGS__, NULL })
#define TYPES(...) ((const GType []) { __VA_ARGS__ })

static GType
person_type (void)
{
  g_autoptr (GError) error = NULL;
  GType type = gc_record_type_register ("DemoPerson", GC_TYPE_RECORD,
                                        LIST ("name", "age", "parent", "token", "file", "node"),
                                        TYPES (G_TYPE_STRING, G_TYPE_INT, G_TYPE_NONE, TOKEN_TYPE,
                                               G_TYPE_FILE, demo_node_get_type ()),
                                        6, &error);

  g_assert_no_error (error);
  return type;
}
