/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gcobj/gcobj.h>

#define GCSEQ_INSIDE

#include <gcseq/gc-sequence-enums.h>
#include <gcseq/gc-sequence-error.h>
#include <gcseq/gc-sequence.h>
#include <gcseq/gc-waker.h>
#include <gcseq/gc-step.h>
#include <gcseq/gc-coroutine.h>
#include <gcseq/gc-body.h>
#include <gcseq/gc-leaf.h>
#include <gcseq/gc-task-group.h>
#include <gcseq/gc-transform.h>
#include <gcseq/gc-chain.h>
#include <gcseq/gc-catch.h>
#include <gcseq/gc-finally.h>
#include <gcseq/gc-outcome.h>
#include <gcseq/gc-all.h>
#include <gcseq/gc-race.h>
#include <gcseq/gc-loop.h>
#include <gcseq/gc-retry.h>
#include <gcseq/gc-generator.h>
#include <gcseq/gc-generator-ops.h>
#include <gcseq/gc-generator-slice.h>
#include <gcseq/gc-generator-merge.h>
#include <gcseq/gc-generator-consume.h>
#include <gcseq/gc-run.h>
#include <gcseq/gc-runner.h>
#include <gcseq/gc-time.h>
#include <gcseq/gc-promise.h>
#include <gcseq/gc-async.h>
#include <gcseq/gc-file.h>
#include <gcseq/gc-task.h>
#include <gcseq/gc-source.h>
#include <gcseq/gc-signal.h>
#include <gcseq/gc-channel.h>
#include <gcseq/gc-lock.h>
#include <gcseq/gc-once.h>
#include <gcseq/gc-scope.h>

#undef GCSEQ_INSIDE
