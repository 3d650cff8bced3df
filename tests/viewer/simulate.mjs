// Simulates one scenario in the page's engine, under Node.
// usage: simulate.mjs ENGINE_FOLDER CONFIGS SCENARIO OUTPUT [PATH=VALUE...]
import {readFileSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';

const [folder, configs, scenario, output, ...settings] = process.argv.slice(2);
const makeEngine = createRequire(import.meta.url)(resolve(folder, 'engine.js'));
const engine = await makeEngine({
    wasmBinary: readFileSync(join(folder, 'engine.wasm')),
    print: console.log,
    printErr: console.error,
});
function copy(from, to) {
    engine.FS.mkdirTree(to);
    for (const name of readdirSync(from)) {
        const source = join(from, name);
        if (statSync(source).isDirectory()) copy(source, `${to}/${name}`);
        else if (name.endsWith('.yaml')) engine.FS.writeFile(`${to}/${name}`, readFileSync(source));
    }
}
copy(configs, '/respine/configs');
const call = (name, types, values) => {
    const told = JSON.parse(engine.ccall(name, 'string', types, values));
    if (told.error) {
        console.error(told.error);
        process.exit(told.code);
    }
    return told;
};
try {
    const begun = performance.now();
    const pairs = settings.map((text) => text.split(/=(.*)/s).slice(0, 2));
    call('engine_begin', ['string', 'string', 'string'], [scenario, JSON.stringify(pairs), '/out.h5']);
    const ready = performance.now();
    while (call('engine_advance', ['number'], [0.05]).done < 1);
    const [first, rest] = [ready - begun, performance.now() - ready];
    console.log(`${first.toFixed(0)} ms to begin, ${rest.toFixed(0)} ms to run`);
    writeFileSync(output, engine.FS.readFile('/out.h5'));
} catch (error) {
    console.error(String(error)); // with its stack Node would print the engine's only line
    process.exit(70);
}
