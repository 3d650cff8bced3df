// The runs that are open, which of them is shown, and which were simulated here.
import {Clock} from './data/clock';
import type {Run} from './data/run';
import type {Trial} from './lab/trial';

const GHOSTS = 3; // tries before the last one

export class Shelf {
    readonly runs: Run[] = [];
    current = 0;
    reference = 0;
    // Those that were simulated here, the oldest first; they stand among the runs too.
    private tries: {run: Run; coarse: boolean; trial: Trial | null}[] = [];

    get run(): Run | undefined {
        return this.runs[this.current];
    }
    // The tries, when this run is one of them; else it alone.
    triedWith(run: Run): Run[] {
        const tried = this.tries.map((t) => t.run);
        return tried.includes(run) ? tried : [run];
    }

    // What was chosen for a run that was simulated here.
    trialOf(run: Run): Trial | null {
        return this.tries.find((t) => t.run === run)?.trial ?? null;
    }
    // Whether the run that is shown is one of a control that moves.
    get shownCoarse(): boolean {
        return this.tries.some((t) => t.run === this.run && t.coarse);
    }
    // The files that were opened here.
    get files(): File[] {
        return this.runs.filter((run) => !this.tries.some((t) => t.run === run)).map((run) => run.source);
    }

    add(fresh: Run[]): void {
        const first = this.runs.length === 0;
        this.runs.push(...fresh);
        // A run without a drug is shown beside it, on its clock.
        const lender = this.runs.find((run) => run.treated);
        if (lender) for (const run of this.runs) if (!run.treated) run.countFrom(lender.zero);
        const treated = (run: Run) => run.extreme('brain', true, run.start, run.end).value > 0;
        if (first)
            this.reference = Math.max(
                0,
                this.runs.findIndex((run) => !treated(run)),
            );
    }

    // The last try, with those before it as ghosts; a coarse one makes room for the next.
    addTry(run: Run, coarse: boolean, trial: Trial | null): void {
        if (this.tries.at(-1)?.coarse) this.forget(this.tries.pop()?.run);
        while (this.tries.length > GHOSTS) this.forget(this.tries.shift()?.run);
        this.tries.push({run, coarse, trial});
        this.runs.push(run);
    }

    forgetTries(): void {
        for (const {run} of this.tries.splice(0)) this.forget(run);
    }

    // A run alone has a clock of its own; compared runs share one that reaches to the end of the longest.
    clockOf(run: Run, compared: boolean): Clock {
        const together = compared ? this.runs : [run];
        return new Clock(
            Math.min(...together.map((r) => r.start)),
            Math.max(...together.map((r) => r.end)),
            run.mainDoses.map((d) => d.time),
        );
    }

    private forget(run: Run | undefined): void {
        const index = run ? this.runs.indexOf(run) : -1;
        if (index < 0) return;
        run?.close();
        this.runs.splice(index, 1);
        if (this.reference > index) --this.reference;
        if (this.current > index) --this.current;
    }
}
