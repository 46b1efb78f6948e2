/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gcobj/gcobj.h>

#define GCSEQ_INSIDE

#include <gcseq/gc-sequence-enums.h>
#include <gcseq/gc-sequence.h>
#include <gcseq/gc-waker.h>
#include <gcseq/gc-step.h>
#include <gcseq/gc-coroutine.h>
#include <gcseq/gc-body.h>
#include <gcseq/gc-leaf.h>
#include <gcseq/gc-task-group.h>
#include <gcseq/gc-transform.h>
#include <gcseq/gc-run.h>
#include <gcseq/gc-runner.h>

#undef GCSEQ_INSIDE
