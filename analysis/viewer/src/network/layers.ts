// Names of layers or regions beside them, for networks that have several.
import {el} from '../ui/dom';
import {project, type Orbit} from './camera';
import type {Cells} from './cells';

const HIGH = 20; // [px] that a name takes

interface Layer {
    name: HTMLElement;
    corners: [number, number, number][]; // of the box around its cells [um]
}

export class Layers {
    readonly element = el('div', {class: 'labels', 'aria-hidden': 'true'});
    private layers: Layer[] = [];

    // One name for each group of pyramidal cells: "L4E" and "PFC_E" are layer L4 and region PFC.
    show(cells: Cells): void {
        const found = cells.groups.flatMap((name, group): Layer[] => {
            const place = /^(.+?)_?E$/.exec(name)?.[1];
            return place ? [{name: el('span', {class: 'part'}, place), corners: boxOf(cells, group)}] : [];
        });
        this.layers = found.length > 1 ? found : [];
        this.element.replaceChildren(...this.layers.map((layer) => layer.name));
    }

    // At the right edge of each box, as the camera sees it; of two that would overlap the nearer one is kept.
    frame(orbit: Orbit): void {
        const {clientWidth: width, clientHeight: height} = this.element;
        if (this.layers.length === 0 || width === 0) return;
        const view = orbit.update(width / height);
        const seen = this.layers.map(({name, corners}) => {
            const points = corners.map((corner) => project(view, ...corner, width, height)),
                mean = (pick: 'y' | 'depth') => points.reduce((sum, p) => sum + p[pick], 0) / points.length;
            return {
                name,
                x: Math.min(width - name.offsetWidth, Math.max(...points.map((p) => p.x)) + 4),
                y: mean('y') - HIGH / 2,
                depth: mean('depth'),
            };
        });
        const kept: typeof seen = [];
        for (const label of seen.sort((a, b) => a.depth - b.depth)) {
            const free = kept.every(
                (k) => Math.abs(k.y - label.y) > HIGH || Math.abs(k.x - label.x) > 3 * HIGH,
            );
            if (free) kept.push(label);
            label.name.classList.toggle('off', !free);
            label.name.style.transform = `translate(${Math.round(label.x)}px, ${Math.round(label.y)}px)`;
        }
    }
}

function boxOf({x, y, z, group}: Cells, wanted: number): [number, number, number][] {
    const [a, b, c] = [x, y, z].map((values) => {
        const range: [number, number] = [Infinity, -Infinity];
        values.forEach((value, k) => {
            if (group[k] === wanted)
                [range[0], range[1]] = [Math.min(range[0], value), Math.max(range[1], value)];
        });
        return range;
    }) as [[number, number], [number, number], [number, number]];
    return a.flatMap((px) => b.flatMap((py) => c.map((pz): [number, number, number] => [px, py, pz])));
}
