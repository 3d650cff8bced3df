// One run file: what it says about itself, its treatments, and its time courses.
import type {Attributes} from '../worker/messages';
import type {Client} from './client';
import {ATTRIBUTES, fieldFrom, type Field} from './fields';

export interface Dose {
    time: number;
    over: number;
    amount: number;
    unit: string;
    drug: string;
    route: string;
}

export interface Series {
    values: Float32Array;
    low: Float32Array | null;
    high: Float32Array | null;
    outer: [Float32Array, Float32Array] | null; // of an ensemble: where 5 and 95 % of its members lie
    source: string;
}

const FORMAT_VERSION = 1;
const AFTER = 0.02; // [h] that the last row still counts for
const QUANTILES = 5; // 0.05, 0.25, 0.5, 0.75, 0.95
let opened = 0;

export class Run {
    readonly problems: string[] = []; // what could not be read; the rest is shown
    zero = 0; // where the page's 0 is on the clock of the scenario [h]
    private series = new Map<string, Series>();

    private constructor(
        readonly client: Client,
        readonly key: string,
        readonly file: string,
        readonly meta: Attributes,
        public time: Float64Array,
        public doses: Dose[],
        readonly names: Set<string>,
        readonly fields: Field[], // what the file has to show, in the order of the chain
    ) {
        this.countFrom(this.firstDose);
    }

    // Doses of drugs; in a run that gets none, its other treatments (tools and placebo, by route window).
    get mainDoses(): Dose[] {
        return this.treated ? this.doses.filter((d) => d.route !== 'window') : this.doses;
    }
    get treated(): boolean {
        return this.doses.some((d) => d.route !== 'window');
    }
    // On the clock of the scenario [h]; without any treatment its time 0, or the start of a run that begins
    // later.
    get firstDose(): number {
        const times = this.mainDoses.map((d) => d.time);
        return this.zero + (times.length > 0 ? Math.min(...times) : Math.max(-this.zero, this.start));
    }

    // All times of the run count from here on the page: those of the history and of the doses at once, others
    // where they are read.
    countFrom(zero: number): void {
        const by = zero - this.zero;
        this.zero = zero;
        this.time = this.time.map((t) => t - by);
        this.doses = this.doses.map((d) => ({...d, time: d.time - by}));
    }

    get title(): string {
        return String(this.meta.title || this.meta.name || this.file);
    }
    // Whether its curves are medians over the members of an ensemble of parameter sets.
    get ensemble(): boolean {
        return this.meta.bands === 'members';
    }
    get name(): string {
        return String(this.meta.name || this.file);
    }
    get start(): number {
        return this.time[0] ?? 0;
    }
    get end(): number {
        return this.time[this.time.length - 1] ?? 0;
    }

    // Throws an Error in words when the file is no run file that this page can show.
    static async open(client: Client, file: File): Promise<Run> {
        const key = `run${++opened}`;
        await client.ask({method: 'open', key, file});
        const root = await client.ask({
            method: 'attributes',
            key,
            path: '/',
            names: ['format', 'format_version'],
        });
        if (root.format === 'respine-cohort')
            throw new Error(
                'this is a cohort file, which holds outcomes of subjects and no run; run one of its ' +
                    'subjects alone (subject: 1) to see it here',
            );
        if (root.format !== 'respine-run') throw new Error('this HDF5 file was not written by respine run');
        if (root.format_version !== FORMAT_VERSION)
            throw new Error(
                `it has format version ${root.format_version}; this page reads ${FORMAT_VERSION}`,
            );
        const [meta, names, time] = await Promise.all([
            client.ask({method: 'attributes', key, path: '/meta'}),
            client.ask({method: 'list', key, path: '/history'}),
            client.read(key, '/history/time') as Promise<Float64Array>,
        ]);
        if (time.length === 0) throw new Error('its history is empty: nothing was recorded yet');
        const problems: string[] = [];
        const doses = await readDoses(client, key).catch((error: Error) => {
            problems.push(`Doses are missing: ${error.message}.`);
            return [];
        });
        const fields = await readFields(client, key, names);
        const run = new Run(client, key, file.name, meta, time, doses, new Set(names), fields);
        run.problems.push(...problems);
        return run;
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

    get(id: string): Series | null {
        return this.series.get(id) ?? null;
    }

    // Linear between rows, held before the first; NaN after the last, and when the field is not there.
    at(id: string, hours: number): number {
        const values = this.series.get(id)?.values;
        if (!values || hours > this.end + AFTER) return NaN;
        const k = this.rowAfter(hours);
        if (k <= 0) return values[0] ?? NaN;
        if (k >= values.length) return values[values.length - 1] ?? NaN;
        const before = this.time[k - 1] as number,
            after = this.time[k] as number;
        const a = values[k - 1] as number,
            b = values[k] as number;
        return after > before ? a + ((b - a) * (hours - before)) / (after - before) : b;
    }

    // How much the run adds to the spines at most.
    gain(): number {
        const most = this.extreme('spine_density', true, this.start, this.end).value;
        return most - this.at('spine_density', this.start);
    }

    // When a field is largest (or smallest) between two times.
    extreme(id: string, largest: boolean, from: number, to: number): {time: number; value: number} {
        const values = this.series.get(id)?.values;
        let best = {time: from, value: this.at(id, from)};
        for (let k = 0; values && k < values.length; ++k) {
            const t = this.time[k] as number,
                v = values[k] as number;
            if (t >= from && t <= to && (largest ? v > best.value : v < best.value))
                best = {time: t, value: v};
        }
        return best;
    }

    private rowAfter(hours: number): number {
        let low = 0,
            high = this.time.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if ((this.time[middle] as number) < hours) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private async plain(id: string): Promise<Series | null> {
        if (!this.names.has(id)) return null;
        const source = `/history/${id}`;
        const values = (await this.client.read(this.key, source)) as Float32Array;
        if (values.length !== this.time.length)
            throw new Error(`${source} has ${values.length} rows, time has ${this.time.length}`);
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
    return Float32Array.from({length: values.length / width}, (_, k) => values[k * width + column] as number);
}

async function readFields(client: Client, key: string, names: string[]): Promise<Field[]> {
    const told = await client.ask({method: 'attributes', key, path: '/history', names: ['order']});
    const series = names.filter((name) => !/^(time|quantile)$|_(sd|quantiles)$/.test(name));
    const order = told.order === undefined ? series : String(told.order).split(' ');
    const fields = await Promise.all(
        order.map(async (id) =>
            fieldFrom(
                id,
                await client.ask({method: 'attributes', key, path: `/history/${id}`, names: ATTRIBUTES}),
            ),
        ),
    );
    return fields.filter((f) => f !== null);
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

// "ketamine 0.5 mg/kg over 40 min"
export function doseWords(dose: Dose): string {
    const minutes = Math.round(dose.over * 60);
    const length =
        minutes === 0
            ? ''
            : minutes < 120
              ? ` over ${minutes} min`
              : dose.over < 72
                ? ` for ${+dose.over.toFixed(1)} h`
                : ` for ${+(dose.over / 24).toFixed(1)} days`;
    const amount =
        dose.unit === '1' ? '' : ` ${+dose.amount.toPrecision(3)} ${dose.unit === 'uM' ? 'µM' : dose.unit}`;
    return `${
        dose.drug
            .split('/')
            .pop()
            ?.replace(/\.yaml$/, '') ?? ''
    }${amount}${length}`;
}
