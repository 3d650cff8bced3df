// The story of runs outside the page, for the test that holds each of its facts against the run file: takes
// what a run file holds as JSON, a run a line, and gives the acts.
import {Clock} from '../data/clock';
import {Course, type Dose} from '../data/course';
import {fieldFrom, learn} from '../data/fields';
import type {Attributes} from '../worker/messages';
import {actsOf, type StoryAct} from './acts';
import {speak} from '../lang';

interface Told {
    meta: Attributes;
    time: number[];
    doses: Dose[];
    series: Record<string, {values: number[]; attributes: Attributes}>;
}

class Read extends Course {
    constructor(told: Told) {
        super(told.meta, Float64Array.from(told.time), told.doses);
        for (const [id, {values}] of Object.entries(told.series))
            this.series.set(id, {
                values: Float32Array.from(values),
                low: null,
                high: null,
                outer: null,
                source: `/history/${id}`,
            });
    }
}

export function tell(json: string, language: string): {zero: number; rest: number; acts: StoryAct[]} {
    speak(language);
    const told = JSON.parse(json) as Told;
    learn(Object.entries(told.series).map(([id, {attributes}]) => fieldFrom(id, attributes)));
    const course = new Read(told);
    const clock = new Clock(
        course.start,
        course.end,
        course.mainDoses.map((d) => d.time),
    );
    return {zero: course.zero, rest: clock.start, acts: actsOf(course, clock)};
}
