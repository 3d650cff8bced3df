// Lessons for a class that has this page and nothing else: what to predict, what to try, what to ask. Values
// are simulated when the answers are switched on, so none can be out of date.
import {FIRST, type Trial} from '../lab/trial';

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
    ['15 min', 0.25],
    ['1 h', 1],
    ['6 h', 6],
    ['1 day', 24],
    ['3 days', 72],
    ['20 days', 479],
];

const CUTS: [string, string[]][] = [
    ['ketamine', []],
    ['without AMPA receptors', ['nbqx']],
    ['without BDNF', ['anti-bdnf']],
    ['without TrkB', ['trkb-blocker']],
    ['without mTORC1', ['rapamycin']],
];

export const LESSONS: Lesson[] = [
    {
        title: '1. Clocks: why a drug that is gone in hours changes weeks',
        aim: 'A chain of slow steps remembers a fast cause: the slowest step says how long an effect lasts.',
        predict:
            'The half-life of ketamine in a mouse is about a quarter of an hour. Say for each ' +
            'row at which ' +
            'of these times it is highest, before you look.',
        rows: [
            ['brain', 'drug in the brain'],
            ['bdnf', 'BDNF'],
            ['mtorc1', 'mTORC1'],
            ['protein_pool', 'synaptic protein'],
            ['spine_density', 'spines'],
        ],
        columns: TIMES.map(([name, at]) => ({name, trial: MOUSE, at})),
        signs: false,
        questions: [
            [
                'Which rows are highest when the drug is already gone? How can that be?',
                'Protein and spines. Each step adds up the one before it: it rises while its input ' +
                    'is there ' +
                    'and falls with its own time. A peak comes when the input has fallen to what is ' +
                    'lost.',
            ],
            [
                'When drug and BDNF are gone, what makes new spines?',
                'The pool of synaptic protein, which is filled within hours and empties over days. ' +
                    'The cause ' +
                    'of an effect need not be there when it happens.',
            ],
            [
                'Which number would you change to make the effect last longer?',
                'One of a slow step: how long the protein stays, or how strongly the number of ' +
                    'spines is ' +
                    'drawn back. Twice the dose makes it higher rather than longer: try it.',
            ],
        ],
        limits:
            'That the pool lasts for days is recalled from one study, and the size of the gain ' +
            'is fitted to ' +
            'mice. The lesson on clocks holds for any such numbers; the days do not.',
    },
    {
        title: '2. Cut the chain: what vanishes when one link is cut?',
        aim: 'Use a knock-out as a question, and keep apart what a model shows from what was put into it.',
        predict:
            'Each tool cuts one link for twelve hours around the dose. Put + (more than before) ' +
            'or 0 into every ' +
            'field, before you look.',
        rows: [
            ['nmda_block_sst', 'NMDA receptors of SST cells blocked'],
            ['rate_e', 'pyramidal cells fire'],
            ['glutamate', 'glutamate'],
            ['bdnf', 'BDNF'],
            ['trkb', 'TrkB'],
            ['mtorc1', 'mTORC1'],
            ['protein_pool', 'synaptic protein'],
            ['spine_density', 'spines'],
        ],
        columns: CUTS.map(([name, cuts]) => ({name, trial: {...SHORT, cuts}, at: 'peak' as const})),
        signs: true,
        questions: [
            [
                'Where does each column change? What does this say about the order of the links?',
                'What lies before the cut stays, what lies behind it does not rise. So the order is: ' +
                    'cells and ' +
                    'glutamate, BDNF, TrkB, mTORC1, protein, spines.',
            ],
            [
                'Without AMPA receptors pyramidal cells do not fire more. Suppose a measurement ' +
                    'finds a surge of ' +
                    'glutamate all the same: what in the model would be too simple?',
                'In the model a full block of AMPA receptors takes drive from all pyramidal cells, ' +
                    'so nothing ' +
                    'can surge. Release of glutamate in a brain need not depend on the receptors behind ' +
                    'it.',
            ],
            [
                '"The simulation proves that ketamine works through BDNF." Answer.',
                'The simulation was given the chain, so a cut must end what lies behind it. It tests ' +
                    'whether ' +
                    'the wiring is what was meant. Evidence are the experiments it was built on, and ' +
                    'predictions that could have failed.',
            ],
        ],
        limits:
            'The tools have no pharmacokinetics here: a full block in a window. Rapamycin ' +
            'abolished the effect ' +
            'in rodents and prolonged it in humans (Abdallah 2020); the model follows the rodents.',
    },
    {
        title: '3. One run is no evidence: chance, dose, and what is not known',
        aim: 'Keep apart three doubts: chance, the dose, and numbers that nobody has measured.',
        predict:
            'The same mouse model with other random numbers (seeds), and with half the dose. How ' +
            'far apart will ' +
            'the spines be a week after the dose?',
        rows: [
            ['brain', 'drug in the brain'],
            ['bdnf', 'BDNF'],
            ['spine_density', 'spines'],
        ],
        columns: [
            ...[1, 2, 3].map((seed) => ({
                name: `10 mg/kg, seed ${seed}`,
                trial: {...SHORT, seed},
                at: 168,
            })),
            ...[1, 2, 3].map((seed) => ({
                name: `5 mg/kg, seed ${seed}`,
                trial: {...SHORT, seed, given: SHORT.given.map((g) => ({...g, dose: 5}))},
                at: 168,
            })),
        ],
        signs: false,
        questions: [
            [
                'Is the difference between the doses larger than that between seeds? How many runs ' +
                    'would you want?',
                'Compare the spread within each dose with the difference of the means. Three runs ' +
                    'say little ' +
                    'about a small difference; more seeds or a larger network make chance smaller.',
            ],
            [
                'Would more seeds make you surer of how a real mouse answers?',
                'No. Chance is one doubt; the numbers of the model are another. Press "How sure?": ' +
                    'the thin ' +
                    'lines are other numbers that published data allow, and no seed makes them ' +
                    'narrower.',
            ],
        ],
        limits:
            'Nobody in this lesson is real, and a week after the dose there is no drug left: the ' +
            'row says so.',
    },
];
