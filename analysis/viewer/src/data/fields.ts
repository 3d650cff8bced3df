// The quantities of the chain, declared once: name, unit, where the run file holds them, and what they mean.
// Words and units are those of docs/model.md and of `respine compare --figures`.

export interface Field {
    id: string;
    source: string; // dataset of the run file; "brain" is the sum over the drugs that were given
    label: string;
    unit: string;
    factor: number; // shown value = value in the file times this
    digits: number;
    meaning: string;
}

function field(id: string, label: string, unit: string, digits: number, meaning: string, factor = 1): Field {
    return {id, source: `/history/${id}`, label, unit, factor, digits, meaning};
}

export const FIELDS: Field[] = [
    field(
        'brain',
        'Drug in the brain',
        'µM',
        2,
        'Unbound concentration at the receptors, summed over the drugs that were given.',
    ),
    field(
        'nmda_block_sst',
        'NMDA block, SST interneurons',
        '%',
        0,
        'Share of the NMDA receptors of SST interneurons that hold a drug molecule in their pore.',
        100,
    ),
    field(
        'nmda_block_e',
        'NMDA block, pyramidal cells',
        '%',
        0,
        'Share of the NMDA receptors of pyramidal cells that hold a drug molecule in their pore.',
        100,
    ),
    field(
        'rate_sst',
        'SST interneurons',
        'Hz',
        2,
        'Mean firing rate of the SST interneurons, which hold pyramidal cells back.',
    ),
    field('rate_e', 'Pyramidal cells', 'Hz', 2, 'Mean firing rate of the pyramidal (excitatory) cells.'),
    field(
        'glutamate',
        'Glutamate',
        'fold',
        2,
        'Glutamate outside the cells, as a multiple of the drug-free baseline.',
    ),
    field(
        'ampa',
        'AMPA drive',
        'fold',
        2,
        'Current through AMPA receptors of a pyramidal cell, as a multiple of its own baseline.',
    ),
    field(
        'bdnf',
        'BDNF',
        'fold',
        2,
        'Brain-derived neurotrophic factor that is released, as a multiple of basal release.',
    ),
    field('trkb', 'TrkB', '0–1', 2, 'Active share of the receptor of BDNF; 0 without a drug.'),
    field('mtorc1', 'mTORC1', '0–1', 2, 'Activity of the switch of protein synthesis; 0 without a drug.'),
    field(
        'protein_pool',
        'Synaptic protein',
        '0–1',
        2,
        'Pool of synaptic protein that was made; it decays over days.',
    ),
    field(
        'potentiation',
        'Synaptic strength',
        'fold',
        2,
        'Strength of AMPA synapses; it rises with the protein pool.',
    ),
    field(
        'spine_density',
        'Spines',
        '% of healthy',
        1,
        'Excitatory synapses (spines) that are alive, against the healthy network.',
    ),
];

const BY_ID = new Map(FIELDS.map((f) => [f.id, f]));

export function fieldOf(id: string): Field {
    const found = BY_ID.get(id);
    if (!found) throw new Error(`no field ${id}`);
    return found;
}

// A value of the file as it is shown, without its unit.
export function shown(f: Field, value: number): string {
    if (!Number.isFinite(value)) return '–';
    return (value * f.factor).toFixed(f.digits).replace(/^-(0(\.0*)?)$/, '$1');
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
    return unit === 'uM' ? 'µM' : unit === '1' ? '' : unit;
}
