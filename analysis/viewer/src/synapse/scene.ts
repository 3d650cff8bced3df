// The whole drawing on one canvas, and the camera that looks at it.
import {Axons} from './axon';
import {Bouton, CLEFT} from './bouton';
import {Dendrite} from './dendrite';
import type {Drawn} from './drawn';
import {paletteFor, type Palette} from './palette';
import {glow, molecule, type Brush, type Point} from './shapes';
import {Spine} from './spine';

const WORLD = {width: 1640, height: 800};

interface Look {
    x: number;
    y: number;
    zoom: number;
}

const MOLECULES = 64;

export class Scene {
    private axons = new Axons();
    private bouton = new Bouton();
    private spine = new Spine();
    private dendrite = new Dendrite();
    private wall = 0;
    private look: Look = {x: WORLD.width / 2, y: WORLD.height / 2, zoom: 1};
    private width = 1;
    private height = 1;
    private scale = 1;

    constructor(readonly canvas: HTMLCanvasElement) {}

    // Moves everything that moves by itself.
    step(d: Drawn, seconds: number): void {
        const dt = Math.min(0.05, seconds);
        this.wall += dt;
        const spikes = this.axons.step(d, dt);
        this.bouton.step(d, spikes, dt);
        this.spine.step(d, spikes, dt);
    }

    // What moves by itself, as it would be after a while, for those who want nothing to move.
    settle(d: Drawn): void {
        for (let k = 0; k < 60; ++k) this.step(d, 0.05);
    }

    // Turns the camera towards `look`: at once, or softly over the frames.
    aim(look: Look, seconds: number): void {
        const share = seconds === Infinity ? 1 : 1 - Math.exp(-2.6 * seconds);
        this.look = {
            x: this.look.x + (look.x - this.look.x) * share,
            y: this.look.y + (look.y - this.look.y) * share,
            zoom: this.look.zoom + (look.zoom - this.look.zoom) * share,
        };
    }

    // Fits the canvas to its box on the page.
    fit(): void {
        const box = this.canvas.getBoundingClientRect(),
            ratio = Math.min(2, devicePixelRatio || 1);
        this.width = Math.max(1, box.width);
        this.height = Math.max(1, box.height);
        const w = Math.round(this.width * ratio),
            h = Math.round(this.height * ratio);
        if (this.canvas.width !== w || this.canvas.height !== h)
            [this.canvas.width, this.canvas.height] = [w, h];
    }

    // A place of the drawing on the page, in pixels of the box.
    onPage(point: Point): Point {
        return {
            x: this.width / 2 + (point.x - this.look.x) * this.scale,
            y: this.height / 2 + (point.y - this.look.y) * this.scale,
        };
    }

    draw(d: Drawn, dark: boolean): void {
        const g = this.canvas.getContext('2d');
        if (!g) return;
        const p = paletteFor(dark),
            ratio = this.canvas.width / this.width;
        // A narrow box shows the middle of the drawing larger instead of all of it small.
        const contain = Math.min(this.width / WORLD.width, this.height / WORLD.height),
            cover = this.height / WORLD.height;
        this.scale = (this.width < 640 ? Math.min(cover, contain * 2) : contain) * this.look.zoom;
        g.setTransform(ratio, 0, 0, ratio, 0, 0);
        this.backdrop(g, p);
        g.setTransform(
            ratio * this.scale,
            0,
            0,
            ratio * this.scale,
            ratio * (this.width / 2 - this.look.x * this.scale),
            ratio * (this.height / 2 - this.look.y * this.scale),
        );
        this.molecules(g, p, d);
        this.axons.draw(g, p, d, this.wall);
        this.dendrite.draw(g, p, d, this.wall);
        this.spine.draw(g, p, d, this.wall);
        this.bouton.draw(g, p, this.wall);
        this.bouton.drawGlutamate(g, p);
        this.spine.drawReleased(g, p);
    }

    private backdrop(g: Brush, p: Palette): void {
        const sky = g.createLinearGradient(0, 0, 0, this.height);
        sky.addColorStop(0, p.skyTop);
        sky.addColorStop(1, p.skyBottom);
        g.fillStyle = sky;
        g.fillRect(0, 0, this.width, this.height);
        const centre = this.onPage({x: CLEFT.x, y: 380});
        glow(g, centre.x, centre.y, 620 * this.scale, p.haze, p.dark ? 0.55 : 0.9);
    }

    // Drug molecules outside the cells, more of them the higher the level.
    private molecules(g: Brush, p: Palette, d: Drawn): void {
        const shown = MOLECULES * d.drug;
        for (let k = 0; k < shown; ++k) {
            const drift = this.wall * (6 + (k % 5) * 2.2),
                column = (k * 0.61803 + 0.13) % 1,
                row = (k * 0.75487) % 1;
            const x = ((((column * 1900 + drift * (k % 2 ? 1 : -1)) % 1900) + 1900) % 1900) - 130,
                y = 20 + row * 620 + 14 * Math.sin(this.wall * 0.8 + k * 1.9);
            molecule(g, x, y, 6.2, this.wall * 0.7 + k, p.drug, Math.min(1, shown - k) * 0.92);
        }
    }
}
