// Sentences whose every word about a run is a fact: a quantity, when, and what is said of it. A test takes
// them all and holds each against the run file (tests/viewer/story.py).
import {durationWords, timeWords} from '../data/clock';
import {fieldOf, shown, withUnit} from '../data/fields';
import type {Course} from '../data/course';
import {msg, type Key} from '../lang';

// What is said of a quantity between two times [h]: its value at the first, its largest or smallest value,
// when that is, how long it stays above half of its largest rise, or how it moves against its value at rest.
// Of a drug: that it acts on a target then. Of the run: that it has stress.
export interface Fact {
    is:
        | 'at'
        | 'most'
        | 'least'
        | 'when'
        | 'lasts'
        | 'up'
        | 'down'
        | 'steady'
        | 'not up'
        | 'acts on'
        | 'stressed';
    of: string; // field, "drug target", or ""
    from: number;
    to: number;
    words: string;
}

export interface Sentences {
    text: string;
    facts: Fact[];
}

// A message about a run. Of its values the facts are checked; `claims` are facts that its words make.
//   say('story.cells.up', {rest: t.at('rate_e', t.rest), most: t.most('rate_e')}, t.up('rate_e'))
export function say(
    key: Key,
    values: Record<string, Fact | Sentences | string | boolean> = {},
    ...claims: Fact[]
): Sentences {
    const words: Record<string, string | boolean> = {},
        facts: Fact[] = [];
    for (const [name, value] of Object.entries(values)) {
        if (typeof value === 'object') facts.push(...('facts' in value ? value.facts : [value]));
        words[name] = typeof value !== 'object' ? value : 'facts' in value ? value.text : value.words;
    }
    return {text: msg(key, words), facts: [...facts, ...claims]};
}

export function together(...all: (Sentences | null)[]): Sentences {
    const said = all.filter((s) => s !== null);
    return {text: said.map((s) => s.text).join(' '), facts: said.flatMap((s) => s.facts)};
}

// What an act says.
export interface Words extends Sentences {
    title: string;
}

export const titled = (title: Key, ...all: (Sentences | null)[]): Words => ({
    title: msg(title),
    ...together(...all),
});

// A move that counts: a share of the value at rest, or an amount where rest is 0 or near it.
const SHARES: Record<string, number> = {glutamate: 0.05, ampa: 0.05, bdnf: 0.005, potentiation: 0.02};
const AMOUNTS: Record<string, number> = {spine_density: 2};
const RATE = 0.05; // share, of every rate of firing
const OTHER = 0.02; // amount, of every other share

export function counts(field: string, rest: number): number {
    if (field.startsWith('rate_')) return RATE * rest;
    if (field in SHARES) return (SHARES[field] as number) * rest;
    return AMOUNTS[field] ?? OTHER;
}

// The facts of one act of a run: between `from` and `to`, against `rest`.
export class Teller {
    constructor(
        readonly course: Course,
        readonly rest: number,
        readonly first: number,
        readonly from: number,
        readonly to: number,
    ) {}

    has(field: string): boolean {
        return this.course.get(field) !== null && Number.isFinite(this.value(field, this.rest));
    }

    value(field: string, hours: number): number {
        return this.course.at(field, hours);
    }
    largest(field: string): number {
        return this.course.extreme(field, true, this.from, this.to).value;
    }
    smallest(field: string): number {
        return this.course.extreme(field, false, this.from, this.to).value;
    }

    rises(field: string): boolean {
        const rest = this.value(field, this.rest);
        return this.has(field) && this.largest(field) - rest > counts(field, rest);
    }
    falls(field: string): boolean {
        const rest = this.value(field, this.rest);
        return this.has(field) && rest - this.smallest(field) > counts(field, rest);
    }
    // Of two that happen, whether the fall comes before the rise.
    fallsFirst(field: string): boolean {
        if (!this.falls(field)) return false;
        return (
            !this.rises(field) ||
            this.course.extreme(field, false, this.from, this.to).time <
                this.course.extreme(field, true, this.from, this.to).time
        );
    }

    at(field: string, hours: number): Fact {
        return this.fact('at', field, withUnit(fieldOf(field), this.value(field, hours)), hours, hours);
    }
    most(field: string): Fact {
        return this.fact('most', field, withUnit(fieldOf(field), this.largest(field)));
    }
    // Since the first dose, whatever the act's begin.
    peak(field: string): number {
        return this.course.extreme(field, true, this.first, this.to).value;
    }
    highest(field: string): Fact {
        return this.fact('most', field, withUnit(fieldOf(field), this.peak(field)), this.first);
    }
    least(field: string): Fact {
        return this.fact('least', field, withUnit(fieldOf(field), this.smallest(field)));
    }
    // Without its unit.
    number(field: string): Fact {
        return this.fact('most', field, shown(fieldOf(field), this.largest(field)));
    }
    // Since the act's dose.
    when(field: string): Fact {
        const found = this.course.extreme(field, true, this.from, this.to);
        return this.fact('when', field, timeWords(found.time - this.from));
    }
    lasts(field: string): Fact {
        return this.fact('lasts', field, durationWords(this.course.above(field, this.from, this.to)));
    }
    up(field: string): Fact {
        return this.fact('up', field);
    }
    down(field: string): Fact {
        return this.fact('down', field);
    }
    notUp(field: string): Fact {
        return this.fact('not up', field);
    }
    actsOn(drug: string, target: string): Fact {
        return this.fact('acts on', `${drug} ${target}`);
    }
    stressed(): Fact {
        return this.fact('stressed', '');
    }
    steady(field: string): Fact {
        return this.fact('steady', field);
    }

    private fact(is: Fact['is'], of: string, words = '', from = this.from, to = this.to): Fact {
        return {is, of, from, to, words};
    }
}
