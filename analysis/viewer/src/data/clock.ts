// The clock of the playback: slow after a dose, ever faster with the time since, so that minutes and weeks
// fit on one line.
//
//   du/dt = 1/(tau + time since the last dose)     u = log(1 + time/tau), piece by piece
//
// Before the first dose it runs towards it in the same way, in a fixed share of the line.
import {msg, num} from '../lang';
const TAU = 0.35; // [h]
const BEFORE_SHARE = 0.07; // of the line, for what lies before the first dose
const BEFORE_MOST = 2; // [h] of it that is shown

interface Piece {
    from: number;
    to: number;
    u: number;
    length: number;
}

export class Clock {
    private pieces: Piece[] = [];
    readonly start: number;
    readonly first: number;

    constructor(
        start: number,
        readonly end: number,
        doses: number[],
    ) {
        const inside = [...new Set(doses)].filter((d) => d >= start && d < end).sort((a, b) => a - b);
        this.first = inside[0] ?? Math.max(start, 0);
        this.start = Math.max(start, this.first - BEFORE_MOST);
        const starts = inside.length > 0 ? inside : [this.first];
        const lengths = starts.map((d, k) => Math.log1p(((starts[k + 1] ?? end) - d) / TAU));
        const total = lengths.reduce((a, b) => a + b, 0);
        const before = this.first > this.start ? BEFORE_SHARE : 0;
        let u = before;
        starts.forEach((d, k) => {
            const length = ((1 - before) * (lengths[k] as number)) / total;
            this.pieces.push({from: d, to: starts[k + 1] ?? end, u, length});
            u += length;
        });
    }

    // Hours to a place on the line, 0 to 1.
    place(hours: number): number {
        if (hours <= this.first) {
            const before = this.pieces[0]?.u ?? 0;
            return before === 0
                ? 0
                : Math.max(0, (before * (hours - this.start)) / (this.first - this.start));
        }
        const piece = this.pieces.findLast((p) => hours >= p.from) ?? (this.pieces[0] as Piece);
        const share =
            Math.log1p((Math.min(hours, piece.to) - piece.from) / TAU) /
            Math.log1p((piece.to - piece.from) / TAU);
        return Math.min(1, piece.u + piece.length * share);
    }

    hours(place: number): number {
        const before = this.pieces[0]?.u ?? 0;
        if (place < before) return this.start + ((this.first - this.start) * Math.max(0, place)) / before;
        const piece = this.pieces.findLast((p) => place >= p.u) ?? (this.pieces[0] as Piece);
        const share = Math.min(1, (place - piece.u) / piece.length);
        return piece.from + TAU * Math.expm1(share * Math.log1p((piece.to - piece.from) / TAU));
    }

    // Of the times that deserve a label, those that have so many pixels of room on a line of a width; the end
    // always.
    spaced(width: number, room: number): number[] {
        const kept: number[] = [];
        for (const time of this.ticks()) {
            const last = kept.at(-1),
                near = last !== undefined && (this.place(time) - this.place(last)) * width < room;
            if (near && time !== this.end) continue;
            if (near) kept.pop();
            kept.push(time);
        }
        return kept;
    }

    // Times that deserve a label: round ones after the first and the last dose, every dose, and the end.
    ticks(): number[] {
        const steps = [0, 1 / 3, 1, 3, 8, 24, 72, 168, 336, 672, 1344];
        const last = this.pieces[this.pieces.length - 1] as Piece;
        const marks = new Set<number>(
            steps
                .map((s) => (this.pieces[0] as Piece).from + s)
                .filter((t) => t <= (this.pieces[0] as Piece).to),
        );
        for (const p of this.pieces) marks.add(p.from);
        for (const s of steps) if (last.from + s <= this.end) marks.add(last.from + s);
        marks.add(this.end);
        return [...marks].sort((a, b) => a - b);
    }
}

// "40 min", "1 h 20 min", "3 days": time since the first dose, as one would say it.
export function timeWords(hours: number): string {
    if (hours < 0)
        return msg('time.before', {
            time:
                hours > -1
                    ? `${Math.round(-hours * 60)} min`
                    : hours > -48
                      ? `${num(+(-hours).toFixed(1))} h`
                      : msg('time.days', {days: Math.round(-hours / 24)}),
        });
    const minutes = Math.round(hours * 60);
    if (minutes < 60) return `${minutes} min`;
    if (minutes < 8 * 60)
        return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
    if (hours < 47.5) return `${Math.round(hours)} h`;
    return msg('time.days', {days: num(+(hours / 24).toFixed(1))});
}

// "40 min", "3.4 h", "2.1 days": how long something lasts.
export function durationWords(hours: number): string {
    if (hours < 1.5) return `${Math.round(hours * 60)} min`;
    return hours < 47.5
        ? `${num(+hours.toFixed(1))} h`
        : msg('time.days', {days: num(+(hours / 24).toFixed(1))});
}

// "2 h before the first dose"
export function sinceDose(hours: number): string {
    return msg(hours < 0 ? 'time.since.before' : 'time.since.after', {time: timeWords(hours)});
}

// The same, short enough for an axis.
export function tickWords(hours: number): string {
    const minutes = Math.round(hours * 60);
    if (Math.abs(minutes) < 60) return `${minutes} min`;
    return Math.abs(hours) < 24 ? `${num(+hours.toFixed(1))} h` : `${num(+(hours / 24).toFixed(1))} d`;
}

const UNITS: Record<string, number> = {
    min: 1 / 60,
    m: 1 / 60,
    h: 1,
    d: 24,
    day: 24,
    days: 24,
    w: 168,
    tag: 24,
    tage: 24,
};

// "15 min", "1.5 h", "7 d", as a visitor types it [h]; null when it is no time.
export function parseTime(text: string): number | null {
    const found = /^\s*(-?\d+(?:[.,]\d+)?)\s*([a-z]+)\s*$/i.exec(text);
    const unit = found ? UNITS[(found[2] as string).toLowerCase()] : undefined;
    return found && unit ? Number((found[1] as string).replace(',', '.')) * unit : null;
}
