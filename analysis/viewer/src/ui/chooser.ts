// Which run is shown, and which one it is held against.
import type {Run} from '../data/run';
import type {Shelf} from '../shelf';
import {el, setText} from './dom';
import {msg} from '../lang';

export class Chooser {
    private current = el('select', {'aria-label': msg('chooser.run')});
    private against = el('select', {'aria-label': msg('chooser.compared')});
    readonly elements = [
        el('label', {class: 'run-choice'}, this.current),
        el('label', {class: 'against'}, `${msg('chooser.against')} `, this.against),
    ];

    private wished = el('input', {type: 'checkbox', id: 'difference'});
    private name = el('b');
    readonly difference = el(
        'label',
        {class: 'difference'},
        this.wished,
        ` ${msg('chooser.difference')} `,
        this.name,
    );

    constructor(
        private shelf: Shelf,
        select: (index: number) => void,
    ) {
        this.current.addEventListener('change', () => select(Number(this.current.value)));
        this.against.addEventListener('change', () => {
            shelf.reference = Number(this.against.value);
            this.fill();
        });
    }

    // The run that time courses are told against, if they are wanted so.
    get subtracted(): Run | null {
        return this.wished.checked ? (this.shelf.runs[this.shelf.reference] ?? null) : null;
    }

    fill(): void {
        const {runs, current, reference} = this.shelf;
        for (const [select, chosen] of [
            [this.current, current],
            [this.against, reference],
        ] as const) {
            select.replaceChildren(...runs.map((r, k) => el('option', {value: String(k)}, r.title)));
            select.value = String(chosen);
        }
        setText(this.name, runs[reference]?.title ?? '');
    }
}
