/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects of 16 bytes payload, 24 with a class pointer, a thousand in an array. */

#pragma once

#include "peer.h"

PEER_DECLARE_TYPE (Payload, payload, PAYLOAD)

struct _Payload
{
  PeerObject parent_instance;
  uint64_t a;
  uint64_t b;
};

PEER_DEFINE_LEAF_TYPE (Payload, payload)

PEER_DECLARE_TYPE (Chunk, chunk, CHUNK)

struct _Chunk
{
  PeerObject parent_instance;
  PEER_REF (Chunk) next;
  PEER_LENGTH n;
  PEER_REF_TAIL (Payload) items;
};

PEER_DEFINE_TAIL_TYPE (Chunk, chunk, items, n,
                       PEER_FIELD (Chunk, next, chunk))

static Chunk *
chunk_new_full (PeerMutation *m,
                size_t        length,
                uint64_t      first)
{
  Chunk *chunk = chunk_new (m, length);

  for (size_t i = 0; i < length; i++)
    {
      Payload *payload = payload_new (m);

      payload->a = first + i;
      payload->b = ~payload->a * 3;
      PEER_SET (chunk, items[i], payload);
    }
  return chunk;
}
