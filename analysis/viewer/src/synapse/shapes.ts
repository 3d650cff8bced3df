// Brushes of the drawing: cell bodies with a double membrane, glows, pores.

export type Brush = CanvasRenderingContext2D;

export interface Point {
    x: number;
    y: number;
}

export function mix(a: number, b: number, share: number): number {
    return a + (b - a) * share;
}

// A number in [0, 1) that depends on two whole numbers only: flicker that needs no memory.
export function chance(a: number, b: number): number {
    const s = Math.sin(a * 127.1 + b * 311.7) * 43758.5453;
    return s - Math.floor(s);
}

// A closed path through points, smooth everywhere.
export function smoothPath(points: Point[]): Path2D {
    const path = new Path2D();
    const n = points.length;
    const middle = (a: Point, b: Point) => ({x: (a.x + b.x) / 2, y: (a.y + b.y) / 2});
    const first = middle(points[n - 1] as Point, points[0] as Point);
    path.moveTo(first.x, first.y);
    for (let k = 0; k < n; ++k) {
        const p = points[k] as Point,
            next = middle(p, points[(k + 1) % n] as Point);
        path.quadraticCurveTo(p.x, p.y, next.x, next.y);
    }
    path.closePath();
    return path;
}

// A cell: soft inside, and a membrane of two leaflets.
export function cell(g: Brush, path: Path2D, fill: string | CanvasGradient, edge: string, width = 5): void {
    g.fillStyle = fill;
    g.fill(path);
    g.lineJoin = 'round';
    g.strokeStyle = edge;
    g.lineWidth = width;
    g.stroke(path);
    g.strokeStyle = fill;
    g.globalAlpha = 0.75;
    g.lineWidth = width * 0.36;
    g.stroke(path);
    g.globalAlpha = 1;
}

export function glow(g: Brush, x: number, y: number, radius: number, colour: string, alpha: number): void {
    if (alpha <= 0.01) return;
    const gradient = g.createRadialGradient(x, y, 0, x, y, radius);
    gradient.addColorStop(0, colour);
    gradient.addColorStop(1, `${colour}00`);
    g.globalAlpha = Math.min(1, alpha);
    g.fillStyle = gradient;
    g.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    g.globalAlpha = 1;
}

export function dot(g: Brush, x: number, y: number, radius: number, colour: string, alpha = 1): void {
    g.globalAlpha = alpha;
    g.fillStyle = colour;
    g.beginPath();
    g.arc(x, y, radius, 0, 2 * Math.PI);
    g.fill();
    g.globalAlpha = 1;
}

// A drug molecule: two joined rings, so that its shape differs from transmitter too.
export function molecule(
    g: Brush,
    x: number,
    y: number,
    size: number,
    angle: number,
    colour: string,
    alpha = 1,
): void {
    g.save();
    g.translate(x, y);
    g.rotate(angle);
    g.globalAlpha = alpha;
    g.fillStyle = colour;
    for (const side of [-1, 1]) {
        g.beginPath();
        for (let k = 0; k < 6; ++k)
            g.lineTo(
                side * size * 0.8 + size * Math.cos((k * Math.PI) / 3 + Math.PI / 6),
                size * Math.sin((k * Math.PI) / 3 + Math.PI / 6),
            );
        g.fill();
    }
    g.restore();
}

// A channel through a membrane at (x, y); the pore points along `angle`. `open` 0 to 1 sets the gap.
export function channel(
    g: Brush,
    x: number,
    y: number,
    angle: number,
    size: number,
    colour: string,
    open: number,
): void {
    g.save();
    g.translate(x, y);
    g.rotate(angle);
    const gap = size * mix(0.1, 0.34, open);
    g.fillStyle = colour;
    for (const side of [-1, 1]) {
        g.beginPath();
        g.moveTo(side * gap * 1.7, -size);
        g.quadraticCurveTo(side * (gap + size * 0.85), -size * 1.05, side * (gap + size * 0.7), -size * 0.15);
        g.quadraticCurveTo(side * (gap + size * 0.62), size * 0.9, side * (gap + size * 0.2), size * 0.95);
        g.quadraticCurveTo(side * gap * 0.7, size * 0.4, side * gap, -size * 0.1);
        g.closePath();
        g.fill();
    }
    g.restore();
}
