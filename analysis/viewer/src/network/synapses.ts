// Synapses that formed and were lost between two snapshots, those of some neurons standing for all when there
// are too many.
import type {Run} from '../data/run';

export interface Link {
    source: number;
    target: number;
}

export interface Changes {
    formed: Link[];
    lost: Link[];
    formedInAll: number;
    lostInAll: number;
    exact: boolean; // the two counts; else scaled up from the neurons that were read
    every: number; // synapses of every k-th neuron were read
    from: number;
    to: number; // [h]
}

// The synapses of one plastic projection at one time, in rows by target.
interface Rows {
    path: string;
    offsets: Float64Array;
    live: number;
    formed: number | null;
}

interface Graph {
    time: number;
    fileEvery: number;
    projections: Rows[]; // the recurrent one first
}

// The synapses onto one neuron.
interface Row {
    source: Uint32Array;
    birth: Float32Array;
    keys: number[];
}

const COLUMNS = ['offsets', 'synapse', 'source', 'log_size', 'birth']; // other names are projections
const READ_SYNAPSES = 12_000; // of a snapshot in a whole file; a page holds few enough to take all
const BIRTH_STEPS = 48; // a day: half an hour separates two synapses of one pair

export class Synapses {
    private constructor(
        private run: Run,
        readonly graphs: Graph[],
        private step: number,
    ) {}

    static async open(run: Run): Promise<Synapses | null> {
        const {client, key} = run,
            graphs: Graph[] = [];
        const snapshots = await client.ask({method: 'list', key, path: '/snapshots'});
        if (!snapshots.includes('synapses')) return null;
        for (const name of (await client.ask({method: 'list', key, path: '/snapshots/synapses'})).sort(
            (a, b) => Number(a) - Number(b),
        )) {
            const path = `/snapshots/synapses/${name}`;
            const [about, inside] = await Promise.all([
                client.ask({method: 'attributes', key, path, names: ['time_h', 'every']}),
                client.ask({method: 'list', key, path}),
            ]);
            const others = inside.filter((part) => !COLUMNS.includes(part)).sort();
            graphs.push({
                time: Number(about.time_h ?? 0) - run.zero,
                fileEvery: Number(about.every ?? 1),
                projections: await Promise.all(
                    [path, ...others.map((part) => `${path}/${part}`)].map((at) => Synapses.rows(run, at)),
                ),
            });
        }
        if (graphs.length === 0) return null;
        const fileEvery = graphs[0]?.fileEvery ?? 1,
            largest = Math.max(...graphs.map((g) => g.projections.reduce((sum, p) => sum + p.live, 0)));
        return new Synapses(
            run,
            graphs,
            fileEvery > 1 ? fileEvery : Math.max(1, Math.ceil(largest / READ_SYNAPSES)),
        );
    }

    private static async rows({client, key}: Run, path: string): Promise<Rows> {
        const [about, offsets] = await Promise.all([
            client.ask({method: 'attributes', key, path, names: ['live', 'formed']}),
            client.read(key, `${path}/offsets`) as Promise<Float64Array>,
        ]);
        return {
            path,
            offsets,
            live: Number(about.live ?? offsets[offsets.length - 1] ?? 0),
            formed: about.formed === undefined ? null : Number(about.formed),
        };
    }

    // Every how many neurons the file holds the synapses of.
    get fileEvery(): number {
        return this.graphs[0]?.fileEvery ?? 1;
    }

    graphAt(hours: number): number {
        let found = 0;
        this.graphs.forEach((g, k) => {
            if (g.time <= hours + 1e-6) found = k;
        });
        return found;
    }

    // What is different in snapshot `index` from the one before.
    async changes(index: number): Promise<Changes | null> {
        const now = this.graphs[index],
            before = this.graphs[index - 1];
        if (!now || !before) return null;
        const all: Changes = {
            formed: [],
            lost: [],
            formedInAll: 0,
            lostInAll: 0,
            exact: true,
            every: this.step,
            from: before.time,
            to: now.time,
        };
        for (const [k, rows] of now.projections.entries()) {
            const earlier = before.projections[k];
            if (earlier) await this.addChanges(earlier, rows, all);
        }
        return all;
    }

    // Those of one projection.
    private async addChanges(before: Rows, now: Rows, all: Changes): Promise<void> {
        const formed: Link[] = [],
            lost: Link[] = [];
        let liveHere = 0;
        for (const {target, a, b} of await this.rowsOf(before, now)) {
            const known = new Set(b.keys);
            liveHere += b.keys.length;
            b.birth.forEach((birth, k) => {
                if (birth > (all.from + this.run.zero) / 24)
                    formed.push({source: b.source[k] as number, target});
            });
            a.keys.forEach((name, k) => {
                if (!known.has(name)) lost.push({source: a.source[k] as number, target});
            });
        }
        const scale = liveHere > 0 ? now.live / liveHere : 1,
            formedInAll = now.formed ?? Math.round(formed.length * scale);
        all.formed = all.formed.concat(formed);
        all.lost = all.lost.concat(lost);
        all.formedInAll += formedInAll;
        all.lostInAll += Math.max(0, before.live - now.live + formedInAll);
        all.exact &&= now.formed !== null;
    }

    // The rows of the chosen neurons in two snapshots.
    private rowsOf(before: Rows, now: Rows): Promise<{target: number; a: Row; b: Row}[]> {
        const targets = now.offsets.length - 1,
            chosen = Array.from({length: Math.ceil(targets / this.step)}, (_, k) => k * this.step);
        return Promise.all(
            chosen.map(async (target) => ({
                target,
                a: await this.row(before, target),
                b: await this.row(now, target),
            })),
        );
    }

    // Neurons that make synapses onto this one; null when the file left them out.
    async partners(index: number, target: number): Promise<Uint32Array | null> {
        const graph = this.graphs[index];
        const reaching = graph?.projections.filter((p) => target < p.offsets.length - 1) ?? [];
        if (!graph || reaching.length === 0 || target % graph.fileEvery !== 0) return null;
        const rows = await Promise.all(reaching.map((p) => this.row(p, target)));
        return Uint32Array.from(rows.flatMap((row) => Array.from(row.source)));
    }

    private async row(graph: Rows, target: number): Promise<Row> {
        const from = graph.offsets[target] ?? 0,
            to = graph.offsets[target + 1] ?? from;
        if (to <= from) return {source: new Uint32Array(0), birth: new Float32Array(0), keys: []};
        const {client, key} = this.run;
        const whole = this.fileEvery > 1; // a thinned list is small: read once
        const part = async (name: string) =>
            whole
                ? (await client.read(key, `${graph.path}/${name}`)).slice(from, to)
                : client.read(key, `${graph.path}/${name}`, [from, to]);
        const [source, birth] = (await Promise.all([part('source'), part('birth')])) as [
            Uint32Array,
            Float32Array,
        ];
        const keys = Array.from(
            source,
            (s, k) => s * 2 ** 20 + Math.round((birth[k] as number) * BIRTH_STEPS) + 2 ** 19,
        );
        return {source, birth, keys};
    }
}
