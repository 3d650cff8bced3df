// The dendrite: mTORC1 and protein inside, and ten places for spines. Each stands for a tenth of the healthy
// number; empty ones are outlined.
import type {Drawn} from './drawn';
import type {Palette} from './palette';
import {cell, dot, glow, mix, smoothPath, type Brush, type Point} from './shapes';

const TOP = 656,
    BOTTOM = 742;
const MTOR: Point = {x: 800, y: 700};

interface Place {
    x: number;
    up: boolean;
    size: number;
}

// In the order in which they are filled; the spine in the middle is the first tenth.
const PLACES: Place[] = [
    {x: 60, up: true, size: 0.95},
    {x: 190, up: false, size: 0.7},
    {x: 520, up: false, size: 0.8},
    {x: 440, up: true, size: 0.62},
    {x: 920, up: false, size: 0.66},
    {x: 1190, up: false, size: 0.6},
    {x: 1640, up: true, size: 0.85},
    {x: 1500, up: true, size: 1.15},
    {x: 290, up: true, size: 1},
    {x: 1460, up: false, size: 0.7},
    {x: 40, up: false, size: 0.7},
];

function edge(x: number): number {
    return 5 * Math.sin(x / 170) + 3 * Math.sin(x / 61);
}

export class Dendrite {
    draw(g: Brush, p: Palette, d: Drawn, wall: number): void {
        PLACES.forEach((place, k) =>
            this.place(g, p, place, Math.max(0, Math.min(1, d.density * 10 - 1 - k)), k >= 9),
        );
        const top: Point[] = [],
            bottom: Point[] = [];
        for (let x = -700; x <= 2340; x += 80) {
            top.push({x, y: TOP + edge(x)});
            bottom.unshift({x, y: BOTTOM + edge(x + 300)});
        }
        const fill = g.createLinearGradient(0, TOP, 0, BOTTOM);
        fill.addColorStop(0, p.dark ? '#3a4380' : '#dfe4fa');
        fill.addColorStop(1, p.spine);
        cell(g, smoothPath([...top, ...bottom]), fill, p.spineEdge, 6);
        this.tubules(g, p);
        this.protein(g, p, d, wall);
        this.mtor(g, p, d, wall);
    }

    private place(g: Brush, p: Palette, place: Place, filled: number, hidden: boolean): void {
        const base = place.up ? TOP + edge(place.x) + 6 : BOTTOM + edge(place.x + 300) - 6,
            away = place.up ? -1 : 1;
        if (!hidden && filled < 0.98) {
            g.setLineDash([7, 7]);
            g.strokeStyle = p.ghost;
            g.lineWidth = 2.5;
            g.stroke(mushroom(place.x, base, away, place.size, 1));
            g.setLineDash([]);
        }
        if (filled < 0.02) return;
        glow(g, place.x, base + away * 60 * place.size, 90 * place.size, p.protein, filled < 0.98 ? 0.35 : 0);
        cell(g, mushroom(place.x, base, away, place.size, filled), p.spine, p.spineEdge, 4.5);
    }

    private tubules(g: Brush, p: Palette): void {
        g.strokeStyle = p.strands;
        g.globalAlpha = 0.35;
        g.lineWidth = 2;
        g.beginPath();
        for (const y of [TOP + 24, TOP + 44, TOP + 66]) {
            g.moveTo(-700, y);
            for (let x = -620; x <= 2340; x += 80) g.lineTo(x, y + 0.8 * edge(x));
        }
        g.stroke();
        g.globalAlpha = 1;
    }

    // Made beside mTORC1, carried along the dendrite and up the neck.
    private protein(g: Brush, p: Palette, d: Drawn, wall: number): void {
        const count = Math.round(70 * d.protein);
        for (let k = 0; k < count; ++k) {
            const way = (wall * 0.06 + k * 0.6180339) % 1,
                lane = 12 * Math.sin(k * 2.1);
            let x = MTOR.x + 40 + way * 720,
                y = MTOR.y + lane + 3 * Math.sin(wall * 2 + k);
            if (k % 3 === 0) {
                x = mix(MTOR.x + 40, 1040 + 0.7 * lane, Math.min(1, way * 2));
                y = way < 0.5 ? y : mix(y, 560, (way - 0.5) * 2);
            } else if (k % 3 === 1) x = MTOR.x - 30 - way * 640;
            dot(g, x, y, 4.4, p.protein, Math.min(1, 5 * way, 5 * (1 - way)));
        }
    }

    private mtor(g: Brush, p: Palette, d: Drawn, wall: number): void {
        const {x, y} = MTOR,
            pulse = 1 + 0.06 * d.mtorc1 * Math.sin(wall * 6);
        glow(g, x, y, 95, p.mtor, 0.95 * d.mtorc1);
        g.globalAlpha = mix(0.55, 1, d.mtorc1);
        for (const [dx, dy, r] of [
            [-17, -8, 17],
            [15, -10, 15],
            [0, 13, 18],
            [24, 12, 11],
            [-24, 14, 10],
        ] as const)
            dot(g, x + dx * pulse, y + dy * pulse, r * pulse, p.mtor, g.globalAlpha);
        g.globalAlpha = 1;
    }
}

// A spine of a certain share of its full size: first a thin finger, then a head.
function mushroom(x: number, base: number, away: number, size: number, grown: number): Path2D {
    const s = size * mix(0.45, 1, grown),
        height = 105 * s,
        head = 40 * size * mix(0.28, 1, Math.max(0, grown * 1.25 - 0.25)),
        neck = 11 * size * mix(0.75, 1, grown);
    const y = (up: number) => base + away * up;
    return smoothPath([
        {x: x - neck * 2, y: y(-8)},
        {x: x - neck, y: y(height * 0.25)},
        {x: x - neck, y: y(height * 0.5)},
        {x: x - head, y: y(height - head * 0.9)},
        {x: x - head * 0.9, y: y(height)},
        {x, y: y(height + head * 0.25)},
        {x: x + head * 0.9, y: y(height)},
        {x: x + head, y: y(height - head * 0.9)},
        {x: x + neck, y: y(height * 0.5)},
        {x: x + neck, y: y(height * 0.25)},
        {x: x + neck * 2, y: y(-8)},
    ]);
}
