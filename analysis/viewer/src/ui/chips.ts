// What is written over the drawing: the names of its parts, and the numbers of the act, each with its unit,
// the dataset it is read from, and what it means.
import {shown, unitBeside, type Field} from '../data/fields';
import type {Run} from '../data/run';
import type {Drawn} from '../synapse/drawn';
import {labelsOf} from '../synapse/labels';
import {legible, paletteFor} from '../synapse/palette';
import type {Scene} from '../synapse/scene';
import {el, isDark, setText} from './dom';
import {placed, type Place, type Wish} from './places';

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
    sure: HTMLElement;
}

function chipOf(field: Field): Chip {
    const value = el('b'),
        path = el('code'),
        sure = el('span', {class: 'chip-sure'});
    const box = el(
        'div',
        {class: `chip field-${field.id}`, tabindex: '0', title: field.meaning},
        el('span', {class: 'chip-name'}, field.label),
        el('span', {class: 'chip-value'}, value, ` ${unitBeside(field)}`),
        path,
        sure,
    );
    return {field, box, value, path, sure};
}

export class Chips {
    readonly element = el('div', {class: 'chips'});
    readonly labels = el('div', {class: 'labels', 'aria-hidden': 'true'});
    private chips: Chip[] = [];
    private made: Field[] = [];
    private names: HTMLElement[] = [];
    private sizes = new WeakMap<HTMLElement, {width: number; height: number; for: string}>();
    private places: (Place | null)[] = [];
    private placedFor = '';

    // `visible`: ids to show, or all. `docked`: in rows under the drawing instead of beside their parts.
    // `sure`: what stands under a number.
    show(
        run: Run,
        hours: number,
        visible: string[] | null,
        docked: boolean,
        scene: Scene,
        d: Drawn,
        sure: (id: string) => string,
    ): void {
        if (run.fields !== this.made) {
            this.made = run.fields;
            this.chips = run.fields.map(chipOf);
            this.element.replaceChildren(...this.chips.map((c) => c.box));
        }
        const there = this.chips.filter(
            ({field}) => run.get(field.id) !== null && (visible === null || visible.includes(field.id)),
        );
        for (const chip of this.chips) {
            const on = there.includes(chip);
            chip.box.classList.toggle('off', !on);
            chip.box.tabIndex = on ? 0 : -1;
            chip.box.setAttribute('aria-hidden', String(!on));
            if (docked || !PLACES[chip.field.id]) chip.box.style.transform = '';
            if (!on) continue;
            setText(chip.value, shown(chip.field, run.at(chip.field.id, hours)));
            setText(chip.path, run.get(chip.field.id)?.source ?? '');
            setText(chip.sure, sure(chip.field.id));
        }
        this.place(docked ? [] : there.filter(({field}) => PLACES[field.id]), scene, d);
    }

    // Numbers first, then names where there is room for them.
    private place(chips: Chip[], scene: Scene, d: Drawn): void {
        const labels = labelsOf(d),
            palette = paletteFor(isDark()),
            {clientWidth: width, clientHeight: height} = this.labels,
            look = `${width}:${height}:${palette.dark}`;
        if (this.names.length !== labels.length) {
            this.names = labels.map(() => el('span', {class: 'part'}));
            this.labels.replaceChildren(...this.names);
        }
        labels.forEach((label, k) => {
            const name = this.names[k] as HTMLElement;
            setText(name, label.text);
            name.style.color = legible(String(palette[label.colour]), palette.dark);
        });
        const boxes = [...chips.map((c) => c.box), ...this.names];
        const wishes: Wish[] = boxes.map((box, k) => {
            const size = this.sizeOf(box, look),
                label = labels[k - chips.length],
                at = scene.onPage(label ?? PLACES[(chips[k] as Chip).field.id] ?? {x: 0, y: 0}),
                side = label?.side ?? 'middle',
                left = side === 'right' ? 0 : side === 'left' ? size.width : size.width / 2;
            return {x: at.x - left, y: at.y - size.height / 2, ...size, must: !label};
        });
        const kept = `${look}:${chips.map((c) => c.field.id)}`;
        this.places = placed(wishes, width, height, kept === this.placedFor ? this.places : []);
        this.placedFor = kept;
        boxes.forEach((box, k) => {
            const place = this.places[k];
            if (k >= chips.length) box.classList.toggle('off', !place);
            if (place)
                box.style.transform = `translate(${Math.round(place.x)}px, ${Math.round(place.y)}px)`;
        });
    }

    private sizeOf(box: HTMLElement, look: string): {width: number; height: number} {
        const key = `${look}:${box.textContent?.length}`,
            known = this.sizes.get(box);
        if (known?.for === key) return known;
        const fresh = {width: box.offsetWidth, height: box.offsetHeight, for: key};
        this.sizes.set(box, fresh);
        return fresh;
    }
}
