// The network view: every neuron in 3-D, coloured by a recorded field, with the synapses that formed and were
// lost.
import type {Run} from '../data/run';
import {colourTable, type MapName} from '../data/colours';
import type {Player} from '../player';
import {button, el, isDark, prefersLessMotion, setText} from '../ui/dom';
import {Orbit} from './camera';
import {nearestCell} from './canvas';
import {frameAt, loadCells, loadFrame, moved, rangeOf, TYPE_NAMES, type Cells} from './cells';
import {ColourBar} from './colour_bar';
import {DendriteStrip} from './dendrite';
import {Drawing} from './drawing';
import {listenToGestures} from './gestures';
import {Layers} from './layers';
import {NeuronPanel} from './neuron';
import {plainPicture, type Picture} from './picture';
import {Synapses, type Changes} from './synapses';
import {changeWords, fieldWords, partnerWords, recordedWords} from './words';
import {count, msg} from '../lang';

const BUDGETS = [0, 500, 2000, 5000];
const STEPS = 400; // of the clock's line, in which rates move between frames
const REACH = 14; // [px] around a click in which a neuron is picked

export class NetworkView {
    readonly element: HTMLElement;
    private frames = 0; // drawn so far; tests/viewer/speed.mjs counts them
    private holder = el('div', {class: 'stage network-stage'});
    private message = el('p', {class: 'note', role: 'status'});
    private count = el('p', {class: 'note count'});
    private field = el('select', {'aria-label': msg('network.colour_by')});
    private map = el(
        'select',
        {'aria-label': msg('network.map')},
        el('option', {value: 'cividis'}, 'cividis'),
        el('option', {value: 'viridis'}, 'viridis'),
    );
    private budget = el(
        'select',
        {'aria-label': msg('network.budget')},
        ...BUDGETS.map((b) =>
            el(
                'option',
                {value: String(b), ...(b === 2000 ? {selected: ''} : {})},
                b === 0 ? msg('network.budget.none') : msg('network.budget.most', {most: count(b)}),
            ),
        ),
    );
    private number = el('input', {
        type: 'number',
        min: '0',
        class: 'number',
        'aria-label': msg('network.number'),
        placeholder: msg('network.number.hint'),
    });
    private types = el('span', {class: 'types'});
    private bar = new ColourBar();
    private layers = new Layers();
    private neuron = new NeuronPanel();
    private strip = new DendriteStrip((n) => void this.pick(n));
    private orbit = new Orbit();
    private drawing: Drawing;
    private run: Run | null = null;
    private zero = 0; // that its times were read with
    private cells: Cells | null = null;
    private synapses: Synapses | null = null;
    private changes: Changes | null = null;
    private picture: Picture | null = null;
    private wanted = '';
    private graph = -1;
    private held = false;

    constructor(
        private player: Player,
        plain: boolean,
    ) {
        this.drawing = new Drawing(this.orbit, plain, (canvas, name) => this.place(canvas, name));
        const switcher = button(
            msg('network.renderer'),
            msg('network.renderer.title'),
            () => this.drawing.switch(),
            'quiet',
        );
        this.element = el(
            'section',
            {class: 'network', 'aria-label': msg('network.name')},
            el(
                'div',
                {class: 'controls'},
                el('label', {}, `${msg('network.colour_by')} `, this.field),
                this.map,
                this.types,
                this.budget,
                this.number,
                switcher,
            ),
            this.holder,
            el(
                'div',
                {class: 'below'},
                this.drawing.note,
                this.message,
                el('div', {class: 'sides'}, this.neuron.element, this.strip.element),
            ),
        );
        for (const select of [this.field, this.map, this.budget])
            select.addEventListener('change', () => {
                this.wanted = '';
                this.graph = -1;
            });
        this.number.addEventListener('change', () => void this.pick(Number(this.number.value)));
    }

    async show(run: Run): Promise<void> {
        if (this.run === run && this.zero === run.zero) return;
        this.forget(run);
        setText(this.message, msg('network.reading'));
        try {
            const cells = await loadCells(run);
            if (this.run !== run) return;
            this.cells = cells;
            this.orbit.look(cells);
            this.layers.show(cells);
            this.offer(cells);
            this.picture = plainPicture(cells, isDark());
            this.say(cells);
            const synapses = await Synapses.open(run).catch((error: Error) => this.complain(error));
            if (this.run !== run) return;
            this.synapses = synapses;
            await this.strip.load(run).catch((error: Error) => this.complain(error));
        } catch (error) {
            this.complain(error as Error);
        }
    }

    // What was shown of another run, or of this one on another clock.
    private forget(run: Run): void {
        this.run = run;
        this.zero = run.zero;
        this.drawing.begin();
        this.cells = this.picture = this.synapses = this.changes = null;
        this.wanted = '';
        this.graph = -1;
    }

    // The fields and types of cells that there are.
    private offer(cells: Cells): void {
        const chosen = this.field.value;
        this.field.replaceChildren(
            ...cells.fields.map((f) => el('option', {value: f.name}, fieldWords(f))),
        );
        if (cells.fields.some((f) => f.name === chosen)) this.field.value = chosen;
        const present = TYPE_NAMES.map((_, t) => cells.type.includes(t));
        this.types.replaceChildren(
            ...TYPE_NAMES.flatMap((name, t) => (present[t] ? [this.typeBox(name, t)] : [])),
        );
    }

    private say(cells: Cells): void {
        setText(this.message, recordedWords(cells));
        this.neuron.say(msg('network.pick'));
    }

    frame(seconds: number): void {
        const picture = this.picture,
            cells = this.cells;
        if (!picture || !cells || !this.drawing.ready) return;
        void this.follow();
        if (!this.held && !prefersLessMotion()) this.orbit.rotate(-seconds * 12, 0);
        const ratio = Math.min(1.5, devicePixelRatio || 1),
            width = Math.max(1, Math.round(this.holder.clientWidth * ratio)),
            height = Math.max(1, Math.round(this.holder.clientHeight * ratio));
        if (picture.dark !== isDark()) {
            picture.dark = isDark();
            this.wanted = '';
        }
        this.drawing.draw(picture, width, height, seconds);
        this.layers.frame(this.orbit);
        this.element.dataset.frames = String(++this.frames);
        this.strip.show(this.player.hours);
    }

    async pick(neuron: number): Promise<void> {
        const {run, cells, picture} = this;
        if (!run || !cells || !picture || !(neuron >= 0 && neuron < cells.count)) return;
        picture.picked = neuron;
        this.number.value = String(neuron);
        const graph = this.synapses?.graphAt(this.player.hours) ?? 0;
        const sources =
            this.synapses && neuron < cells.excitatory
                ? await this.synapses.partners(graph, neuron).catch((error: Error) => this.complain(error))
                : null;
        picture.partners = Array.from(sources ?? [], (source) => ({source, target: neuron}));
        ++picture.version;
        const imaged = this.strip.pick(neuron) ? ` ${msg('network.dendrite_below')}` : '';
        if (imaged) this.strip.draw();
        await this.neuron
            .show(run, cells, neuron, partnerWords(this.synapses, sources, neuron, cells, graph) + imaged)
            .catch((error: Error) => this.complain(error));
    }

    // Loads what the time and the choices ask for.
    private async follow(): Promise<void> {
        const {run, cells, picture} = this,
            hours = this.player.hours;
        if (!run || !cells || !picture) return;
        const field = cells.fields.find((f) => f.name === this.field.value),
            frame = frameAt(cells.times, hours),
            step = field?.moves ? Math.round(this.player.line * STEPS) : 0,
            name = `${field?.path}:${frame}:${step}:${this.map.value}`;
        const graph = this.synapses?.graphAt(hours) ?? -1;
        if (name !== this.wanted && field) {
            const fresh = this.wanted.split(':')[0] !== field.path;
            this.wanted = name;
            try {
                const range = fresh ? await rangeOf(run, cells, field) : picture.range,
                    found = frame < 0 ? null : await loadFrame(run, field, frame);
                if (name !== this.wanted) return;
                Object.assign(picture, {
                    values: found && field.moves ? moved(found, cells, run, frame, hours) : found,
                    range,
                    table: colourTable(this.map.value as MapName, picture.dark),
                });
                ++picture.version;
                this.bar.show(field, range, this.map.value as MapName, cells.times[frame]);
            } catch (error) {
                this.complain(error as Error);
            }
        }
        if (graph !== this.graph && this.synapses) {
            this.graph = graph;
            const changes = await this.synapses
                .changes(graph)
                .catch((error: Error) => this.complain(error));
            if (graph !== this.graph || picture !== this.picture) return; // time went on meanwhile
            this.changes = changes;
            this.spend(picture);
        }
    }

    private spend(picture: Picture): void {
        const c = this.changes,
            most = Number(this.budget.value);
        const total = c ? c.formed.length + c.lost.length : 0,
            share = total > most ? most / total : 1;
        picture.formed = thin(c?.formed ?? [], share);
        picture.lost = thin(c?.lost ?? [], share);
        ++picture.version;
        const none = this.synapses ? msg('network.changes_later') : '';
        setText(this.count, c ? changeWords(c, picture.formed.length, picture.lost.length) : none);
    }

    private typeBox(name: string, type: number): HTMLElement {
        const box = el('input', {type: 'checkbox', checked: ''});
        box.addEventListener('change', () => {
            if (this.picture) {
                this.picture.visible[type] = box.checked;
                ++this.picture.version;
            }
        });
        return el('label', {class: 'type'}, box, ` ${name}`);
    }

    private complain(error: Error): null {
        setText(this.message, `${this.message.textContent ?? ''} ${error.message}.`.trim());
        return null;
    }

    private place(canvas: HTMLCanvasElement, renderer: string): void {
        listenToGestures(
            canvas,
            this.orbit,
            () => (this.held = true),
            (at) => this.pickAt(at),
        );
        this.holder.replaceChildren(canvas, this.layers.element, this.bar.element, this.count);
        this.element.dataset.renderer = renderer;
    }

    private pickAt(at: {x: number; y: number}): void {
        const box = this.drawing.canvas.getBoundingClientRect();
        if (!this.picture) return;
        const found = nearestCell(
            this.picture,
            this.orbit.update(box.width / box.height),
            at,
            box.width,
            box.height,
            REACH,
        );
        if (found !== null) void this.pick(found);
    }
}

function thin<T>(list: T[], share: number): T[] {
    return list.filter((_, k) => Math.floor((k + 1) * share) > Math.floor(k * share));
}
