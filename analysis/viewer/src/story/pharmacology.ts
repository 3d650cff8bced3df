// What was given in a run and what each drug acts on, from the drug files that the run file holds.
import {doseWords, type Course, type Dose} from '../data/course';
import {timeWords} from '../data/clock';
import {msg, named} from '../lang';

export interface Given {
    drug: string; // as in /events
    title: string;
    words: string; // with amount, times and what it acts on
    targets: string[];
    from: number;
    to: number; // end of the last infusion, bath or window
}

// Names of a drug's own targets: keys one step below `targets:`; those of a contested link act in no shipped
// scenario but under the hypothesis of that name.
export function targetsOf(yaml: string): string[] {
    const lines = yaml.split('\n');
    const start = lines.findIndex((line) => line.startsWith('targets:'));
    if (start < 0) return [];
    const found: string[] = [];
    for (const line of lines.slice(start + 1)) {
        if (/^\S/.test(line)) break;
        const key = /^ {2}(\w+):/.exec(line);
        if (key) found.push(key[1] as string);
        if (/^ {4}link:/.test(line)) found.pop();
    }
    return found;
}

function text(course: Course, drug: string): string {
    const name = (drug.split('/').pop() ?? drug).replace(/\.yaml$/, '').replaceAll('-', '_');
    return String(course.meta[`drug_${name}`] ?? '');
}

function titleOf(yaml: string, drug: string): string {
    const title = /^title: *"?([^"\n]*)"?/m.exec(yaml)?.[1];
    return title?.replace(/, .*/, '') ?? drug;
}

// What becomes of a drug in the body acts too: metabolites, by the names of their files.
function metabolitesOf(yaml: string): string[] {
    return [...new Set([...yaml.matchAll(/^ *- drug: *(\S+)/gm)].map((m) => m[1] as string))];
}

function allTargets(course: Course, drug: string, seen = new Set<string>()): string[] {
    if (seen.has(drug)) return [];
    seen.add(drug);
    const yaml = text(course, drug);
    return [
        ...new Set([
            ...targetsOf(yaml),
            ...metabolitesOf(yaml).flatMap((m) => allTargets(course, m, seen)),
        ]),
    ];
}

// "on days 0, 2, 4" or "6 times, the last on day 16"
function timesOf(doses: Dose[]): string {
    const first = doses[0] as Dose,
        last = doses[doses.length - 1] as Dose;
    if (doses.length === 1)
        return Math.abs(first.time) < 0.01
            ? ''
            : msg(first.time < 0 ? 'given.before' : 'given.after', {time: timeWords(first.time)});
    return msg('given.times', {times: doses.length, time: timeWords(last.time)});
}

// One entry for each drug, amount and duration, in the order of time.
export function givenIn(course: Course): Given[] {
    const groups = new Map<string, Dose[]>();
    for (const dose of [...course.doses].sort((a, b) => a.time - b.time)) {
        const words = doseWords(dose);
        groups.set(words, [...(groups.get(words) ?? []), dose]);
    }
    return [...groups].map(([words, doses]) => {
        const dose = doses[0] as Dose,
            last = doses[doses.length - 1] as Dose,
            yaml = text(course, dose.drug),
            title = titleOf(yaml, dose.drug);
        return {
            drug: dose.drug,
            title,
            words: words.replace(/^\S+/, named(title)) + timesOf(doses),
            targets: allTargets(course, dose.drug),
            from: dose.time,
            to: last.time + last.over,
        };
    });
}
