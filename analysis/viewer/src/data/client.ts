// The page's side of the worker: one promise a question, and a memory of answers that is bounded in bytes.
import type {Answers, Request, Values} from '../worker/messages';
import {Questions, startWorker} from './questions';

const KEPT_BYTES = 96e6;

export class Client {
    private questions = new Questions(startWorker('worker'));
    private kept = new Map<string, Promise<Values>>(); // oldest first
    private sizes = new Map<string, number>();
    private bytes = 0;

    ask<R extends Request>(request: R): Promise<Answers[R['method']]> {
        return this.questions.ask(request) as Promise<Answers[R['method']]>;
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
}
