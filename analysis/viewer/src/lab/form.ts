// The choices of a trial as controls. What can be chosen comes from the files, by the engine's catalogue.
import {button, el} from '../ui/dom';
import type {Catalogue, DrugChoice} from './engine';
import {select, slider} from './controls';
import {Flags} from './flags';
import {USUAL, type Given, type Trial} from './trial';
import {msg, named, num} from '../lang';

// What a tool cuts, by its target.
const LINKS: Record<string, string> = {
    ampa: msg('link.ampa'),
    l_type_ca: msg('link.l_type_ca'),
    bdnf: msg('link.bdnf'),
    trkb: msg('link.trkb'),
    mtorc1: msg('link.mtorc1'),
};
const LARGEST = 30; // [mg/kg], where a file names none
const MOST_DRUGS = 2;
const KNOWN_BEST = ['ketamine', 'memantine']; // the first of them that is free is offered

type Hear = (trial: Trial, done: boolean) => void;

export class Form {
    readonly element = el('form', {class: 'lab-form', 'aria-label': msg('form.name')});
    private catalogue: Catalogue = {models: [], drugs: [], accounts: []};

    // `changed` hears every move of a control, and whether it was let go.
    constructor(
        private trial: Trial,
        private changed: Hear,
    ) {
        this.element.addEventListener('submit', (event) => event.preventDefault());
    }

    offer(catalogue: Catalogue): void {
        this.catalogue = catalogue;
        this.draw();
    }

    take(trial: Trial): void {
        this.trial = trial;
        this.draw();
    }

    // A drug that a visitor brought, by the name of its file.
    add(drug: DrugChoice, file: string): void {
        this.catalogue.drugs.push({...drug, name: file});
        const route = drug.species[this.species]?.routes[0];
        if (route) this.change({given: [{drug: file, route, dose: 1, over: 40, at: [0]}]}, true, true);
        else this.draw();
    }

    private get species(): string {
        return this.catalogue.models.find((m) => m.name === this.trial.model)?.species ?? this.trial.model;
    }

    private change(part: Partial<Trial>, done: boolean, draw = false): void {
        this.trial = {...this.trial, ...part};
        if (draw) this.draw();
        this.changed(this.trial, done);
    }

    private draw(): void {
        const focused = (document.activeElement as HTMLElement | null)?.getAttribute('aria-label');
        this.element.replaceChildren(
            el(
                'div',
                {class: 'lab-row'},
                this.subject(),
                this.receptors(),
                this.genotype(),
                this.account(),
            ),
            ...this.trial.given.map((given, k) => this.drug(given, k)),
            el('div', {class: 'lab-row'}, this.more()),
            this.cuts(),
            el(
                'div',
                {class: 'lab-row'},
                slider(msg('form.stress'), this.trial.stress, 0, 1, 0.1, '', (stress, done) =>
                    this.change({stress}, done),
                ),
                slider(msg('form.days'), this.trial.days, 3, 60, 1, 'd', (days, done) => {
                    const given = this.trial.given.map((g) => ({...g, at: g.at.filter((t) => t < days)}));
                    this.change({days, given}, done, done);
                }),
                slider(msg('form.seed'), this.trial.seed, 1, 20, 1, '', (seed, done) =>
                    this.change({seed}, done),
                ),
            ),
        );
        if (focused) this.element.querySelector<HTMLElement>(`[aria-label="${focused}"]`)?.focus();
    }

    private subject(): HTMLElement {
        const species = [...new Set(this.catalogue.models.map((m) => m.species))];
        return select(msg('form.species'), this.species, species, (model) => {
            const usual = USUAL[model] ?? {};
            const given = this.trial.given
                .filter((g) => this.choice(g.drug)?.species[model])
                .map((g) => ({
                    ...g,
                    ...usual,
                    route: this.routeIn(model, g.drug, [USUAL[model]?.route ?? '', g.route]),
                }));
            this.change({model, given}, true, true);
        });
    }

    // Knock-outs are models of the same species.
    private receptors(): HTMLElement | null {
        const models = this.catalogue.models.filter((m) => m.species === this.species).map((m) => m.name);
        return models.length < 2
            ? null
            : select(msg('form.receptors'), this.trial.model, models, (model) =>
                  this.change({model}, true, true),
              );
    }

    private genotype(): HTMLElement {
        return select(
            msg('form.gene'),
            this.trial.genotype,
            ['val/val', 'val/met', 'met/met'],
            (genotype) => this.change({genotype}, true),
        );
    }

    private account(): HTMLElement {
        const {accounts} = this.catalogue,
            chosen = accounts.find((a) => a.name === this.trial.account);
        const made = select(
            msg('form.account'),
            this.trial.account,
            ['', ...accounts.map((a) => a.name)],
            (account) => this.change({account}, true, true),
        );
        (made.lastElementChild as HTMLElement).title = chosen
            ? `${named(chosen.title)}: ${named(chosen.claim)}`
            : msg('form.account.ask');
        return made;
    }

    // The first of these by which the drug is given in the species, else its own first one.
    private routeIn(species: string, drug: string, wished: string[]): string {
        const routes = this.choice(drug)?.species[species]?.routes ?? [];
        return wished.find((route) => routes.includes(route)) ?? routes[0] ?? '';
    }

    private choice(name: string): DrugChoice | undefined {
        return this.catalogue.drugs.find((d) => d.name === name);
    }

    private replace(k: number, part: Partial<Given>, done: boolean, draw = false): void {
        const given = this.trial.given.map((g, j) => (j === k ? {...g, ...part} : g));
        this.change({given}, done, draw);
    }

    private drug(given: Given, k: number): HTMLElement {
        const offered = this.catalogue.drugs.filter((d) => d.species[this.species]),
            kinetics = this.choice(given.drug)?.species[this.species];
        const first = k === 0;
        return el(
            'fieldset',
            {class: 'lab-row'},
            select(
                msg(first ? 'form.drug' : 'form.drug.second'),
                given.drug,
                offered.map((d) => d.name),
                (drug) => {
                    const route = this.routeIn(this.species, drug, [given.route]);
                    this.replace(k, {drug, route}, true, true);
                },
            ),
            select(
                msg(first ? 'form.route' : 'form.route.second'),
                given.route,
                kinetics?.routes ?? [],
                (route) => this.replace(k, {route}, true, true),
            ),
            this.dose(given, k, kinetics?.largest || LARGEST),
            given.route === 'iv'
                ? slider(
                      msg(first ? 'form.over' : 'form.over.second'),
                      given.over,
                      0,
                      120,
                      5,
                      'min',
                      (over, done) => this.replace(k, {over}, done),
                  )
                : null,
            new Flags(given.at, this.trial.days, given.drug, (at, done) => this.replace(k, {at}, done))
                .element,
            button(
                msg('form.take_out'),
                msg('form.take_out.title', {drug: given.drug}),
                () => this.change({given: this.trial.given.filter((_, j) => j !== k)}, true, true),
                'quiet',
            ),
        );
    }

    // Ten places a decade, so that a hundredth and thirty milligrams are one slider.
    private dose(given: Given, k: number, largest: number): HTMLElement {
        const place = (dose: number) => Math.round(20 * Math.log10(dose)) / 20;
        return slider(
            msg(k === 0 ? 'form.dose' : 'form.dose.second'),
            place(given.dose),
            -2,
            Math.floor(20 * Math.log10(largest)) / 20,
            0.05,
            'mg/kg',
            (x, done) => this.replace(k, {dose: +Math.pow(10, x).toPrecision(2)}, done),
            (x) => num(+Math.pow(10, x).toPrecision(2)),
        );
    }

    private more(): HTMLElement | null {
        if (this.trial.given.length >= MOST_DRUGS) return null;
        return button(msg('form.more'), msg('form.more.title'), () => {
            const taken = this.trial.given.map((g) => g.drug),
                free = this.catalogue.drugs.filter(
                    (d) => d.species[this.species] && !taken.includes(d.name),
                ),
                next = free.find((d) => KNOWN_BEST.includes(d.name)) ?? free[0];
            if (!next) return;
            const route = this.routeIn(this.species, next.name, []),
                more = {drug: next.name, route, dose: 0.5, over: 40, at: [0]};
            this.change({given: [...this.trial.given, more]}, true, true);
        });
    }

    private cuts(): HTMLElement {
        const tools = this.catalogue.drugs.filter((d) => d.window && LINKS[d.targets[0] ?? '']);
        return el(
            'fieldset',
            {class: 'lab-row cuts'},
            el('legend', {}, msg('form.cut')),
            ...tools.map((tool) => {
                const on = this.trial.cuts.includes(tool.name),
                    link = LINKS[tool.targets[0] ?? ''] as string;
                const press = () =>
                    this.change(
                        {
                            cuts: on
                                ? this.trial.cuts.filter((c) => c !== tool.name)
                                : [...this.trial.cuts, tool.name],
                        },
                        true,
                        true,
                    );
                const made = button(`✂ ${link}`, msg('form.cut.title', {tool: named(tool.title)}), press);
                made.setAttribute('aria-pressed', String(on));
                made.setAttribute('aria-label', msg('form.cut.link', {link}));
                return made;
            }),
        );
    }
}
