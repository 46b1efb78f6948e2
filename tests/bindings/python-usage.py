# The programs that the library was designed for, as they stand.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio

from harness import GcObj, GcSeq, run, test


@GcObj.record
class Person:
    name: str
    age: int
    parent: 'Person'
    children: GcObj.Array


@GcObj.record
class Page:
    links: GcObj.Array


fetched = []


@GcSeq.sequence
def fetch(m, page):
    yield GcSeq.Sequence.sleep(m, 1000)
    fetched.append(page)


@GcSeq.sequence
def crawl(m, start):
    for page in start.links:
        yield fetch(m, page)
    return len(start.links)


@test
def records(arena):
    with arena.mutation() as m:
        ada = Person(m, name='Ada', age=36)
        byron = Person(m, name='Byron', children=GcObj.Array(m, [ada]))
        ada.parent = byron
        arena.root = byron

    del ada, byron
    arena.collect()
    assert [child.name for child in arena.root.children] == ['Ada']
    assert arena.root.children[0].parent == arena.root


@test
def sequences(arena):
    with arena.mutation() as m:
        start = Page(m, links=GcObj.Array(m, [Page(m), Page(m), Page(m)]))

    async def main():
        return await GcSeq.Runner(arena).run(crawl, start)

    assert asyncio.run(main()) == 3
    assert fetched == list(start.links)
    fetched.clear()


run()
