// SPDX-License-Identifier: LGPL-2.1-or-later

package main

type node struct {
	left, right *node
}

func newTree(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	left := newTree(depth - 1)
	return &node{left, newTree(depth - 1)}
}

func (n *node) count() int {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.count() + n.right.count()
}

func binaryTrees(maxDepth int) {
	const minDepth = 4

	check(uint64(newTree(maxDepth + 1).count()))
	longLived := newTree(maxDepth)
	for depth := minDepth; depth <= maxDepth; depth += 2 {
		nTrees := 1 << (maxDepth - depth + minDepth)
		nNodes := 0
		for i := 0; i < nTrees; i++ {
			nNodes += newTree(depth).count()
		}
		check(uint64(nNodes))
	}
	check(uint64(longLived.count()))
}

func (n *node) populate(depth int) {
	if depth == 0 {
		return
	}
	n.left = &node{}
	n.right = &node{}
	n.left.populate(depth - 1)
	n.right.populate(depth - 1)
}

func newTreeTopDown(depth int) *node {
	root := &node{}
	root.populate(depth)
	return root
}

func (n *node) spineLength() int {
	length := 0
	for n != nil {
		length++
		if length&1 != 0 {
			n = n.left
		} else {
			n = n.right
		}
	}
	return length
}

func treeSize(depth int) int {
	return 1<<(depth+1) - 1
}

func gcbench(stretchDepth int) {
	const nNumbers = 500000
	longLivedDepth := stretchDepth - 2

	check(uint64(newTree(stretchDepth).spineLength()))
	longLived := newTreeTopDown(longLivedDepth)
	numbers := make([]float64, nNumbers)
	for i := 0; i < nNumbers/2; i++ {
		numbers[i] = 1 / float64(i+1)
	}
	for depth := 4; depth <= longLivedDepth; depth += 2 {
		nTrees := 2 * treeSize(stretchDepth) / treeSize(depth)
		lengths := 0
		for i := 0; i < nTrees; i++ {
			lengths += newTreeTopDown(depth).spineLength()
		}
		for i := 0; i < nTrees; i++ {
			lengths += newTree(depth).spineLength()
		}
		check(uint64(lengths))
	}
	check(uint64(longLived.count()))
	check(uint64(1e6*numbers[999] + 0.5))
}
