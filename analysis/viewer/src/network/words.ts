// What the network view says about cells and synapses.
import {timeWords} from '../data/clock';
import {unitWords} from '../data/fields';
import type {CellField, Cells} from './cells';
import type {Changes, Synapses} from './synapses';

export function fieldWords(field: CellField): string {
    const unit = unitWords(field.unit);
    return `${field.label}${unit ? ` [${unit}]` : ''}`;
}

export function recordedWords(cells: Cells): string {
    return cells.fields.length === 0
        ? 'This run recorded no snapshots, so neurons have no values over time ' +
              '(record.snapshots in the scenario).'
        : '';
}

export function partnerWords(
    synapses: Synapses | null,
    sources: Uint32Array | null,
    neuron: number,
    cells: Cells,
    graph: number,
): string {
    if (neuron >= cells.excitatory) return 'Synapses onto interneurons are fixed, so none are recorded.';
    if (!synapses) return 'The file holds no synapses.';
    if (!sources) {
        const every = synapses.fileEvery,
            near = Math.min(cells.excitatory - 1, Math.round(neuron / every) * every);
        return (
            `This page holds the synapses onto every ${every}th neuron; ` + `neuron ${near} is one of them.`
        );
    }
    return (
        `${sources.length} synapses from ${new Set(sources).size} neurons (yellow lines) at ` +
        `${timeWords(synapses.graphs[graph]?.time ?? 0)}.`
    );
}

export function changeWords(c: Changes, formed: number, lost: number): string {
    const about = c.exact ? '' : 'about ',
        words = (n: number) => n.toLocaleString('en');
    return (
        `Showing ${words(formed)} of ${about}${words(c.formedInAll)} synapses formed (green) and ` +
        `${words(lost)} of ${about}${words(c.lostInAll)} lost (orange, dashed) from ${timeWords(c.from)} ` +
        `to ${timeWords(c.to)}.`
    );
}
