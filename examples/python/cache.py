# A cache that holds pages for as long as somebody else does.
#
# SPDX-License-Identifier: CC0-1.0

import gi
gi.require_version('GcObj', '1.0')
from gi.repository import GcObj

arena = GcObj.Arena()


@GcObj.record
class Page:
    name: str


with arena.mutation() as m:
    cache = GcObj.Table(m, flags=GcObj.TableFlags.WEAK_VALUES)


def page(name):
    found = cache.get(name)
    print('have' if found else 'load', name)
    if not found:
        with arena.mutation() as m:
            found = cache[name] = Page(m, name=name)
    return found


index = page('index')
page('about')               # is shown, and let go
page('index')

arena.collect()
print('after a collection:')
page('index')
page('about')
