// SPDX-License-Identifier: LGPL-2.1-or-later

// The workloads for Go, written the way its users would: --workload NAME
// [--quick | --seconds 0 | --size N].
package main

import (
	"flag"
	"fmt"
	"math/bits"
	"os"
	"strings"
	"syscall"
	"time"
)

const million = 1000 * 1000

type workload struct {
	full, quick int
	run         func(size int)
}

var workloads = map[string]workload{
	"binary-trees": {16, 12, binaryTrees},
	"gcbench":      {18, 14, gcbench},
	"lru-churn":    {5 * million, million / 10, lruChurn},
	"graph":        {million, 20000, graph},
	"live-objects": {5 * million, million / 10, liveObjects},
	"map-steps":    {5 * million, million / 10, mapSteps},
}

// FNV-1a, a word at a time.
var checksum uint64 = 0xcbf29ce484222325

func check(value uint64) {
	checksum = (checksum ^ value) * 0x100000001b3
}

func report(key string, value float64) {
	fmt.Printf("%s %.3f\n", key, value)
}

// Marsaglia's xorshift of 32 bits.
type generator uint32

func (g *generator) next() uint32 {
	x := *g
	x ^= x << 13
	x ^= x >> 17
	x ^= x << 5
	*g = x
	return uint32(x)
}

func (g *generator) below(n int) int {
	return int(uint64(g.next()) * uint64(n) >> 32)
}

func hash(key uint64, bits int) int {
	return int(uint32(key*0x9e3779b1) >> (32 - bits))
}

func bitsFor(n int) int {
	return bits.Len(uint(n - 1))
}

// "Key:   N kB"
func procKib(path, key string) int {
	text, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	kib := 0
	_, rest, _ := strings.Cut(string(text), key)
	fmt.Sscan(rest, &kib)
	return kib
}

func resident() int {
	return 1024 * procKib("/proc/self/smaps_rollup", "Rss:")
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

// Lengths of steps in nanoseconds, in 32 classes to each power of two.
type steps struct {
	last       time.Time
	n, longest uint64
	counts     [2048]uint64
}

func classOf(length uint64) uint64 {
	shift := 0
	if length >= 64 {
		shift = bits.Len64(length) - 6
	}
	return uint64(32*shift) + length>>shift
}

func lengthOf(class int) uint64 {
	if class < 64 {
		return uint64(class)
	}
	return uint64(32+class%32) << (class/32 - 1)
}

func (s *steps) next() {
	now := time.Now()
	length := uint64(now.Sub(s.last))
	s.last = now
	s.n++
	s.counts[classOf(length)]++
	if length > s.longest {
		s.longest = length
	}
}

func (s *steps) quantile(part float64) float64 {
	wanted := uint64(part * float64(s.n))
	n := uint64(0)
	for class, count := range s.counts {
		n += count
		if n > wanted {
			return float64(lengthOf(class)) / 1e3
		}
	}
	return float64(s.longest) / 1e3
}

func (s *steps) report() {
	report("step-p50-us", s.quantile(0.5))
	report("step-p99.9-us", s.quantile(0.999))
	report("step-longest-us", float64(s.longest)/1e3)
}

func main() {
	name := flag.String("workload", "", "what to run")
	quick := flag.Bool("quick", false, "at the small size")
	seconds := flag.Int("seconds", -1, "0: the same")
	size := flag.Int("size", 0, "at this size")
	flag.Parse()
	chosen, ok := workloads[*name]
	if !ok || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(1)
	}
	if *size == 0 && (*quick || *seconds == 0) {
		*size = chosen.quick
	} else if *size == 0 {
		*size = chosen.full
	}
	fmt.Printf("workload %s\npeer go\nsize %d\n", *name, *size)
	chosen.run(*size)
	fmt.Printf("peak-kib %d\n", procKib("/proc/self/status", "VmHWM:"))
	fmt.Printf("checksum %016x\n", checksum)
}
