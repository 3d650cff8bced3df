// A file of results, opened once: a run with every time course that the page shows or tells of, or a cohort.
import {isTold} from '../story/acts';
import type {Client} from './client';
import {Cohort} from './cohort';
import {learn} from './fields';
import {Run} from './run';
import {msg} from '../lang';

let opened = 0;

// Null, and a word to `tell`, for what cannot be shown.
export async function loadFile(
    client: Client,
    file: File,
    tell: (problem: string) => void,
): Promise<Run | Cohort | null> {
    const key = `file${++opened}`;
    try {
        await client.ask({method: 'open', key, file});
        const names = ['format', 'format_version'],
            root = await client.ask({method: 'attributes', key, path: '/', names});
        if (root.format === 'respine-cohort') return await Cohort.read(client, key, file.name);
        const run = await Run.read(client, key, file, root);
        learn(run.all);
        const wanted = run.all.filter((f) => f.prominent || isTold(f.id));
        await Promise.all(wanted.map((f) => run.load(f.id)));
        for (const problem of new Set(run.problems)) tell(`${file.name}: ${problem}`);
        return run;
    } catch (error) {
        tell(msg('load.cannot', {file: file.name, reason: (error as Error).message}));
        return null;
    }
}
