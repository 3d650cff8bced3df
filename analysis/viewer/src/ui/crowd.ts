// A cohort as a crowd: one dot a simulated person, placed by an outcome. A click simulates that person here.
import {sinceDose, timeWords} from '../data/clock';
import type {Cohort, Outcome} from '../data/cohort';
import {el, setText} from './dom';
import {msg, named, num} from '../lang';

const RESPONSE = 0.5; // improvement that trials call a response [1]
const COLUMNS = 60; // of the crowd

export class CrowdView {
    readonly element = el('section', {class: 'crowd', 'aria-label': msg('crowd.name')});
    private cohort: Cohort | null = null;
    private choice = el('select', {'aria-label': msg('crowd.outcome')});
    private slider = el('input', {type: 'range', min: '0', 'aria-label': msg('crowd.time')});
    private heading = el('h2');
    private sentence = el('p', {class: 'crowd-said', role: 'status'});
    private dots = el('div', {class: 'crowd-dots'});
    private axis = el('div', {class: 'bar-ends'});

    constructor(private play: (cohort: Cohort, subject: number) => void) {
        for (const control of [this.choice, this.slider])
            control.addEventListener('input', () => this.draw());
        this.element.append(
            this.heading,
            this.sentence,
            el('p', {class: 'controls'}, this.choice, ' ', this.slider),
            this.dots,
            this.axis,
            el('p', {class: 'note'}, msg('crowd.note')),
        );
    }

    show(cohort: Cohort): void {
        this.cohort = cohort;
        document.body.classList.add('crowded');
        setText(this.heading, msg('crowd.heading', {persons: cohort.subjects.length, cohort: cohort.name}));
        this.choice.replaceChildren(
            ...cohort.outcomes.map((o, k) => el('option', {value: String(k)}, o.label)),
        );
        this.slider.max = String(cohort.time.length - 1);
        const day = cohort.time.findIndex((t) => t >= 24);
        this.slider.value = String(day < 0 ? cohort.time.length - 1 : day);
        this.draw();
    }

    private draw(): void {
        const cohort = this.cohort,
            outcome = cohort?.outcomes[Number(this.choice.value)];
        if (!cohort || !outcome) return;
        const row = Number(this.slider.value),
            values = cohort.subjects.map((_, k) => cohort.at(outcome, k, row)),
            all = outcome.values.filter(Number.isFinite),
            low = all.reduce((a, b) => Math.min(a, b), Infinity),
            high = all.reduce((a, b) => Math.max(a, b), -Infinity);
        setText(this.sentence, said(cohort, outcome, values, row));
        this.slider.setAttribute('aria-valuetext', timeWords(cohort.time[row] as number));
        const heights = new Map<number, number>();
        this.dots.replaceChildren(
            ...values.map((value, k) => {
                const column = Math.round(((value - low) / (high - low || 1)) * (COLUMNS - 1)),
                    height = heights.get(column) ?? 0;
                heights.set(column, height + 1);
                return this.dot(cohort, outcome, k, value, column, height);
            }),
        );
        this.axis.replaceChildren(
            el('span', {}, words(low, outcome)),
            el('span', {}, words(high, outcome)),
        );
    }

    private dot(
        cohort: Cohort,
        outcome: Outcome,
        k: number,
        value: number,
        column: number,
        height: number,
    ): HTMLElement {
        const subject = cohort.subjects[k] as number,
            label = msg('crowd.dot', {subject, value: words(value, outcome)}),
            made = el('button', {type: 'button', class: 'person', title: label, 'aria-label': label});
        made.style.left = `${(100 * column) / (COLUMNS - 1)}%`;
        made.style.bottom = `${height * 0.8}rem`;
        made.addEventListener('click', () => this.play(cohort, subject));
        return made;
    }
}

function words(value: number, {unit}: Outcome): string {
    return unit === '1' ? `${Math.round(100 * value)} %` : `${num(+value.toPrecision(3))} ${named(unit)}`;
}

function said(cohort: Cohort, outcome: Outcome, values: number[], row: number): string {
    const when = sinceDose(cohort.time[row] as number),
        known = values.filter(Number.isFinite).sort((a, b) => a - b),
        middle = known[Math.floor(known.length / 2)] as number;
    if (outcome.id !== 'improvement')
        return msg('crowd.said', {when, outcome: outcome.label, median: words(middle, outcome)});
    const responders = known.filter((v) => v >= RESPONSE).length;
    return msg('crowd.response', {
        when,
        responders,
        known: known.length,
        median: words(middle, outcome),
    });
}
