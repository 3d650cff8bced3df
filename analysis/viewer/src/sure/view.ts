// "How sure?": one switch that puts marks and ranges beside the numbers, draws what is assumed dashed, and
// lays published results and other parameter sets over the curves.
import type {Client} from '../data/client';
import type {Course} from '../data/course';
import {fieldOf, shown} from '../data/fields';
import {unpacked} from '../data/questions';
import type {Run} from '../data/run';
import type {Engine} from '../lab/engine';
import {button, el, setText} from '../ui/dom';
import {assumed, CHAIN, linkOf, MARKS, ofLink, type Assumed, type Belief, type Link} from './chain';
import {memberOf} from './fan';
import {pointsOf, type Point, type Published} from './published';
import {msg, num} from '../lang';

interface Evidence {
    published: Published[];
    members: Record<string, [string, string][][]>; // by ensemble: settings of each parameter set
}

export class Sure {
    readonly toggle = button(msg('sure.name'), msg('sure.title'), () => this.flip(), 'sure-switch');
    readonly strip = el('div', {class: 'strip', 'aria-label': msg('sure.strip')});
    readonly panel = el('section', {class: 'beliefs', 'aria-label': msg('sure.name')});
    private on = false;
    private unpacking: Promise<Evidence> | null = null;
    private models = new Map<string, Promise<Belief[]>>();
    private rows: Published[] = [];
    private beliefs: Belief[] = []; // of the run's model
    private guesses = new Map<Link, Assumed | null>(); // among them
    private fans = new WeakMap<Run, Course[]>();
    private fanning: Run | null = null; // whose fan is being simulated, or is done
    private shownFor = '';
    private link: Link | undefined;
    private said = el('p', {class: 'soft', role: 'status'}); // of the model's numbers
    private fanSaid = el('p', {class: 'soft', role: 'status'}); // of other parameter sets

    constructor(
        private engine: Engine,
        private client: Client,
    ) {
        this.toggle.setAttribute('aria-pressed', 'false');
    }

    flip(): void {
        this.on = !this.on;
        this.toggle.setAttribute('aria-pressed', String(this.on));
        document.body.classList.toggle('sure', this.on);
        this.shownFor = '';
        this.fanning = null;
    }

    // Once a frame, with the run and the curve that are shown.
    frame(run: Run, field = 'spine_density'): void {
        if (!this.on) return;
        const wanted = `${run.key}:${field}`;
        if (this.shownFor !== wanted) {
            this.shownFor = wanted;
            this.link = linkOf(field);
            void this.learn(run, field);
        }
        if (this.fanning !== run) void this.fan(run);
    }

    get isOn(): boolean {
        return this.on;
    }

    // Changes with all that a curve shows of this.
    stampOf(run: Run): string {
        return `${this.on}:${this.rows.length}:${this.fanOf(run).length}`;
    }

    // Other parameter sets of this run, as far as they are simulated.
    fanOf(run: Run): Course[] {
        return this.on ? (this.fans.get(run) ?? []) : [];
    }
    pointsOf(run: Run, field: string): Point[] {
        return this.on ? pointsOf(run, field, this.rows) : [];
    }

    // What stands under a number.
    wordsOf(run: Run, id: string, hours: number): string {
        const human = id === 'spine_density' && String(run.meta.model).startsWith('human');
        const never = human ? [msg('sure.never')] : [];
        if (!this.on) return never.join('');
        const link = linkOf(id),
            guesses = link && this.guesses.get(link),
            fan = this.fanOf(run),
            values = fan.map((member) => member.at(id, hours)).filter(Number.isFinite);
        const range = (pick: (...all: number[]) => number) => shown(fieldOf(id), pick(...values));
        return [
            ...(values.length > 1
                ? [
                      msg('sure.range', {
                          low: range(Math.min),
                          high: range(Math.max),
                          sets: values.length,
                      }),
                  ]
                : []),
            ...(guesses ? [guesses.words] : []),
            ...never,
        ].join(' · ');
    }

    private evidence(): Promise<Evidence> {
        return (this.unpacking ??= unpacked('evidence').then(
            async (text) => JSON.parse(await text.text()) as Evidence,
        ));
    }

    private async learn(run: Run, field: string): Promise<void> {
        const model = String(run.meta.model),
            wanted = this.shownFor;
        if (!this.models.has(model)) this.models.set(model, this.engine.beliefs(model));
        let beliefs: Belief[] = [],
            said = '';
        try {
            beliefs = (await this.models.get(model)) ?? [];
        } catch (error) {
            said = msg('sure.no_model', {reason: (error as Error).message});
        }
        const {published} = await this.evidence();
        if (this.shownFor !== wanted) return; // something else is shown meanwhile
        this.rows = published;
        this.beliefs = beliefs;
        this.guesses = new Map(CHAIN.map((link) => [link, assumed(link, beliefs)]));
        setText(this.said, said);
        this.drawStrip(run, field);
        this.drawPanel(run, field);
    }

    // Goes on where it was left when another run was shown meanwhile.
    private async fan(run: Run): Promise<void> {
        this.fanning = run;
        setText(this.fanSaid, '');
        const into = this.fans.get(run) ?? [],
            sets = (await this.evidence()).members[String(run.meta.model)];
        this.fans.set(run, into);
        if (!sets) return setText(this.fanSaid, msg('sure.no_sets', {model: String(run.meta.model)}));
        try {
            while (into.length < sets.length && this.fanning === run) {
                const next = into.length,
                    member = await memberOf(run, sets[next] ?? [], this.engine, this.client);
                if (into.length === next) into.push(member); // or it came by another way round
            }
        } catch (error) {
            setText(this.fanSaid, msg('sure.not_simulated', {reason: (error as Error).message}));
        }
    }

    private drawStrip(run: Run, field: string): void {
        this.strip.replaceChildren(
            ...CHAIN.flatMap((link, k) => {
                const guesses = this.guesses.get(link),
                    words = guesses?.words ?? link.also;
                const arrow = el('span', {
                    class: guesses?.mostly ? 'arrow dashed' : 'arrow',
                    title: words,
                    'aria-label': msg(guesses?.mostly ? 'sure.mostly_assumed' : 'sure.mostly_known'),
                });
                const node = button(link.name, words, () => {
                    this.link = link;
                    this.drawPanel(run, field);
                });
                node.toggleAttribute('aria-current', link === linkOf(field));
                return k > 0 ? [arrow, node] : [node];
            }),
        );
    }

    private drawPanel(run: Run, field: string): void {
        const link = this.link ?? CHAIN[0],
            own = link ? ofLink(link, this.beliefs) : [],
            points = pointsOf(run, field, this.rows);
        this.panel.replaceChildren(
            el('h3', {}, msg('sure.heading', {link: link?.name ?? ''})),
            this.said,
            this.fanSaid,
            el('p', {}, msg('sure.lines', {also: link?.also ?? ''})),
            el(
                'ul',
                {},
                ...(points.length > 0
                    ? points.map((point) => el('li', {}, point.words))
                    : [el('li', {}, msg('sure.unpublished', {field: fieldOf(field).label}))]),
            ),
            ...(own.length > 0 ? [tableOf(own)] : []),
        );
    }
}

function tableOf(beliefs: Belief[]): HTMLElement {
    const head = [
        msg('sure.head.number'),
        msg('sure.head.value'),
        msg('sure.head.believed'),
        msg('sure.head.known'),
        msg('sure.head.source'),
    ];
    const round = (x: number) => num(+x.toPrecision(4));
    return el(
        'table',
        {},
        el('tr', {}, ...head.map((name) => el('th', {scope: 'col'}, name))),
        ...beliefs.map((b) =>
            el(
                'tr',
                {},
                el('th', {scope: 'row'}, b.doc, ' ', el('code', {}, b.path)),
                el('td', {}, `${round(b.value)} ${b.unit === '1' ? '' : b.unit}`),
                el(
                    'td',
                    {},
                    b.low < b.high ? msg('sure.between', {low: round(b.low), high: round(b.high)}) : '–',
                ),
                el('td', {}, MARKS[b.mark] ?? b.mark),
                el('td', {}, b.reference),
            ),
        ),
    );
}
