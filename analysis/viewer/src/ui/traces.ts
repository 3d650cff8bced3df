// Time courses of the chain under the timeline: one row a quantity, all runs, on the clock of the playback.
import uPlot from 'uplot';
import {allFields, withUnit, type Field} from '../data/fields';
import type {Run} from '../data/run';
import type {Player} from '../player';
import {el, runColour, setText} from './dom';

const HEIGHT = 62;

interface Row {
    field: Field;
    plot: uPlot;
    value: HTMLElement;
}

export class Traces {
    readonly element: HTMLElement;
    private rows: Row[] = [];
    private stack = el('div', {class: 'stack'});
    private line = el('div', {class: 'time-line'});
    private legend = el('p', {class: 'legend'});
    private shownFor = '';

    constructor(private player: Player) {
        this.element = el(
            'section',
            {class: 'traces', 'aria-label': 'Time courses'},
            this.legend,
            el('div', {class: 'stack-box'}, this.stack, this.line),
        );
        const scrub = (event: PointerEvent) => {
            if (event.buttons !== 1) return;
            const box = this.stack.getBoundingClientRect();
            player.toLine((event.clientX - box.left) / box.width);
        };
        this.stack.addEventListener('pointerdown', scrub);
        this.stack.addEventListener('pointermove', scrub);
    }

    // `reference`: the run that the others are shown against, or null for plain values.
    frame(runs: Run[], current: number, reference: number | null): void {
        const width = this.stack.clientWidth,
            run = runs[current];
        if (!run || width === 0) return;
        const theme = getComputedStyle(this.stack).color,
            keys = runs.map((r) => r.key),
            wanted = `${keys}:${current}:${width}:${theme}:${this.player.clock.end}:${reference}`;
        if (wanted !== this.shownFor) this.draw(runs, current, width, reference);
        this.shownFor = wanted;
        this.line.style.transform = `translateX(${this.player.line * width}px)`;
        for (const row of this.rows)
            setText(row.value, withUnit(row.field, run.at(row.field.id, this.player.hours)));
    }

    private draw(runs: Run[], current: number, width: number, reference: number | null): void {
        for (const row of this.rows) row.plot.destroy();
        this.stack.replaceChildren();
        this.legend.replaceChildren(
            ...runs.map((run, k) =>
                el(
                    'span',
                    {class: 'key', style: `--key:${runColour(k)}`},
                    k === current ? el('b', {}, run.title) : run.title,
                ),
            ),
            el(
                'span',
                {class: 'soft'},
                `${wordsOfLines(runs)} Drag to move in time.`,
            ),
        );
        this.rows = allFields().filter((f) => runs.some((r) => r.get(f.id))).map((field) =>
            this.row(field, runs, current, width, reference),
        );
    }

    // What is drawn of a field: the current run last, so that it lies on top, with its band when it is alone.
    private lines(
        field: Field,
        runs: Run[],
        current: number,
        width: number,
        reference: number | null,
    ): {data: uPlot.AlignedData; series: uPlot.Series[]; bands: uPlot.Band[]} {
        const order = runs.map((_, k) => k).sort((a, b) => Number(a === current) - Number(b === current));
        const columns = Math.min(900, Math.max(200, Math.round(width)));
        const grid = Float64Array.from({length: columns}, (_, k) => k / (columns - 1));
        const hours = Array.from(grid, (u) => this.player.clock.hours(u));
        const data: (number | null)[][] = [],
            series: uPlot.Series[] = [{}];
        const sample = (run: Run, values: Float32Array | null) =>
            hours.map((t) =>
                values && t >= run.start - 1e-6 && t <= run.end + 1e-6
                    ? at(run, values, t) * field.factor
                    : null,
            );
        const against =
            reference === null
                ? null
                : sample(runs[reference] as Run, runs[reference]?.get(field.id)?.values ?? null);
        const main = against ? null : (runs[current]?.get(field.id) ?? null),
            bands: uPlot.Band[] = [];
        const band = (run: Run, low: Float32Array, high: Float32Array) => {
            data.push(sample(run, low), sample(run, high));
            series.push({width: 0, points: {show: false}}, {width: 0, points: {show: false}});
            bands.push({series: [data.length, data.length - 1], fill: `${runColour(current)}2e`});
        };
        if (main?.outer && runs[current]) band(runs[current], ...main.outer);
        if (main?.low && main.high && runs[current]) band(runs[current], main.low, main.high);
        for (const k of order) {
            const values = sample(runs[k] as Run, runs[k]?.get(field.id)?.values ?? null);
            data.push(
                against
                    ? values.map((v, c) =>
                          v === null || against[c] === null || against[c] === undefined
                              ? null
                              : v - against[c],
                      )
                    : values,
            );
            series.push({stroke: runColour(k), width: k === current ? 2.4 : 1.3, points: {show: false}});
        }
        return {data: [grid, ...data] as uPlot.AlignedData, series, bands};
    }

    private row(field: Field, runs: Run[], current: number, width: number, reference: number | null): Row {
        const box = el('div', {class: 'trace'}),
            value = el('b'),
            source =
                (runs[current]?.get(field.id) ?? runs.map((r) => r.get(field.id)).find((s) => s))?.source ??
                '';
        const {data, series, bands} = this.lines(field, runs, current, width, reference);
        const plot = new uPlot({width, series, bands, ...lookOf(field)}, data, box);
        box.append(
            el(
                'div',
                {class: 'trace-name', title: field.meaning},
                el('span', {}, field.label, ' '),
                value,
                ' ',
                el('code', {}, source),
            ),
        );
        this.stack.append(box);
        return {field, plot, value};
    }
}

function wordsOfLines(runs: Run[]): string {
    return runs.some((r) => r.ensemble)
        ? 'Lines: median over parameter sets that published data allow. Bands: 50 and 90 % of them, ' +
              'which is what the data leave open.'
        : 'Lines: mean over neurons. Band: middle half of the neurons.';
}

function at(run: Run, values: Float32Array, hours: number): number {
    let low = 0,
        high = values.length - 1;
    while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((run.time[middle] as number) <= hours) low = middle;
        else high = middle;
    }
    const a = run.time[low] as number,
        b = run.time[high] as number,
        share = b > a ? Math.max(0, Math.min(1, (hours - a) / (b - a))) : 0;
    return (values[low] as number) + ((values[high] as number) - (values[low] as number)) * share;
}

// Room around the curve; a flat line is not blown up to noise.
function padded(low: number, high: number, field: Field): [number, number] {
    const least = 4 * Math.pow(10, -field.digits),
        middle = (low + high) / 2,
        half = Math.max((high - low) * 0.56, least);
    return [middle - half, middle + half];
}

// One round number in the upper part of the range.
function nice(low: number, high: number): number {
    const step = Math.pow(10, Math.floor(Math.log10((high - low) / 1.5)));
    for (const factor of [5, 2, 1]) {
        const value = Math.floor((high - 0.12 * (high - low)) / (step * factor)) * step * factor;
        if (value > low + 0.35 * (high - low)) return value;
    }
    return high;
}

function label(u: uPlot, field: Field, colour: string): void {
    const low = u.scales.y?.min ?? 0,
        high = u.scales.y?.max ?? 1,
        value = nice(low, high);
    u.ctx.save();
    u.ctx.fillStyle = colour;
    u.ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    u.ctx.textAlign = 'right';
    u.ctx.fillText(
        `${+value.toFixed(field.digits + 1)}`,
        u.bbox.left + u.bbox.width - 4,
        u.valToPos(value, 'y', true) - 3,
    );
    u.ctx.restore();
}

// A small plot without legend or ticks: one line at a round value, and the range of the field.
function lookOf(field: Field): Omit<uPlot.Options, 'width' | 'series' | 'bands'> {
    const style = getComputedStyle(document.documentElement),
        soft = style.getPropertyValue('--soft'),
        faint = style.getPropertyValue('--line');
    return {
        height: HEIGHT,
        legend: {show: false},
        cursor: {show: false},
        padding: [7, 0, 5, 0],
        scales: {
            x: {time: false, range: [0, 1]},
            y: {range: (_, low, high) => padded(low, high, field)},
        },
        axes: [
            {show: false},
            {
                show: true,
                size: 0,
                grid: {stroke: faint, width: 1},
                ticks: {show: false},
                values: () => [],
                splits: (_, __, low, high) => [nice(low, high)],
            },
        ],
        hooks: {draw: [(u) => label(u, field, soft)]},
    };
}
