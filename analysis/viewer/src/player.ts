// Where the playback is: a place on the clock's line, moving or not, free or through the acts of the
// story.
import type {Clock} from './data/clock';

export interface Act {
    id: string;
    from: number; // [h] of the run
    to: number; // [h]
    seconds: number; // of playing
    reading: number; // [s] that its words take to be read
}

const REST_SECONDS = 1.2; // at the end of an act, at least: it stays until its words can have been read
const FREE_SECONDS = 50; // from one end of the line to the other at speed 1

export class Player {
    playing = false;
    speed = 1;
    act: number | null = 0; // null: free play
    private place = 0;
    private rest = 0; // [s] already spent at the end of an act

    constructor(
        public clock: Clock,
        public acts: Act[],
    ) {
        this.toAct(0);
    }

    get hours(): number {
        return this.clock.hours(this.place);
    }
    get line(): number {
        return this.place;
    }

    // Another run with its own clock: the same time, as far as it has it.
    adopt(clock: Clock, acts: Act[]): void {
        const hours = this.hours;
        this.clock = clock;
        this.acts = acts;
        if (this.act !== null) this.act = Math.min(this.act, acts.length - 1);
        this.place = clock.place(hours);
    }

    toHours(hours: number): void {
        this.toLine(this.clock.place(hours));
    }

    toLine(place: number): void {
        this.place = Math.max(0, Math.min(1, place));
        this.act = null;
    }

    toAct(index: number): void {
        this.act = Math.max(0, Math.min(this.acts.length - 1, index));
        this.place = this.clock.place(this.acts[this.act]?.from ?? 0);
        this.rest = 0;
    }

    // A place that a link names.
    restore(hours: number, act: number | null): void {
        this.toHours(hours);
        if (act !== null) this.act = Math.max(0, Math.min(this.acts.length - 1, act));
    }

    // The act whose time it is, also in free play.
    current(): number {
        if (this.act !== null) return this.act;
        const hours = this.hours;
        const after = this.acts.findIndex((a) => hours < a.to);
        return after < 0 ? this.acts.length - 1 : after;
    }

    toggle(): void {
        this.playing = !this.playing;
        const over =
            this.act === null ? this.place >= 1 : this.act === this.acts.length - 1 && this.atEndOfAct();
        if (this.playing && over) this.act === null ? this.toLine(0) : this.toAct(0);
    }

    leaveStory(): void {
        this.act = null;
    }

    // Moves on by so many seconds of the visitor.
    tick(seconds: number): void {
        if (!this.playing) return;
        const act = this.act === null ? undefined : this.acts[this.act];
        if (!act) {
            this.place = Math.min(1, this.place + (this.speed * seconds) / FREE_SECONDS);
            if (this.place >= 1) this.playing = false;
        } else if (!this.atEndOfAct()) {
            const from = this.clock.place(act.from),
                to = this.clock.place(act.to);
            this.place = Math.min(to, this.place + (this.speed * seconds * (to - from)) / act.seconds);
        } else {
            this.rest += seconds * this.speed;
            if (this.rest > Math.max(REST_SECONDS, act.reading - act.seconds))
                this.act === this.acts.length - 1
                    ? (this.playing = false)
                    : this.toAct((this.act as number) + 1);
        }
    }

    private atEndOfAct(): boolean {
        const act = this.acts[this.act as number];
        return !act || this.place >= this.clock.place(act.to) - 1e-9;
    }
}
