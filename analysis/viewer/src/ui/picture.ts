// A picture of what is on the page, for files: the drawings, the numbers on them, the caption, and where it
// comes from.
import {DISCLAIMER} from './glossary';

const FOOT = 66,
    CAPTION = 96;

export interface Words {
    title: string;
    text: string;
    source: string;
}

// Paints the canvases and chips of a view into one canvas, sized like the view; `words` below them.
export function paintView(
    view: HTMLElement,
    words: Words | null,
    into: HTMLCanvasElement,
    scale: number,
): void {
    const pictures = [...view.querySelectorAll<HTMLCanvasElement>('canvas.scene, canvas.cells')].filter(
        (c) => c.clientWidth > 0,
    );
    const boxes = pictures.map((c) => c.getBoundingClientRect());
    const left = Math.min(...boxes.map((b) => b.left)),
        top = Math.min(...boxes.map((b) => b.top));
    const width = Math.max(...boxes.map((b) => b.right)) - left,
        height = Math.max(...boxes.map((b) => b.bottom)) - top;
    const below = words ? CAPTION + FOOT : 0,
        w = Math.round((width * scale) / 2) * 2,
        h = Math.round(((height + below) * scale) / 2) * 2;
    if (into.width !== w || into.height !== h) [into.width, into.height] = [w, h];
    const g = into.getContext('2d') as CanvasRenderingContext2D,
        style = getComputedStyle(document.documentElement),
        colour = (name: string) => style.getPropertyValue(name).trim();
    g.setTransform(scale, 0, 0, scale, 0, 0);
    g.fillStyle = colour('--face');
    g.fillRect(0, 0, width, height + below);
    pictures.forEach((picture, k) => {
        const b = boxes[k] as DOMRect;
        g.drawImage(picture, b.left - left, b.top - top, b.width, b.height);
    });
    for (const part of view.querySelectorAll<HTMLElement>('.part:not(.off)'))
        paintText(g, part, left, top, '600 14px system-ui, sans-serif');
    for (const chip of view.querySelectorAll<HTMLElement>('.stage .chip:not(.off), .bar-box'))
        paintChip(g, chip, left, top, colour);
    if (words) paintWords(g, words, width, height, colour);
}

function paintWords(
    g: CanvasRenderingContext2D,
    words: Words,
    width: number,
    height: number,
    colour: (name: string) => string,
): void {
    g.fillStyle = colour('--ink');
    g.font = '600 20px system-ui, sans-serif';
    g.fillText(words.title, 18, height + 30);
    g.font = '15px system-ui, sans-serif';
    lines(g, words.text, width - 36)
        .slice(0, 3)
        .forEach((line, k) => g.fillText(line, 18, height + 52 + 20 * k));
    g.fillStyle = colour('--soft');
    g.font = '12px system-ui, sans-serif';
    lines(g, `${words.source} · respine. ${DISCLAIMER}`, width - 36)
        .slice(0, 3)
        .forEach((line, k) => g.fillText(line, 18, height + CAPTION + 24 + 15 * k));
}

function paintChip(
    g: CanvasRenderingContext2D,
    chip: HTMLElement,
    left: number,
    top: number,
    colour: (name: string) => string,
): void {
    const b = chip.getBoundingClientRect(),
        x = b.left - left,
        y = b.top - top;
    g.fillStyle = colour('--chip');
    g.strokeStyle = colour('--line');
    g.lineWidth = 1;
    g.beginPath();
    g.roundRect(x, y, b.width, b.height, 9);
    g.fill();
    g.stroke();
    for (const part of chip.querySelectorAll<HTMLElement>(
        '.chip-name, .chip-value, code, .bar-name, .bar-ends span',
    )) {
        const look = getComputedStyle(part),
            value = part.classList.contains('chip-value');
        paintText(
            g,
            part,
            left,
            top,
            value ? '700 16px system-ui, sans-serif' : `${look.fontSize} ${look.fontFamily}`,
        );
    }
}

function paintText(
    g: CanvasRenderingContext2D,
    part: HTMLElement,
    left: number,
    top: number,
    font: string,
): void {
    const r = part.getBoundingClientRect();
    g.fillStyle = getComputedStyle(part).color;
    g.font = font;
    g.fillText(part.textContent ?? '', r.left - left, r.bottom - top - r.height * 0.25);
}

function lines(g: CanvasRenderingContext2D, text: string, width: number): string[] {
    const made: string[] = [];
    let line = '';
    for (const word of text.split(' ')) {
        if (line && g.measureText(`${line} ${word}`).width > width) {
            made.push(line);
            line = word;
        } else line = line ? `${line} ${word}` : word;
    }
    return [...made, line];
}

export function save(blob: Blob, name: string): void {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
