// What the page says, in the visitor's language. A language is one file beside this one: `messages` in ICU
// MessageFormat by key, and `names` for words that come from run files and configs in English (drugs,
// quantities, units). To add one, translate en.json and name it in LANGUAGES; tests/viewer/language.mjs tells
// what is missing. What the simulator itself says (mistakes in a scenario) is English everywhere.
import {IntlMessageFormat} from 'intl-messageformat';
import de from './de.json';
import en from './en.json';

export type Key = keyof typeof en.messages;

interface Language {
    language: string; // as its speakers write it
    locale: string;
    decimal: string;
    messages: Record<Key, string>;
    names: Record<string, string>;
}

export const LANGUAGES: Record<string, Language> = {en, de};

let spoken = 'en';
const ready = new Map<string, IntlMessageFormat>();

export function speak(language: string | null | undefined): void {
    if (language && language in LANGUAGES) spoken = language;
}

export function spokenNow(): string {
    return spoken;
}

const now = () => LANGUAGES[spoken] as Language;

export function msg(key: Key, values: Record<string, string | number | boolean> = {}): string {
    const name = `${spoken}:${key}`,
        known = ready.get(name) ?? new IntlMessageFormat(now().messages[key], now().locale);
    ready.set(name, known);
    return String(known.format(values));
}

// A word of a file, where this language has one of its own.
export const named = (text: string): string => now().names[text] ?? text;

// A number as it is written here; text that holds one passes through.
export const num = (value: number | string): string => String(value).replace('.', now().decimal);

export const count = (n: number): string => n.toLocaleString(now().locale);

export const listed = (parts: string[]): string => new Intl.ListFormat(now().locale).format(parts);

// The language that the address of the page names.
export const asked = (): string | null => new URLSearchParams(location.hash.slice(1)).get('lang');

// The page's language: its address names one, or the browser does; a worker is named after the page's.
if (typeof document !== 'undefined') speak(asked() ?? navigator.language.slice(0, 2));
else speak((globalThis as {name?: string}).name);
