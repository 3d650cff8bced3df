// Neurons by Canvas 2D: points are written straight into the pixels, which needs no graphics card.
import type {Matrix4} from 'three';
import {project} from './camera';
import {LINK_COLOURS, NO_VALUE, type Picture, type Renderer} from './picture';
import type {Link} from './synapses';

export class CanvasRenderer implements Renderer {
    readonly name = 'Canvas 2D';
    private image: ImageData | null = null;
    private layer = document.createElement('canvas');
    private screen = new Float32Array(0); // x, y, depth of each neuron
    private colours = new Uint32Array(0);
    private coloursOf = -1;

    constructor(private canvas: HTMLCanvasElement) {}

    draw(picture: Picture, matrix: Matrix4, width: number, height: number): void {
        const g = this.canvas.getContext('2d');
        if (!g) return;
        if (!this.image || this.image.width !== width || this.image.height !== height)
            this.image = g.createImageData(width, height);
        if (this.coloursOf !== picture.version) this.colour(picture);
        this.coloursOf = picture.version;
        this.projectAll(picture, matrix, width, height);
        g.fillStyle = picture.dark ? '#0e141c' : '#f4f7fa';
        g.fillRect(0, 0, width, height);
        const faint = Math.max(0.25, Math.min(0.7, 500 / (picture.formed.length + picture.lost.length + 1)));
        this.links(g, picture.lost, LINK_COLOURS.lost, [5, 4], faint);
        this.links(g, picture.formed, LINK_COLOURS.formed, [], faint);
        this.points(picture, this.image, width, height);
        this.over(g, this.image);
        this.links(g, picture.partners, LINK_COLOURS.partners, [], 0.9);
        if (picture.picked !== null) this.ring(g, picture.picked, picture.dark);
    }

    dispose(): void {
        this.image = null;
    }

    private colour(picture: Picture): void {
        const {cells, values, range, table, visible, dark} = picture,
            none = dark ? NO_VALUE.dark : NO_VALUE.light;
        if (this.colours.length !== cells.count) this.colours = new Uint32Array(cells.count);
        const packed = Uint32Array.from(
            {length: 256},
            (_, k) =>
                0xff000000 |
                ((table[4 * k + 2] as number) << 16) |
                ((table[4 * k + 1] as number) << 8) |
                (table[4 * k] as number),
        );
        const nothing = 0xff000000 | (none[2] << 16) | (none[1] << 8) | none[0],
            scale = 255 / (range[1] - range[0]);
        for (let i = 0; i < cells.count; ++i) {
            const value = values && i < values.length ? (values[i] as number) : NaN;
            const k = Math.max(0, Math.min(255, Math.round((value - range[0]) * scale)));
            this.colours[i] =
                visible[cells.type[i] as number] === false
                    ? 0
                    : Number.isNaN(value)
                      ? nothing
                      : (packed[k] as number);
        }
    }

    private projectAll(picture: Picture, m: Matrix4, width: number, height: number): void {
        const {x, y, z, count} = picture.cells;
        if (this.screen.length !== 3 * count) this.screen = new Float32Array(3 * count);
        const s = this.screen,
            [a, b, , d, f, h, , l, n, o, , q, r, t, , v] = m.elements;
        for (let i = 0; i < count; ++i) {
            const px = x[i] as number,
                py = y[i] as number,
                pz = z[i] as number,
                w = d * px + l * py + q * pz + v;
            s[3 * i] = ((a * px + f * py + n * pz + r) / w + 1) * 0.5 * width;
            s[3 * i + 1] = (1 - (b * px + h * py + o * pz + t) / w) * 0.5 * height;
            s[3 * i + 2] = w;
        }
    }

    private points(picture: Picture, image: ImageData, width: number, height: number): void {
        const pixels = new Uint32Array(image.data.buffer),
            s = this.screen,
            count = picture.cells.count;
        pixels.fill(0);
        const near = Math.sqrt((width * height) / Math.max(1, count)) * 0.5,
            size = Math.max(1, Math.min(6, near));
        for (let i = 0; i < count; ++i) {
            const colour = this.colours[i] as number;
            if (colour === 0 || (s[3 * i + 2] as number) <= 0) continue;
            const side = Math.max(1, Math.round(size)),
                px = Math.round(s[3 * i] as number) - (side >> 1),
                py = Math.round(s[3 * i + 1] as number) - (side >> 1);
            if (px < 0 || py < 0 || px + side > width || py + side > height) continue;
            for (let dy = 0; dy < side; ++dy)
                pixels.fill(colour, (py + dy) * width + px, (py + dy) * width + px + side);
        }
    }

    // Pixels written straight would erase the lines, so they take the way over a canvas of their own.
    private over(g: CanvasRenderingContext2D, image: ImageData): void {
        if (this.layer.width !== image.width || this.layer.height !== image.height)
            [this.layer.width, this.layer.height] = [image.width, image.height];
        this.layer.getContext('2d')?.putImageData(image, 0, 0);
        g.drawImage(this.layer, 0, 0);
    }

    private links(
        g: CanvasRenderingContext2D,
        links: Link[],
        colour: string,
        dash: number[],
        alpha: number,
    ): void {
        if (links.length === 0) return;
        const s = this.screen;
        g.strokeStyle = colour;
        g.globalAlpha = alpha;
        g.lineWidth = 1;
        g.setLineDash(dash);
        g.beginPath();
        for (const {source, target} of links) {
            g.moveTo(s[3 * source] as number, s[3 * source + 1] as number);
            g.lineTo(s[3 * target] as number, s[3 * target + 1] as number);
        }
        g.stroke();
        g.setLineDash([]);
        g.globalAlpha = 1;
    }

    private ring(g: CanvasRenderingContext2D, neuron: number, dark: boolean): void {
        g.strokeStyle = dark ? '#ffffff' : '#000000';
        g.lineWidth = 2.5;
        g.beginPath();
        g.arc(this.screen[3 * neuron] as number, this.screen[3 * neuron + 1] as number, 9, 0, 2 * Math.PI);
        g.stroke();
    }
}

// The neuron nearest to a place of the canvas, or null when none is within reach.
export function nearestCell(
    picture: Picture,
    matrix: Matrix4,
    at: {x: number; y: number},
    width: number,
    height: number,
    reach: number,
): number | null {
    let best: number | null = null,
        least = reach;
    for (let i = 0; i < picture.cells.count; ++i) {
        if (picture.visible[picture.cells.type[i] as number] === false) continue;
        const p = project(
            matrix,
            picture.cells.x[i] as number,
            picture.cells.y[i] as number,
            picture.cells.z[i] as number,
            width,
            height,
        );
        const far = Math.hypot(p.x - at.x, p.y - at.y);
        if (far < least) [best, least] = [i, far];
    }
    return best;
}
