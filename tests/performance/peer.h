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
 *   PEER_DEFINE_TYPE (Thing, thing, PEER_FIELD (Thing, next, thing)
 *                                   PEER_BORROWED (Thing, owner) …)
 *   PEER_DEFINE_LEAF_TYPE (Thing, thing)            no references inside
 *   PEER_DEFINE_TAIL_TYPE (Thing, thing, items, n, fields…)
 *   PEER_DEFINE_LEAF_TAIL_TYPE (Thing, thing, numbers, n)
 *
 * A PEER_FIELD owns what it refers to, a PEER_BORROWED one does not: somebody
 * else sees to it. A collector makes no difference. The third argument of
 * PEER_FIELD names the target's type, for peers that have to know statically
 * how to free it. They define
 *
 *   Thing *thing_new (PeerMutation *m)              zeroed
 *   Thing *thing_new (PeerMutation *m, size_t n)    with a tail
 *
 * Code. PEER_ARENA (arena) and PEER_BEGIN (m, arena) declare what allocation
 * needs until the end of the block; PEER_ENTER (m) is both. What lives beyond a
 * scope is kept by PEER_SET_ROOT (arena, object), and PEER_GET_ROOT (arena)
 * gives it back. PEER_ROOT (m, Thing, name) is a local that survives
 * PEER_SAFEPOINT (m), where a collector may run; other locals do not.
 *
 * PEER_SET (owner, field, value) stores. Where references are counted, that of
 * the value is handed over, and the caller has seen to what was there before.
 * PEER_DROP (thing, object) ends an object and all that it owns where that
 * takes a call; with a collector it does nothing. PEER_DROP_TAIL (object) ends
 * what has a tail, and nothing that the tail refers to. PEER_COLLECTS is a
 * constant: whether walking over objects in order to drop them is in vain.
 * PEER_COLLECT (arena), outside of scopes, is a whole collection there, and
 * PEER_REPORT (m) what the collector tells of itself.
 */

#pragma once

#include "bench.h"

#include PEER_HEADER
