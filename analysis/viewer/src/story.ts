// The acts of the story: when each plays in this run, where to look, which numbers it is about, and what to
// say. The words follow the run: where nothing happens, they say so.
import type {Run} from './data/run';
import type {Clock} from './data/clock';
import type {Act} from './player';
import {valuesOf, WORDS, type Words} from './story_words';

export interface StoryAct extends Act, Words {
    fields: string[]; // shown while it plays
    look: {x: number; y: number; zoom: number}; // in the drawing's own units
}

const IDS = ['rest', 'block', 'silence', 'surge', 'release', 'protein', 'grow', 'fade'] as const;

export function actsOf(run: Run, clock: Clock): StoryAct[] {
    const times = borders(run, clock);
    const values = valuesOf(run, clock, what(run, clock));
    return IDS.map((id, k) => ({
        id,
        from: times[k] as number,
        to: times[k + 1] as number,
        ...STAGE[id],
        ...WORDS[id](values),
    })).filter((act) => act.to - act.from > 0.01);
}

const STAGE: Record<
    (typeof IDS)[number],
    {seconds: number; fields: string[]; look: {x: number; y: number; zoom: number}}
> = {
    rest: {seconds: 5, fields: ['rate_sst', 'rate_e', 'spine_density'], look: {x: 820, y: 400, zoom: 1}},
    block: {
        seconds: 7,
        fields: ['brain', 'nmda_block_sst', 'nmda_block_e'],
        look: {x: 700, y: 380, zoom: 1.08},
    },
    silence: {
        seconds: 7,
        fields: ['nmda_block_sst', 'rate_sst', 'rate_e'],
        look: {x: 500, y: 330, zoom: 1.3},
    },
    surge: {
        seconds: 7,
        fields: ['rate_e', 'glutamate', 'ampa', 'nmda_block_e'],
        look: {x: 1020, y: 350, zoom: 1.5},
    },
    release: {seconds: 7, fields: ['ampa', 'bdnf', 'trkb'], look: {x: 1120, y: 450, zoom: 1.5}},
    protein: {
        seconds: 8,
        fields: ['trkb', 'mtorc1', 'protein_pool', 'potentiation'],
        look: {x: 920, y: 540, zoom: 1.3},
    },
    grow: {
        seconds: 9,
        fields: ['protein_pool', 'potentiation', 'spine_density'],
        look: {x: 1130, y: 440, zoom: 1.1},
    },
    fade: {seconds: 9, fields: ['brain', 'protein_pool', 'spine_density'], look: {x: 820, y: 400, zoom: 1}},
};

export interface Happened {
    blocked: boolean;
    silenced: boolean;
    surged: boolean;
    released: boolean;
    made: boolean;
    grew: boolean;
    stressed: boolean;
    faded: boolean;
}

function change(run: Run, id: string, clock: Clock, largest: boolean): number {
    return run.extreme(id, largest, clock.first, run.end).value - run.at(id, clock.start);
}

function what(run: Run, clock: Clock): Happened {
    const gained = change(run, 'spine_density', clock, true),
        kept = run.at('spine_density', run.end) - run.at('spine_density', clock.start);
    return {
        blocked:
            change(run, 'nmda_block_sst', clock, true) > 0.02 ||
            change(run, 'nmda_block_e', clock, true) > 0.02,
        silenced: change(run, 'rate_sst', clock, false) < -0.05 * run.at('rate_sst', clock.start),
        surged:
            change(run, 'ampa', clock, true) > 0.05 &&
            run.extreme('ampa', true, clock.first, clock.first + 3).value > 1.05,
        released: change(run, 'bdnf', clock, true) > 0.02,
        made: change(run, 'protein_pool', clock, true) > 0.05,
        grew: gained > 2,
        faded: kept < 0.7 * gained,
        stressed: run.at('spine_density', clock.start) < 95,
    };
}

// Ends of the acts: where this run's own curves turn, and usual times where they do not.
function borders(run: Run, clock: Clock): number[] {
    const first = clock.first,
        soon = Math.min(run.end, first + 24);
    const peak = (id: string, usual: number, to: number) => {
        const found = run.extreme(id, true, first, to);
        return found.value > run.at(id, clock.start) + 0.02 ? found.time : first + usual;
    };
    const brain = Math.min(peak('brain', 2 / 3, soon), first + 3);
    const times = [
        clock.start,
        first,
        first + 0.4 * (brain - first),
        first + 0.75 * (brain - first),
        brain + 0.08,
        peak('bdnf', 1, Math.min(soon, first + 6)) + 0.25,
        peak('protein_pool', 12, Math.min(run.end, first + 48)),
        Math.max(peak('spine_density', 60, run.end), first + 48),
        run.end,
    ];
    for (let k = 1; k < times.length; ++k)
        times[k] = Math.min(run.end, Math.max(times[k] as number, times[k - 1] as number));
    return times;
}
