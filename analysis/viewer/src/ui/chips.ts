// The numbers beside the drawing: each with its unit, the dataset it is read from, and what it means.
import {shown, unitBeside, type Field} from '../data/fields';
import type {Run} from '../data/run';
import type {Scene} from '../synapse/scene';
import {el, setText} from './dom';

// Where a number belongs in the drawing, in the drawing's units; the chip is centred there.
const PLACES: Record<string, {x: number; y: number}> = {
    brain: {x: 60, y: 70},
    nmda_block_sst: {x: 150, y: 500},
    rate_sst: {x: 400, y: 450},
    rate_e: {x: 790, y: 320},
    glutamate: {x: 1370, y: 250},
    nmda_block_e: {x: 560, y: 410},
    ampa: {x: 1490, y: 345},
    bdnf: {x: 1440, y: 430},
    trkb: {x: 1330, y: 600},
    mtorc1: {x: 835, y: 595},
    protein_pool: {x: 610, y: 595},
    potentiation: {x: 1470, y: 330},
    spine_density: {x: 1760, y: 430},
};

interface Chip {
    field: Field;
    box: HTMLElement;
    value: HTMLElement;
    path: HTMLElement;
}

function chipOf(field: Field): Chip {
    const value = el('b'),
        path = el('code');
    const box = el(
        'div',
        {class: `chip field-${field.id}`, tabindex: '0', title: field.meaning},
        el('span', {class: 'chip-name'}, field.label),
        el('span', {class: 'chip-value'}, value, ` ${unitBeside(field)}`),
        path,
    );
    return {field, box, value, path};
}

export class Chips {
    readonly element = el('div', {class: 'chips'});
    private chips: Chip[] = [];
    private made: Field[] = [];

    // `visible`: ids to show, or all. `docked`: in rows under the drawing instead of beside their parts.
    show(run: Run, hours: number, visible: string[] | null, docked: boolean, scene: Scene): void {
        if (run.fields !== this.made) {
            this.made = run.fields;
            this.chips = run.fields.map(chipOf);
            this.element.replaceChildren(...this.chips.map((c) => c.box));
        }
        this.chips.forEach((chip) => {
            const field = chip.field,
                id = field.id,
                series = run.get(id);
            const there = series !== null && (visible === null || visible.includes(id));
            chip.box.classList.toggle('off', !there);
            chip.box.tabIndex = there ? 0 : -1;
            chip.box.setAttribute('aria-hidden', String(!there));
            if (!series) return;
            setText(chip.value, shown(field, run.at(id, hours)));
            setText(chip.path, series.source);
            const place = PLACES[id];
            if (!place || docked) {
                chip.box.style.transform = '';
                return;
            }
            const at = scene.onPage(place),
                half = chip.box.offsetWidth / 2,
                tall = chip.box.offsetHeight / 2;
            const parent = this.element.clientWidth,
                high = this.element.clientHeight;
            const x = Math.max(half + 6, Math.min(parent - half - 6, at.x)),
                y = Math.max(tall + 6, Math.min(high - tall - 6, at.y));
            chip.box.style.transform = `translate(${Math.round(x - half)}px, ${Math.round(y - tall)}px)`;
        });
    }
}
