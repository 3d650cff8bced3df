// The two cells that talk: an interneuron that holds the pyramidal cell back, and the pyramidal cell whose
// axon leads to the bouton.
import type {Drawn} from './drawn';
import type {Palette} from './palette';
import {Cloud, spread} from './particles';
import {cell, chance, channel, dot, glow, mix, molecule, smoothPath, type Brush, type Point} from './shapes';

interface Curve {
    a: Point;
    b: Point;
    c: Point;
    d: Point;
}

const INTER = {x: 190, y: 330, r: 62},
    SOMA = {x: 560, y: 205, r: 84};
const BRAKE: Curve = {a: {x: 240, y: 300}, b: {x: 330, y: 230}, c: {x: 380, y: 200}, d: {x: 452, y: 208}};
const AXON: Curve = {a: {x: 640, y: 190}, b: {x: 800, y: 150}, c: {x: 980, y: 20}, d: {x: 1040, y: 150}};
const SPIKE_SECONDS = 0.55;

function along(curve: Curve, share: number): Point {
    const s = 1 - share,
        w = [s * s * s, 3 * s * s * share, 3 * s * share * share, share * share * share] as const;
    return {
        x: w[0] * curve.a.x + w[1] * curve.b.x + w[2] * curve.c.x + w[3] * curve.d.x,
        y: w[0] * curve.a.y + w[1] * curve.b.y + w[2] * curve.c.y + w[3] * curve.d.y,
    };
}

// Spikes that run along an axon, at a rate; `arrived` counts those that came to its end since the last step.
class Spikes {
    private phase = 0.3;
    private running: number[] = [];
    arrived = 0;

    step(rate: number, seconds: number): void {
        this.phase += rate * seconds;
        for (; this.phase >= 1; --this.phase) this.running.push(0);
        this.running = this.running.map((s) => s + seconds / SPIKE_SECONDS);
        this.arrived = this.running.filter((s) => s >= 1).length;
        this.running = this.running.filter((s) => s < 1);
    }

    draw(g: Brush, curve: Curve, colour: string): void {
        for (const share of this.running) {
            const p = along(curve, share);
            glow(g, p.x, p.y, 34, colour, 0.9);
            dot(g, p.x, p.y, 7, '#ffffff');
        }
    }

    justFired(): number {
        return Math.max(0, ...this.running.map((s) => 1 - 2.5 * s));
    }
}

export class Axons {
    private brake = new Spikes();
    private drive = new Spikes();
    private gaba = new Cloud(90, 300);

    // Spikes that reached the bouton since the last step.
    step(d: Drawn, seconds: number): number {
        this.brake.step(2.2 * d.interneuron, seconds);
        this.drive.step(1.1 * d.pyramidal, seconds);
        for (let k = 0; k < this.brake.arrived * 9; ++k)
            this.gaba.add({
                x: 474,
                y: 208 + spread(16),
                vx: 26 + spread(14),
                vy: spread(30),
                age: 0,
                life: 0.7 + Math.random() * 0.5,
                size: 3.4,
            });
        this.gaba.move(seconds);
        return this.drive.arrived;
    }

    draw(g: Brush, p: Palette, d: Drawn, wall: number): void {
        this.drawPyramidal(g, p);
        this.drawInterneuron(g, p, d, wall);
        this.gaba.draw(g, p.gaba);
        this.brake.draw(g, BRAKE, p.dark ? p.gaba : '#35c79c');
        this.drive.draw(g, AXON, p.dark ? p.spike : '#ffcf4d');
    }

    private tube(g: Brush, curve: Curve, width: number, fill: string, edge: string): void {
        for (const [colour, w] of [
            [edge, width + 7],
            [fill, width],
        ] as const) {
            g.strokeStyle = colour;
            g.lineWidth = w;
            g.lineCap = 'round';
            g.beginPath();
            g.moveTo(curve.a.x, curve.a.y);
            g.bezierCurveTo(curve.b.x, curve.b.y, curve.c.x, curve.c.y, curve.d.x, curve.d.y);
            g.stroke();
        }
    }

    private branch(
        g: Brush,
        from: Point,
        to: Point,
        bend: number,
        width: number,
        fill: string,
        edge: string,
    ): void {
        const middle = {x: (from.x + to.x) / 2 + bend, y: (from.y + to.y) / 2 - bend};
        this.tube(g, {a: from, b: middle, c: middle, d: to}, width, fill, edge);
    }

    private drawPyramidal(g: Brush, p: Palette): void {
        this.branch(g, {x: 540, y: 150}, {x: 500, y: -40}, 10, 22, p.axon, p.axonEdge);
        this.branch(g, {x: 505, y: 255}, {x: 400, y: 420}, -14, 13, p.axon, p.axonEdge);
        this.branch(g, {x: 580, y: 265}, {x: 620, y: 440}, 12, 13, p.axon, p.axonEdge);
        this.tube(g, AXON, 16, p.axon, p.axonEdge);
        const {x, y, r} = SOMA;
        const body = smoothPath([
            {x: x - 20, y: y - r * 1.15},
            {x: x + 40, y: y - r * 0.85},
            {x: x + r * 1.15, y: y - 10},
            {x: x + r * 0.8, y: y + r * 0.75},
            {x, y: y + r * 0.8},
            {x: x - r * 0.9, y: y + r * 0.85},
            {x: x - r * 1.25, y: y + 10},
            {x: x - r * 0.8, y: y - r * 0.75},
        ]);
        const fired = this.drive.justFired();
        glow(g, x, y, r * 2, p.dark ? p.axonEdge : '#7fc0f2', 0.18 + 0.5 * fired);
        cell(g, body, p.axon, p.axonEdge);
        dot(g, x, y + 4, 32, p.axonEdge, 0.28);
        dot(g, x + 8, y, 10, p.axonEdge, 0.35);
    }

    private drawInterneuron(g: Brush, p: Palette, d: Drawn, wall: number): void {
        const {x, y, r} = INTER;
        for (const [tx, ty, bend] of [
            [40, 230, -20],
            [30, 420, 20],
            [210, 520, 16],
            [150, 150, -12],
        ] as const)
            this.branch(g, {x, y}, {x: tx, y: ty}, bend, 10, p.inter, p.interEdge);
        this.tube(g, BRAKE, 11, p.inter, p.interEdge);
        const fired = this.brake.justFired();
        glow(g, x, y, r * 1.9, p.gaba, 0.12 + 0.4 * fired * Math.min(1, d.interneuron));
        const body = smoothPath(
            Array.from({length: 9}, (_, k) => {
                const wobble = r * (1.08 + 0.1 * Math.sin(k * 2.4) + 0.012 * Math.sin(wall * 1.3 + k));
                return {
                    x: x + wobble * Math.cos((k * 2 * Math.PI) / 9),
                    y: y + wobble * Math.sin((k * 2 * Math.PI) / 9),
                };
            }),
        );
        cell(g, body, p.inter, p.interEdge);
        dot(g, x, y + 6, 24, p.interEdge, 0.26);
        drawTerminal(g, p, wall);
        drawReceptors(g, p, d.blockInterneuron, wall);
    }
}

// The interneuron's synapse onto the pyramidal cell, with its vesicles.
function drawTerminal(g: Brush, p: Palette, wall: number): void {
    const terminal = smoothPath([
        {x: 430, y: 176},
        {x: 474, y: 180},
        {x: 478, y: 210},
        {x: 474, y: 238},
        {x: 430, y: 242},
        {x: 414, y: 208},
    ]);
    cell(g, terminal, p.inter, p.interEdge, 4);
    for (let k = 0; k < 6; ++k)
        dot(
            g,
            430 + 14 * (k % 3) + 2 * Math.sin(wall * 2 + k),
            198 + 20 * Math.floor(k / 3) + 2 * Math.cos(wall * 1.7 + k),
            5,
            p.gaba,
            0.85,
        );
}

// The interneuron's own NMDA receptors.
function drawReceptors(g: Brush, p: Palette, block: number, wall: number): void {
    const {x, y, r} = INTER;
    const shade = p.dark ? 1 : 0.9;
    for (let k = 0; k < 6; ++k) {
        const angle = -Math.PI * mix(0.98, 0.22, k / 5),
            px = x + r * 1.02 * Math.cos(angle),
            py = y + r * 1.02 * Math.sin(angle);
        plugged(g, px, py, angle + Math.PI / 2, 15, p, block, k, wall, shade);
    }
}

// An NMDA receptor, and with the chance that the run gives, a drug molecule in its pore.
export function plugged(
    g: Brush,
    x: number,
    y: number,
    angle: number,
    size: number,
    p: Palette,
    share: number,
    which: number,
    wall: number,
    alpha: number,
): void {
    const dwell = 1.6,
        turn = wall / dwell + which * 0.37,
        step = Math.floor(turn);
    const now = chance(which, step) < share ? 1 : 0,
        before = chance(which, step - 1) < share ? 1 : 0;
    const inside = mix(before, now, Math.min(1, (turn - step) * 4));
    g.globalAlpha = alpha;
    channel(g, x, y, angle, size, p.nmda, 1 - 0.5 * inside);
    g.globalAlpha = 1;
    if (inside < 0.02) return;
    const away = (1 - inside) * size * 1.6;
    glow(g, x, y, size * 1.5, p.drug, 0.55 * inside);
    molecule(
        g,
        x + Math.sin(angle) * (away + size * 0.45),
        y - Math.cos(angle) * (away + size * 0.45),
        size * 0.36,
        angle + Math.PI / 2,
        p.drug,
        inside,
    );
}
