// The same run with other parameter sets that published data allow, simulated one after the other while one
// watches: how far a curve may lie from where it is drawn.
import type {Client} from '../data/client';
import {Course, type Series} from '../data/course';
import type {Run} from '../data/run';
import type {Engine} from '../lab/engine';

const NETWORK: [string, string][] = [
    ['network.neurons', '200'],
    ['network.synapses_per_neuron', '50'],
    ['record.history', '20 min'],
    ['record.snapshots', '[]'],
];

export class Member extends Course {
    constructor(run: Run, time: Float64Array, values: Map<string, Float32Array>) {
        const back = run.doses.map((d) => ({...d, time: d.time + run.zero}));
        super(run.meta, time, back);
        this.countFrom(run.zero);
        for (const [id, own] of values) {
            const source = `/history/${id}`;
            this.series.set(id, {values: own, low: null, high: null, outer: null, source} as Series);
        }
    }
}

let opened = 0;

// Adds a member at a time to `into`. Rejects as 'stopped' when the simulator is `taken`, or a newer question
// takes it.
export async function spread(
    run: Run,
    sets: [string, string][][],
    engine: Engine,
    client: Client,
    taken: () => boolean,
    into: Course[],
): Promise<void> {
    for (const set of sets) {
        if (taken()) throw new Error('stopped');
        const {bytes} = await engine.simulate('member.yaml', String(run.meta.scenario ?? ''), [
            ...NETWORK,
            ...set,
        ]);
        const key = `member${++opened}`;
        await client.ask({method: 'open', key, file: new File([bytes], `${key}.h5`)});
        const values = new Map<string, Float32Array>(),
            time = (await client.ask({method: 'read', key, path: '/history/time'})) as Float64Array;
        for (const {id} of run.fields)
            values.set(
                id,
                (await client.ask({method: 'read', key, path: `/history/${id}`})) as Float32Array,
            );
        await client.ask({method: 'close', key});
        into.push(new Member(run, time, values));
    }
}
