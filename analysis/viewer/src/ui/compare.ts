// Runs side by side on one clock, the same drawing and scale for each, and the numbers with their difference
// from one of them.
import {allFields, shown, type Field} from '../data/fields';
import {sinceDose, timeWords} from '../data/clock';
import {doseWords} from '../data/course';
import type {Run} from '../data/run';
import type {Player} from '../player';
import {drawnAt} from '../synapse/drawn';
import {Scene} from '../synapse/scene';
import {el, isDark, prefersLessMotion, runColour, setText} from './dom';
import {msg} from '../lang';

const AT_ONCE = 4; // panels that are drawn in one frame; more take turns
const CLOSE = {x: 1160, y: 440, zoom: 1.15};

interface Panel {
    run: number;
    scene: Scene;
    box: HTMLElement;
    over: HTMLElement; // says that the run has ended
}

export class CompareView {
    readonly element: HTMLElement;
    private panels: Panel[] = [];
    private grid = el('div', {class: 'grid'});
    private table = el('table', {class: 'numbers'});
    private cells: {field: Field; run: number; value: HTMLElement; difference: HTMLElement | null}[] = [];
    private slider = el('input', {
        type: 'range',
        min: '0',
        step: '1',
        'aria-label': msg('compare.dose'),
    });
    private sliderBox: HTMLElement;
    private sliderWords = el('output');
    private builtFor = '';
    private turn = 0;
    private order: number[] = [];

    constructor(
        private player: Player,
        private choose: (run: number) => void,
    ) {
        this.slider.addEventListener('input', () =>
            this.choose(this.order[Number(this.slider.value)] ?? 0),
        );
        this.sliderBox = el(
            'p',
            {class: 'dose-slider'},
            `${msg('compare.dose')}: `,
            this.slider,
            ' ',
            this.sliderWords,
        );
        this.element = el(
            'section',
            {class: 'compare', 'aria-label': msg('compare.name')},
            this.sliderBox,
            this.grid,
            el('div', {class: 'numbers-box'}, this.table),
        );
    }

    frame(runs: Run[], current: number, reference: number, seconds: number): void {
        const built = `${runs.map((r) => r.key)}:${current}:${reference}`;
        if (built !== this.builtFor) this.build(runs, current, reference);
        this.builtFor = built;
        const hours = this.player.hours,
            still = prefersLessMotion();
        const turns = Math.ceil(this.panels.length / AT_ONCE);
        this.turn = (this.turn + 1) % turns;
        for (const {run: index, scene, over, box} of this.panels) {
            const run = runs[index] as Run,
                ended = hours > run.end + 0.02;
            setText(over, ended ? msg('compare.ended', {time: timeWords(run.end)}) : '');
            box.classList.toggle('ended', ended);
            if (ended || index % turns !== this.turn) continue;
            const drawn = drawnAt(run, hours, this.player.clock.start);
            scene.fit();
            scene.aim(CLOSE, Infinity);
            if (!still || this.player.playing) scene.step(drawn, seconds * turns);
            scene.draw(drawn, isDark());
        }
        for (const {field, run, value, difference} of this.cells) {
            const here = runs[run]?.at(field.id, hours) ?? NaN,
                there = runs[reference]?.at(field.id, hours) ?? NaN;
            setText(value, shown(field, here));
            if (difference) setText(difference, signed(shown(field, here - there)));
        }
        this.table.caption?.replaceChildren(
            msg('compare.values', {when: sinceDose(hours), run: runs[reference]?.title ?? ''}),
        );
    }

    private build(runs: Run[], current: number, reference: number): void {
        this.order = runs
            .map((_, k) => k)
            .sort((a, b) => doseOf(runs[a] as Run) - doseOf(runs[b] as Run) || a - b);
        this.slider.max = String(runs.length - 1);
        this.slider.value = String(this.order.indexOf(current));
        this.sliderBox.hidden = runs.length < 2;
        const run = runs[current] as Run;
        setText(
            this.sliderWords,
            `${run.doses.map(doseWords).slice(0, 2).join(', ') || msg('compare.nothing')} (${run.title})`,
        );
        this.buildPanels(runs, current);
        this.buildTable(runs, current, reference);
    }

    private buildPanels(runs: Run[], current: number): void {
        this.panels = runs.map((_, index) => {
            const canvas = el('canvas', {
                class: 'scene',
                role: 'img',
                'aria-label': msg('compare.picture', {run: runs[index]?.title ?? ''}),
            });
            const over = el('p', {class: 'over', role: 'status'});
            const box = el(
                'figure',
                {class: index === current ? 'panel chosen' : 'panel'},
                el(
                    'figcaption',
                    {class: 'key', style: `--key:${runColour(index)}`},
                    runs[index]?.title ?? '',
                ),
                canvas,
                over,
            );
            box.addEventListener('click', () => this.choose(index));
            return {run: index, scene: new Scene(canvas), box, over};
        });
        this.grid.replaceChildren(...this.panels.map((p) => p.box));
    }

    private buildTable(runs: Run[], current: number, reference: number): void {
        this.cells = [];
        const head = el(
            'tr',
            {},
            el('th', {scope: 'col'}, msg('compare.quantity')),
            ...runs.map((_, index) =>
                el(
                    'th',
                    {scope: 'col', class: 'key', style: `--key:${runColour(index)}`},
                    runs[index]?.title ?? '',
                ),
            ),
        );
        const rows = allFields().flatMap((field) => {
            if (!runs.some((r) => r.get(field.id))) return [];
            const name = el(
                'th',
                {scope: 'row', title: field.meaning},
                `${field.label} [${field.unit}] `,
                el('code', {}, runs[current]?.get(field.id)?.source ?? ''),
            );
            const values = runs.map((_, index) => {
                const value = el('b'),
                    difference = index === reference ? null : el('span', {class: 'soft'});
                this.cells.push({field, run: index, value, difference});
                return el('td', {}, value, ' ', difference);
            });
            return [el('tr', {}, name, ...values)];
        });
        this.table.replaceChildren(el('caption'), el('thead', {}, head), el('tbody', {}, ...rows));
    }
}

function signed(text: string): string {
    return text === '–' ? '' : `(${text.startsWith('-') ? '−' + text.slice(1) : '+' + text})`;
}

// What orders runs along the dose slider: everything that was given by weight or in milligrams.
function doseOf(run: Run): number {
    return (
        run.doses.filter((d) => d.unit !== '1').reduce((sum, d) => sum + d.amount, 0) +
        1e-6 * run.doses.filter((d) => d.unit === '1' && d.drug !== 'placebo').length
    );
}
