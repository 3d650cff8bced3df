// Questions to a worker that travels compressed inside the page: one promise each.
import {msg, spokenNow} from '../lang';

type Waiting = {resolve: (value: unknown) => void; reject: (reason: Error) => void};
type Reply = {id: number; value: unknown} | {id: number; error: string} | {id: number; share: number};

export class Questions {
    private waiting = new Map<number, Waiting>();
    private next = 1;

    // `heard` is told the share of a long answer that is done.
    constructor(
        private worker: Promise<Worker>,
        private heard: (share: number) => void = () => undefined,
    ) {
        worker
            .then((w) => {
                w.onmessage = (event: MessageEvent<Reply>) => this.settle(event.data);
                w.onerror = (event) =>
                    this.fail(msg('worker.stopped', {reason: event.message || msg('worker.no_reason')}));
            })
            .catch(() => undefined); // each ask() rejects with the reason
    }

    async ask(request: unknown): Promise<unknown> {
        const worker = await this.worker;
        return new Promise((resolve, reject) => {
            const id = this.next++;
            this.waiting.set(id, {resolve, reject});
            worker.postMessage({id, request});
        });
    }

    private settle(reply: Reply): void {
        if ('share' in reply) return this.heard(reply.share);
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

// From the page into a blob, because a page opened from disk may not load files.
export async function startWorker(id: string): Promise<Worker> {
    const source = await unpacked(id);
    return new Worker(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})), {
        name: spokenNow(),
    });
}

// What build.mjs packed into the element of this name.
export async function unpacked(id: string): Promise<Blob> {
    if (typeof DecompressionStream === 'undefined') throw new Error(msg('worker.old_browser'));
    return inflated(document.getElementById(id)?.textContent ?? '');
}

// gzip in base64, as a page holds it.
export function inflated(text: string): Promise<Blob> {
    const packed = new Blob([bytesOf(text)]).stream();
    return new Response(packed.pipeThrough(new DecompressionStream('gzip'))).blob();
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let k = 0; k < text.length; ++k) bytes[k] = text.charCodeAt(k);
    return bytes;
}
