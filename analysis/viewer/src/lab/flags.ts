// The doses of one drug as flags on a line of days: dragged, moved by arrow keys, added and taken away.
import {button, el} from '../ui/dom';
import {msg, num} from '../lang';

const STEP = 0.25; // [d]

export class Flags {
    readonly element = el('div', {class: 'flags'});
    private line = el('div', {class: 'flag-line'});
    private ends = el('span', {class: 'soft'});
    private dragging = false;

    // `changed` hears every move, and whether the flag was let go.
    constructor(
        private at: number[],
        private days: number,
        private drug: string,
        private changed: (at: number[], done: boolean) => void,
    ) {
        const buttons = el(
            'span',
            {},
            button(msg('flags.more'), msg('flags.more.title'), () => this.add(), 'quiet'),
            ' ',
            button(msg('flags.less'), msg('flags.less.title'), () => this.remove(), 'quiet'),
        );
        this.element.append(this.line, el('div', {class: 'flag-ends'}, buttons, this.ends));
        this.draw();
    }

    private draw(): void {
        this.ends.textContent = msg('flags.ends', {days: this.days});
        this.line.replaceChildren(...this.at.map((day, k) => this.flag(day, k)));
    }

    private flag(day: number, k: number): HTMLElement {
        const flag = el('button', {
            type: 'button',
            class: 'flag',
            role: 'slider',
            'aria-label': msg('flags.flag', {k: k + 1, drug: this.drug}),
            'aria-valuemin': '0',
            'aria-valuemax': String(this.days),
            title: msg('flags.drag'),
        });
        this.place(flag, day);
        flag.addEventListener('pointerdown', (event) => {
            flag.setPointerCapture(event.pointerId);
            this.dragging = true;
        });
        flag.addEventListener('pointermove', (event) => {
            const box = this.line.getBoundingClientRect();
            if (this.dragging)
                this.move(flag, k, ((event.clientX - box.left) / box.width) * this.days, false);
        });
        flag.addEventListener('pointerup', () => {
            this.dragging = false;
            this.changed(this.at, true);
        });
        flag.addEventListener('keydown', (event) => {
            const by = {ArrowLeft: -STEP, ArrowRight: STEP}[event.key];
            if (by === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            this.move(flag, k, (this.at[k] as number) + by, true);
        });
        return flag;
    }

    // Between its neighbours, on quarters of a day.
    private move(flag: HTMLElement, k: number, day: number, done: boolean): void {
        const low = k > 0 ? (this.at[k - 1] as number) + STEP : 0,
            high = k + 1 < this.at.length ? (this.at[k + 1] as number) - STEP : this.days - STEP;
        const place = Math.max(low, Math.min(high, Math.round(day / STEP) * STEP));
        if (place === this.at[k]) return;
        this.at = this.at.with(k, place);
        this.place(flag, place);
        this.changed(this.at, done);
    }

    private place(flag: HTMLElement, day: number): void {
        flag.style.left = `${(100 * day) / this.days}%`;
        flag.textContent = `${num(day)} d`;
        flag.setAttribute('aria-valuenow', String(day));
        flag.setAttribute('aria-valuetext', msg('flags.day', {day: num(day)}));
    }

    private add(): void {
        const next = this.at.length > 0 ? (this.at.at(-1) as number) + 2 : 0;
        if (next > this.days - STEP) return;
        this.at = [...this.at, next];
        this.draw();
        this.changed(this.at, true);
    }

    private remove(): void {
        if (this.at.length < 2) return;
        this.at = this.at.slice(0, -1);
        this.draw();
        this.changed(this.at, true);
    }
}
