// A cohort file: outcomes of many simulated persons, each a time course.
import type {Attributes} from '../worker/messages';
import type {Client} from './client';
import {named} from '../lang';

export interface Outcome {
    id: string;
    label: string;
    unit: string;
    values: Float32Array; // [person][time]
}

const TOLD = ['improvement', 'spine_density', 'restored', 'plasma']; // in the order of the choice

export class Cohort {
    private constructor(
        readonly file: string,
        readonly meta: Attributes,
        readonly subjects: number[],
        readonly time: number[], // [h since the first dose]
        readonly outcomes: Outcome[],
    ) {}

    get name(): string {
        return String(this.meta.name || this.file);
    }
    at(outcome: Outcome, person: number, row: number): number {
        return outcome.values[person * this.time.length + row] as number;
    }

    // Of an open file. Throws an Error in words when it cannot be read.
    static async read(client: Client, key: string, file: string): Promise<Cohort> {
        const [meta, names, time, subjects] = await Promise.all([
            client.ask({method: 'attributes', key, path: '/meta'}),
            client.ask({method: 'list', key, path: '/cohort'}),
            client.read(key, '/cohort/time'),
            client.read(key, '/cohort/subject'),
        ]);
        const outcomes = await Promise.all(
            TOLD.filter((id) => names.includes(id)).map((id) => readOutcome(client, key, id)),
        );
        const zero = Number(meta.first_dose_h ?? 0);
        return new Cohort(
            file,
            meta,
            Array.from(subjects as Uint32Array),
            Array.from(time as Float64Array, (t) => t - zero),
            outcomes,
        );
    }
}

async function readOutcome(client: Client, key: string, id: string): Promise<Outcome> {
    const path = `/cohort/${id}`,
        told = await client.ask({method: 'attributes', key, path, names: ['units', 'long_name']});
    return {
        id,
        label: named(String(told.long_name ?? id)),
        unit: String(told.units ?? ''),
        values: (await client.read(key, path)) as Float32Array,
    };
}
