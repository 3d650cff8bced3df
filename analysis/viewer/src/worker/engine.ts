// The worker that simulates: the program's own code as WebAssembly (cmake/engine.cmake), a little at a time,
// so that a newer question ends an older run.
import makeEngine, {type EngineModule} from 'engine-glue';

export type EngineRequest =
    | {method: 'start'; wasm: Blob; configs: Record<string, string>}
    | {method: 'catalogue'}
    | {method: 'beliefs'; model: string}
    | {method: 'describe'; name: string; text: string}
    | {method: 'stop'}
    | {method: 'simulate'; scenario: string; text: string; settings: [string, string][]};

const SLICE = 0.06; // [s] between looks at what else is asked
const OUTPUT = '/try/run.h5';

let engine: EngineModule;
let newest = 0; // the last run that was asked for

async function start(wasm: Blob, configs: Record<string, string>): Promise<null> {
    const module = await WebAssembly.compile(await wasm.arrayBuffer());
    engine = await makeEngine({
        instantiateWasm(imports, done) {
            void WebAssembly.instantiate(module, imports).then(done);
            return {};
        },
    });
    for (const [path, text] of Object.entries(configs)) {
        engine.FS.mkdirTree(`/respine/configs/${path.slice(0, path.lastIndexOf('/'))}`);
        engine.FS.writeFile(`/respine/configs/${path}`, text);
    }
    engine.FS.mkdirTree('/try');
    return null;
}

function call(name: string, types: string[] = [], values: unknown[] = []): Record<string, unknown> {
    const told = JSON.parse(engine.ccall(name, 'string', types, values)) as Record<string, unknown>;
    if (told.error) throw new Error(String(told.error).replaceAll('/try/', ''));
    return told;
}

// Lets waiting messages in. A channel, because browsers hold back timers that are set again and again.
const channel = new MessageChannel(),
    waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();
const others = () =>
    new Promise<void>((go) => {
        waiting.push(go);
        channel.port2.postMessage(null);
    });

async function simulate(id: number, request: EngineRequest & {method: 'simulate'}): Promise<unknown> {
    newest = id;
    await others(); // several that wait: only the last of them runs
    if (newest !== id) throw new Error('stopped');
    engine.FS.writeFile(`/try/${request.scenario}`, request.text);
    const begun = call(
        'engine_begin',
        ['string', 'string', 'string'],
        [`/try/${request.scenario}`, JSON.stringify(request.settings), OUTPUT],
    );
    for (let share = 0; share < 1;) {
        await others();
        if (newest !== id) throw new Error('stopped');
        share = Number(call('engine_advance', ['number'], [SLICE]).done);
        self.postMessage({id, share});
    }
    const bytes = engine.FS.readFile(OUTPUT).slice();
    engine.FS.unlink(OUTPUT);
    return {...begun, bytes};
}

async function answer(id: number, request: EngineRequest): Promise<unknown> {
    switch (request.method) {
        case 'start':
            return start(request.wasm, request.configs);
        case 'catalogue':
            return call('engine_catalogue');
        case 'beliefs':
            return call('engine_beliefs', ['string'], [request.model]);
        case 'describe':
            engine.FS.writeFile(`/try/${request.name}`, request.text);
            return call('engine_describe', ['string'], [`/try/${request.name}`]);
        case 'stop':
            newest = id;
            return null;
        case 'simulate':
            return simulate(id, request);
    }
}

self.onmessage = async (event: MessageEvent<{id: number; request: EngineRequest}>) => {
    const {id, request} = event.data;
    try {
        const value = await answer(id, request);
        const bytes = (value as {bytes?: Uint8Array<ArrayBuffer>} | null)?.bytes;
        self.postMessage({id, value}, {transfer: bytes ? [bytes.buffer] : []});
    } catch (error) {
        self.postMessage({id, error: error instanceof Error ? error.message : String(error)});
    }
};
