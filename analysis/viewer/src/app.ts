// The page: which runs are open, which view is shown, and one animation loop for all of them.
import {Client} from './data/client';
import {Clock} from './data/clock';
import {Cohort} from './data/cohort';
import {loadFile} from './data/load';
import {Run} from './data/run';
import {JUDGED} from './lab/predict';
import type {Trial} from './lab/trial';
import {LabView, type Try} from './lab/view';
import {goTo} from './notebook/go';
import {pageWith} from './notebook/page';
import {Notebook} from './notebook/view';
import {LessonView} from './lessons/view';
import {NetworkView} from './network/view';
import {Player} from './player';
import {Shelf} from './shelf';
import {actsOf, type StoryAct} from './story/acts';
import {Sure} from './sure/view';
import {AboutView} from './ui/about';
import {captionOf, type Caption} from './ui/caption';
import {Chooser} from './ui/chooser';
import {CompareView} from './ui/compare';
import {CrowdView} from './ui/crowd';
import {el, prefersLessMotion, switchTheme} from './ui/dom';
import {acceptDrops, embeddedFiles, welcome} from './ui/files';
import {DISCLAIMER} from './ui/glossary';
import {Address, linkTo, type State} from './ui/hash';
import {header} from './ui/header';
import {listenToKeys} from './ui/keys';
import {Problems} from './ui/problems';
import {Screen, VIEW_NAMES, type ViewName} from './ui/screen';
import {Share} from './ui/share';
import {Stage} from './ui/stage';
import {Timeline} from './ui/timeline';
import {Traces} from './ui/traces';

export class App {
    private client = new Client();
    readonly shelf = new Shelf();
    private view: ViewName = 'synapse';
    private acts: StoryAct[] = [];
    readonly problems = new Problems();
    private address = new Address(
        () => this.shown(),
        (state) => this.go(state),
    );
    readonly player = new Player(new Clock(0, 1, []), []);
    private timeline = new Timeline(this.player, () => this.pin());
    private notebook = new Notebook(
        (pin) => void goTo(pin, this),
        (state) => pageWith(this.shelf.files, state),
    );
    private traces = new Traces(this.player);
    private network = new NetworkView(this.player, this.address.state.renderer === 'canvas');
    private compare = new CompareView(this.player, (run) => this.select(run));
    private about = new AboutView();
    private crowd = new CrowdView((cohort, subject) => {
        this.show('try');
        void this.lab.person(String(cohort.meta.scenario), subject, cohort.name);
    });
    private lab = new LabView((tried) => this.adopt(tried));
    private sure = new Sure(this.lab.engine, this.client);
    private stage = new Stage(this.player, () => this.acts, this.sure);
    private lessons = new LessonView(this.lab.engine, this.client, (t) => void this.resume(t, 0));
    private share = new Share(
        () => this.viewElement(),
        () => this.words(),
        () => linkTo(location),
        (problem) => this.problems.tell(problem),
    );
    private load = (file: File) => loadFile(this.client, file, (problem) => this.problems.tell(problem));
    private chooser = new Chooser(this.shelf, (index) => this.select(index));
    private screen: Screen;
    private opening = 0; // files that are being read
    private lastFrame = 0;
    private spared = false;

    constructor(root: HTMLElement) {
        const open = (files: File[]) => void this.receive(files);
        this.screen = new Screen(
            {
                lab: this.lab.element,
                welcome: welcome(),
                synapse: this.stage.element,
                network: this.network.element,
                compare: this.compare.element,
                persons: this.crowd.element,
                notebook: this.notebook.element,
                lessons: this.lessons.element,
                about: this.about.element,
                timeline: this.timeline.element,
                numbers: this.stage.below,
                beliefs: this.sure.panel,
                difference: this.chooser.difference,
                traces: this.traces.element,
            },
            (view) => this.show(view),
        );
        root.append(
            ...this.screen.elements([
                header([...this.screen.tabs.values()], this.chooser, open, this.share, this.sure.toggle),
                el('p', {class: 'frame-note'}, DISCLAIMER),
                this.problems.element,
                this.share.printed,
            ]),
        );
        acceptDrops(document.documentElement, open);
        this.listen();
        this.show(document.querySelector('script.run') ? 'synapse' : 'try');
    }

    async start(): Promise<void> {
        this.opening = document.querySelectorAll('script.run').length;
        requestAnimationFrame((t) => this.frame(t));
        const files = await embeddedFiles();
        this.opening = 0;
        await this.open(files);
        this.address.follow();
    }

    // Run files are shown; scenarios and drugs are tried.
    private async receive(files: File[]): Promise<void> {
        const recipes = files.filter((file) => /\.ya?ml$/.test(file.name));
        if (recipes.length > 0) this.show('try');
        for (const recipe of recipes) await this.lab.read(recipe);
        if (files.length > recipes.length) await this.open(files.filter((file) => !recipes.includes(file)));
    }

    // A run that was simulated here: it is shown with the last three, whose lines stay as ghosts.
    private async adopt(tried: Try): Promise<number> {
        const run = await this.load(tried.file);
        if (!(run instanceof Run)) return NaN;
        this.shelf.addTry(run, tried.coarse, tried.trial);
        if (this.view === 'try') this.select(this.shelf.runs.length - 1);
        if (this.shelf.runs.length === 1) this.begin();
        return run.at('spine_density', JUDGED);
    }

    private async open(files: File[]): Promise<void> {
        this.opening += files.length;
        this.show(this.view);
        const opened = await Promise.all(files.map((file) => this.load(file)));
        this.opening -= files.length;
        const fresh = opened.filter((found) => found instanceof Run);
        const cohort = opened.findLast((found) => found instanceof Cohort);
        if (cohort) this.crowd.show(cohort);
        if (fresh.length > 0 && this.view === 'try') {
            this.lab.stop();
            if (!this.lab.touched) this.shelf.forgetTries(); // an example that nobody has touched makes room
            this.show('synapse');
        }
        const first = this.shelf.runs.length;
        this.shelf.add(fresh);
        this.show(cohort ? 'persons' : this.view);
        if (fresh.length === 0) return;
        // The run that changes the spines most is shown first.
        const best = fresh.reduce((a, b) => (b.gain() > a.gain() ? b : a));
        this.select(this.shelf.runs.indexOf(best));
        if (first === 0) this.begin();
    }

    private begin(): void {
        this.player.playing = !prefersLessMotion();
        this.player.toAct(0);
    }

    private pin(): void {
        const {run} = this.shelf;
        if (run)
            this.notebook.add(
                run,
                this.player.hours,
                this.words(),
                this.viewElement(),
                this.shelf.trialOf(run),
            );
    }

    async resume(trial: Trial, hours: number): Promise<void> {
        this.show('try');
        await this.lab.resume(trial);
        this.player.playing = false;
        this.player.toHours(hours);
    }

    select(index: number): void {
        const run = this.shelf.runs[index];
        if (!run) return;
        this.shelf.current = index;
        this.setClock(run);
        this.chooser.fill();
        this.show(this.view);
    }

    private setClock(run: Run): void {
        const clock = this.shelf.clockOf(run, this.view === 'compare');
        this.acts = actsOf(run, clock);
        this.player.adopt(clock, this.acts);
    }

    show(view: ViewName): void {
        const before = this.view,
            run = this.shelf.run;
        this.view = view;
        if (run && (before === 'compare') !== (view === 'compare')) this.setClock(run);
        if (view === 'try') void this.lab.start();
        this.screen.show(view, this.shelf.runs.length, this.opening === 0);
        if (view === 'network' && run) void this.network.show(run);
        this.about.show(run);
    }

    private frame(now: number): void {
        requestAnimationFrame((t) => this.frame(t));
        // Every second picture leaves the simulator the time that the others would take.
        if (this.lab.engine.busy && (this.spared = !this.spared)) return;
        const seconds = Math.min(0.1, Math.max(0, (now - this.lastFrame) / 1000)),
            run = this.shelf.run;
        this.lastFrame = now;
        if (!run && !this.stage.element.hidden) this.stage.wait(seconds);
        if (!run) return;
        this.player.tick(seconds);
        const shown = this.view === 'try' ? this.shelf.triedWith(run) : this.shelf.runs,
            place = shown.indexOf(run);
        if (!this.shelf.shownCoarse) this.sure.frame(run, this.stage.act?.curve);
        if (this.view === 'synapse' || this.view === 'try') this.stage.frame(shown, place, seconds);
        if (this.view === 'network') this.network.frame(seconds);
        const {runs, current, reference} = this.shelf;
        if (this.view === 'compare') this.compare.frame(runs, current, reference, seconds);
        if (this.view !== 'about') {
            this.timeline.frame(run);
            const against = this.view === 'compare' ? this.chooser.subtracted : null;
            this.traces.frame(shown, place, against, this.sure);
        }
        this.share.frame();
        this.address.frame(now);
    }

    private shown(): State {
        const {run, current, reference} = this.shelf;
        return {
            view: this.view,
            run: current,
            reference,
            hours: this.player.hours,
            act: this.player.act,
            trial: this.view === 'try' && run ? this.shelf.trialOf(run) : null,
            renderer: this.network.element.dataset.renderer === 'WebGL' ? '' : 'canvas',
        };
    }

    private go({view, run, reference, hours, act, trial}: Partial<State>): void {
        if (trial) void this.resume(trial, hours ?? 0);
        if (run !== undefined && this.shelf.runs[run]) this.select(run);
        if (reference !== undefined && this.shelf.runs[reference]) this.shelf.reference = reference;
        this.chooser.fill();
        if (hours !== undefined) {
            this.player.restore(hours, act ?? null);
            this.player.playing = false;
        }
        this.show(VIEW_NAMES.find((name) => name === view) ?? this.view);
    }

    private listen(): void {
        const move = (by: number) => this.player.toLine(this.player.line + by);
        listenToKeys({
            ' ': () => this.player.toggle(),
            ArrowLeft: () => move(-0.01),
            ArrowRight: () => move(0.01),
            n: () => this.stage.step(1),
            p: () => this.stage.step(-1),
            f: () => this.stage.toggleFree(),
            m: () => this.pin(),
            h: () => this.sure.flip(),
            t: switchTheme,
            '[': () => this.select(this.shelf.current - 1),
            ']': () => this.select(this.shelf.current + 1),
            ...Object.fromEntries(VIEW_NAMES.map((name, k) => [String(k), () => this.show(name)])),
        });
    }

    // What a picture is taken of.
    private viewElement(): HTMLElement {
        return (
            {network: this.network, compare: this.compare}[String(this.view)]?.element ?? this.stage.element
        );
    }

    private words(): Caption {
        const told = this.viewElement() === this.stage.element ? this.stage.words : '',
            titles = this.shelf.runs.map((r) => r.title).join('  |  ');
        return captionOf(this.shelf.run, this.player.hours, this.view === 'compare' ? titles : told);
    }
}
