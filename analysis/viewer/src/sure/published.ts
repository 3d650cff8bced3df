// Published results that a run's curves can be held against: those of the same species and treatment.
import {parseTime} from '../data/clock';
import type {Dose} from '../data/course';
import {fieldOf} from '../data/fields';
import type {Run} from '../data/run';
import {MARKS} from './chain';
import {msg, named, num} from '../lang';

export interface Published {
    model: string;
    stress: number;
    genotype: string;
    given: {drug: string; route: string; dose: string}[];
    field: string;
    time: string;
    difference: boolean; // from the arm without drug
    kind: 'value' | 'up' | 'down' | 'flat' | 'zero';
    value: number | null;
    low: number | null;
    high: number | null;
    unit: string;
    source: string;
    mark: string;
    evidence: string;
}

// A result as it is drawn, in the unit that the page shows.
export interface Point {
    time: number; // [h since the first dose]
    value: number;
    low: number;
    high: number;
    sign: '' | '▲' | '▼' | '='; // where only a direction was published
    words: string;
}

const SIGNS = {up: '▲', down: '▼', flat: '=', zero: '='} as const;
const WORDS = {
    up: msg('published.up'),
    down: msg('published.down'),
    flat: msg('published.flat'),
    zero: msg('published.zero'),
};
const EVIDENCE: Record<string, string> = {
    fitted: msg('evidence.fitted'),
    construction: msg('evidence.construction'),
    in_sample: msg('evidence.in_sample'),
    prediction: msg('evidence.prediction'),
};

export function pointsOf(run: Run, field: string, all: Published[]): Point[] {
    const rest = run.at(field, run.start) * fieldOf(field).factor;
    return all
        .filter((row) => row.field === field && isSame(run, row))
        .flatMap((row): Point[] => {
            const time = parseTime(row.time);
            if (time === null || time < run.start || time > run.end) return [];
            const from = row.difference ? rest : 0,
                measured = row.kind === 'value' && row.value !== null,
                here = run.at(field, time) * fieldOf(field).factor,
                value = measured ? from + (row.value as number) : here;
            return [
                {
                    time,
                    value,
                    low: measured ? from + (row.low ?? (row.value as number)) : here,
                    high: measured ? from + (row.high ?? (row.value as number)) : here,
                    sign: row.kind === 'value' ? '' : SIGNS[row.kind],
                    words: wordsOf(row),
                },
            ];
        });
}

function wordsOf(row: Published): string {
    const measured = [
        num(row.value ?? ''),
        row.low === null ? '' : msg('published.range', {low: num(row.low), high: num(row.high ?? '')}),
        named(row.unit),
        row.difference ? msg('published.more') : '',
    ];
    return msg('published.row', {
        source: row.source,
        time: row.time,
        found: row.kind === 'value' ? measured.filter(Boolean).join(' ') : WORDS[row.kind],
        mark: MARKS[row.mark] ?? row.mark,
        evidence: EVIDENCE[row.evidence] ?? msg('evidence.unjudged'),
    });
}

function isSame(run: Run, row: Published): boolean {
    return (
        row.model === run.meta.model &&
        Math.abs(row.stress - run.stress) < 0.05 &&
        row.genotype === run.genotype &&
        row.given.length === run.doses.length &&
        row.given.every(({drug, route, dose}) => run.doses.some((d) => isDose(d, drug, route, dose)))
    );
}

function isDose(given: Dose, drug: string, route: string, dose: string): boolean {
    const amount = parseFloat(dose);
    return (
        given.drug === drug &&
        given.route === route &&
        (Number.isNaN(amount) || Math.abs(given.amount - amount) < 0.05 * amount)
    );
}
