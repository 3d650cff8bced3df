// Lessons for a class that has this page and nothing else: what to predict, what to try, what to ask. Values
// are simulated when the answers are switched on, so none can be out of date.
import {FIRST, type Trial} from '../lab/trial';
import {msg} from '../lang';

export interface Column {
    name: string;
    trial: Trial;
    at: number | 'peak'; // [h since the dose], or where it is highest
}

export interface Lesson {
    title: string;
    aim: string;
    predict: string;
    rows: [string, string][]; // field of the history, in words
    columns: Column[];
    signs: boolean; // whether a cell says + where the row rises after the dose, and 0 where it does not
    questions: [string, string][]; // with its answer
    limits: string;
}

const MOUSE: Trial = {
    ...FIRST,
    model: 'mouse',
    given: [{drug: 'ketamine', route: 'ip', dose: 10, over: 0, at: [0]}],
    days: 20,
};
const SHORT: Trial = {...MOUSE, days: 8};

const TIMES: [string, number][] = [
    [msg('lessons.time.15min'), 0.25],
    [msg('lessons.time.1h'), 1],
    [msg('lessons.time.6h'), 6],
    [msg('lessons.time.1d'), 24],
    [msg('lessons.time.3d'), 72],
    [msg('lessons.time.20d'), 479],
];

const CUTS: [string, string[]][] = [
    [msg('lessons.cut.none'), []],
    [msg('lessons.cut.ampa'), ['nbqx']],
    [msg('lessons.cut.bdnf'), ['anti-bdnf']],
    [msg('lessons.cut.trkb'), ['trkb-blocker']],
    [msg('lessons.cut.mtorc1'), ['rapamycin']],
];

const seeds = (dose: number): Column[] =>
    [1, 2, 3].map((seed) => ({
        name: msg('lessons.seed', {dose, seed}),
        trial: {...SHORT, seed, given: SHORT.given.map((g) => ({...g, dose}))},
        at: 168,
    }));

export const LESSONS: Lesson[] = [
    {
        title: msg('lessons.clocks.title'),
        aim: msg('lessons.clocks.aim'),
        predict: msg('lessons.clocks.predict'),
        rows: [
            ['brain', msg('lessons.row.brain')],
            ['bdnf', msg('lessons.row.bdnf')],
            ['mtorc1', msg('lessons.row.mtorc1')],
            ['protein_pool', msg('lessons.row.protein')],
            ['spine_density', msg('lessons.row.spines')],
        ],
        columns: TIMES.map(([name, at]) => ({name, trial: MOUSE, at})),
        signs: false,
        questions: [
            [msg('lessons.clocks.ask1'), msg('lessons.clocks.answer1')],
            [msg('lessons.clocks.ask2'), msg('lessons.clocks.answer2')],
            [msg('lessons.clocks.ask3'), msg('lessons.clocks.answer3')],
        ],
        limits: msg('lessons.clocks.limits'),
    },
    {
        title: msg('lessons.cut.title'),
        aim: msg('lessons.cut.aim'),
        predict: msg('lessons.cut.predict'),
        rows: [
            ['nmda_block_sst', msg('lessons.row.block')],
            ['rate_e', msg('lessons.row.fire')],
            ['glutamate', msg('lessons.row.glutamate')],
            ['bdnf', msg('lessons.row.bdnf')],
            ['trkb', msg('lessons.row.trkb')],
            ['mtorc1', msg('lessons.row.mtorc1')],
            ['protein_pool', msg('lessons.row.protein')],
            ['spine_density', msg('lessons.row.spines')],
        ],
        columns: CUTS.map(([name, cuts]) => ({name, trial: {...SHORT, cuts}, at: 'peak' as const})),
        signs: true,
        questions: [
            [msg('lessons.cut.ask1'), msg('lessons.cut.answer1')],
            [msg('lessons.cut.ask2'), msg('lessons.cut.answer2')],
            [msg('lessons.cut.ask3'), msg('lessons.cut.answer3')],
        ],
        limits: msg('lessons.cut.limits'),
    },
    {
        title: msg('lessons.doubt.title'),
        aim: msg('lessons.doubt.aim'),
        predict: msg('lessons.doubt.predict'),
        rows: [
            ['brain', msg('lessons.row.brain')],
            ['bdnf', msg('lessons.row.bdnf')],
            ['spine_density', msg('lessons.row.spines')],
        ],
        columns: [...seeds(10), ...seeds(5)],
        signs: false,
        questions: [
            [msg('lessons.doubt.ask1'), msg('lessons.doubt.answer1')],
            [msg('lessons.doubt.ask2'), msg('lessons.doubt.answer2')],
        ],
        limits: msg('lessons.doubt.limits'),
    },
];
