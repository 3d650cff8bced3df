// The same run with another parameter set that published data allow: how far a curve may lie from where it
// is drawn.
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

export async function memberOf(
    run: Run,
    set: [string, string][],
    engine: Engine,
    client: Client,
): Promise<Course> {
    const ids = run.fields.map((field) => field.id),
        doses = run.doses.map((d) => ({...d, time: d.time + run.zero}));
    const member = await simulated(engine, client, run.scenario, [...NETWORK, ...set], ids, doses);
    member.countFrom(run.zero);
    return member;
}
