// Play, pause, scrub, speed; the doses are marks on the line.
import {parseTime, sinceDose, tickWords, timeWords} from '../data/clock';
import {doseWords} from '../data/course';
import type {Run} from '../data/run';
import type {Player} from '../player';
import {button, el, setText} from './dom';
import {msg, num} from '../lang';

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const TICK_ROOM = 52; // [px]

export class Timeline {
    readonly element: HTMLElement;
    private play = button('▶', msg('timeline.play'), () => this.player.toggle(), 'round play');
    private speed = el(
        'select',
        {'aria-label': msg('timeline.speed'), title: msg('timeline.speed')},
        ...SPEEDS.map((s) =>
            el('option', {value: String(s), ...(s === 1 ? {selected: ''} : {})}, `${num(s)}×`),
        ),
    );
    private now = el('output', {class: 'now'});
    private exact = el('input', {
        class: 'exact',
        'aria-label': msg('timeline.go'),
        title: msg('timeline.go.title'),
        placeholder: msg('timeline.go.hint'),
    });
    private slider = el('input', {
        type: 'range',
        min: '0',
        max: '1000',
        step: '1',
        class: 'scrub',
        'aria-label': msg('timeline.time'),
    });
    private marks = el('div', {class: 'marks', 'aria-hidden': 'true'});
    private track = el('div', {class: 'track'}, this.slider, this.marks);
    private drawnFor = '';

    // `pin`: puts what is shown into the notebook.
    constructor(
        private player: Player,
        pin: () => void,
    ) {
        this.speed.addEventListener('change', () => {
            player.speed = Number(this.speed.value);
        });
        this.slider.addEventListener('input', () => player.toLine(Number(this.slider.value) / 1000));
        this.exact.addEventListener('change', () => this.go());
        this.element = el(
            'section',
            {class: 'timeline', 'aria-label': msg('timeline.name')},
            el(
                'div',
                {class: 'buttons'},
                this.play,
                this.speed,
                this.now,
                this.exact,
                button(msg('timeline.pin'), msg('timeline.pin.title'), pin, 'pin-this'),
            ),
            this.track,
        );
    }

    frame(run: Run): void {
        setText(this.play, this.player.playing ? '❚❚' : '▶');
        const words = run.doses.length > 0 ? sinceDose(this.player.hours) : timeWords(this.player.hours);
        setText(this.now, words);
        const place = String(Math.round(this.player.line * 1000));
        if (this.slider.value !== place) this.slider.value = place;
        this.slider.setAttribute('aria-valuetext', words);
        this.slider.style.setProperty('--done', `${this.player.line * 100}%`);
        this.speed.value = String(this.player.speed);
        const wanted = `${run.key}:${this.track.clientWidth}:${this.player.clock.end}`;
        if (wanted !== this.drawnFor) this.drawMarks(run);
        this.drawnFor = wanted;
    }

    private go(): void {
        const hours = parseTime(this.exact.value);
        this.exact.setCustomValidity(hours === null ? msg('timeline.go.wrong') : '');
        this.exact.reportValidity();
        if (hours === null) return;
        this.exact.blur(); // so that keys are the page's again
        this.player.playing = false;
        this.player.toHours(hours);
    }

    private drawMarks(run: Run): void {
        const clock = this.player.clock,
            width = this.track.clientWidth;
        const items: HTMLElement[] = [];
        for (const dose of run.doses) {
            if (dose.time < clock.start || dose.time > clock.end) continue;
            const from = clock.place(dose.time),
                to = clock.place(Math.min(clock.end, dose.time + dose.over));
            items.push(
                el('span', {
                    class: 'dose',
                    title: doseWords(dose),
                    style: `left:${from * 100}%;width:${Math.max(0.35, (to - from) * 100)}%`,
                }),
            );
        }
        for (const tick of clock.spaced(width, TICK_ROOM))
            items.push(
                el('span', {class: 'tick', style: `left:${100 * clock.place(tick)}%`}, tickWords(tick)),
            );
        this.marks.replaceChildren(...items);
    }
}
