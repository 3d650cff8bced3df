// Builds dist/viewer.html: one page with everything inside, the same bytes from the same sources on every
// machine. The packages' versions are fixed by package-lock.json; compression is fflate's, because zlib's
// output differs between versions of Node.
import {readFileSync, mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {gzipSync} from 'fflate';

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? join(here, 'dist', 'viewer.html');

async function bundle(entry, options = {}) {
    const result = await build({
        entryPoints: [join(here, 'src', entry)],
        absWorkingDir: here,
        bundle: true,
        minify: true,
        write: false,
        outdir: 'out',
        format: 'iife',
        target: ['es2022'],
        legalComments: 'none',
        ...options,
    });
    return result.outputFiles[0].text;
}

// The notices that the licences of the bundled packages ask for.
function notices() {
    const texts = [
        ['h5wasm', 'LICENSE.txt'],
        ['three', 'LICENSE'],
        ['uplot', 'LICENSE'],
    ].map(
        ([name, file]) => `${name}\n${readFileSync(join(here, 'node_modules', name, file), 'utf8').trim()}`,
    );
    return texts.join('\n\n').replaceAll('--', '- -');
}

const worker = gzipSync(Buffer.from(await bundle('worker/main.ts')), {level: 9, mtime: 0});
const parts = {
    notices: notices(),
    style: await bundle('style.css'),
    worker: Buffer.from(worker).toString('base64'),
    script: await bundle('main.ts'),
};
const page = readFileSync(join(here, 'src', 'page.html'), 'utf8').replace(
    /\{\{(\w+)\}\}/g,
    (_, name) => parts[name],
);
mkdirSync(dirname(output), {recursive: true});
writeFileSync(output, page);
console.log(`${output}: ${(page.length / 1e6).toFixed(2)} MB`);
