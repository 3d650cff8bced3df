// The network view: every neuron in 3-D, coloured by a recorded field, with the synapses that formed and were lost.
import type {Run} from '../data/run';
import {timeWords} from '../data/clock';
import {colourTable, type MapName} from '../data/colours';
import {unitWords} from '../data/fields';
import type {Player} from '../player';
import {button, el, isDark, prefersLessMotion, setText} from '../ui/dom';
import {Orbit} from './camera';
import {CanvasRenderer, nearestCell} from './canvas';
import {frameAt, loadCells, loadFrame, rangeOf, TYPE_NAMES, type Cells} from './cells';
import {ColourBar} from './colour_bar';
import {DendriteStrip} from './dendrite';
import {listenToGestures} from './gestures';
import {NeuronPanel} from './neuron';
import type {Picture, Renderer} from './picture';
import {Synapses, type Changes} from './synapses';
import {WebglRenderer} from './webgl';

const BUDGETS = [0, 500, 2000, 5000];
const REACH = 14; // [px] around a click in which a neuron is picked
const TRIAL_FRAMES = 20,
    TRIAL_SLOWEST = 1 / 15; // [s] a frame; WebGL without a graphics card is slower than pixels by hand

export class NetworkView {
    readonly element: HTMLElement;
    private canvas = el('canvas', {'class': 'cells', 'tabindex': '0', 'role': 'img', 'aria-label': 'Network in 3-D; arrow keys turn it, plus and minus zoom'});
    private frames = 0; // drawn so far; tests/viewer/speed.mjs counts them
    private holder = el('div', {class: 'stage network-stage'});
    private message = el('p', {class: 'note', role: 'status'});
    private rendererNote = el('p', {class: 'note', role: 'status'});
    private count = el('p', {class: 'note count'});
    private field = el('select', {'aria-label': 'Colour by'});
    private map = el('select', {'aria-label': 'Colour map'}, el('option', {value: 'cividis'}, 'cividis'), el('option', {value: 'viridis'}, 'viridis'));
    private budget = el(
        'select',
        {'aria-label': 'Synapses drawn'},
        ...BUDGETS.map((b) =>
            el('option', {value: String(b), ...(b === 2000 ? {selected: ''} : {})}, b === 0 ? 'no synapses' : `up to ${b.toLocaleString('en')} synapses`),
        ),
    );
    private number = el('input', {'type': 'number', 'min': '0', 'class': 'number', 'aria-label': 'Neuron number', 'placeholder': 'neuron no.'});
    private types = el('span', {class: 'types'});
    private bar = new ColourBar();
    private neuron = new NeuronPanel();
    private strip = new DendriteStrip((n) => void this.pick(n));
    private orbit = new Orbit();
    private renderer: Renderer | null = null;
    private run: Run | null = null;
    private zero = 0; // that its times were read with
    private cells: Cells | null = null;
    private synapses: Synapses | null = null;
    private changes: Changes | null = null;
    private picture: Picture | null = null;
    private wanted = '';
    private graph = -1;
    private held = false;
    private trial: number[] | null = []; // seconds a frame, until WebGL is judged

    constructor(
        private player: Player,
        private plain: boolean,
    ) {
        const switcher = button(
            'Other renderer',
            'Draw by Canvas 2D instead of WebGL, or the other way round',
            () => {
                this.plain = !this.plain;
                this.trial = null;
                this.replaceRenderer();
            },
            'quiet',
        );
        this.element = el(
            'section',
            {'class': 'network', 'aria-label': 'Network'},
            el('div', {class: 'controls'}, el('label', {}, 'Colour by ', this.field), this.map, this.types, this.budget, this.number, switcher),
            this.holder,
            el('div', {class: 'below'}, this.rendererNote, this.message, el('div', {class: 'sides'}, this.neuron.element, this.strip.element)),
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
        this.zero = run.zero;
        if (!this.renderer) this.replaceRenderer(); // late: WebGL without a graphics card takes a second to begin
        [this.run, this.cells, this.picture, this.synapses, this.changes, this.wanted, this.graph] = [run, null, null, null, null, '', -1];
        setText(this.message, 'Reading the network…');
        try {
            const cells = await loadCells(run);
            if (this.run !== run) return;
            this.cells = cells;
            this.orbit.look(cells);
            const chosen = this.field.value;
            this.field.replaceChildren(
                ...cells.fields.map((f) => el('option', {value: f.name}, `${f.label}${unitWords(f.unit) ? ` [${unitWords(f.unit)}]` : ''}`)),
            );
            if (cells.fields.some((f) => f.name === chosen)) this.field.value = chosen;
            const present = TYPE_NAMES.map((_, t) => cells.type.includes(t));
            this.types.replaceChildren(...TYPE_NAMES.flatMap((name, t) => (present[t] ? [this.typeBox(name, t)] : [])));
            this.picture = {
                cells,
                values: null,
                range: [0, 1],
                table: colourTable('cividis', isDark()),
                visible: TYPE_NAMES.map(() => true),
                formed: [],
                lost: [],
                partners: [],
                picked: null,
                dark: isDark(),
                version: 0,
            };
            setText(
                this.message,
                cells.fields.length === 0 ? 'This run recorded no snapshots, so neurons have no values over time (record.snapshots in the scenario).' : '',
            );
            this.neuron.say('Pick a neuron (click or tap, or type its number) to see its values over time and who speaks to it.');
            const synapses = await Synapses.open(run).catch((error: Error) => this.complain(error));
            if (this.run !== run) return;
            this.synapses = synapses;
            await this.strip.load(run).catch((error: Error) => this.complain(error));
        } catch (error) {
            this.complain(error as Error);
        }
    }

    frame(seconds: number): void {
        const picture = this.picture,
            cells = this.cells;
        if (!picture || !cells || !this.renderer) return;
        void this.follow();
        if (!this.held && !prefersLessMotion()) this.orbit.rotate(-seconds * 12, 0);
        const ratio = Math.min(1.5, devicePixelRatio || 1),
            width = Math.max(1, Math.round(this.holder.clientWidth * ratio)),
            height = Math.max(1, Math.round(this.holder.clientHeight * ratio));
        if (this.renderer.name !== 'WebGL' && (this.canvas.width !== width || this.canvas.height !== height))
            [this.canvas.width, this.canvas.height] = [width, height];
        if (picture.dark !== isDark()) {
            picture.dark = isDark();
            this.wanted = '';
        }
        this.renderer.draw(picture, this.orbit.update(width / height), width, height);
        this.element.dataset.frames = String(++this.frames);
        this.judge(seconds);
        this.strip.show(this.player.hours);
    }

    // Leaves a WebGL that is too slow to move smoothly.
    private judge(seconds: number): void {
        if (this.trial === null || this.renderer?.name !== 'WebGL' || !this.picture?.values) return;
        this.trial.push(seconds);
        if (this.trial.length < TRIAL_FRAMES) return;
        const slow = this.trial.slice(5).reduce((a, b) => a + b, 0) / (TRIAL_FRAMES - 5) > TRIAL_SLOWEST;
        this.trial = null;
        if (!slow) return;
        this.plain = true;
        this.replaceRenderer();
        setText(this.rendererNote, 'WebGL is slow here (it may lack a graphics card), so the network is drawn with Canvas 2D.');
    }

    async pick(neuron: number): Promise<void> {
        const {run, cells, picture} = this;
        if (!run || !cells || !picture || !(neuron >= 0 && neuron < cells.count)) return;
        picture.picked = neuron;
        this.number.value = String(neuron);
        const graph = this.synapses?.graphAt(this.player.hours) ?? 0;
        const sources =
            this.synapses && neuron < cells.excitatory ? await this.synapses.partners(graph, neuron).catch((error: Error) => this.complain(error)) : null;
        picture.partners = Array.from(sources ?? [], (source) => ({source, target: neuron}));
        ++picture.version;
        const imaged = this.strip.pick(neuron) ? ' Its dendrite is shown below.' : '';
        if (imaged) this.strip.draw();
        await this.neuron.show(run, cells, neuron, this.partnerWords(sources, neuron, cells, graph) + imaged).catch((error: Error) => this.complain(error));
    }

    private partnerWords(sources: Uint32Array | null, neuron: number, cells: Cells, graph: number): string {
        if (neuron >= cells.excitatory) return 'Synapses onto interneurons are fixed, so none are recorded.';
        if (!this.synapses) return 'The file holds no synapses.';
        if (!sources) {
            const every = this.synapses.fileEvery,
                near = Math.min(cells.excitatory - 1, Math.round(neuron / every) * every);
            return `This page holds the synapses onto every ${every}th neuron; neuron ${near} is one of them.`;
        }
        return `${sources.length} synapses from ${new Set(sources).size} neurons (yellow lines) at ${timeWords(this.synapses.graphs[graph]?.time ?? 0)}.`;
    }

    // Loads what the time and the choices ask for.
    private async follow(): Promise<void> {
        const {run, cells, picture} = this,
            hours = this.player.hours;
        if (!run || !cells || !picture) return;
        const field = cells.fields.find((f) => f.name === this.field.value),
            frame = frameAt(cells.times, hours),
            name = `${field?.path}:${frame}:${this.map.value}`;
        const graph = this.synapses?.graphAt(hours) ?? -1;
        if (name !== this.wanted && field) {
            const fresh = this.wanted.split(':')[0] !== field.path;
            this.wanted = name;
            try {
                const range = fresh ? await rangeOf(run, cells, field) : picture.range,
                    values = await loadFrame(run, field, frame);
                if (name !== this.wanted) return;
                Object.assign(picture, {values, range, table: colourTable(this.map.value as MapName, picture.dark)});
                ++picture.version;
                this.bar.show(field, range, this.map.value as MapName, cells.times[frame] ?? 0);
            } catch (error) {
                this.complain(error as Error);
            }
        }
        if (graph !== this.graph && this.synapses) {
            this.graph = graph;
            const changes = await this.synapses.changes(graph).catch((error: Error) => this.complain(error));
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
        const about = c?.exact ? '' : 'about ',
            words = (n: number) => n.toLocaleString('en');
        setText(
            this.count,
            !c
                ? this.synapses
                    ? 'Synapses: changes are shown from the second snapshot on.'
                    : ''
                : `Showing ${words(picture.formed.length)} of ${about}${words(c.formedInAll)} synapses formed (green) and ${words(picture.lost.length)} of ${about}${words(c.lostInAll)} lost (orange, dashed) from ${timeWords(c.from)} to ${timeWords(c.to)}.`,
        );
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

    // A canvas keeps its first kind of context for ever, so another renderer needs another canvas.
    private replaceRenderer(): void {
        this.renderer?.dispose();
        const fresh = this.canvas.cloneNode() as HTMLCanvasElement;
        this.canvas = fresh;
        listenToGestures(
            fresh,
            this.orbit,
            () => (this.held = true),
            (at) => this.pickAt(at),
        );
        this.holder.replaceChildren(fresh, this.bar.element, this.count);
        if (!this.plain) {
            try {
                this.renderer = new WebglRenderer(fresh, this.orbit.camera);
                this.element.dataset.renderer = this.renderer.name;
                return;
            } catch {
                this.plain = true;
                setText(this.rendererNote, 'This browser has no WebGL here, so the network is drawn with Canvas 2D.');
                return this.replaceRenderer();
            }
        }
        this.renderer = new CanvasRenderer(fresh);
        this.element.dataset.renderer = this.renderer.name;
    }

    private pickAt(at: {x: number; y: number}): void {
        const box = this.canvas.getBoundingClientRect();
        if (!this.picture) return;
        const found = nearestCell(this.picture, this.orbit.update(box.width / box.height), at, box.width, box.height, REACH);
        if (found !== null) void this.pick(found);
    }
}

function thin<T>(list: T[], share: number): T[] {
    return list.filter((_, k) => Math.floor((k + 1) * share) > Math.floor(k * share));
}
