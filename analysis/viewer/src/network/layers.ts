// Names of layers or regions beside them, for networks that have several.
import {el} from '../ui/dom';
import {placed} from '../ui/places';
import {project, type Orbit} from './camera';
import type {Cells} from './cells';

const AWAY = 4; // [px] from the cells

interface Layer {
    name: HTMLElement;
    width: number; // of the name [px]; 0 until it was seen
    height: number;
    corners: [number, number, number][]; // of the box around its cells [um]
}

export class Layers {
    readonly element = el('div', {class: 'labels', 'aria-hidden': 'true'});
    private layers: Layer[] = [];

    // One name for each group of pyramidal cells: "L4E" and "PFC_E" are layer L4 and region PFC.
    show(cells: Cells): void {
        const found = cells.groups.flatMap((title, group): Layer[] => {
            const place = /^(.+?)_?E$/.exec(title)?.[1];
            const name = el('span', {class: 'part'}, place);
            return place ? [{name, width: 0, height: 0, corners: boxOf(cells, group)}] : [];
        });
        this.layers = found.length > 1 ? found : [];
        this.element.replaceChildren(...this.layers.map((layer) => layer.name));
    }

    // At the right edge of each box, as the camera sees it, the nearest first.
    frame(orbit: Orbit): void {
        const {clientWidth: width, clientHeight: height} = this.element;
        if (this.layers.length === 0 || width === 0) return;
        const view = orbit.update(width / height);
        const seen = this.layers.map((layer) => {
            layer.width ||= layer.name.offsetWidth;
            layer.height ||= layer.name.offsetHeight;
            const points = layer.corners.map((corner) => project(view, ...corner, width, height)),
                mean = (pick: 'y' | 'depth') => points.reduce((sum, p) => sum + p[pick], 0) / points.length,
                right = Math.max(...points.map((p) => p.x)) + AWAY;
            return {
                name: layer.name,
                depth: mean('depth'),
                x: Math.min(width - layer.width, right),
                y: mean('y') - layer.height / 2,
                width: layer.width,
                height: layer.height,
                must: false,
            };
        });
        seen.sort((a, b) => a.depth - b.depth);
        placed(seen, width, height).forEach((place, k) => {
            const {name} = seen[k] as (typeof seen)[number];
            name.classList.toggle('off', !place);
            if (place)
                name.style.transform = `translate(${Math.round(place.x)}px, ${Math.round(place.y)}px)`;
        });
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
