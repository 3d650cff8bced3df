// A pinned moment: a picture, where it is from, its numbers, and a sentence of the visitor's own.
import {fieldOf, shown, unitBeside} from '../data/fields';
import type {Run} from '../data/run';
import {textOf, trialFrom} from '../lab/settings';
import type {Trial} from '../lab/trial';
import {msg} from '../lang';

export interface Pin {
    run: string; // its title
    hours: number; // since the first dose
    when: string;
    caption: string;
    command: string;
    seed: string;
    trial: Trial | null; // of a run that was simulated in the page
    values: {label: string; unit: string; value: string; source: string}[];
    picture: string; // data: address
    own: string;
}

export function valuesAt(run: Run, hours: number): Pin['values'] {
    return run.fields
        .filter((field) => run.get(field.id))
        .map((field) => ({
            label: field.label,
            unit: unitBeside(fieldOf(field.id)),
            value: shown(field, run.at(field.id, hours)),
            source: run.get(field.id)?.source ?? '',
        }));
}

// One row a pin; the values of all pins in columns, with a decimal point in every language.
export function csvOf(pins: Pin[]): string {
    const columns = [...new Set(pins.flatMap((pin) => pin.values.map((v) => `${v.label} [${v.unit}]`)))];
    const head = [
        msg('notebook.csv.run'),
        msg('notebook.csv.hours'),
        msg('notebook.csv.seed'),
        msg('notebook.csv.command'),
        msg('notebook.csv.caption'),
        msg('notebook.csv.own'),
        ...columns,
    ];
    const rows = pins.map((pin) => {
        const values = new Map(pin.values.map((v) => [`${v.label} [${v.unit}]`, v.value]));
        return [
            pin.run,
            pin.hours.toFixed(3),
            pin.seed,
            pin.command,
            pin.caption,
            pin.own,
            ...columns.map((column) => plain(values.get(column) ?? '')),
        ];
    });
    return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

const plain = (number: string) => number.replace(',', '.');
const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// What a saved page holds, as far as it has the shape of pins.
export function pinsFrom(text: string): Pin[] {
    let said: unknown;
    try {
        said = JSON.parse(text);
    } catch {
        return [];
    }
    return (Array.isArray(said) ? said : [])
        .filter(
            (pin: Partial<Pin>) =>
                typeof pin.hours === 'number' &&
                Array.isArray(pin.values) &&
                String(pin.picture).startsWith('data:image/'),
        )
        .map((pin: Pin) => ({...pin, trial: pin.trial && trialFrom(textOf(pin.trial))}));
}
