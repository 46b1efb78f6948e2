/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define GCOBJ_INSIDE

#include <gcobj/gc-version.h>
#include <gcobj/gc-types.h>
#include <gcobj/gc-arena.h>
#include <gcobj/gc-array.h>
#include <gcobj/gc-box.h>
#include <gcobj/gc-bytes.h>
#include <gcobj/gc-census.h>
#include <gcobj/gc-closure.h>
#include <gcobj/gc-death-queue.h>
#include <gcobj/gc-error.h>
#include <gcobj/gc-event.h>
#include <gcobj/gc-guardian.h>
#include <gcobj/gc-handle.h>
<<<<<<< HEAD
#include <gcobj/gc-listener.h>
#include <gcobj/gc-listener-chain.h>
=======
#include <gcobj/gc-list-model.h>
>>>>>>> main
#include <gcobj/gc-mutation.h>
#include <gcobj/gc-object.h>
#include <gcobj/gc-pacing.h>
#include <gcobj/gc-param.h>
#include <gcobj/gc-peer.h>
#include <gcobj/gc-record.h>
#include <gcobj/gc-root-path.h>
#include <gcobj/gc-root-set.h>
#include <gcobj/gc-root.h>
#include <gcobj/gc-slot.h>
#include <gcobj/gc-stats.h>
#include <gcobj/gc-snapshot.h>
#include <gcobj/gc-string.h>
#include <gcobj/gc-table.h>
#include <gcobj/gc-trace-file.h>
#include <gcobj/gc-type.h>
#include <gcobj/gc-value.h>
#include <gcobj/gc-weak-ref.h>

#undef GCOBJ_INSIDE
