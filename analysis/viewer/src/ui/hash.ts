// The state of the page in its address: what follows '#' brings another visitor to the same view, run and
// time.

interface State {
    view: string;
    run: number;
    reference: number;
    hours: number;
    act: number | null;
    renderer: string;
}

export function readHash(): Partial<State> {
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
    return state;
}

export function hashOf(state: State): string {
    const parts: [string, string][] = [
        ['view', state.view],
        ['run', String(state.run)],
        ['ref', String(state.reference)],
        ['t', state.hours.toFixed(3)],
    ];
    if (state.act !== null) parts.push(['act', String(state.act)]);
    if (state.renderer) parts.push(['renderer', state.renderer]);
    return `#${new URLSearchParams(parts)}`;
}
