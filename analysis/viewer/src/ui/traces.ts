// Time courses of the chain under the timeline: one row a quantity, all runs, on the clock of the playback.
import {allFields, withUnit, type Field} from '../data/fields';
import type {Run} from '../data/run';
import type {Player} from '../player';
import type {Sure} from '../sure/view';
import {el, isDark, setText} from './dom';
import {keysOf, PAPER, Plot, scrub, type Plotted} from './plot';
import {msg} from '../lang';

const HEIGHT = 84; // [px]
const NAMES = 210; // [px] beside the plots on paper

interface Row {
    field: Field;
    box: HTMLElement;
    plot: Plot;
    value: HTMLElement;
    seen: boolean; // on the screen, or nearly
    stale: boolean;
}

export class Traces {
    readonly element: HTMLElement;
    private rows: Row[] = [];
    private stack = el('div', {class: 'stack'});
    private legend = el('p', {class: 'legend'});
    private shownFor = '';
    private what: Plotted | null = null;
    private looker = new IntersectionObserver(
        (seen) => {
            for (const {target, isIntersecting} of seen)
                for (const row of this.rows) if (row.box === target) row.seen = isIntersecting;
        },
        {rootMargin: '200px'},
    );

    constructor(private player: Player) {
        this.element = el(
            'section',
            {class: 'traces', 'aria-label': msg('traces.name')},
            this.legend,
            this.stack,
        );
        addEventListener('beforeprint', () => this.rows.forEach((row) => this.draw(row, PAPER - NAMES)));
        addEventListener('afterprint', () => this.rows.forEach((row) => (row.stale = true)));
    }

    // `reference`: the run that the others are shown against, or null for plain values. One row a frame is
    // drawn anew, of those that can be seen, so that no frame waits for all of them.
    frame(runs: Run[], current: number, reference: Run | null, sure: Sure): void {
        const width = this.stack.clientWidth,
            run = runs[current];
        if (!run || width === 0) return;
        const keys = runs.map((r) => r.key),
            {clock} = this.player,
            times = `${clock.start}:${clock.end}`,
            size = `${width}:${isDark()}`,
            wanted = `${sure.stampOf(run)}:${keys}:${current}:${size}:${times}:${reference?.key}`;
        if (wanted !== this.shownFor) {
            this.what = {runs, current, reference, clock, sure};
            this.outline(this.what);
        }
        this.shownFor = wanted;
        const next = this.rows.find((row) => row.seen && row.stale);
        if (next) this.draw(next);
        for (const row of this.rows) {
            row.plot.moveTo(this.player.line);
            setText(row.value, withUnit(row.field, run.at(row.field.id, this.player.hours)));
        }
    }

    private outline({runs, current}: Plotted): void {
        this.legend.replaceChildren(
            ...keysOf(runs, current),
            el('span', {class: 'soft'}, `${wordsOfLines(runs)} ${msg('traces.drag')}`),
        );
        const fields = allFields().filter((f) => runs.some((r) => r.get(f.id)));
        if (fields.some((f, k) => f !== this.rows[k]?.field) || fields.length !== this.rows.length) {
            this.looker.disconnect();
            this.rows = fields.map((field) => this.row(field, runs));
            this.stack.replaceChildren(...this.rows.map((row) => row.box));
            for (const row of this.rows) this.looker.observe(row.box);
        }
        for (const row of this.rows) row.stale = true;
    }

    private draw(row: Row, width = row.plot.element.clientWidth): void {
        if (this.what) row.plot.draw(row.field, this.what, width);
        row.stale = false;
    }

    private row(field: Field, runs: Run[]): Row {
        const plot = new Plot(HEIGHT, false),
            value = el('b'),
            source = runs.map((r) => r.get(field.id)).find((s) => s)?.source ?? '';
        const name = el(
            'div',
            {class: 'trace-name', title: field.meaning},
            el('span', {}, field.label),
            value,
            el('code', {}, source),
        );
        scrub(plot, this.player);
        return {
            field,
            plot,
            value,
            box: el('div', {class: 'trace'}, name, plot.element),
            seen: false,
            stale: true,
        };
    }
}

function wordsOfLines(runs: Run[]): string {
    return msg(runs.some((r) => r.ensemble) ? 'traces.members' : 'traces.neurons');
}
