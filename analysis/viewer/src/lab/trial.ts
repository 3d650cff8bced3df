// What a visitor has chosen, as a scenario file: what the page simulates is what `respine run` takes.
import {listed, msg, num} from '../lang';

export interface Given {
    drug: string;
    route: string;
    dose: number; // [mg/kg]
    over: number; // [min], of an infusion
    at: number[]; // [d]
}
export interface Trial {
    model: string;
    stress: number; // severity, 0 to 1
    genotype: string;
    given: Given[];
    cuts: string[]; // tools that each cut a link, from half an hour before each dose on, for half a day
    days: number; // after time 0
    seed: number;
    account: string; // a rival hypothesis; '' for the model's own account
}

// What is usual in a species, where a visitor begins.
export const USUAL: Record<string, {route: string; dose: number}> = {
    human: {route: 'iv', dose: 0.5},
    mouse: {route: 'ip', dose: 10},
    rat: {route: 'ip', dose: 10},
};

export const FIRST: Trial = {
    model: 'human',
    stress: 1,
    genotype: 'val/val',
    given: [{drug: 'ketamine', route: 'iv', dose: 0.5, over: 40, at: [0]}],
    cuts: [],
    days: 14,
    seed: 1,
    account: '',
};

// A network that a browser simulates while one waits; and one for an answer while a slider moves.
export const FINE = {neurons: 300, synapses: 50, history: '5 min'};
export const COARSE = {neurons: 120, synapses: 30, history: '20 min'};

const CUT_DAYS = 0.5;

export function yamlOf(trial: Trial, name: string, size: typeof FINE): string {
    return [
        `name: ${name}`,
        `title: ${JSON.stringify(titleOf(trial))}`,
        `model: ${trial.model}`,
        'start: -1 d',
        `duration: ${trial.days + 1} d`,
        `seed: ${trial.seed}`,
        `network: {kind: sheet, neurons: ${size.neurons}, synapses_per_neuron: ${size.synapses}}`,
        `stress: {severity: ${trial.stress}}`,
        ...(trial.genotype === 'val/val' ? [] : [`genotype: ${trial.genotype}`]),
        ...(trial.account ? [`hypothesis: ${trial.account}`] : []),
        ...treatmentsOf(trial),
        `record: {history: ${size.history}, snapshots: [${snapshots(trial.days).join(', ')}]}`,
        '',
    ].join('\n');
}

function treatmentsOf(trial: Trial): string[] {
    const lines = trial.given.map((g) => {
        const over = g.route === 'iv' && g.over > 0 ? `, over: ${g.over} min` : '';
        return `  - {drug: ${g.drug}, route: ${g.route}, dose: ${g.dose} mg/kg${over}, at: ${days(g.at)}}`;
    });
    const doses = trial.given.flatMap((g) => g.at),
        starts = windows(doses.length > 0 ? doses : [0]);
    for (const cut of trial.cuts)
        for (const {from, to} of starts)
            lines.push(
                `  - {drug: ${cut}, route: window, for: ${minutes(to - from)}, at: ${minutes(from)}}`,
            );
    return lines.length > 0 ? ['treatments:', ...lines] : [];
}

// From half an hour before each dose; windows that would overlap are one.
function windows(doses: number[]): {from: number; to: number}[] {
    const found: {from: number; to: number}[] = [];
    for (const dose of [...doses].sort((a, b) => a - b)) {
        const from = dose - 0.5 / 24,
            last = found.at(-1);
        if (last && from <= last.to) last.to = from + CUT_DAYS;
        else found.push({from, to: from + CUT_DAYS});
    }
    return found;
}

const minutes = (time: number) => `${Math.round(time * 1440)} min`;
const days = (times: number[]) =>
    times.length === 1 ? minutes(times[0] as number) : `[${times.map(minutes).join(', ')}]`;
const snapshots = (last: number) => ['0 h', '1 d', '7 d', '14 d'].filter((t) => parseInt(t) <= last);

// "human: ketamine 0.5 mg/kg iv, 6 times, without BDNF"
export function titleOf(trial: Trial): string {
    const given = trial.given.map((g) => {
        const over = g.route === 'iv' && g.over > 0 ? ` ${msg('trial.over', {minutes: num(g.over)})}` : '';
        const times = g.at.length > 1 ? `, ${msg('trial.times', {times: g.at.length})}` : '';
        return `${g.drug} ${num(g.dose)} mg/kg ${g.route}${over}${times}`;
    });
    const words = [
        listed(given) || msg('trial.no_drug'),
        ...trial.cuts.map((tool) => msg('trial.cut', {tool})),
    ];
    if (trial.stress !== 1)
        words.push(
            trial.stress === 0 ? msg('trial.no_stress') : msg('trial.stress', {stress: num(trial.stress)}),
        );
    if (trial.genotype !== 'val/val') words.push(trial.genotype);
    if (trial.account) words.push(msg('trial.account', {account: trial.account}));
    if (trial.seed !== 1) words.push(msg('trial.seed', {seed: trial.seed}));
    return `${trial.model}: ${words.join(', ')}`;
}
