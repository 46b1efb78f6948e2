// SPDX-License-Identifier: LGPL-2.1-or-later

package main

import "time"

type value struct {
	words [4]uint64
}

func newValue(number uint64) *value {
	return &value{[4]uint64{number, number + 1, number + 2, number + 3}}
}

// A cache that is full.

type entry struct {
	chain, newer, older *entry
	value               *value
	key                 uint64
}

type cache struct {
	chains         []*entry
	bits           int
	newest, oldest *entry
}

func (c *cache) prepend(e *entry) {
	e.newer = nil
	e.older = c.newest
	if c.newest != nil {
		c.newest.newer = e
	} else {
		c.oldest = e
	}
	c.newest = e
}

func (c *cache) remove(e *entry) {
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		c.newest = e.older
	}
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		c.oldest = e.newer
	}
}

func (c *cache) lookUp(key uint64) *entry {
	e := c.chains[hash(key, c.bits)]
	for e != nil && e.key != key {
		e = e.chain
	}
	if e != nil && e != c.newest {
		c.remove(e)
		c.prepend(e)
	}
	return e
}

func (c *cache) insert(key uint64) {
	i := hash(key, c.bits)
	e := &entry{key: key, value: newValue(key), chain: c.chains[i]}
	c.chains[i] = e
	c.prepend(e)
}

func (c *cache) evict() {
	link := &c.chains[hash(c.oldest.key, c.bits)]
	for *link != c.oldest {
		link = &(*link).chain
	}
	*link = c.oldest.chain
	c.remove(c.oldest)
}

func lruChurn(nRounds int) {
	nLive := nRounds / 25
	var random generator = 2463534242
	c := cache{bits: bitsFor(nLive)}
	c.chains = make([]*entry, 1<<c.bits)
	key := uint64(0)
	for ; key < uint64(nLive); key++ {
		c.insert(key)
	}

	sum, nHits := uint64(0), 0
	for i := 0; i < nRounds; i++ {
		e := c.lookUp(key - 1 - uint64(random.below(nLive)))
		if e != nil {
			nHits++
			sum += e.value.words[i&3]
		}
		c.evict()
		c.insert(key)
		key++
	}
	check(uint64(nHits))
	check(sum)
}

// Timed steps beside much that lives. Not the language's own map: all programs
// do the same work.

type item struct {
	chain *item
	value *value
	key   uint64
}

func mapSteps(nSteps int) {
	nEntries := nSteps / 5
	bits := bitsFor(nEntries)
	var random generator = 2463534242
	chains := make([]*item, 1<<bits)
	for key := uint64(0); key < uint64(nEntries); key++ {
		i := hash(key, bits)
		chains[i] = &item{chains[i], newValue(key), key}
	}

	sum := uint64(0)
	times := &steps{last: time.Now()}
	for i := 0; i < nSteps; i++ {
		key := uint64(random.below(nEntries))
		it := chains[hash(key, bits)]
		for it.key != key {
			it = it.chain
		}
		sum += it.value.words[i&3]
		it.value = newValue(uint64(i))
		times.next()
	}
	times.report()
	check(sum)
}
