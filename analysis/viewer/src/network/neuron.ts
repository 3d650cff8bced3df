// One neuron that was picked: what it is, its recorded values over the frames, and its partners.
import type {Run} from '../data/run';
import {timeWords} from '../data/clock';
import {unitWords} from '../data/fields';
import {el} from '../ui/dom';
import {loadFrame, TYPE_NAMES, type Cells} from './cells';
import {msg, num} from '../lang';

const WIDTH = 190,
    HEIGHT = 34;

export class NeuronPanel {
    readonly element = el('section', {
        class: 'neuron',
        'aria-label': msg('neuron.name'),
        'aria-live': 'polite',
    });
    private asked = 0;

    constructor() {
        this.say(msg('network.pick'));
    }

    say(words: string): void {
        this.element.replaceChildren(el('p', {class: 'note'}, words));
    }

    async show(run: Run, cells: Cells, neuron: number, partners: string): Promise<void> {
        const asked = ++this.asked;
        const place = [cells.x, cells.y, cells.z].map((v) => (v[neuron] as number).toFixed(0)).join(', ');
        const table = el(
            'table',
            {},
            el('caption', {class: 'only-spoken'}, msg('neuron.values', {neuron})),
        );
        const fields = cells.fields.filter((f) => !f.excitatoryOnly || neuron < cells.excitatory);
        for (const field of fields) {
            const values: number[] = [];
            for (let k = 0; k < cells.times.length; ++k)
                values.push((await loadFrame(run, field, k))[neuron] ?? NaN);
            if (asked !== this.asked) return;
            const last = values[values.length - 1] ?? NaN;
            table.append(
                el(
                    'tr',
                    {},
                    el('th', {scope: 'row'}, field.label, el('br'), el('code', {}, field.path)),
                    el('td', {}, spark(values, cells.times)),
                    el(
                        'td',
                        {},
                        `${plain(Math.min(...values))} – ${plain(Math.max(...values))} ` +
                            `${unitWords(field.unit)}`,
                        el('br'),
                        el('span', {class: 'soft'}, msg('neuron.last', {value: plain(last)})),
                    ),
                ),
            );
        }
        this.element.replaceChildren(
            el('h3', {}, msg('neuron.heading', {neuron, type: typeOf(cells, neuron)})),
            el('p', {class: 'note'}, msg('neuron.place', {place, partners})),
            table,
            el(
                'p',
                {class: 'note'},
                msg('neuron.points', {
                    frames: cells.times.length,
                    from: timeWords(cells.times[0] ?? 0),
                    to: timeWords(cells.times[cells.times.length - 1] ?? 0),
                }),
            ),
        );
    }
}

function typeOf(cells: Cells, neuron: number): string {
    const type = TYPE_NAMES[cells.type[neuron] as number] ?? msg('neuron.other'),
        group = cells.groups[cells.group[neuron] as number];
    return group ? `${type}${msg('neuron.group', {group})}` : type;
}

function plain(value: number): string {
    return Math.abs(value) < 1e-9 ? '0' : num(+value.toPrecision(3));
}

function spark(values: number[], times: Float64Array): SVGSVGElement {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute('class', 'spark');
    svg.setAttribute('role', 'img');
    svg.setAttribute(
        'aria-label',
        values.map((v, k) => `${timeWords(times[k] ?? 0)}: ${plain(v)}`).join(', '),
    );
    const low = Math.min(...values),
        span = Math.max(...values) - low || 1;
    const points = values.map(
        (v, k) =>
            [
                4 + ((WIDTH - 8) * k) / Math.max(1, values.length - 1),
                HEIGHT - 5 - ((HEIGHT - 10) * (v - low)) / span,
            ] as const,
    );
    const line = document.createElementNS(svg.namespaceURI, 'polyline');
    line.setAttribute('points', points.map((p) => p.join(',')).join(' '));
    svg.append(line);
    for (const [x, y] of points) {
        const dot = document.createElementNS(svg.namespaceURI, 'circle');
        for (const [name, value] of [
            ['cx', x],
            ['cy', y],
            ['r', 2.2],
        ] as const)
            dot.setAttribute(name, String(value));
        svg.append(dot);
    }
    return svg;
}
