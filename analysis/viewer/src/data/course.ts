// The time courses of a run and its treatments, as the page's pictures and sentences ask for them. Nothing
// here knows where they come from.
import type {Attributes} from '../worker/messages';
import {msg, num} from '../lang';

export interface Dose {
    time: number;
    over: number;
    amount: number;
    unit: string;
    drug: string;
    route: string;
}

export interface Series {
    values: Float32Array;
    low: Float32Array | null;
    high: Float32Array | null;
    outer: [Float32Array, Float32Array] | null; // of an ensemble: where 5 and 95 % of its members lie
    source: string;
}

const AFTER = 0.02; // [h] that the last row still counts for

export class Course {
    zero = 0; // where the page's 0 is on the clock of the scenario [h]
    protected series = new Map<string, Series>();

    constructor(
        readonly meta: Attributes,
        public time: Float64Array,
        public doses: Dose[],
    ) {
        this.countFrom(this.firstDose);
    }

    // Doses of drugs; in a run that gets none, its other treatments (tools and placebo, by route window).
    get mainDoses(): Dose[] {
        return this.treated ? this.doses.filter((d) => d.route !== 'window') : this.doses;
    }
    get treated(): boolean {
        return this.doses.some((d) => d.route !== 'window');
    }
    // On the clock of the scenario [h]; without any treatment its time 0, or the start of a run that begins
    // later.
    get firstDose(): number {
        const times = this.mainDoses.map((d) => d.time);
        return this.zero + (times.length > 0 ? Math.min(...times) : Math.max(-this.zero, this.start));
    }

    // All times of the run count from here on the page: those of the history and of the doses at once, others
    // where they are read.
    countFrom(zero: number): void {
        const by = zero - this.zero;
        this.zero = zero;
        this.time = this.time.map((t) => t - by);
        this.doses = this.doses.map((d) => ({...d, time: d.time - by}));
    }

    // What its scenario says of stress (severity, 0 to 1) and of the BDNF gene.
    get stress(): number {
        return Number(/^stress:\s+severity: *([\d.]+)/m.exec(this.scenario)?.[1] ?? 0);
    }
    get genotype(): string {
        return /^genotype: *(\S+)/m.exec(this.scenario)?.[1] ?? 'val/val';
    }
    get scenario(): string {
        return String(this.meta.scenario ?? '');
    }

    get title(): string {
        return String(this.meta.title || this.name);
    }
    // Whether its curves are medians over the members of an ensemble of parameter sets.
    get ensemble(): boolean {
        return this.meta.bands === 'members';
    }
    get name(): string {
        return String(this.meta.name || '');
    }
    get start(): number {
        return this.time[0] ?? 0;
    }
    get end(): number {
        return this.time[this.time.length - 1] ?? 0;
    }

    get(id: string): Series | null {
        return this.series.get(id) ?? null;
    }

    // Linear between rows, held before the first; NaN after the last, and when the field is not there.
    at(id: string, hours: number): number {
        const values = this.series.get(id)?.values;
        if (!values || hours > this.end + AFTER) return NaN;
        const k = this.rowAfter(hours);
        if (k <= 0) return values[0] ?? NaN;
        if (k >= values.length) return values[values.length - 1] ?? NaN;
        const before = this.time[k - 1] as number,
            after = this.time[k] as number;
        const a = values[k - 1] as number,
            b = values[k] as number;
        return after > before ? a + ((b - a) * (hours - before)) / (after - before) : b;
    }

    // How much the run adds to the spines at most.
    gain(): number {
        const most = this.extreme('spine_density', true, this.start, this.end).value;
        return most - this.at('spine_density', this.start);
    }

    // When a field is largest (or smallest) between two times.
    extreme(id: string, largest: boolean, from: number, to: number): {time: number; value: number} {
        const values = this.series.get(id)?.values;
        let best = {time: from, value: this.at(id, from)};
        const take = (time: number, value: number) => {
            if (largest ? value > best.value : value < best.value) best = {time, value};
        };
        for (let k = 0; values && k < values.length; ++k) {
            const time = this.time[k] as number;
            if (time >= from && time <= to) take(time, values[k] as number);
        }
        take(to, this.at(id, to)); // between two rows
        return best;
    }

    // How long a field lies above half of its largest rise over the first value of the time [h].
    above(id: string, from: number, to: number): number {
        const rest = this.at(id, from),
            half = (this.extreme(id, true, from, to).value + rest) / 2;
        let hours = 0;
        for (let k = 1; k < this.time.length; ++k) {
            const a = Math.max(from, this.time[k - 1] as number),
                b = Math.min(to, this.time[k] as number);
            if (b > a && this.at(id, (a + b) / 2) > half) hours += b - a;
        }
        return hours;
    }

    private rowAfter(hours: number): number {
        let low = 0,
            high = this.time.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if ((this.time[middle] as number) < hours) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}

// "ketamine 0.5 mg/kg over 40 min"
export function doseWords(dose: Dose): string {
    const minutes = Math.round(dose.over * 60);
    const over =
        dose.over < 72
            ? `${num(+dose.over.toFixed(1))} h`
            : msg('time.days', {days: num(+(dose.over / 24).toFixed(1))});
    const length =
        minutes === 0
            ? ''
            : minutes < 120
              ? ` ${msg('dose.over', {time: `${minutes} min`})}`
              : ` ${msg('dose.for', {time: over})}`;
    const amount =
        dose.unit === '1'
            ? ''
            : ` ${num(+dose.amount.toPrecision(3))} ${dose.unit === 'uM' ? 'µM' : dose.unit}`;
    return `${
        dose.drug
            .split('/')
            .pop()
            ?.replace(/\.yaml$/, '') ?? ''
    }${amount}${length}`;
}
