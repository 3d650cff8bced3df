// The quantities of the chain, as the run files describe them: label, unit, scale and meaning are attributes
// of their datasets, and /history says which there are, in the order of the chain.
import type {Attributes} from '../worker/messages';
import {named, num} from '../lang';

export interface Field {
    id: string;
    label: string;
    unit: string;
    factor: number; // shown value = value in the file times this
    digits: number;
    meaning: string;
    prominent: boolean; // among what people look at; others are there for sentences
}

const known = new Map<string, Field>(); // of all files that are open, in the order of the first that has each

export const ATTRIBUTES = ['label', 'shown_units', 'shown_factor', 'units', 'long_name', 'prominence'];

// Of the attributes of a dataset of the history. A file from before datasets described themselves shows all
// it has.
export function fieldFrom(id: string, said: Attributes): Field {
    const unit = unitWords(String(said.shown_units ?? said.units ?? '')),
        meaning = named(String(said.long_name ?? id));
    return {
        id,
        label: named(String(said.label ?? id.replaceAll('_', ' '))),
        unit,
        factor: Number(said.shown_factor ?? 1),
        digits: unit === '%' ? 0 : unit.startsWith('%') ? 1 : 2,
        meaning: meaning.charAt(0).toUpperCase() + meaning.slice(1).replace(/, mean$/, '') + '.',
        prominent: said.prominence === undefined || said.prominence === 'shown',
    };
}

export function learn(fields: Field[]): void {
    for (const field of fields) if (!known.has(field.id)) known.set(field.id, field);
}

export function allFields(): Field[] {
    return [...known.values()].filter((field) => field.prominent);
}

// A file that is open may lack what a sentence is about; its value is NaN then, and shown as a dash.
export function fieldOf(id: string): Field {
    return known.get(id) ?? fieldFrom(id, {});
}

// A value of the file as it is shown, without its unit.
export function shown(f: Field, value: number): string {
    if (!Number.isFinite(value)) return '–';
    return num((value * f.factor).toFixed(f.digits).replace(/^-(0(\.0*)?)$/, '$1'));
}

// A unit behind a number; a range is in brackets there.
export function unitBeside(f: Field): string {
    return f.unit === '0–1' ? '(0–1)' : f.unit;
}

export function withUnit(f: Field, value: number): string {
    return `${shown(f, value)} ${unitBeside(f)}`;
}

// Units of the file as they are shown.
export function unitWords(unit: string): string {
    return unit === 'uM' ? 'µM' : unit === '1' ? '' : named(unit);
}
