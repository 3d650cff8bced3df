// The synapse view: the drawing, its numbers, and the caption of the act.
import type {Run} from '../data/run';
import {sinceDose} from '../data/clock';
import type {Player} from '../player';
import {WHOLE, type StoryAct} from '../story/acts';
import {AT_REST, drawnAt, HOW_DRAWN} from '../synapse/drawn';
import {Scene} from '../synapse/scene';
import {Chips} from './chips';
import {button, el, isDark, prefersLessMotion, setText} from './dom';

export class Stage {
    readonly element: HTMLElement;
    readonly canvas = el('canvas', {class: 'scene', role: 'img'});
    private scene = new Scene(this.canvas);
    private chips = new Chips();
    private title = el('h2');
    private text = el('p', {class: 'act-text'});
    private dots = el('div', {class: 'dots'});
    private spoken = el('p', {class: 'only-spoken', 'aria-live': 'polite', id: 'spoken'});
    private free = button(
        'Explore freely',
        'Leave the story and see all numbers (F)',
        () => this.toggleFree(),
        'quiet',
    );
    private lastSpoken = '';

    constructor(
        private player: Player,
        private acts: () => StoryAct[],
    ) {
        const story = el(
            'div',
            {class: 'story', role: 'group', 'aria-label': 'Story'},
            button('‹', 'Back (P)', () => this.step(-1), 'round'),
            el('div', {class: 'caption'}, this.title, this.text, this.dots),
            button('›', 'Next (N)', () => this.step(1), 'round next'),
            this.free,
        );
        this.element = el(
            'section',
            {class: 'synapse', 'aria-label': 'Synapse close-up'},
            el(
                'div',
                {class: 'stage'},
                this.canvas,
                this.chips.element,
                el(
                    'p',
                    {class: 'how', title: HOW_DRAWN},
                    'How it is drawn: changes are enlarged, numbers are exact (hover for more)',
                ),
            ),
            story,
            this.spoken,
        );
    }

    step(by: number): void {
        if (!prefersLessMotion()) this.player.playing = true;
        this.player.toAct(this.player.current() + by);
    }

    toggleFree(): void {
        if (this.player.act === null) this.player.toAct(this.player.current());
        else this.player.leaveStory();
    }

    // While a file is being read: the synapse at rest.
    wait(seconds: number): void {
        setText(this.title, 'Reading the run…');
        this.scene.fit();
        this.scene.aim(WHOLE, Infinity);
        if (!prefersLessMotion()) this.scene.step(AT_REST, seconds);
        this.scene.draw(AT_REST, isDark());
    }

    frame(run: Run, seconds: number): void {
        const acts = this.acts(),
            index = this.player.current(),
            act = acts[index],
            free = this.player.act === null;
        const drawn = drawnAt(run, this.player.hours, this.player.clock.start),
            still = prefersLessMotion();
        this.scene.fit();
        const narrow = this.canvas.clientWidth < 640;
        this.scene.aim(
            act && (!free || narrow)
                ? narrow
                    ? {...act.look, zoom: Math.max(1, act.look.zoom * 0.8)}
                    : act.look
                : WHOLE,
            still ? Infinity : seconds,
        );
        if (!still || this.player.playing) this.scene.step(drawn, seconds);
        this.scene.draw(drawn, isDark());
        this.element.classList.toggle('docked', free || narrow);
        this.element.classList.toggle('free', free);
        this.chips.show(run, this.player.hours, free || !act ? null : act.fields, free || narrow, this.scene);
        if (act) this.caption(act, index, acts, free, run);
    }

    private caption(act: StoryAct, index: number, acts: StoryAct[], free: boolean, run: Run): void {
        setText(this.title, act.title);
        setText(this.text, act.text);
        setText(this.free, free ? 'Back to the story' : 'Explore freely');
        if (this.dots.childElementCount !== acts.length)
            this.dots.replaceChildren(
                ...acts.map((a, k) =>
                    button('', `Act ${k + 1}: ${a.title}`, () => this.player.toAct(k), 'dot'),
                ),
            );
        [...this.dots.children].forEach((dot, k) => dot.toggleAttribute('aria-current', k === index));
        const words = `${act.title}. ${act.text}`;
        if (words !== this.lastSpoken) {
            this.lastSpoken = words;
            setText(this.spoken, `Act ${index + 1} of ${acts.length}. ${words}`);
            this.canvas.setAttribute(
                'aria-label',
                `Drawing of a synapse in the run ${run.title}, ${sinceDose(this.player.hours)}. ${words}`,
            );
        }
    }
}
