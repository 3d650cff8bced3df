// A stretch of dendrite as the virtual microscope saw it: one row a session, so that spines are seen to come,
// stay and go.
import type {Run} from '../data/run';
import {timeWords} from '../data/clock';
import {el, isDark} from '../ui/dom';
import {msg} from '../lang';

interface Sighting {
    place: number;
    size: number;
}

interface Change {
    spines: Sighting[];
    formed: Set<Sighting>;
    lost: Sighting[];
}

const ROW = 26,
    LEFT = 96; // where the dendrite begins

export class DendriteStrip {
    readonly element: HTMLElement;
    private canvas = el('canvas', {role: 'img'});
    private note = el('p', {class: 'note'});
    private choice = el('select', {'aria-label': msg('dendrite.choice')});
    private sessions: Float64Array = new Float64Array(0);
    private seen: Sighting[][][] = []; // [dendrite][session]
    private neurons: Uint32Array = new Uint32Array(0);
    private hours = 0;
    private length = 1; // of a dendrite, in the microscope's places

    constructor(private onNeuron: (neuron: number) => void) {
        this.choice.addEventListener('change', () => {
            this.onNeuron(this.neurons[Number(this.choice.value)] ?? 0);
            this.draw();
        });
        this.element = el(
            'section',
            {class: 'dendrite', 'aria-label': msg('dendrite.name')},
            el('h3', {}, `${msg('dendrite.heading')} `, this.choice),
            this.canvas,
            this.note,
        );
    }

    async load(run: Run): Promise<void> {
        const {client, key} = run;
        this.seen = [];
        const names = await client.ask({method: 'list', key, path: '/imaging'});
        this.element.hidden = !names.includes('seen_place');
        if (this.element.hidden) return;
        const [sessions, neurons, when, which, place, size] = await Promise.all(
            ['session', 'neuron', 'seen_session', 'seen_dendrite', 'seen_place', 'seen_log_size'].map((n) =>
                client.read(key, `/imaging/${n}`),
            ),
        );
        this.sessions = (sessions as Float64Array).map((t) => t - run.zero);
        this.neurons = neurons as Uint32Array;
        this.seen = Array.from(this.neurons, () => Array.from(this.sessions, () => []));
        for (let k = 0; k < (place as Uint32Array).length; ++k)
            this.seen[Number(which?.[k])]?.[Number(when?.[k])]?.push({
                place: Number(place?.[k]),
                size: Number(size?.[k]),
            });
        this.length = (place as Uint32Array).reduce((most, p) => Math.max(most, p), 1);
        const shown = Math.min(this.neurons.length, 100);
        this.choice.replaceChildren(
            ...Array.from({length: shown}, (_, k) =>
                el(
                    'option',
                    {value: String(k)},
                    msg('dendrite.option', {k: k + 1, neuron: String(this.neurons[k])}),
                ),
            ),
        );
    }

    // The dendrite of a neuron, when it was imaged.
    pick(neuron: number): boolean {
        const found = this.neurons.indexOf(neuron);
        if (found >= 0 && found < this.choice.options.length) this.choice.value = String(found);
        return found >= 0;
    }

    show(hours: number): void {
        const session = this.sessions.findLastIndex((s) => s <= hours),
            before = this.sessions.findLastIndex((s) => s <= this.hours);
        this.hours = hours;
        const wide = Math.round(this.canvas.clientWidth * Math.min(2, devicePixelRatio));
        if (session !== before || this.canvas.width !== wide) this.draw();
    }

    draw(): void {
        const rows = this.seen[Number(this.choice.value)],
            width = this.canvas.clientWidth,
            ratio = Math.min(2, devicePixelRatio);
        const g = this.canvas.getContext('2d');
        if (!rows || !g || width === 0) return;
        this.canvas.style.height = `${rows.length * ROW + 6}px`;
        this.canvas.width = Math.round(width * ratio);
        this.canvas.height = Math.round((rows.length * ROW + 6) * ratio);
        g.setTransform(ratio, 0, 0, ratio, 0, 0);
        const now = this.sessions.findLastIndex((s) => s <= this.hours);
        rows.forEach((spines, k) => {
            const y = k * ROW + ROW / 2 + 3;
            drawBackground(g, width, y, timeWords(this.sessions[k] ?? 0), k === now);
            this.drawSpines(g, width, y, changeOf(spines, rows[k - 1]));
        });
        this.tell(rows, now);
    }

    private drawSpines(g: CanvasRenderingContext2D, width: number, y: number, change: Change): void {
        const at = (s: Sighting) => LEFT + 8 + (s.place / this.length) * (width - LEFT - 16);
        const known = isDark() ? '#98a5f2' : '#5562ad';
        for (const s of change.spines) {
            const fresh = change.formed.has(s);
            spine(g, at(s), y + 6, Math.exp(0.5 * s.size), fresh ? '#009e73' : known, fresh);
        }
        for (const s of change.lost) ring(g, at(s), y - 3);
    }

    private tell(rows: Sighting[][], now: number): void {
        const spines = rows[now] ?? [],
            change = changeOf(spines, rows[now - 1]);
        const counted = {spines: spines.length, fresh: change.formed.size, gone: change.lost.length};
        this.note.textContent = [
            msg('dendrite.legend'),
            ...(now >= 0 ? [msg('dendrite.now', counted)] : []),
            '/imaging/seen_place',
        ].join(' ');
        this.canvas.setAttribute(
            'aria-label',
            msg('dendrite.picture', {
                dendrite: Number(this.choice.value) + 1,
                sessions: rows.length,
                note: this.note.textContent,
            }),
        );
    }
}

// What a session saw that the one before did not, and the other way round; nothing changes in the first one.
function changeOf(spines: Sighting[], before: Sighting[] | undefined): Change {
    const old = new Set(before?.map((s) => s.place)),
        here = new Set(spines.map((s) => s.place));
    return {
        spines,
        formed: new Set(before ? spines.filter((s) => !old.has(s.place)) : []),
        lost: (before ?? []).filter((s) => !here.has(s.place)),
    };
}

function drawBackground(
    g: CanvasRenderingContext2D,
    width: number,
    y: number,
    label: string,
    isNow: boolean,
): void {
    const dark = isDark();
    if (isNow) {
        g.fillStyle = dark ? '#2a3a50' : '#dcebf8';
        g.fillRect(0, y - ROW / 2, width, ROW);
    }
    g.fillStyle = dark ? '#a3acb6' : '#5b646e';
    g.font = '12px system-ui, sans-serif';
    g.fillText(label, 2, y + 4);
    g.strokeStyle = dark ? '#98a5f2' : '#5562ad';
    g.lineWidth = 3;
    g.beginPath();
    g.moveTo(LEFT, y + 7);
    g.lineTo(width, y + 7);
    g.stroke();
}

// Where a spine was.
function ring(g: CanvasRenderingContext2D, x: number, y: number): void {
    g.strokeStyle = '#d55e00';
    g.lineWidth = 1.6;
    g.setLineDash([2, 2]);
    g.beginPath();
    g.arc(x, y, 4.5, 0, 2 * Math.PI);
    g.stroke();
    g.setLineDash([]);
}

function spine(
    g: CanvasRenderingContext2D,
    x: number,
    y: number,
    size: number,
    colour: string,
    fresh: boolean,
): void {
    const r = Math.max(2, Math.min(6.5, 4.2 * size));
    g.strokeStyle = g.fillStyle = colour;
    g.lineWidth = fresh ? 2.6 : 1.6;
    g.beginPath();
    g.moveTo(x, y);
    g.lineTo(x, y - 8);
    g.stroke();
    g.beginPath();
    g.arc(x, y - 10, r, 0, 2 * Math.PI);
    g.fill();
}
