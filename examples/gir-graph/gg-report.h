/* Prints answers for people.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include "gg-graph.h"

G_BEGIN_DECLS

void gg_report_init      (void);
void gg_report_heading   (const char *format,
                          ...) G_GNUC_PRINTF (1, 2);
void gg_report_row       (const char *label,
                          const char *format,
                          ...) G_GNUC_PRINTF (2, 3);

void gg_report_list      (GgGraph    *graph);
void gg_report_hierarchy (GgType     *type);
void gg_report_referrers (GgType     *type,
                          gboolean    show_all);
void gg_report_path      (GgType     *from,
                          GgType     *to);

G_END_DECLS
