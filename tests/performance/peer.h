/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a workload may ask of a memory manager.
 *
 * A workload is written once and compiled once per peer, with PEER_HEADER
 * naming the header that maps the vocabulary below to that peer. Each peer
 * is written the way its own users would write it.
 *
 * Types. An instance starts with a class pointer of 8 bytes, as GTypeInstance
 * does, even where the memory manager has no use for it.
 *
 *   PEER_DECLARE_TYPE (Thing, thing, THING)
 *   struct _Thing
 *   {
 *     PeerObject parent_instance;
 *     PEER_REF (Thing) next;
 *     PEER_REF_TAIL (Other) items;      last, with a PEER_LENGTH n before it
 *   };
 *   PEER_DEFINE_TYPE (Thing, thing, PEER_FIELD (Thing, next, thing) …)
 *   PEER_DEFINE_LEAF_TYPE (Thing, thing)            no references inside
 *   PEER_DEFINE_TAIL_TYPE (Thing, thing, items, n, fields…)
 *   PEER_DEFINE_LEAF_TAIL_TYPE (Thing, thing, numbers, n)
 *
 * The third argument of PEER_FIELD names the target's type, for peers that
 * have to know statically how to free it. They define
 *
 *   Thing *thing_new (PeerMutation *m)              zeroed
 *   Thing *thing_new (PeerMutation *m, size_t n)    with a tail
 *
 * Code. PEER_ENTER (m) declares m until the end of the block.
 * PEER_SET (owner, field, value) hands a new object to a field that is still
 * NULL. PEER_DROP (thing, object) ends an object and all that it owns where
 * that takes a call; with a collector it does nothing. What has a tail cannot
 * be dropped. PEER_ROOT (m, Thing, name) is a local that survives
 * PEER_SAFEPOINT (m), where a collector may run; other locals do not.
 */

#pragma once

#include "bench.h"

#include PEER_HEADER
