// A simulation whose time courses are wanted and nothing else: run, read, forgotten.
import type {Client} from '../data/client';
import {Course, type Dose} from '../data/course';
import {ATTRIBUTES, fieldFrom, type Field} from '../data/fields';
import type {Attributes} from '../worker/messages';
import type {Engine} from './engine';

export class Simulated extends Course {
    readonly fields = new Map<string, Field>();

    take(id: string, values: Float32Array, said: Attributes): void {
        this.series.set(id, {values, low: null, high: null, outer: null, source: `/history/${id}`});
        this.fields.set(id, fieldFrom(id, said));
    }
}

let opened = 0;

// Behind what a visitor waits for. `doses`: on the clock of the scenario.
export async function simulated(
    engine: Engine,
    client: Client,
    scenario: string,
    settings: [string, string][],
    ids: string[],
    doses: Dose[],
): Promise<Simulated> {
    const {bytes} = await engine.behind('course.yaml', scenario, settings);
    const key = `course${++opened}`;
    await client.ask({method: 'open', key, file: new File([bytes], `${key}.h5`)});
    const time = (await client.ask({method: 'read', key, path: '/history/time'})) as Float64Array,
        course = new Simulated({}, time, doses);
    for (const id of ids) {
        const path = `/history/${id}`,
            said = await client.ask({method: 'attributes', key, path, names: ATTRIBUTES}),
            values = await client.ask({method: 'read', key, path});
        course.take(id, values as Float32Array, said);
    }
    await client.ask({method: 'close', key});
    return course;
}
