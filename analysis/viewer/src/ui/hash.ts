// The state of the page in its address: what follows '#' brings another visitor to the same view, run and
// time.

import {asked} from '../lang';
import {textOf, trialFrom} from '../lab/settings';
import type {Trial} from '../lab/trial';

export interface State {
    view: string;
    run: number;
    reference: number;
    hours: number;
    act: number | null;
    renderer: string;
    trial: Trial | null; // that is shown, with all that was chosen
}

function readHash(): Partial<State> {
    const found = new URLSearchParams(location.hash.slice(1)),
        state: Partial<State> = {};
    const number = (name: string) => {
        const text = found.get(name);
        return text === null || !Number.isFinite(Number(text)) ? undefined : Number(text);
    };
    const view = found.get('view'),
        run = number('run'),
        reference = number('ref'),
        hours = number('t'),
        act = number('act'),
        renderer = found.get('renderer');
    if (view) state.view = view;
    if (run !== undefined) state.run = run;
    if (reference !== undefined) state.reference = reference;
    if (hours !== undefined) state.hours = hours;
    if (act !== undefined) state.act = act;
    if (renderer) state.renderer = renderer;
    const trial = trialFrom(found.get('try') ?? '');
    if (trial) state.trial = trial;
    return state;
}

function hashOf(state: State): string {
    const parts: [string, string][] = [
        ['view', state.view],
        ['run', String(state.run)],
        ['ref', String(state.reference)],
        ['t', state.hours.toFixed(3)],
    ];
    if (state.act !== null) parts.push(['act', String(state.act)]);
    if (state.renderer) parts.push(['renderer', state.renderer]);
    if (state.trial) parts.push(['try', textOf(state.trial)]);
    const language = asked(); // it stays until the visitor chooses another
    if (language) parts.push(['lang', language]);
    return `#${new URLSearchParams(parts)}`;
}

// The page in another language, at the same place.
export function speakAnew(language: string): void {
    const parts = new URLSearchParams(location.hash.slice(1));
    parts.set('lang', language);
    history.replaceState(null, '', `#${parts}`);
    location.reload();
}

// What is copied for others: of a page on disk its file's name, not the folders of its owner.
export function linkTo(place: Location): string {
    return place.protocol === 'file:' ? `${place.pathname.split('/').pop()}${place.hash}` : place.href;
}

const PAUSE = 700; // [ms] between changes of the address

// Keeps the address at what is shown, and hears when a visitor changes it.
export class Address {
    private last = '';
    private due = 0;
    readonly state = readHash(); // when the page was opened

    constructor(
        private shown: () => State,
        private go: (state: Partial<State>) => void,
    ) {}

    // Goes where the address says, now and whenever it is changed.
    follow(): void {
        this.go(this.state);
        addEventListener('hashchange', () => {
            if (location.hash !== this.last) this.go(readHash());
        });
    }

    frame(now: number): void {
        if (now < this.due) return;
        this.due = now + PAUSE;
        const hash = hashOf(this.shown());
        if (hash === this.last) return;
        this.last = hash;
        history.replaceState(null, '', hash);
    }
}
