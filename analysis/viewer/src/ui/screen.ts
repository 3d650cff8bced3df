// The views of the page, the tabs that lead to them, and where their parts stand: what fills the first
// screen, and what lies below it.
import {button, el} from './dom';
import {msg} from '../lang';

const VIEWS = {
    try: msg('view.try'),
    synapse: msg('view.synapse'),
    network: msg('view.network'),
    compare: msg('view.compare'),
    about: msg('view.about'),
    persons: msg('view.persons'),
    notebook: msg('view.notebook'),
    lessons: msg('view.lessons'),
};
export type ViewName = keyof typeof VIEWS;
export const VIEW_NAMES = Object.keys(VIEWS) as ViewName[];

// The parts that come and go with the views.
export interface Parts {
    lab: HTMLElement;
    welcome: HTMLElement;
    synapse: HTMLElement;
    network: HTMLElement;
    compare: HTMLElement;
    persons: HTMLElement;
    notebook: HTMLElement;
    lessons: HTMLElement;
    about: HTMLElement;
    timeline: HTMLElement;
    numbers: HTMLElement;
    beliefs: HTMLElement;
    difference: HTMLElement;
    traces: HTMLElement;
}

export class Screen {
    readonly tabs = new Map<ViewName, HTMLButtonElement>();

    constructor(
        private parts: Parts,
        go: (view: ViewName) => void,
    ) {
        for (const name of VIEW_NAMES)
            this.tabs.set(
                name,
                button(VIEWS[name], msg('view.show', {view: VIEWS[name]}), () => go(name), `tab-${name}`),
            );
    }

    // `top`: what stands over every view.
    elements(top: HTMLElement[]): HTMLElement[] {
        const {lab, timeline, numbers, beliefs, difference, traces, ...views} = this.parts;
        const work = el('div', {class: 'work'}, lab, el('div', {class: 'views'}, ...Object.values(views)));
        this.measure([...top, timeline]);
        return [el('div', {class: 'screen'}, ...top, work, timeline), numbers, beliefs, difference, traces];
    }

    // How much of the first screen the view does not have.
    private measure(around: HTMLElement[]): void {
        const observer = new ResizeObserver(() => {
            const used = around.reduce((sum, part) => sum + part.getBoundingClientRect().height, 0);
            document.documentElement.style.setProperty('--around', `${Math.ceil(used)}px`);
        });
        for (const part of around) observer.observe(part);
    }

    // `runs`: how many are open; `waiting`: no file is being read.
    show(view: ViewName, runs: number, waiting: boolean): void {
        for (const [name, tab] of this.tabs) tab.setAttribute('aria-pressed', String(name === view));
        const {parts} = this,
            none = runs === 0,
            apart = ['about', 'persons', 'notebook', 'lessons'].includes(view);
        parts.lab.hidden = view !== 'try';
        parts.welcome.hidden = !none || !waiting || view === 'try' || apart;
        parts.synapse.hidden = view !== 'try' && (view !== 'synapse' || (none && waiting));
        parts.numbers.hidden = parts.beliefs.hidden = parts.synapse.hidden;
        parts.network.hidden = view !== 'network' || none;
        parts.compare.hidden = view !== 'compare' || none;
        parts.persons.hidden = view !== 'persons';
        parts.notebook.hidden = view !== 'notebook';
        parts.lessons.hidden = view !== 'lessons';
        parts.about.hidden = view !== 'about';
        parts.timeline.hidden = parts.traces.hidden = none || apart;
        parts.difference.hidden = view !== 'compare' || runs < 2;
        document.body.dataset.view = view;
        document.body.classList.toggle('several', runs > 1);
    }
}
