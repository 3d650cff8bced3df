// The choices of a trial as short text, for addresses and saved pages, and back. What comes back from a
// stranger's address is checked: a text that is no trial gives null.
import type {Given, Trial} from './trial';

const NAME = /^[\w/.-]{1,80}$/;

export function textOf(trial: Trial): string {
    return JSON.stringify(trial);
}

export function trialFrom(text: string): Trial | null {
    let said: Partial<Record<keyof Trial, unknown>>;
    try {
        said = JSON.parse(text) as typeof said;
    } catch {
        return null;
    }
    if (typeof said !== 'object' || said === null) return null;
    const {model, stress, genotype, given, cuts, days, seed, account = ''} = said;
    const fits =
        isName(model) &&
        isNumber(stress, 0, 1) &&
        isName(genotype) &&
        isNumber(days, 1, 365) &&
        isNumber(seed, 0, 1e9) &&
        (account === '' || isName(account)) &&
        Array.isArray(given) &&
        given.every(isGiven) &&
        Array.isArray(cuts) &&
        cuts.every(isName);
    return fits ? ({model, stress, genotype, given, cuts, days, seed, account} as Trial) : null;
}

const isName = (value: unknown) => typeof value === 'string' && NAME.test(value);
const isNumber = (value: unknown, low: number, high: number) =>
    typeof value === 'number' && value >= low && value <= high;

function isGiven(value: unknown): boolean {
    const {drug, route, dose, over, at} = (value ?? {}) as Partial<Record<keyof Given, unknown>>;
    return (
        isName(drug) &&
        isName(route) &&
        isNumber(dose, 0, 1e4) &&
        isNumber(over, 0, 1e5) &&
        Array.isArray(at) &&
        at.length <= 100 &&
        at.every((day) => isNumber(day, 0, 365))
    );
}
