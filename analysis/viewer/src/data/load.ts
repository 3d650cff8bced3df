// A run file, opened with every time course that the page shows or tells of.
import {isTold} from '../story/acts';
import type {Client} from './client';
import {learn} from './fields';
import {Run} from './run';

// Null, and a word to `tell`, for what cannot be shown.
export async function loadRun(
    client: Client,
    file: File,
    tell: (problem: string) => void,
): Promise<Run | null> {
    try {
        const run = await Run.open(client, file);
        learn(run.all);
        const wanted = run.all.filter((f) => f.prominent || isTold(f.id));
        await Promise.all(wanted.map((f) => run.load(f.id)));
        for (const problem of new Set(run.problems)) tell(`${file.name}: ${problem}`);
        return run;
    } catch (error) {
        tell(`${file.name} cannot be shown: ${(error as Error).message}.`);
        return null;
    }
}
