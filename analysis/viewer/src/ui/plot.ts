// One quantity over time as a small plot: a line a run on the clock of the playback, two numbers and the unit
// on its axis.
import uPlot from 'uplot';
import type {Clock} from '../data/clock';
import {tickWords} from '../data/clock';
import type {Course} from '../data/course';
import {unitBeside, type Field} from '../data/fields';
import type {Run} from '../data/run';
import type {Player} from '../player';
import type {Point} from '../sure/published';
import type {Sure} from '../sure/view';
import {el, runColour} from './dom';
import {num} from '../lang';

export interface Plotted {
    runs: Run[];
    current: number;
    reference: Run | null; // the run that the others are shown against, or null for plain values
    clock: Clock;
    sure: Sure; // other parameter sets and published results, when they are wanted
}

// What lies between the margins of an A4 page [px]: paper has its own width, and plots are drawn for one.
export const PAPER = 690;

const AXIS = 58; // [px] for the numbers and the unit
const RIGHT = 14; // [px] so that the last number of the time axis has room
const TICK_ROOM = 58; // [px]

export class Plot {
    readonly element = el('div', {class: 'plot'});
    private line = el('div', {class: 'time-line'});
    private plot: uPlot | null = null;
    private shade: [number, number] | null = null; // places on the clock's line

    // `timed`: with a time axis of its own.
    constructor(
        private height: number,
        private timed: boolean,
    ) {
        this.element.style.height = `${height}px`;
    }

    draw(field: Field, what: Plotted, width: number, height = this.height): void {
        this.plot?.destroy();
        this.element.style.height = `${height}px`;
        const {data, series, bands} = linesOf(field, what, width - AXIS - RIGHT);
        const points = what.reference ? [] : what.sure.pointsOf(what.runs[what.current] as Run, field.id),
            look = lookOf(field, what.clock, this.timed, width, points);
        const hooks = {
            drawClear: [(u: uPlot) => this.paintShade(u)],
            draw: [(u: uPlot) => paintPoints(u, points, what.clock)],
        };
        this.plot = new uPlot({width, height, series, bands, hooks, ...look}, data, this.element);
        this.plot.over.append(this.line);
    }

    // A stretch of the clock's line that is set off from the rest.
    setShade(from: number, to: number): void {
        if (this.shade?.[0] === from && this.shade[1] === to) return;
        this.shade = [from, to];
        this.plot?.redraw(false);
    }

    moveTo(place: number): void {
        this.line.style.left = `${100 * place}%`;
    }

    // The place on the clock's line that lies under the pointer.
    placeUnder(event: PointerEvent): number | null {
        const box = this.plot?.over.getBoundingClientRect();
        return box ? (event.clientX - box.left) / box.width : null;
    }

    private paintShade(u: uPlot): void {
        if (!this.shade) return;
        const [from, to] = this.shade.map((place) => u.valToPos(place, 'x', true)) as [number, number];
        u.ctx.save();
        u.ctx.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--shade');
        u.ctx.fillRect(from, u.bbox.top, to - from, u.bbox.height);
        u.ctx.restore();
    }
}

// A whisker from low to high with a dot, or the sign of a direction over the curve.
function paintPoints(u: uPlot, points: Point[], clock: Clock): void {
    const {ctx} = u,
        colour = getComputedStyle(document.documentElement).getPropertyValue('--pub'),
        ratio = devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.lineWidth = 1.5 * ratio;
    ctx.font = `${13 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = 'center';
    for (const point of points) {
        const x = u.valToPos(clock.place(point.time), 'x', true),
            [y, low, high] = [point.value, point.low, point.high].map((v) => u.valToPos(v, 'y', true)) as [
                number,
                number,
                number,
            ];
        if (point.sign) {
            ctx.fillText(point.sign, x, Math.max(u.bbox.top + 12 * ratio, y - 8 * ratio));
            continue;
        }
        ctx.beginPath();
        ctx.moveTo(x, low);
        ctx.lineTo(x, high);
        ctx.stroke();
        ctx.beginPath();
        ctx.arc(x, y, 3.5 * ratio, 0, 7);
        ctx.fill();
    }
    ctx.restore();
}

// The current run last, so that it lies on top, with its band when no run is subtracted.
function linesOf(
    field: Field,
    {runs, current, reference, clock, sure}: Plotted,
    width: number,
): {data: uPlot.AlignedData; series: uPlot.Series[]; bands: uPlot.Band[]} {
    const order = runs.map((_, k) => k).sort((a, b) => Number(a === current) - Number(b === current));
    const columns = Math.min(900, Math.max(160, Math.round(width)));
    const grid = Float64Array.from({length: columns}, (_, k) => k / (columns - 1));
    const hours = Float64Array.from(grid, (u) => clock.hours(u));
    const data: (number | null)[][] = [],
        series: uPlot.Series[] = [{}],
        bands: uPlot.Band[] = [];
    const sample = (run: Course, values: Float32Array | null | undefined) =>
        sampled(run, values ?? null, hours, field.factor);
    const against = reference && sample(reference, reference.get(field.id)?.values);
    const run = runs[current],
        main = against || !run ? null : run.get(field.id);
    const band = (low: Float32Array, high: Float32Array) => {
        data.push(sample(run as Run, low), sample(run as Run, high));
        series.push({width: 0, points: {show: false}}, {width: 0, points: {show: false}});
        bands.push({series: [data.length, data.length - 1], fill: `${runColour(current)}2e`});
    };
    if (main?.outer) band(...main.outer);
    if (main?.low && main.high) band(main.low, main.high);
    for (const member of run && !against ? sure.fanOf(run) : []) {
        data.push(sample(member, member.get(field.id)?.values));
        series.push({stroke: `${runColour(current)}59`, width: 1, points: {show: false}});
    }
    for (const k of order) {
        const values = sample(runs[k] as Run, runs[k]?.get(field.id)?.values);
        data.push(against ? values.map((v, c) => minus(v, against[c] ?? null)) : values);
        series.push({stroke: runColour(k), width: k === current ? 2.4 : 1.3, points: {show: false}});
    }
    return {data: [grid, ...data] as uPlot.AlignedData, series, bands};
}

const minus = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b);

// Values at rising times, linear between rows; null outside the run.
function sampled(
    run: Course,
    values: Float32Array | null,
    hours: Float64Array,
    factor: number,
): (number | null)[] {
    let row = 0;
    return Array.from(hours, (t) => {
        if (!values || t < run.start - 1e-6 || t > run.end + 1e-6) return null;
        while (row < values.length - 2 && (run.time[row + 1] as number) <= t) ++row;
        const a = run.time[row] as number,
            b = run.time[row + 1] ?? a,
            share = b > a ? Math.max(0, Math.min(1, (t - a) / (b - a))) : 0,
            from = values[row] as number;
        return (from + ((values[row + 1] ?? from) - from) * share) * factor;
    });
}

// Room around the curve; a flat line is not blown up to noise.
function padded(low: number, high: number, field: Field): [number, number] {
    const least = 4 * Math.pow(10, -field.digits),
        middle = (low + high) / 2,
        half = Math.max((high - low) * 0.56, least);
    return [middle - half, middle + half];
}

// The two round numbers inside the range that lie farthest apart.
function twoNumbers(low: number, high: number): [number, number] {
    const decade = Math.pow(10, Math.floor(Math.log10(high - low)));
    for (const step of [decade, decade / 2, decade / 5, decade / 10]) {
        const first = Math.ceil(low / step - 1e-9),
            last = Math.floor(high / step + 1e-9);
        if (last > first) return [first * step, last * step];
    }
    return [low, high];
}

function lookOf(
    field: Field,
    clock: Clock,
    timed: boolean,
    width: number,
    points: Point[],
): Omit<uPlot.Options, 'width' | 'height' | 'series' | 'bands' | 'hooks'> {
    const style = getComputedStyle(document.documentElement),
        soft = style.getPropertyValue('--soft'),
        faint = style.getPropertyValue('--line'),
        font = `${0.7 * parseFloat(style.fontSize)}px system-ui, sans-serif`;
    const times = timed ? clock.spaced(width - AXIS - RIGHT, TICK_ROOM) : [];
    return {
        legend: {show: false},
        cursor: {show: false},
        padding: [8, RIGHT, timed ? 0 : 8, 0],
        scales: {
            x: {time: false, range: [0, 1]},
            y: {
                range: (_, low, high) =>
                    padded(
                        Math.min(low, ...points.map((p) => p.low)),
                        Math.max(high, ...points.map((p) => p.high)),
                        field,
                    ),
            },
        },
        axes: [
            {
                show: timed,
                size: 22,
                gap: 2,
                font,
                stroke: soft,
                grid: {show: false},
                ticks: {stroke: soft, size: 4},
                splits: () => times.map((t) => clock.place(t)),
                values: () => times.map(tickWords),
            },
            {
                size: AXIS - 16,
                gap: 4,
                font,
                stroke: soft,
                label: unitBeside(field),
                labelFont: font,
                labelSize: 16,
                labelGap: 0,
                grid: {stroke: faint, width: 1},
                ticks: {show: false},
                splits: (_, __, low, high) => twoNumbers(low, high),
                values: (_, splits) => splits.map((v) => num(+v.toPrecision(3))),
            },
        ],
    };
}

// The playback goes where the pointer is dragged on a plot.
export function scrub(plot: Plot, player: Player): void {
    const go = (event: PointerEvent) => {
        const place = event.buttons === 1 ? plot.placeUnder(event) : null;
        if (place !== null) player.toLine(place);
    };
    plot.element.addEventListener('pointerdown', go);
    plot.element.addEventListener('pointermove', go);
}

export function keysOf(runs: Run[], current: number): HTMLElement[] {
    return runs.map((run, k) =>
        el(
            'span',
            {class: 'key', style: `--key:${runColour(k)}`},
            k === current ? el('b', {}, run.title) : run.title,
        ),
    );
}
