/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Reads JSON from front to back, without building anything: whoever calls says what it expects
 * next. After the first error nothing is read any more. */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  const char *start;
  const char *at;
  const char *end;
  gboolean    ok;
  GError    **error;
} JsonScan;

void     json_scan_fail     (JsonScan   *self,
                             const char *message);
gboolean json_scan_accept   (JsonScan   *self,
                             char        c);
gboolean json_scan_expect   (JsonScan   *self,
                             char        c);
guint64  json_scan_number   (JsonScan   *self);
void     json_scan_string   (JsonScan   *self,
                             GString    *to);
void     json_scan_skip     (JsonScan   *self);
gboolean json_scan_next     (JsonScan   *self,
                             gboolean   *is_first,
                             char        close);

G_END_DECLS
