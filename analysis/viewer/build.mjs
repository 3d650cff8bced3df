// Builds dist/viewer.html: one page with everything inside, the same bytes from the same sources on every
// machine. The packages' versions are fixed by package-lock.json; compression is fflate's, because zlib's
// output differs between versions of Node.
//
// usage: build.mjs [OUTPUT]
// environment: RESPINE_ENGINE, the folder that `cmake --build --preset engine` makes, and RESPINE_CONFIGS;
// those of the sources where they are not set
import {readFileSync, readdirSync, mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {gzipSync} from 'fflate';
import {evidence} from './evidence.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? join(here, 'dist', 'viewer.html');
const engine = process.env.RESPINE_ENGINE ?? join(here, '../../build/engine');
const configs = process.env.RESPINE_CONFIGS ?? join(here, '../../configs');

const bundled = new Set(); // names of the packages that some script or style has bytes of

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
        metafile: true,
        ...options,
    });
    for (const {inputs} of Object.values(result.metafile.outputs))
        for (const [path, {bytesInOutput}] of Object.entries(inputs)) {
            const name = /.*node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)?.[1];
            if (name && bytesInOutput > 0) bundled.add(name);
        }
    return result.outputFiles[0].text;
}

// The notices that the licences of the bundled packages ask for.
function notices() {
    const texts = [...bundled].sort().map((name) => {
        const folder = join(here, 'node_modules', name);
        const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
        return `${name}\n${readFileSync(join(folder, file), 'utf8').trim()}`;
    });
    texts.push(readFileSync(join(engine, 'notices.txt'), 'utf8').trim());
    return texts.join('\n\n').replaceAll('--', '- -');
}

// What is in the page besides our own, for packaging/sbom.
function components() {
    const {packages} = JSON.parse(readFileSync(join(here, 'package-lock.json'), 'utf8'));
    const npm = [...bundled].sort();
    const debian = readFileSync(join(engine, 'components.txt'), 'utf8').trim().split('\n');
    return JSON.stringify({
        npm: Object.fromEntries(npm.map((name) => [name, packages[`node_modules/${name}`].version])),
        debian: Object.fromEntries(debian.map((line) => line.split(' '))),
    });
}

// What a scenario may name: the same files as the program's.
function recipes() {
    const texts = {};
    const kinds = ['drugs', 'hypotheses', 'models', 'networks'];
    for (const kind of kinds)
        for (const name of readdirSync(join(configs, kind)).sort())
            if (name.endsWith('.yaml'))
                texts[`${kind}/${name}`] = readFileSync(join(configs, kind, name), 'utf8');
    return JSON.stringify(texts);
}

const packed = (bytes) =>
    Buffer.from(gzipSync(Buffer.from(bytes), {level: 9, mtime: 0})).toString('base64');
const glue = {alias: {'engine-glue': join(engine, 'engine.js')}, external: ['fs', 'path', 'crypto']};
const parts = {
    style: await bundle('style.css'),
    worker: packed(await bundle('worker/main.ts')),
    simulator: packed(await bundle('worker/engine.ts', glue)),
    engine: packed(readFileSync(join(engine, 'engine.wasm'))),
    configs: packed(recipes()),
    evidence: packed(await evidence(configs)),
    script: await bundle('main.ts'),
};
parts.notices = notices();
parts.components = components();
const page = readFileSync(join(here, 'src', 'page.html'), 'utf8').replace(
    /\{\{(\w+)\}\}/g,
    (_, name) => parts[name],
);
mkdirSync(dirname(output), {recursive: true});
writeFileSync(output, page);
console.log(`${output}: ${(page.length / 1e6).toFixed(2)} MB`);
