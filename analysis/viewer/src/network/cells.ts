// The neurons of a run and what was recorded of each: positions once, one frame of one field at a time.
import type {Run} from '../data/run';
import {msg, named} from '../lang';

export const TYPE_NAMES = [msg('type.e'), 'PV', 'SST', 'VIP'];

// Offered first, in this order.
const CHAIN = ['rate', 'ampa', 'bdnf_excess', 'mtorc1', 'protein_pool', 'live'];

export interface CellField {
    name: string;
    unit: string;
    label: string;
    path: string;
    excitatoryOnly: boolean;
    moves: boolean; // between frames, with the mean of its type (movedFrame)
}

export interface Cells {
    count: number;
    excitatory: number;
    x: Float32Array;
    y: Float32Array;
    z: Float32Array;
    type: Uint8Array;
    group: Uint8Array; // index into `groups`
    groups: string[]; // names of layers or regions and types
    fields: CellField[];
    times: Float64Array; // of the frames [h]
    centre: [number, number, number];
    radius: number; // of the sphere around all [um]
}

export async function loadCells(run: Run): Promise<Cells> {
    const {client, key} = run;
    const read = (path: string) => client.read(key, path);
    const [x, y, z, type, group, groups] = (await Promise.all(
        ['x', 'y', 'z', 'type', 'group', 'group_name'].map((n) => read(`/network/${n}`)),
    )) as [Float32Array, Float32Array, Float32Array, Uint8Array, Uint8Array, string[]];
    const names = await client.ask({method: 'list', key, path: '/snapshots'});
    const times = names.includes('time')
        ? ((await read('/snapshots/time')) as Float64Array).map((t) => t - run.zero)
        : new Float64Array(0);
    const fields: CellField[] = [];
    let excitatory = type.reduce((n, t) => n + Number(t === 0), 0);
    for (const name of names) {
        if (['time', 'neuron', 'excitatory', 'synapses'].includes(name)) continue;
        const path = `/snapshots/${name}`;
        const shape = await client.ask({method: 'shape', key, path}).catch(() => []);
        if (shape.length !== 2 || shape[0] !== times.length) continue;
        const about = await client.ask({method: 'attributes', key, path, names: ['units', 'long_name']});
        if (shape[1] !== x.length) excitatory = shape[1] as number;
        fields.push({
            name,
            path,
            unit: String(about.units ?? ''),
            label: named(String(about.long_name ?? name)),
            excitatoryOnly: shape[1] !== x.length,
            moves: name === 'rate',
        });
    }
    const along = (f: CellField) => {
        const place = CHAIN.indexOf(f.name);
        return place < 0 ? CHAIN.length : place;
    };
    fields.sort((a, b) => along(a) - along(b));
    return {count: x.length, excitatory, x, y, z, type, group, groups, fields, times, ...around(x, y, z)};
}

function around(
    x: Float32Array,
    y: Float32Array,
    z: Float32Array,
): {centre: [number, number, number]; radius: number} {
    const middle = (v: Float32Array) => {
        let low = Infinity,
            high = -Infinity;
        for (const c of v) {
            if (c < low) low = c;
            if (c > high) high = c;
        }
        return [(low + high) / 2, (high - low) / 2] as const;
    };
    const [cx, rx] = middle(x),
        [cy, ry] = middle(y),
        [cz, rz] = middle(z);
    return {centre: [cx, cy, cz], radius: Math.max(1, Math.hypot(rx, ry, rz))};
}

// The last frame at or before a time; -1 before there is any: no frame is shown before its time.
export function frameAt(times: Float64Array, hours: number): number {
    let found = -1;
    for (let k = 0; k < times.length; ++k) if ((times[k] as number) <= hours + 1e-6) found = k;
    return found;
}

export async function loadFrame(run: Run, field: CellField, frame: number): Promise<Float32Array> {
    const values = await run.client.read(run.key, field.path, [frame, frame + 1]);
    return values instanceof Float32Array ? values : Float32Array.from(values as Uint32Array);
}

const MEANS = ['rate_e', 'rate_pv', 'rate_sst', 'rate_vip']; // of the history, by type

// The rates of a frame, each times what the mean of its type has become since: an interpolation, because no
// neuron is recorded between frames.
export function moved(
    values: Float32Array,
    cells: Cells,
    run: Run,
    frame: number,
    hours: number,
): Float32Array {
    const since = MEANS.map((mean) => {
        const then = run.at(mean, cells.times[frame] ?? 0),
            now = run.at(mean, hours);
        return then > 0 && Number.isFinite(now) ? now / then : 1;
    });
    return values.map((value, k) => value * (since[cells.type[k] as number] ?? 1));
}

// The range that most neurons stay in, over a few frames: one neuron far out would hide all others.
export async function rangeOf(run: Run, cells: Cells, field: CellField): Promise<[number, number]> {
    const sample: number[] = [],
        frames = Math.min(cells.times.length, 12);
    for (let k = 0; k < frames; ++k) {
        const values = await loadFrame(
            run,
            field,
            Math.round((k * (cells.times.length - 1)) / Math.max(1, frames - 1)),
        );
        const step = Math.max(1, Math.floor(values.length / 3000));
        for (let i = 0; i < values.length; i += step) sample.push(values[i] as number);
    }
    sample.sort((a, b) => a - b);
    const low = sample[Math.floor(0.01 * sample.length)] ?? 0,
        high = sample[Math.floor(0.99 * (sample.length - 1))] ?? 1;
    return high > low ? [low, high] : [low - 0.5, low + 0.5];
}
