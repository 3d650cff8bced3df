// "Try it": the choices, the simulator behind them, and what can be taken home.
import {button, el, setText} from '../ui/dom';
import {save} from '../ui/picture';
import {Engine, type Simulated} from './engine';
import {Form} from './form';
import {Predict} from './predict';
import {COARSE, FINE, FIRST, titleOf, yamlOf, type Trial} from './trial';
import {msg, num} from '../lang';

export interface Try {
    file: File; // the run file
    title: string;
    coarse: boolean; // while a control moves; the next one takes its place
    trial: Trial | null; // what was chosen, unless it is a file's
}

interface Wanted {
    name: string;
    text: string;
    title: string;
    coarse: boolean;
    trial: Trial | null;
    settings: [string, string][];
}

const PLAIN = `{kind: sheet, neurons: ${FINE.neurons}, synapses_per_neuron: ${FINE.synapses}}`;
// Networks that are not told by a number of neurons: a sheet takes their place.
const LARGE = /microcircuit|\/|\.(h5|csv|graphml|yaml)$/;

// The network that a page holds.
const PAGE: [string, string][] = [
    ['network.neurons', String(FINE.neurons)],
    ['network.synapses_per_neuron', String(FINE.synapses)],
];

export class LabView {
    readonly element = el('section', {class: 'lab', 'aria-label': msg('lab.name')});
    readonly engine = new Engine((share) => this.progress(share));
    private form = new Form(FIRST, (trial, done) => {
        this.touched = true;
        void this.changed(trial, done);
    });
    private predict = new Predict();
    private bar = el('progress', {max: '1', 'aria-label': msg('lab.simulated')});
    private said = el('p', {class: 'lab-said', role: 'status'});
    private command = el('code', {class: 'command'});
    private count = 0;
    private wanted: Wanted | null = null;
    private kept: {yaml: string; name: string; file: File | null} = {yaml: '', name: '', file: null};
    private starting: Promise<void> | null = null;
    touched = false; // by the visitor

    // `tried` shows a run that was simulated; its spines a day after the first dose [% of healthy].
    constructor(private tried: (t: Try) => Promise<number>) {
        this.element.append(
            this.form.element,
            this.predict.element,
            this.bar,
            this.said,
            el(
                'p',
                {class: 'lab-home'},
                el('span', {class: 'soft'}, `${msg('lab.command')} `),
                this.command,
                ' ',
                button(msg('lab.yaml'), msg('lab.yaml.title'), () =>
                    save(new Blob([this.kept.yaml], {type: 'text/yaml'}), `${this.kept.name}.yaml`),
                ),
                ' ',
                button(msg('lab.save'), msg('lab.save.title'), () => {
                    if (this.kept.file) save(this.kept.file, `${this.kept.name}.h5`);
                }),
                ' ',
                button(msg('lab.stop'), msg('lab.stop.title'), () => this.stop(), 'quiet'),
            ),
        );
        this.bar.hidden = true;
    }

    // Loads the simulator when it is first wanted; with an example, unless the visitor has something else in
    // mind.
    start(): Promise<void> {
        return (this.starting ??= this.load());
    }

    private async load(): Promise<void> {
        setText(this.said, msg('lab.starting'));
        try {
            this.form.offer(await this.engine.catalogue());
            if (!this.touched) void this.changed(FIRST, true);
        } catch (error) {
            setText(this.said, msg('lab.no_start', {reason: (error as Error).message}));
        }
    }

    // A scenario or a drug that a visitor drops on the page.
    async read(file: File): Promise<void> {
        this.touched = true;
        await this.start();
        const text = await file.text();
        try {
            const found = await this.engine.describe(file.name, text);
            if (found.kind === 'drug') {
                this.form.add(found.drug, file.name);
                setText(
                    this.said,
                    msg('lab.drug_read', {file: file.name, drug: found.drug.title || found.drug.name}),
                );
                return;
            }
            await this.simulate({
                name: file.name.replace(/\.ya?ml$/, ''),
                text,
                title: found.title || found.name,
                coarse: false,
                trial: null,
                settings: LARGE.test(found.network) ? [['network', PLAIN]] : PAGE,
            });
        } catch (error) {
            this.fail(error as Error);
        }
    }

    // One subject of a cohort, as `respine run --set subject=N` makes it.
    async person(scenario: string, subject: number, cohort: string): Promise<void> {
        const title = msg('lab.person', {subject, cohort});
        this.touched = true;
        await this.start();
        await this.simulate({
            name: `person-${subject}`,
            text: scenario,
            title,
            coarse: false,
            trial: null,
            settings: [
                ['subject', String(subject)],
                ['title', title],
                ['record.history', FINE.history], // a cohort looks at visits alone
                ...PAGE,
            ],
        });
    }

    // A trial from an address or a notebook, beside the choices that make it.
    async resume(trial: Trial): Promise<void> {
        this.touched = true;
        await this.start();
        this.form.take(trial);
        await this.changed(trial, true);
    }

    private changed(trial: Trial, done: boolean): Promise<void> {
        const name = `try-${done ? ++this.count : this.count + 1}`,
            size = done ? FINE : COARSE;
        return this.simulate({
            name,
            text: yamlOf(trial, name, size),
            title: titleOf(trial),
            coarse: !done,
            trial,
            settings: [],
        });
    }

    // One at a time; the last that was asked for is the next.
    private async simulate(wanted: Wanted): Promise<void> {
        this.wanted = wanted;
        const begun = performance.now();
        try {
            const run = await this.engine.simulate(`${wanted.name}.yaml`, wanted.text, wanted.settings);
            await this.take(wanted, run, (performance.now() - begun) / 1000);
        } catch (error) {
            if ((error as Error).message !== 'stopped') this.fail(error as Error);
        }
    }

    private async take(wanted: Wanted, run: Simulated, seconds: number): Promise<void> {
        if (wanted.coarse && this.wanted !== wanted) return; // the control has moved on
        const file = new File([run.bytes], `${wanted.name}.h5`);
        this.bar.hidden = true;
        if (wanted.coarse) {
            if (this.predict.wished) return; // it would tell the answer
            await this.tried({file, ...wanted});
            return setText(this.said, msg('lab.coarse'));
        }
        const guess = await this.predict.ask();
        if (this.wanted !== wanted) return;
        this.predict.judge(guess, await this.tried({file, ...wanted}));
        this.kept = {yaml: wanted.text, name: wanted.name, file};
        const quoted = wanted.settings
            .map((pair) => pair.join('='))
            .map((s) => (/ /.test(s) ? `"${s}"` : s));
        const settings = quoted.map((setting) => ` --set ${setting}`).join('');
        setText(this.command, `respine run ${wanted.name}.yaml${settings}`);
        const {neurons, synapses} = FINE;
        setText(
            this.said,
            [
                msg('lab.done', {seconds: num(seconds.toFixed(1)), neurons, synapses}),
                ...(wanted.settings.length > 0 ? [msg('lab.sized')] : []),
                ...run.notes.map((note) => msg('lab.note', {note})),
            ].join(' '),
        );
    }

    stop(): void {
        if (!this.starting) return;
        void this.engine.stop();
        this.bar.hidden = true;
        setText(this.said, msg('lab.stopped'));
    }

    private progress(share: number): void {
        this.bar.hidden = share >= 1;
        this.bar.value = share;
    }

    private fail(error: Error): void {
        this.bar.hidden = true;
        setText(this.said, msg('lab.failed', {reason: error.message}));
    }
}
