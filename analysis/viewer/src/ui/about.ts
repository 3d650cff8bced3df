// What made the run: scenario, command, seed, version. And the words.
import {HOW_DRAWN} from '../synapse/drawn';
import {timeWords} from '../data/clock';
import {doseWords} from '../data/course';
import type {Run} from '../data/run';
import {el} from './dom';
import {GLOSSARY} from './glossary';

const MADE: [string, string][] = [
    ['command', 'Command'],
    ['name', 'Scenario'],
    ['model', 'Model'],
    ['seed', 'Seed'],
    ['version', 'Program'],
    ['started', 'Started (UTC)'],
    ['wall_seconds', 'Seconds it took'],
    ['threads', 'Threads'],
    ['exit_status', 'Status'],
];

const KEYS: [string, string][] = [
    ['Space', 'play, pause'],
    ['← →', 'back and on in time'],
    ['N, P', 'next and previous act'],
    ['F', 'explore freely, back to the story'],
    ['0 1 2 3 4 5 6 7', 'try it, synapse, network, compare, about, persons, notebook, lessons'],
    ['H', 'how sure?'],
    ['M', 'pin this moment in the notebook'],
    ['[ ]', 'previous and next run'],
    ['T', 'light or dark'],
];

export class AboutView {
    readonly element = el('section', {class: 'about', 'aria-label': 'About this run'});
    private shownFor: Run | null = null;
    private zero = 0;

    show(run: Run | undefined): void {
        if (run && run === this.shownFor && run.zero === this.zero) return;
        this.shownFor = run ?? null;
        this.zero = run?.zero ?? 0;
        this.element.replaceChildren(...(run ? this.made(run) : []), ...this.words());
    }

    private made(run: Run): HTMLElement[] {
        const rows = MADE.filter(([name]) => run.meta[name] !== undefined);
        const doses = run.doses
            .slice(0, 60)
            .map((d) => el('li', {}, `${timeWords(d.time)}: ${doseWords(d)} (${d.route})`));
        return [
            el('h2', {}, run.title),
            el(
                'p',
                {class: 'soft'},
                `${run.file}, ${run.time.length.toLocaleString('en')} history rows from ` +
                    `${timeWords(run.start)} to ${timeWords(run.end)}`,
            ),
            ...notesOn(run),
            el('table', {class: 'made'}, ...rows.map(([name, label]) => madeRow(run, name, label))),
            el('h3', {}, 'Given'),
            el('ul', {}, ...(doses.length ? doses : [el('li', {}, 'nothing')])),
            el(
                'details',
                {},
                el('summary', {}, 'The resolved scenario, with every parameter'),
                el('pre', {}, String(run.meta.scenario ?? 'not in the file')),
            ),
        ];
    }

    private words(): HTMLElement[] {
        return [
            el('h3', {}, 'How it is drawn'),
            el('p', {}, HOW_DRAWN),
            el('h3', {}, 'Glossary'),
            el(
                'dl',
                {},
                ...GLOSSARY.flatMap(([term, meaning]) => [el('dt', {}, term), el('dd', {}, meaning)]),
            ),
            el('h3', {}, 'Keys'),
            el(
                'dl',
                {class: 'keys'},
                ...KEYS.flatMap(([key, what]) => [el('dt', {}, el('kbd', {}, key)), el('dd', {}, what)]),
            ),
        ];
    }
}

function madeRow(run: Run, name: string, label: string): HTMLElement {
    const value = String(run.meta[name]);
    return el(
        'tr',
        {},
        el('th', {scope: 'row'}, label, ' ', el('code', {}, `/meta ${name}`)),
        el('td', {}, name === 'command' ? el('code', {class: 'command'}, value) : value),
    );
}

function notesOn(run: Run): HTMLElement[] {
    const notes: HTMLElement[] = [];
    if (run.zero !== 0)
        notes.push(
            el(
                'p',
                {class: 'soft'},
                `Times on this page count from the first dose, at ${+run.zero.toFixed(2)} h of the scenario.`,
            ),
        );
    if (run.meta.complete !== 1)
        notes.push(
            el('p', {class: 'problems'}, 'This run was not finished: what was recorded so far is shown.'),
        );
    return notes;
}
