// SPDX-License-Identifier: LGPL-2.1-or-later

package main

import "runtime"

// What it costs to keep objects.

type payload struct {
	a, b uint64
}

type chunk struct {
	next  *chunk
	items [1000]*payload
}

func liveObjects(nObjects int) {
	before := resident()
	var chunks *chunk
	for nDone := 0; nDone < nObjects; nDone += len(chunks.items) {
		chunks = &chunk{next: chunks}
		for i := range chunks.items {
			a := uint64(nDone + i)
			chunks.items[i] = &payload{a, ^a * 3}
		}
	}
	report("bytes-per-object", float64(resident()-before-8*nObjects)/float64(nObjects))
	sum := uint64(0)
	for ; chunks != nil; chunks = chunks.next {
		for _, p := range chunks.items {
			sum = sum*31 + (p.a ^ p.b)
		}
	}
	check(sum)
}

// A graph full of cycles.

type vertex struct {
	previous, next, a, b *vertex
	number               uint64
}

func build(n int, random *generator) []*vertex {
	index := make([]*vertex, n)
	for i := range index {
		index[i] = &vertex{number: uint64(i)}
		if i > 0 {
			index[i].previous = index[i-1]
			index[i-1].next = index[i]
		}
	}
	index[0].previous = index[n-1]
	index[n-1].next = index[0]
	for _, v := range index {
		v.a = index[random.below(n)]
		v.b = index[random.below(n)]
	}
	return index
}

func checkGraph(index []*vertex, edges bool) {
	sum := uint64(0)
	v := index[0]
	for range index {
		sum = sum*31 + v.number
		if edges {
			sum += v.a.number ^ v.b.number
		}
		v = v.next
	}
	if v != index[0] {
		panic("wrong result")
	}
	check(sum & 0xffffffff)
}

func collect() float64 {
	start := cpuSeconds()
	runtime.GC()
	return cpuSeconds() - start
}

func graph(n int) {
	const nRounds = 10
	var random generator = 2463534242
	live, dead, marking := 0.0, 0.0, 0.0

	for i := 0; i < nRounds; i++ {
		index := build(n, &random)
		live += collect()
		if i == nRounds-1 {
			marking = collect()
		}
		checkGraph(index, i == 0)
		dead += collect()
	}
	report("live-ns-per-object", 1e9*live/float64(nRounds*n))
	report("dead-ns-per-object", 1e9*dead/float64(nRounds*n))
	report("marking-ns-per-object", 1e9*marking/float64(n))
}
