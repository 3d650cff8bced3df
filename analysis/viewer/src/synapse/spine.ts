// The spine in the middle: receptors towards the cleft, calcium in, BDNF out, strands of synaptic protein
// inside; its head grows with the strength of the synapse.
import {plugged} from './axon';
import {CLEFT} from './bouton';
import type {Drawn} from './drawn';
import type {Palette} from './palette';
import {Cloud, spread} from './particles';
import {chance, channel, dot, glow, mix, type Brush, type Point} from './shapes';

const X = CLEFT.x,
    TOP = CLEFT.bottom,
    SHAFT = 650;
const NMDA_AT = [-68, 0, 68],
    AMPA_AT = [-102, -34, 34, 102, 118, -118];

export class Spine {
    private ions = new Cloud(160, 160);
    private calcium = new Cloud(120, 160);
    private bdnf = new Cloud(110, 120);
    private size = 1;

    step(d: Drawn, spikes: number, seconds: number): void {
        this.size = Math.sqrt(d.strength);
        const open = Math.min(2.5, d.ampa),
            reach = this.reach();
        if (spikes > 0)
            for (let k = 0; k < Math.round(14 * open); ++k)
                this.ions.add({
                    x: X + (AMPA_AT[k % 5] as number) + spread(4),
                    y: TOP + 14,
                    vx: spread(18),
                    vy: 40 + Math.random() * 60,
                    age: -0.14 * Math.random() - 0.15,
                    life: 0.8,
                    size: 2.8,
                });
        const above = Math.max(0, Math.min(1, (d.ampa - 1) / 0.9));
        this.calcium.pour(34 * above, seconds, () => ({
            x: X - reach.x + 14,
            y: 478 + spread(5),
            vx: 40 + Math.random() * 45,
            vy: spread(20),
            age: 0,
            life: 1.2,
            size: 3.2,
        }));
        this.bdnf.pour(26 * d.bdnf, seconds, () => ({
            x: X + reach.x - 4,
            y: 482 + spread(12),
            vx: 34 + Math.random() * 30,
            vy: 6 + spread(26),
            age: 0,
            life: 2.6,
            size: 4.2,
        }));
        for (const cloud of [this.ions, this.calcium, this.bdnf]) cloud.move(seconds);
    }

    private reach(): Point {
        return {x: 128 * this.size, y: 92 * this.size};
    }

    draw(g: Brush, p: Palette, d: Drawn, wall: number): void {
        const r = this.reach();
        const outline = silhouette(r);
        glow(g, X, TOP + r.y, r.x * 2, p.dark ? '#98a5f2' : '#b9c3f5', 0.2 + 0.3 * Math.max(0, d.ampa - 1));
        const fill = g.createRadialGradient(X - 30, TOP + 40, 20, X, TOP + r.y, r.x * 1.5);
        fill.addColorStop(0, p.dark ? '#49539a' : '#e8ebfc');
        fill.addColorStop(1, p.spine);
        openCell(g, outline, fill, p.spineEdge);
        this.strands(g, p, d, r, wall);
        this.density(g, p);
        this.receptors(g, p, d, r, wall);
        this.granules(g, p, r, wall);
        this.ions.draw(g, p.ampa);
        this.calcium.draw(g, p.calciumIon);
    }

    // Over everything else: what left the spine.
    drawReleased(g: Brush, p: Palette): void {
        this.bdnf.draw(g, p.bdnf);
    }

    private strands(g: Brush, p: Palette, d: Drawn, r: Point, wall: number): void {
        g.strokeStyle = p.strands;
        g.lineWidth = 2.2;
        const strands = 9 + Math.round(11 * d.protein);
        g.globalAlpha = 0.75;
        g.beginPath();
        for (let k = 0; k < strands; ++k) {
            const angle = mix(Math.PI * 1.12, Math.PI * 1.88, k / (strands - 1)),
                sway = 0.05 * Math.sin(wall * 1.6 + k * 2);
            const from = {x: X + 12 * ((k % 3) - 1), y: TOP + 2 * r.y + 20};
            const to = {
                x: X + r.x * 0.8 * Math.cos(angle + sway),
                y: TOP + r.y * 1.15 + r.y * 0.75 * Math.sin(angle + sway),
            };
            g.moveTo(from.x, from.y);
            g.quadraticCurveTo(mix(from.x, to.x, 0.2), mix(from.y, to.y, 0.65), to.x, to.y);
        }
        g.stroke();
        g.globalAlpha = 1;
    }

    private density(g: Brush, p: Palette): void {
        // the dense plate under the receptors
        g.strokeStyle = p.spineEdge;
        g.globalAlpha = 0.45;
        g.lineWidth = 11;
        g.lineCap = 'round';
        g.beginPath();
        g.moveTo(X - 102, TOP + 13);
        g.lineTo(X + 102, TOP + 13);
        g.stroke();
        g.globalAlpha = 1;
    }

    private receptors(g: Brush, p: Palette, d: Drawn, r: Point, wall: number): void {
        const beat = Math.floor(wall * 3);
        const count = d.strength > 1.25 ? 6 : d.strength > 1.1 ? 5 : 4;
        AMPA_AT.slice(0, count).forEach((at, k) => {
            const open = d.ampa < 0.05 ? 0 : chance(k + 20, beat) < 0.35 * d.ampa ? 1 : 0.15;
            channel(g, X + at, TOP + 3, 0, 16, d.ampa < 0.05 ? p.soft : p.ampa, open);
            if (d.ampa < 0.05) cross(g, X + at, TOP - 2, 7, p.ink);
        });
        NMDA_AT.forEach((at, k) => plugged(g, X + at, TOP + 2, 0, 22, p, d.blockSpine, k + 40, wall, 1));
        const calcium = Math.max(0, Math.min(1, (d.ampa - 1) / 0.9));
        glow(g, X - r.x * 1.02, 478, 36, p.calciumIon, 0.7 * calcium);
        channel(g, X - r.x * 1.0, 478, -Math.PI / 2, 17, p.calcium, calcium);
        for (let k = 0; k < 3; ++k) {
            const x = X + r.x * 1.04 - 4 * k,
                y = 520 + 26 * k - (k > 1 ? 4 : 0),
                angle = 0.9 + 0.25 * k;
            glow(g, x, y, 40, p.trkb, 0.8 * d.trkb);
            receptorY(g, x - (k > 0 ? 12 * k : 0), y, angle, p.trkb);
        }
    }

    private granules(g: Brush, p: Palette, r: Point, wall: number): void {
        // dense-core vesicles that hold BDNF
        for (let k = 0; k < 4; ++k) {
            const x = X + r.x * 0.56 + 15 * (k % 2) + 2 * Math.sin(wall + k),
                y = 452 + 21 * Math.floor(k / 2) + 2 * Math.cos(wall * 1.2 + k);
            dot(g, x, y, 8.5, p.bdnf, 0.35);
            dot(g, x, y, 5, p.bdnf);
        }
    }
}

// Head and neck, open at the bottom, where the neck becomes the dendrite.
function silhouette(r: Point): Path2D {
    const bottom = TOP + 2 * r.y,
        path = new Path2D();
    path.moveTo(X - 66, SHAFT + 14);
    for (const side of [-1, 1]) {
        const points: [number, number][] = [
            [30, SHAFT + 4],
            [24, mix(bottom, SHAFT, 0.5)],
            [26, bottom - 8],
            [r.x * 0.8, bottom - r.y * 0.3],
            [r.x * 1.08, TOP + r.y * 1.05],
            [r.x * 1.06, TOP + r.y * 0.4],
            [100, TOP - 2],
        ];
        const way = side < 0 ? points : [...points].reverse();
        way.forEach(([x, y], k) => {
            const [nx, ny] = way[k + 1] ?? (side < 0 ? [20, TOP - 2] : [66, SHAFT + 14]);
            path.quadraticCurveTo(X + side * x, y, X + (side * (x + nx)) / 2, (y + ny) / 2);
        });
        path.lineTo(X + (side < 0 ? 20 : 66), side < 0 ? TOP - 2 : SHAFT + 14);
    }
    return path;
}

function openCell(g: Brush, path: Path2D, fill: CanvasGradient, edge: string): void {
    g.fillStyle = fill;
    g.fill(path);
    g.lineJoin = 'round';
    for (const [colour, width, alpha] of [
        [edge, 6, 1],
        [fill, 2.2, 0.75],
    ] as const) {
        g.strokeStyle = colour;
        g.lineWidth = width;
        g.globalAlpha = alpha;
        g.stroke(path);
    }
    g.globalAlpha = 1;
}

function cross(g: Brush, x: number, y: number, size: number, colour: string): void {
    g.strokeStyle = colour;
    g.lineWidth = 3;
    g.beginPath();
    for (const side of [-1, 1]) {
        g.moveTo(x - side * size, y - size);
        g.lineTo(x + side * size, y + size);
    }
    g.stroke();
}

function receptorY(g: Brush, x: number, y: number, angle: number, colour: string): void {
    g.save();
    g.translate(x, y);
    g.rotate(angle);
    g.strokeStyle = colour;
    g.lineWidth = 5.5;
    g.lineCap = 'round';
    g.beginPath();
    g.moveTo(0, 12);
    g.lineTo(0, -4);
    g.lineTo(-8, -15);
    g.moveTo(0, -4);
    g.lineTo(8, -15);
    g.stroke();
    g.restore();
}
