// The presynaptic bouton: vesicles wait, dock, and let glutamate into the cleft when a spike arrives.
import type {Drawn} from './drawn';
import type {Palette} from './palette';
import {Cloud, spread} from './particles';
import {cell, dot, glow, smoothPath, type Brush} from './shapes';

export const CLEFT = {x: 1040, top: 352, bottom: 394, half: 118};
const CENTRE = {x: 1040, y: 240};

interface Vesicle {
    x: number;
    y: number;
    phase: number;
}

export class Bouton {
    private glutamate = new Cloud(420, 260);
    private fusing: {x: number; age: number}[] = [];
    private vesicles: Vesicle[] = [];

    constructor() {
        for (let row = 0; row < 4; ++row)
            for (let k = 0; k < 8 - (row % 2); ++k)
                this.vesicles.push({
                    x: CENTRE.x - 119 + (row % 2) * 17 + k * 34 + 7 * Math.sin(k * 3 + row),
                    y: 326 - row * 31 + 6 * Math.cos(k * 5 + row * 2),
                    phase: k * 1.7 + row * 2.3,
                });
        this.vesicles = this.vesicles.filter(
            (v) =>
                Math.hypot((v.x - CENTRE.x) / 148, (v.y - CENTRE.y) / 108) < 0.92 &&
                Math.hypot(v.x - 985, v.y - 222) > 46,
        );
    }

    // Glutamate that leaked or was released since the last step.
    step(d: Drawn, spikes: number, seconds: number): void {
        for (let s = 0; s < spikes; ++s) {
            const sites = d.glutamate > 1.6 ? 4 : d.glutamate > 1.2 ? 3 : 2;
            for (let k = 0; k < sites; ++k) this.fusing.push({x: CENTRE.x + spread(92), age: -0.09 * k});
        }
        for (const f of this.fusing) {
            const fresh = f.age <= 0 && f.age + seconds > 0;
            f.age += seconds;
            if (fresh) this.burst(f.x, Math.round(9 + 9 * Math.min(2.5, d.glutamate)));
        }
        this.fusing = this.fusing.filter((f) => f.age < 0.5);
        this.glutamate.move(seconds);
        for (const p of this.glutamate.all) {
            // the cleft has walls
            if (p.y < CLEFT.top + 2) p.vy = Math.abs(p.vy) + 8;
            if (p.y > CLEFT.bottom - 2 && Math.abs(p.x - CLEFT.x) < CLEFT.half) p.vy = -Math.abs(p.vy) * 0.5;
        }
    }

    draw(g: Brush, p: Palette, wall: number): void {
        const fill = g.createRadialGradient(CENTRE.x - 40, CENTRE.y - 50, 20, CENTRE.x, CENTRE.y, 190);
        fill.addColorStop(0, p.dark ? '#2d608f' : '#dcebf8');
        fill.addColorStop(1, p.axon);
        const {x, y} = CENTRE;
        const body = smoothPath([
            {x: x - 26, y: y - 112},
            {x: x + 30, y: y - 112},
            {x: x + 118, y: y - 88},
            {x: x + 168, y: y - 6},
            {x: x + 160, y: y + 84},
            {x: x + 112, y: y + 118},
            {x, y: y + 112},
            {x: x - 112, y: y + 118},
            {x: x - 160, y: y + 84},
            {x: x - 168, y: y - 6},
            {x: x - 118, y: y - 88},
        ]);
        cell(g, body, fill, p.axonEdge, 6);
        mitochondrion(g, p, 985, 222);
        activeZone(g, p);
        this.drawVesicles(g, p, wall);
    }

    private drawVesicles(g: Brush, p: Palette, wall: number): void {
        for (const v of this.vesicles)
            vesicle(
                g,
                p,
                v.x + 2.6 * Math.sin(wall * 1.1 + v.phase),
                v.y + 2.2 * Math.cos(wall * 1.4 + v.phase),
                11.5,
            );
        for (const f of this.fusing) {
            if (f.age < 0) continue;
            const sunk = Math.min(1, f.age / 0.25);
            glow(g, f.x, CLEFT.top, 40, p.glutamate, 0.8 * (1 - f.age / 0.5));
            if (sunk < 1) vesicle(g, p, f.x, CLEFT.top - 12 + 10 * sunk, 11.5 * (1 - 0.6 * sunk));
        }
    }

    drawGlutamate(g: Brush, p: Palette): void {
        this.glutamate.draw(g, p.glutamate);
    }

    private burst(x: number, count: number): void {
        for (let k = 0; k < count; ++k)
            this.glutamate.add({
                x: x + spread(6),
                y: CLEFT.top + 5,
                vx: spread(75),
                vy: 30 + Math.random() * 60,
                age: 0,
                life: 0.7 + Math.random() * 0.9,
                size: 3.3,
            });
    }
}

function vesicle(g: Brush, p: Palette, x: number, y: number, r: number): void {
    dot(g, x, y, r, p.axonEdge, 0.9);
    dot(g, x, y, r * 0.8, p.vesicle);
    for (let k = 0; k < 5; ++k)
        dot(
            g,
            x + r * 0.42 * Math.cos(k * 1.26 + 0.4),
            y + r * 0.42 * Math.sin(k * 1.26 + 0.4),
            r * 0.2,
            p.glutamate,
        );
}

// Where vesicles dock.
function activeZone(g: Brush, p: Palette): void {
    g.fillStyle = p.axonEdge;
    for (let k = -3; k <= 3; ++k) {
        const x = CENTRE.x + k * 32;
        g.beginPath();
        g.moveTo(x - 9, CLEFT.top - 2);
        g.lineTo(x, CLEFT.top - 18);
        g.lineTo(x + 9, CLEFT.top - 2);
        g.fill();
    }
}

function mitochondrion(g: Brush, p: Palette, x: number, y: number): void {
    g.save();
    g.translate(x, y);
    g.rotate(-0.5);
    g.fillStyle = p.dark ? '#7a4a3a' : '#f0c9b0';
    g.strokeStyle = p.dark ? '#d69a7c' : '#b9704a';
    g.lineWidth = 3;
    g.beginPath();
    g.ellipse(0, 0, 40, 19, 0, 0, 2 * Math.PI);
    g.fill();
    g.stroke();
    g.lineWidth = 2.4;
    g.beginPath();
    for (let k = -28; k <= 26; k += 9) {
        const high = 15 * Math.sqrt(1 - (k / 40) ** 2);
        g.moveTo(k, (k / 9) % 2 ? high : -high);
        g.lineTo(k + 3, (k / 9) % 2 ? -high * 0.4 : high * 0.4);
    }
    g.stroke();
    g.restore();
}
