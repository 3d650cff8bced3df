// The notebook: what a visitor pinned, to be put in words, printed on one page, and taken home.
import {sinceDose} from '../data/clock';
import type {Run} from '../data/run';
import type {Trial} from '../lab/trial';
import type {Caption} from '../ui/caption';
import {button, el} from '../ui/dom';
import {paintView, save} from '../ui/picture';
import {csvOf, pinsFrom, valuesAt, type Pin} from './pins';
import {STATE} from './page';
import {msg} from '../lang';

export class Notebook {
    readonly element = el('section', {class: 'notebook', 'aria-label': msg('notebook.name')});
    private pins: Pin[] = [];
    private cards = el('div', {class: 'pins'});

    // `go`: shows the moment of a pin. `saved`: the whole page with this notebook inside.
    constructor(
        private go: (pin: Pin) => void,
        private saved: (state: string) => Promise<Blob>,
    ) {
        this.element.append(
            el(
                'div',
                {class: 'notebook-tools'},
                button(msg('notebook.print'), msg('notebook.print.title'), () => print()),
                button(msg('notebook.csv'), msg('notebook.csv.title'), () =>
                    save(new Blob([csvOf(this.pins)], {type: 'text/csv'}), 'respine-notebook.csv'),
                ),
                button(
                    msg('notebook.page'),
                    msg('notebook.page.title'),
                    () =>
                        void this.saved(JSON.stringify(this.pins)).then((page) =>
                            save(page, 'respine-notebook.html'),
                        ),
                ),
            ),
            this.cards,
        );
        const kept = document.getElementById(STATE);
        if (kept) this.pins = pinsFrom(kept.textContent ?? '');
        kept?.remove();
        this.draw();
    }

    // What a view shows of a run now.
    add(run: Run, hours: number, caption: Caption, view: HTMLElement, trial: Trial | null): void {
        const canvas = document.createElement('canvas');
        paintView(view, null, canvas, 1);
        this.pins.push({
            run: run.title,
            hours,
            when: sinceDose(hours),
            caption: caption.text,
            command: String(run.meta.command ?? ''),
            seed: String(run.meta.seed ?? '?'),
            trial,
            values: valuesAt(run, hours),
            picture: canvas.toDataURL('image/jpeg', 0.85),
            own: '',
        });
        this.draw();
    }

    private draw(): void {
        document.body.classList.toggle('pinned', this.pins.length > 0);
        const columns = this.pins.length > 6 ? 3 : this.pins.length > 1 ? 2 : 1;
        this.cards.style.setProperty('--columns', String(columns));
        this.cards.style.setProperty('--rows', String(Math.ceil(this.pins.length / columns)));
        this.cards.replaceChildren(...this.pins.map((pin) => this.card(pin)));
    }

    private card(pin: Pin): HTMLElement {
        const pinned = `${pin.run}, ${pin.when}`;
        const own = el('textarea', {
            rows: '2',
            'aria-label': msg('notebook.own.label', {pin: pinned}),
            placeholder: msg('notebook.own'),
        });
        own.value = pin.own;
        const printed = el('p', {class: 'own'}, pin.own); // a page of paper grows with the words
        own.addEventListener('input', () => {
            pin.own = own.value;
            printed.textContent = own.value;
        });
        return el(
            'article',
            {class: 'pin'},
            el('img', {
                src: pin.picture,
                alt: msg('notebook.picture', {pin: pinned, caption: pin.caption}),
            }),
            el('h3', {}, pinned),
            own,
            printed,
            el('p', {class: 'pin-caption'}, pin.caption),
            el('code', {class: 'command'}, msg('notebook.seed', {command: pin.command, seed: pin.seed})),
            el(
                'div',
                {class: 'pin-tools'},
                button(
                    msg('notebook.go'),
                    msg('notebook.go.title', {pin: pinned}),
                    () => this.go(pin),
                    'quiet',
                ),
                button(
                    msg('notebook.remove'),
                    msg('notebook.remove.title', {pin: pinned}),
                    () => {
                        this.pins = this.pins.filter((other) => other !== pin);
                        this.draw();
                    },
                    'quiet',
                ),
            ),
        );
    }
}
