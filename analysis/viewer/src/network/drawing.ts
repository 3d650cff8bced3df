// The canvas of the network, and what draws on it: WebGL where it is fast, pixels by hand elsewhere.
import {el, setText} from '../ui/dom';
import type {Orbit} from './camera';
import {CanvasRenderer} from './canvas';
import type {Picture, Renderer} from './picture';
import {WebglRenderer} from './webgl';
import {msg} from '../lang';

const TRIAL_FRAMES = 20,
    TRIAL_SLOWEST = 1 / 15; // [s] a frame; WebGL without a graphics card is slower than pixels by hand

export class Drawing {
    canvas = el('canvas', {
        class: 'cells',
        tabindex: '0',
        role: 'img',
        'aria-label': msg('network.canvas'),
    });
    readonly note = el('p', {class: 'note', role: 'status'});
    private renderer: Renderer | null = null;
    private trial: number[] | null = []; // seconds a frame, until WebGL is judged

    // `placed` is called with each new canvas, because each needs its place on the page and its listeners.
    constructor(
        private orbit: Orbit,
        private plain: boolean,
        private placed: (canvas: HTMLCanvasElement, renderer: string) => void,
    ) {}

    switch(): void {
        this.plain = !this.plain;
        this.trial = null;
        this.replace();
    }

    // Late: WebGL without a graphics card takes a second to begin.
    begin(): void {
        if (!this.renderer) this.replace();
    }

    get ready(): boolean {
        return this.renderer !== null;
    }

    draw(picture: Picture, width: number, height: number, seconds: number): void {
        if (!this.renderer) return;
        if (
            this.renderer.name !== 'WebGL' &&
            (this.canvas.width !== width || this.canvas.height !== height)
        )
            [this.canvas.width, this.canvas.height] = [width, height];
        this.renderer.draw(picture, this.orbit.update(width / height), width, height);
        if (picture.values) this.judge(seconds);
    }

    // Leaves a WebGL that is too slow to move smoothly.
    private judge(seconds: number): void {
        if (this.trial === null || this.renderer?.name !== 'WebGL') return;
        this.trial.push(seconds);
        if (this.trial.length < TRIAL_FRAMES) return;
        const slow = this.trial.slice(5).reduce((a, b) => a + b, 0) / (TRIAL_FRAMES - 5) > TRIAL_SLOWEST;
        this.trial = null;
        if (slow) this.leaveWebgl(msg('network.slow'));
    }

    private leaveWebgl(why: string): void {
        this.plain = true;
        setText(this.note, why);
        this.replace();
    }

    // A canvas keeps its first kind of context for ever, so another renderer needs another canvas.
    private replace(): void {
        this.renderer?.dispose();
        const fresh = this.canvas.cloneNode() as HTMLCanvasElement;
        this.canvas = fresh;
        try {
            this.renderer = this.plain
                ? new CanvasRenderer(fresh)
                : new WebglRenderer(fresh, this.orbit.camera);
        } catch (error) {
            if (this.plain) throw error;
            return this.leaveWebgl(msg('network.no_webgl'));
        }
        this.placed(fresh, this.renderer.name);
    }
}
