// SPDX-License-Identifier: LGPL-2.1-or-later

// Bundles what Chrome's developer tools load heap snapshots with, which is TypeScript for a
// browser, so that Node.js runs it: node bundle.mjs, in the folder with node_modules.

import {build} from 'esbuild';

const FOLDER = 'chrome-devtools-frontend/front_end/entrypoints/heap_snapshot_worker';

await build({
    stdin: {
        contents: `
            export {HeapSnapshotLoader} from '${FOLDER}/HeapSnapshotLoader.ts';
            export {SecondaryInitManager} from '${FOLDER}/HeapSnapshot.ts';`,
        resolveDir: process.cwd(),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: 'devtools.mjs',
    logLevel: 'error',
    // Made by their own build, and not in the package: what languages there are.
    plugins: [{
        name: 'locales',
        setup(self) {
            self.onResolve({filter: /\/locales\.js$/}, () => ({path: 'locales', namespace: 'stub'}));
            self.onLoad({filter: /.*/, namespace: 'stub'}, () => ({
                contents: `export const LOCALES = ['en-US'], BUNDLED_LOCALES = ['en-US'],
                    DEFAULT_LOCALE = 'en-US', REMOTE_FETCH_PATTERN = '', LOCAL_FETCH_PATTERN = '';`,
            }));
        },
    }],
});
