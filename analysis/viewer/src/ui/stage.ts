// The synapse view: the drawing with its names and numbers, the caption of the act, and the act's curve.
import {sinceDose} from '../data/clock';
import type {Run} from '../data/run';
import type {Player} from '../player';
import {WHOLE, type StoryAct} from '../story/acts';
import {AT_REST, drawnAt, HOW_DRAWN, type Drawn} from '../synapse/drawn';
import {Scene} from '../synapse/scene';
import type {Sure} from '../sure/view';
import {Chips} from './chips';
import {Curve} from './curve';
import {button, el, isDark, prefersLessMotion, setText} from './dom';
import {msg} from '../lang';

const NARROW = 640, // [px]
    ROOMY = 1000; // [px] in which all numbers have room on the first screen

export class Stage {
    readonly element: HTMLElement;
    readonly below = el('div', {class: 'docked'}); // numbers that have no room on the first screen
    private canvas = el('canvas', {class: 'scene', role: 'img'});
    private scene = new Scene(this.canvas);
    private chips = new Chips();
    private curve: Curve;
    private box = el('div', {class: 'stage'}, this.canvas, this.chips.labels);
    private title = el('h2');
    private text = el('p', {class: 'act-text'});
    private dots = el('div', {class: 'dots'});
    private spoken = el('p', {class: 'only-spoken', 'aria-live': 'polite', id: 'spoken'});
    private free = button(msg('stage.free'), msg('stage.free.title'), () => this.toggleFree(), 'quiet');
    private lastSpoken = '';
    private stands = ''; // what a picture shows in which nothing moves

    constructor(
        private player: Player,
        private acts: () => StoryAct[],
        private sure: Sure,
    ) {
        this.curve = new Curve(player);
        const how = el('span', {class: 'how', title: HOW_DRAWN}, msg('stage.how'));
        const story = el(
            'div',
            {class: 'story', role: 'group', 'aria-label': msg('stage.story')},
            button('‹', msg('stage.previous'), () => this.step(-1), 'round'),
            el(
                'div',
                {class: 'caption'},
                this.title,
                this.text,
                el('div', {class: 'under'}, this.dots, how),
            ),
            button('›', msg('stage.next'), () => this.step(1), 'round next'),
            this.free,
        );
        this.element = el(
            'section',
            {class: 'synapse', 'aria-label': msg('stage.name')},
            this.box,
            story,
            this.sure.strip,
            this.curve.element,
            this.spoken,
        );
    }

    // Whose time it is.
    get act(): StoryAct | undefined {
        return this.acts()[this.player.current()];
    }

    get words(): string {
        return this.act ? `${this.act.title}. ${this.act.text}` : '';
    }

    step(by: number): void {
        if (!prefersLessMotion()) this.player.playing = true;
        this.player.toAct(this.player.current() + by);
    }

    toggleFree(): void {
        if (this.player.act === null) this.player.toAct(this.player.current());
        else this.player.leaveStory();
    }

    // While a file is being read: the synapse at rest, drawn once where nothing is to move.
    wait(seconds: number): void {
        const calm = prefersLessMotion();
        if (calm && this.title.textContent) return;
        setText(this.title, msg('stage.reading'));
        this.scene.fit();
        this.scene.aim(WHOLE, Infinity);
        if (!calm) this.scene.step(AT_REST, seconds);
        this.scene.draw(AT_REST, isDark());
    }

    // `runs`: those whose curves are shown, of which `current` is drawn.
    frame(runs: Run[], current: number, seconds: number): void {
        const run = runs[current] as Run,
            acts = this.acts(),
            index = this.player.current(),
            act = acts[index],
            free = this.player.act === null;
        const drawn = drawnAt(run, this.player.hours, this.player.clock.start);
        this.scene.fit();
        const narrow = this.canvas.clientWidth < NARROW;
        this.draw(drawn, !act || (free && !narrow) ? WHOLE : act.look, narrow, seconds);
        this.element.classList.toggle('free', free);
        this.dock(free, narrow);
        const fields = free || !act ? null : act.fields;
        const hours = this.player.hours,
            sure = (id: string) => this.sure.wordsOf(run, id, hours);
        this.chips.show(run, hours, fields, free || narrow, this.scene, drawn, sure);
        if (!act) return;
        this.caption(act, index, acts, free, run);
        const {clock} = this.player;
        this.curve.frame(act, {runs, current, reference: null, clock, sure: this.sure});
    }

    private draw(drawn: Drawn, look: typeof WHOLE, narrow: boolean, seconds: number): void {
        const calm = prefersLessMotion(),
            still = calm && !this.player.playing,
            zoom = narrow ? Math.max(1, look.zoom * 0.8) : look.zoom,
            {width, height} = this.canvas;
        this.scene.aim({...look, zoom}, calm ? Infinity : seconds);
        const picture = [width, height, isDark(), look.x, look.y, zoom, ...Object.values(drawn)].join();
        if (still && picture === this.stands) return;
        if (still) this.scene.settle(drawn);
        else this.scene.step(drawn, seconds);
        this.stands = still ? picture : '';
        this.scene.draw(drawn, isDark());
    }

    // All numbers stand in rows under the curve, and on a narrow screen below it; else beside their parts.
    private dock(free: boolean, narrow: boolean): void {
        this.element.classList.toggle('docked', free && !narrow);
        const crowded = narrow || this.canvas.clientWidth < ROOMY || this.sure.isOn,
            place = free ? (crowded ? this.below : this.element) : narrow ? this.below : this.box;
        if (this.chips.element.parentElement !== place) place.append(this.chips.element);
    }

    private caption(act: StoryAct, index: number, acts: StoryAct[], free: boolean, run: Run): void {
        setText(this.title, act.title);
        setText(this.text, act.text);
        setText(this.free, msg(free ? 'stage.back' : 'stage.free'));
        if (this.dots.childElementCount !== acts.length)
            this.dots.replaceChildren(
                ...acts.map((a, k) =>
                    button(
                        '',
                        msg('stage.act', {k: k + 1, title: a.title}),
                        () => this.player.toAct(k),
                        'dot',
                    ),
                ),
            );
        [...this.dots.children].forEach((dot, k) => dot.toggleAttribute('aria-current', k === index));
        const {words} = this;
        if (words !== this.lastSpoken) {
            this.lastSpoken = words;
            setText(this.spoken, msg('stage.act_of', {k: index + 1, acts: acts.length, words}));
            this.canvas.setAttribute(
                'aria-label',
                msg('stage.picture', {run: run.title, when: sinceDose(this.player.hours), words}),
            );
        }
    }
}
