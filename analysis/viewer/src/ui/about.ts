// What made the run: scenario, command, seed, version. And the words.
import {HOW_DRAWN} from '../synapse/drawn';
import {timeWords} from '../data/clock';
import {doseWords} from '../data/course';
import type {Run} from '../data/run';
import {el} from './dom';
import {GLOSSARY} from './glossary';
import {count, msg, num} from '../lang';

const MADE: [string, string][] = [
    ['command', msg('about.command')],
    ['name', msg('about.scenario')],
    ['model', msg('about.model')],
    ['seed', msg('about.seed')],
    ['version', msg('about.version')],
    ['started', msg('about.started')],
    ['wall_seconds', msg('about.seconds')],
    ['threads', msg('about.threads')],
    ['exit_status', msg('about.status')],
];

const KEYS: [string, string][] = [
    [msg('key.space'), msg('key.play')],
    ['← →', msg('key.move')],
    ['N, P', msg('key.act')],
    ['F', msg('key.free')],
    ['0 1 2 3 4 5 6 7', msg('key.views')],
    ['H', msg('key.sure')],
    ['M', msg('key.pin')],
    ['[ ]', msg('key.run')],
    ['T', msg('key.theme')],
];

export class AboutView {
    readonly element = el('section', {class: 'about', 'aria-label': msg('about.name')});
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
                msg('about.rows', {
                    file: run.file,
                    rows: count(run.time.length),
                    from: timeWords(run.start),
                    to: timeWords(run.end),
                }),
            ),
            ...notesOn(run),
            el('table', {class: 'made'}, ...rows.map(([name, label]) => madeRow(run, name, label))),
            el('h3', {}, msg('about.given')),
            el('ul', {}, ...(doses.length ? doses : [el('li', {}, msg('about.nothing'))])),
            el(
                'details',
                {},
                el('summary', {}, msg('about.resolved')),
                el('pre', {}, String(run.meta.scenario ?? msg('about.absent'))),
            ),
        ];
    }

    private words(): HTMLElement[] {
        return [
            el('h3', {}, msg('about.drawn')),
            el('p', {}, HOW_DRAWN),
            el('h3', {}, msg('about.glossary')),
            el(
                'dl',
                {},
                ...GLOSSARY.flatMap(([term, meaning]) => [el('dt', {}, term), el('dd', {}, meaning)]),
            ),
            el('h3', {}, msg('about.keys')),
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
        notes.push(el('p', {class: 'soft'}, msg('about.zero', {hours: num(+run.zero.toFixed(2))})));
    if (run.meta.complete !== 1) notes.push(el('p', {class: 'problems'}, msg('about.unfinished')));
    return notes;
}
