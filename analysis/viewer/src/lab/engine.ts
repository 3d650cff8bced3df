// The page's side of the simulator: it starts when it is first asked, and tells what can be chosen.
import {Questions, startWorker, unpacked} from '../data/questions';
import type {Belief} from '../sure/chain';
import type {EngineRequest} from '../worker/engine';

export interface DrugChoice {
    name: string;
    title: string;
    window: boolean; // a tool that acts at full effect while its treatment lasts
    targets: string[];
    species: Record<string, {routes: string[]; largest: number}>; // largest: [mg/kg]; 0 where none is known
}
export interface Catalogue {
    models: {name: string; species: string}[];
    drugs: DrugChoice[];
    accounts: {name: string; title: string; claim: string}[]; // rival hypotheses
}
export type Described =
    {kind: 'drug'; drug: DrugChoice} | {kind: 'scenario'; name: string; title: string; network: string};
export interface Simulated {
    name: string;
    notes: string[];
    bytes: Uint8Array<ArrayBuffer>; // of the run file
}

export class Engine {
    private started: Promise<Questions> | null = null;
    private wanted = 0; // runs that a visitor waits for
    private calm: Promise<unknown> = Promise.resolve(); // settles with the last of them
    private turn: Promise<unknown> = Promise.resolve(); // of what runs behind them
    private stops = 0;

    // `heard` is told the share of a run that is done.
    constructor(private heard: (share: number) => void) {}

    catalogue(): Promise<Catalogue> {
        return this.ask({method: 'catalogue'}) as Promise<Catalogue>;
    }
    // Every parameter of a model with its mark and range.
    async beliefs(model: string): Promise<Belief[]> {
        return ((await this.ask({method: 'beliefs', model})) as {parameters: Belief[]}).parameters;
    }
    // Throws an Error with every mistake in the file, each with its place.
    describe(name: string, text: string): Promise<Described> {
        return this.ask({method: 'describe', name, text}) as Promise<Described>;
    }
    // A scenario, as a file says it. An older run that is under way ends: its promise rejects as 'stopped'.
    simulate(scenario: string, text: string, settings: [string, string][]): Promise<Simulated> {
        const run = this.ask({method: 'simulate', scenario, text, settings}) as Promise<Simulated>;
        ++this.wanted;
        this.calm = Promise.allSettled([this.calm, run.finally(() => --this.wanted)]);
        return run;
    }
    // Whether a visitor waits for a run.
    get busy(): boolean {
        return this.wanted > 0;
    }
    // The same behind all that visitors wait for: one at a time, and begun anew when such a run ends it.
    // Rejects as 'stopped' by stop() alone.
    behind(scenario: string, text: string, settings: [string, string][]): Promise<Simulated> {
        const run = this.turn.then(() => this.whenCalm({method: 'simulate', scenario, text, settings}));
        this.turn = run.catch(() => undefined);
        return run;
    }
    // Ends the run that is under way, if there is one.
    stop(): Promise<unknown> {
        ++this.stops;
        return this.ask({method: 'stop'});
    }

    private async whenCalm(request: EngineRequest): Promise<Simulated> {
        const {stops} = this;
        for (;;) {
            while (this.busy) await this.calm;
            try {
                return (await this.ask(request)) as Simulated;
            } catch (error) {
                if ((error as Error).message !== 'stopped' || this.stops !== stops) throw error;
            }
        }
    }

    private async ask(request: EngineRequest): Promise<unknown> {
        this.started ??= this.start();
        return (await this.started).ask(request);
    }

    private async start(): Promise<Questions> {
        const [wasm, configs] = await Promise.all([unpacked('engine'), unpacked('configs')]);
        const questions = new Questions(startWorker('simulator'), this.heard);
        await questions.ask({method: 'start', wasm, configs: JSON.parse(await configs.text())});
        return questions;
    }
}
