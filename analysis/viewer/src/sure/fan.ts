// The same run with other parameter sets that published data allow, simulated one after the other while one
// watches: how far a curve may lie from where it is drawn.
import type {Client} from '../data/client';
import type {Course} from '../data/course';
import type {Run} from '../data/run';
import {simulated} from '../lab/course';
import type {Engine} from '../lab/engine';

const NETWORK: [string, string][] = [
    ['network.neurons', '200'],
    ['network.synapses_per_neuron', '50'],
    ['record.history', '20 min'],
    ['record.snapshots', '[]'],
];

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
    const scenario = String(run.meta.scenario ?? ''),
        ids = run.fields.map((field) => field.id),
        doses = run.doses.map((d) => ({...d, time: d.time + run.zero}));
    for (const set of sets) {
        if (taken()) throw new Error('stopped');
        const member = await simulated(engine, client, scenario, [...NETWORK, ...set], ids, doses);
        member.countFrom(run.zero);
        into.push(member);
    }
}
