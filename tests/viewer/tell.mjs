// node tell.mjs VIEWER LANGUAGE: runs as JSON on standard input, a line each; their stories on standard
// output.
import {createRequire} from 'node:module';
import {dirname, join, resolve} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';

const beside = join(dirname(fileURLToPath(import.meta.url)), '../../analysis/viewer');
const viewer = resolve(process.argv[2] ?? beside);
const {build} = createRequire(join(viewer, 'package.json'))('esbuild');
const bundled = await build({
    entryPoints: [join(viewer, 'src/story/tell.ts')],
    bundle: true,
    write: false,
    format: 'esm',
});
const code = Buffer.from(bundled.outputFiles[0].text).toString('base64');
const {tell} = await import(`data:text/javascript;base64,${code}`);
for await (const line of createInterface({input: process.stdin}))
    process.stdout.write(`${JSON.stringify(tell(line, process.argv[3] ?? 'en'))}\n`);
