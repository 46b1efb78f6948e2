/* A cache that holds pages for as long as somebody else does.
 *
 * SPDX-License-Identifier: CC0-1.0 */

import System from 'system';
import GcObj from 'gi://GcObj?version=1.0';

const arena = new GcObj.Arena();
const Page = GcObj.record('Page', {name: String});
const cache = arena.mutate(m => new GcObj.Table(m, GcObj.TableFlags.WEAK_VALUES));

function page(name) {
    let found = cache.get(name);
    print(found ? 'have' : 'load', name);
    if (!found) {
        found = arena.mutate(m => new Page(m, {name}));
        cache.set(name, found);
    }
    return found;
}

// A page stays for as long as the arena refers to it.
arena.root = page('index');
page('about');              // is shown, and let go
page('index');

System.gc();                // JavaScript's own wrappers
arena.collect();
print('after a collection:');
page('index');
page('about');
