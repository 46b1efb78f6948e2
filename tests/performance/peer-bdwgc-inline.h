/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The Boehm-Demers-Weiser collector, free lists inlined. */

#pragma once

#define PEER_BDWGC_INLINE

#include "peer-bdwgc.h"
