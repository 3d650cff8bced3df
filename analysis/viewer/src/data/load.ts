// A file of results, opened once: a run with every time course that the page shows or tells of, or a cohort.
import {isTold} from '../story/acts';
import type {Attributes} from '../worker/messages';
import type {Client} from './client';
import {Cohort} from './cohort';
import {learn} from './fields';
import {Run} from './run';
import {msg} from '../lang';

const FORMAT_VERSION = 1; // of run and cohort files
let opened = 0;

// By what its root says it is. Throws an Error in words when this page cannot show it.
function needReadable({format, format_version: version}: Attributes): void {
    if (format !== 'respine-run' && format !== 'respine-cohort') throw new Error(msg('file.not_ours'));
    if (version === FORMAT_VERSION) return;
    const later = Number(version) > FORMAT_VERSION ? 'file.later' : 'file.version';
    throw new Error(msg(later, {has: String(version), reads: FORMAT_VERSION}));
}

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
        needReadable(root);
        if (root.format === 'respine-cohort') return await Cohort.read(client, key, file.name);
        const run = await Run.read(client, key, file);
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
