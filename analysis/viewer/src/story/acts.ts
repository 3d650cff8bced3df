// The acts of the story: when each plays in this run, where to look, which numbers it is about, and what is
// said. The first dose has its acts; later ones are told together; the last act is the end of the run.
import type {Clock} from '../data/clock';
import type {Course} from '../data/course';
import type {Act} from '../player';
import * as sentences from './sentences';
import {Teller, type Fact} from './facts';
import {givenIn, type Given} from './pharmacology';

export interface StoryAct extends Act {
    title: string;
    text: string;
    facts: Fact[];
    fields: string[]; // shown while it plays
    curve: string; // the one whose time course is shown
    look: {x: number; y: number; zoom: number}; // in the drawing's own units
}

// What an act may speak of.
export interface Told {
    t: Teller; // from the first dose (in the first and the last act: from its own begin) to its end
    title: string; // of the run
    stressed: boolean;
    given: Given[]; // all of the run
    acting: Given[]; // begun by the end of the act, and not over before the first dose
    doses: number[]; // times of the doses that the acts are about
}

export const WHOLE = {x: 820, y: 400, zoom: 1}; // of the drawing

const STAGE = {
    rest: {
        seconds: 5,
        fields: ['rate_sst', 'rate_e', 'spine_density'],
        curve: 'spine_density',
        look: WHOLE,
    },
    target: {
        seconds: 7,
        fields: ['brain', 'nmda_block_sst', 'nmda_block_e'],
        curve: 'brain',
        look: {x: 700, y: 380, zoom: 1.08},
    },
    cells: {
        seconds: 7,
        fields: ['nmda_block_sst', 'rate_sst', 'rate_e'],
        curve: 'rate_e',
        look: {x: 500, y: 330, zoom: 1.3},
    },
    surge: {
        seconds: 7,
        fields: ['rate_e', 'glutamate', 'ampa', 'nmda_block_e'],
        curve: 'glutamate',
        look: {x: 1020, y: 350, zoom: 1.5},
    },
    release: {
        seconds: 7,
        fields: ['translation', 'ampa', 'bdnf', 'trkb'],
        curve: 'bdnf',
        look: {x: 1120, y: 450, zoom: 1.5},
    },
    protein: {
        seconds: 8,
        fields: ['trkb', 'mtorc1', 'protein_pool', 'potentiation'],
        curve: 'protein_pool',
        look: {x: 920, y: 540, zoom: 1.3},
    },
    grow: {
        seconds: 9,
        fields: ['protein_pool', 'potentiation', 'spine_density'],
        curve: 'spine_density',
        look: {x: 1130, y: 440, zoom: 1.1},
    },
    course: {
        seconds: 9,
        fields: ['brain', 'protein_pool', 'spine_density'],
        curve: 'spine_density',
        look: WHOLE,
    },
    end: {
        seconds: 9,
        fields: ['brain', 'protein_pool', 'spine_density'],
        curve: 'spine_density',
        look: WHOLE,
    },
};
type Id = keyof typeof STAGE;

// Whether a sentence may be about this quantity.
export function isTold(field: string): boolean {
    return field === 'translation' || /^(rate|nmda_block)_(e|pv|sst)$/.test(field);
}

const WORDS_A_MINUTE = 200; // that people read
const EARLY = 3; // [h] in which what a dose does at once has its largest values

export function actsOf(course: Course, clock: Clock): StoryAct[] {
    const doses = [...new Set(course.mainDoses.map((d) => d.time))]
        .filter((time) => time >= clock.first - 1e-6 && time < course.end)
        .sort((a, b) => a - b);
    const given = givenIn(course);
    const stressed = course.stress > 0;
    return borders(course, clock, doses)
        .map(([id, from, to]): StoryAct => {
            const own = id === 'rest' || id === 'course' || id === 'end' ? from : clock.first;
            const t = new Teller(course, clock.start, clock.first, own, to);
            const acting = given.filter((g) => g.from < to && g.to >= clock.first - 1e-6);
            const said = sentences[id]({t, title: course.title, stressed, given, acting, doses});
            const reading = (60 * `${said.title} ${said.text}`.split(' ').length) / WORDS_A_MINUTE;
            return {id, from, to, ...STAGE[id], reading, ...said};
        })
        .filter((act) => act.to - act.from > 0.01);
}

// Ends of the acts: where this run's own curves turn, and usual times where they do not.
function borders(course: Course, clock: Clock, doses: number[]): [Id, number, number][] {
    const first = clock.first,
        next = doses[1] ?? Infinity,
        last = doses[doses.length - 1] ?? first,
        until = Math.min(course.end, next);
    const turn = (id: string, usual: number, most: number) => {
        const to = Math.min(until, first + most);
        const found = course.extreme(id, true, first, to);
        return found.value > course.at(id, clock.start) + 0.02 ? found.time : first + usual;
    };
    const brain = turn('brain', 2 / 3, EARLY);
    const grown = Math.max(turn('spine_density', 60, Infinity), first + 48);
    const ends: [Id, number][] = [
        ['rest', first],
        ['target', first + 0.5 * (brain - first)],
        ['cells', brain + 0.08],
        ['surge', Math.max(brain + 0.16, turn('ampa', 1, EARLY) + 0.08)],
        ['release', turn('bdnf', 1.5, 6) + 0.25],
        ['protein', turn('protein_pool', 12, 48)],
        ['grow', next < course.end ? next : grown],
        ...(next < course.end ? [['course', Math.min(course.end, last + 24)] as [Id, number]] : []),
        ['end', course.end],
    ];
    let from = clock.start;
    return ends.map(([id, end]) => {
        const limit = id === 'course' || id === 'end' ? course.end : until;
        const own: [Id, number, number] = [id, from, Math.min(limit, Math.max(from, end))];
        from = own[2];
        return own;
    });
}
