/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-value.h"

G_BEGIN_DECLS

extern const GTypeValueTable gc_value_table;

G_END_DECLS
