/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the caches and maps hold. */

#pragma once

#include "peer.h"

PEER_DECLARE_TYPE (Value, value, VALUE)

struct _Value
{
  PeerObject parent_instance;
  uint64_t words[4];
};

PEER_DEFINE_LEAF_TYPE (Value, value)

static Value *
new_value (PeerMutation *m,
           uint64_t      number)
{
  Value *value = value_new (m);

  for (size_t i = 0; i < 4; i++)
    value->words[i] = number + i;
  return value;
}
