// The page's side of the worker: one promise a question, and a memory of answers that is bounded in bytes.
import type {Answers, Reply, Request, Values} from '../worker/messages';

const KEPT_BYTES = 96e6;

type Waiting = {resolve: (value: unknown) => void; reject: (reason: Error) => void};

export class Client {
    private worker: Promise<Worker>;
    private waiting = new Map<number, Waiting>();
    private next = 1;
    private kept = new Map<string, Promise<Values>>(); // oldest first
    private sizes = new Map<string, number>();
    private bytes = 0;

    constructor() {
        this.worker = startWorker();
        this.worker
            .then((worker) => {
                worker.onmessage = (event: MessageEvent<Reply>) => this.settle(event.data);
                worker.onerror = (event) =>
                    this.fail(`the reader stopped: ${event.message || 'no reason given'}`);
            })
            .catch(() => undefined); // each ask() rejects with the reason
    }

    async ask<R extends Request>(request: R): Promise<Answers[R['method']]> {
        const worker = await this.worker;
        return new Promise((resolve, reject) => {
            const id = this.next++;
            this.waiting.set(id, {resolve: resolve as (value: unknown) => void, reject});
            worker.postMessage({id, request});
        });
    }

    // Reads a dataset, or rows of it; what was read lately is not read again.
    read(key: string, path: string, rows?: [number, number]): Promise<Values> {
        const name = `${key}:${path}:${rows ?? ''}`;
        const known = this.kept.get(name);
        if (known) {
            this.kept.delete(name);
            this.kept.set(name, known);
            return known;
        }
        const asked = this.ask({method: 'read', key, path, ...(rows ? {rows} : {})});
        this.kept.set(name, asked);
        asked.then(
            (values) => this.account(name, values),
            () => this.kept.delete(name),
        );
        return asked;
    }

    private account(name: string, values: Values): void {
        const size = 'byteLength' in values ? values.byteLength : values.length * 32;
        this.sizes.set(name, size);
        this.bytes += size;
        for (const oldest of this.kept.keys()) {
            if (this.bytes <= KEPT_BYTES || oldest === name) break;
            this.bytes -= this.sizes.get(oldest) ?? 0;
            this.sizes.delete(oldest);
            this.kept.delete(oldest);
        }
    }

    private settle(reply: Reply): void {
        const waiting = this.waiting.get(reply.id);
        this.waiting.delete(reply.id);
        if ('error' in reply) waiting?.reject(new Error(reply.error));
        else waiting?.resolve(reply.value);
    }

    private fail(reason: string): void {
        for (const waiting of this.waiting.values()) waiting.reject(new Error(reason));
        this.waiting.clear();
    }
}

// The worker travels compressed inside the page; from there it goes into a blob, because a page opened from
// disk may not load files.
async function startWorker(): Promise<Worker> {
    if (typeof DecompressionStream === 'undefined')
        throw new Error(
            'this browser is too old for this page (it lacks DecompressionStream; any browser since 2023 ' +
                'has it)',
        );
    const packed = bytesOf(document.getElementById('worker')?.textContent ?? '');
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    const source = await new Response(stream).blob();
    const address = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
    return new Worker(address);
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let k = 0; k < text.length; ++k) bytes[k] = text.charCodeAt(k);
    return bytes;
}
