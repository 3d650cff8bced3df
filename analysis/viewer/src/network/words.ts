// What the network view says about cells and synapses.
import {timeWords} from '../data/clock';
import {unitWords} from '../data/fields';
import type {CellField, Cells} from './cells';
import type {Changes, Synapses} from './synapses';
import {count, msg} from '../lang';

export function fieldWords(field: CellField): string {
    const unit = unitWords(field.unit);
    return `${field.label}${unit ? ` [${unit}]` : ''}`;
}

export function recordedWords(cells: Cells): string {
    return cells.fields.length === 0 ? msg('network.no_frames') : '';
}

export function partnerWords(
    synapses: Synapses | null,
    sources: Uint32Array | null,
    neuron: number,
    cells: Cells,
    graph: number,
): string {
    if (neuron >= cells.excitatory) return msg('network.fixed');
    if (!synapses) return msg('network.no_synapses');
    if (!sources) {
        const every = synapses.fileEvery,
            near = Math.min(cells.excitatory - 1, Math.round(neuron / every) * every);
        return msg('network.every', {every, near});
    }
    return msg('network.partners', {
        synapses: sources.length,
        neurons: new Set(sources).size,
        time: timeWords(synapses.graphs[graph]?.time ?? 0),
    });
}

export function changeWords(c: Changes, formed: number, lost: number): string {
    return msg('network.changes', {
        about: !c.exact,
        formed: count(formed),
        formedInAll: count(c.formedInAll),
        lost: count(lost),
        lostInAll: count(c.lostInAll),
        from: timeWords(c.from),
        to: timeWords(c.to),
    });
}
