/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-event.h"

G_BEGIN_DECLS

/* gc-event.c */
const char *gc_event_type_to_name   (GcEventType   type);
const char *gc_pause_reason_to_name (GcPauseReason reason);

G_END_DECLS
