// One run file: what it says about itself, its treatments, and its time courses.
import type {Attributes} from '../worker/messages';
import type {Client} from './client';
import {Course, type Dose, type Series} from './course';
import {ATTRIBUTES, fieldFrom, type Field} from './fields';
import {msg} from '../lang';

const QUANTILES = 5; // 0.05, 0.25, 0.5, 0.75, 0.95

export class Run extends Course {
    readonly problems: string[] = []; // what could not be read; the rest is shown
    readonly fields: Field[]; // what the file has to show

    private constructor(
        readonly client: Client,
        readonly key: string,
        readonly source: File,
        meta: Attributes,
        time: Float64Array,
        doses: Dose[],
        readonly names: Set<string>,
        readonly all: Field[], // of the history, in the order of the chain
    ) {
        super(meta, time, doses);
        this.fields = all.filter((field) => field.prominent);
    }

    get file(): string {
        return this.source.name;
    }
    override get name(): string {
        return super.name || this.file;
    }

    // Of an open file. Throws an Error in words when it cannot be read.
    static async read(client: Client, key: string, file: File): Promise<Run> {
        const [meta, names, time] = await Promise.all([
            client.ask({method: 'attributes', key, path: '/meta'}),
            client.ask({method: 'list', key, path: '/history'}),
            client.read(key, '/history/time') as Promise<Float64Array>,
        ]);
        if (time.length === 0) throw new Error(msg('file.no_history'));
        const problems: string[] = [];
        const doses = await readDoses(client, key).catch((error: Error) => {
            problems.push(msg('file.no_doses', {reason: error.message}));
            return [];
        });
        const fields = await readFields(client, key, names);
        const run = new Run(client, key, file, meta, time, doses, new Set(names), fields);
        run.problems.push(...problems);
        return run;
    }

    close(): void {
        void this.client.ask({method: 'close', key: this.key});
    }

    // Loads a time course; null, and a word in `problems`, when the file has none that can be read.
    async load(id: string): Promise<Series | null> {
        const known = this.series.get(id);
        if (known) return known;
        try {
            const series = await this.plain(id);
            if (series) this.series.set(id, series);
            return series;
        } catch (error) {
            this.problems.push(`${(error as Error).message}.`);
            return null;
        }
    }

    private async plain(id: string): Promise<Series | null> {
        if (!this.names.has(id)) return null;
        const source = `/history/${id}`;
        const values = (await this.client.read(this.key, source)) as Float32Array;
        if (values.length !== this.time.length)
            throw new Error(msg('file.rows', {source, rows: values.length, times: this.time.length}));
        return {values, ...(await this.middleHalf(id)), source};
    }

    // Quartiles over neurons, or over the members of an ensemble, where the file has them.
    private async middleHalf(id: string): Promise<Omit<Series, 'values' | 'source'>> {
        const none = {low: null, high: null, outer: null};
        if (!this.names.has(`${id}_quantiles`)) return none;
        const all = (await this.client.read(this.key, `/history/${id}_quantiles`)) as Float32Array;
        const width = all.length / this.time.length;
        if (width !== QUANTILES) return none;
        return {
            low: pick(all, width, 1),
            high: pick(all, width, 3),
            outer: this.ensemble ? [pick(all, width, 0), pick(all, width, 4)] : null,
        };
    }
}

function pick(values: Float32Array, width: number, column: number): Float32Array {
    return Float32Array.from(
        {length: values.length / width},
        (_, k) => values[k * width + column] as number,
    );
}

async function readFields(client: Client, key: string, names: string[]): Promise<Field[]> {
    const told = await client.ask({method: 'attributes', key, path: '/history', names: ['order']});
    const series = names.filter((name) => !/^(time|quantile)$|_(sd|quantiles)$/.test(name));
    const order = told.order === undefined ? series : String(told.order).split(' ');
    return Promise.all(
        order.map(async (id) =>
            fieldFrom(
                id,
                await client.ask({method: 'attributes', key, path: `/history/${id}`, names: ATTRIBUTES}),
            ),
        ),
    );
}

async function readDoses(client: Client, key: string): Promise<Dose[]> {
    const path = '/events';
    if (!(await client.ask({method: 'list', key, path})).includes('time')) return [];
    const [time, over, amount, unit, drug, route] = await Promise.all(
        ['time', 'over', 'dose', 'dose_unit', 'drug', 'route'].map((name) =>
            client.read(key, `${path}/${name}`),
        ),
    );
    return Array.from(time as Float64Array, (t, k) => ({
        time: t,
        over: Number(over?.[k]),
        amount: Number(amount?.[k]),
        unit: String(unit?.[k]),
        drug: String(drug?.[k]),
        route: String(route?.[k]),
    }));
}
