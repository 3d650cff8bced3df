// The worker: opens run files without loading them, and reads what the page asks for.
import {Dataset, File as H5File, Group, ready} from 'h5wasm';
import type {Attributes, Reply, Request, Values} from './messages';
import {refuseUnknownFilters} from './filters';
import {msg} from '../lang';

const library = ready.then((module) => {
    // Without this, a missing filter gives invented numbers and a damaged chunk gives zeros, both in silence.
    (module as unknown as {activate_throwing_error_handler(): void}).activate_throwing_error_handler();
    return module;
});

const files = new Map<string, H5File>();
const release = new Map<string, () => void>(); // gives back what an open file holds

const SMALL = 64e6; // [bytes]: a file up to here is held in memory, where HDF5 reads it several times faster

interface MountingFS {
    mkdir(path: string): void;
    writeFile(path: string, bytes: Uint8Array): void;
    unlink(path: string): void;
    mount(type: unknown, options: unknown, path: string): void;
    unmount(path: string): void;
    filesystems: {WORKERFS: unknown};
}

async function open(key: string, file: File): Promise<null> {
    const module = await library;
    const fs = module.FS as unknown as MountingFS;
    if (file.size === 0) throw new Error(msg('file.empty'));
    const signature = new Uint8Array(await file.slice(0, 8).arrayBuffer());
    if (String.fromCharCode(...signature) !== '\x89HDF\r\n\x1a\n') throw new Error(msg('file.no_hdf5'));
    const folder = `/${key}`,
        whole = file.size <= SMALL;
    fs.mkdir(folder);
    if (whole) fs.writeFile(`${folder}/run.h5`, new Uint8Array(await file.arrayBuffer()));
    else fs.mount(fs.filesystems.WORKERFS, {blobs: [{name: 'run.h5', data: file}]}, folder);
    release.set(key, () => (whole ? fs.unlink(`${folder}/run.h5`) : fs.unmount(folder)));
    try {
        files.set(key, new H5File(`${folder}/run.h5`, 'r'));
    } catch (error) {
        forget(key);
        throw new Error(msg('file.damaged', {reason: words(error)}));
    }
    return null;
}

function close(key: string): null {
    opened(key).close();
    files.delete(key);
    forget(key);
    return null;
}

function forget(key: string): void {
    release.get(key)?.();
    release.delete(key);
}

function opened(key: string): H5File {
    const file = files.get(key);
    if (!file) throw new Error(msg('file.closed'));
    return file;
}

function dataset(key: string, path: string): Dataset {
    const found = opened(key).get(path);
    if (!(found instanceof Dataset)) throw new Error(msg('file.no_dataset', {path}));
    return found;
}

function read(key: string, path: string, rows?: [number, number]): Values {
    const source = dataset(key, path);
    refuseUnknownFilters(path, source.filters);
    let value: unknown;
    try {
        value = rows
            ? source.slice([rows, ...(source.shape ?? []).slice(1).map(() => [] as [])])
            : source.value;
    } catch (error) {
        throw new Error(msg('file.unreadable', {path, reason: words(error)}));
    }
    if (value instanceof BigUint64Array || value instanceof BigInt64Array)
        return Float64Array.from(value, Number);
    if (Array.isArray(value)) return value.map(String);
    if (ArrayBuffer.isView(value)) return value as Values;
    throw new Error(msg('file.not_plain', {path}));
}

function attributes(key: string, path: string, names?: string[]): Attributes {
    const object = opened(key).get(path) as Group | null;
    if (!object) return {};
    const found: Attributes = {};
    const present = object.attrs;
    for (const name of names ?? Object.keys(present)) {
        const value =
            present[name] &&
            (typeof present[name].value === 'bigint' ? Number(present[name].value) : present[name].value);
        if (typeof value === 'string' || typeof value === 'number') found[name] = value;
    }
    return found;
}

// HDF5 gives a stack of causes; the last one is where it began.
function words(error: unknown): string {
    const text = error instanceof Error ? error.message : String(error);
    const causes = [...text.matchAll(/#\d+: [^\n]*?: ([^\n]+)/g)].map((match) => match[1] as string);
    return (causes.at(-1) ?? text.split('\n')[0] ?? '').trim().slice(0, 200);
}

async function answer(request: Request): Promise<unknown> {
    await library;
    switch (request.method) {
        case 'open':
            return open(request.key, request.file);
        case 'close':
            return close(request.key);
        case 'list': {
            const group = opened(request.key).get(request.path);
            return group instanceof Group ? group.keys() : [];
        }
        case 'attributes':
            return attributes(request.key, request.path, request.names);
        case 'shape':
            return dataset(request.key, request.path).shape ?? [];
        case 'read':
            return read(request.key, request.path, request.rows);
    }
}

self.onmessage = async (event: MessageEvent<{id: number; request: Request}>) => {
    const {id, request} = event.data;
    try {
        self.postMessage({id, value: await answer(request)} as Reply);
    } catch (error) {
        self.postMessage({id, error: words(error)} as Reply);
    }
};
