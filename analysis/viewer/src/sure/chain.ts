// The links of the model's chain: what each makes, and the parameters that say how much.

export interface Link {
    name: string;
    fields: string[]; // of the history
    sections: string[]; // of the parameters
    also: string; // where more of its numbers stand
}

export const CHAIN: Link[] = [
    {name: 'drug', fields: ['brain'], sections: [], also: "Its numbers stand in the drug's file."},
    {
        name: 'NMDA block',
        fields: ['nmda_block_sst', 'nmda_block_pv', 'nmda_block_e'],
        sections: ['nmda.', 'receptors.'],
        also: "Affinities stand in the drug's file.",
    },
    {
        name: 'firing',
        fields: ['rate_sst', 'rate_pv', 'rate_e'],
        sections: ['modulation.', 'links.disinhibition'],
        also: "Weights and gains stand in the network's file.",
    },
    {name: 'glutamate', fields: ['glutamate'], sections: ['glutamate.', 'links.surge'], also: ''},
    {name: 'AMPA', fields: ['ampa'], sections: ['ampa.'], also: ''},
    {name: 'BDNF', fields: ['translation', 'bdnf'], sections: ['translation.', 'bdnf.'], also: ''},
    {
        name: 'TrkB, mTORC1, protein',
        fields: ['trkb', 'mtorc1', 'protein_pool', 'potentiation'],
        sections: ['signalling.'],
        also: '',
    },
    {
        name: 'spines',
        fields: ['spine_density'],
        sections: ['formation.', 'newborn.', 'pruning.', 'set_point.', 'spine_size.'],
        also: '',
    },
];

export function linkOf(field: string): Link | undefined {
    return CHAIN.find((link) => link.fields.includes(field));
}

export interface Belief {
    path: string;
    value: number;
    unit: string;
    low: number;
    high: number;
    mark: string;
    reference: string;
    doc: string;
}

export const MARKS: Record<string, string> = {
    R: 'read in the source',
    R2: 'read second-hand',
    RD: 'computed from deposited data',
    D: 'derived',
    rec: 'recalled, not looked up',
    A: 'assumed',
};

export function ofLink(link: Link, all: Belief[]): Belief[] {
    return all.filter((belief) => link.sections.some((section) => belief.path.startsWith(section)));
}

export interface Assumed {
    words: string; // "19 of 26 numbers assumed"
    mostly: boolean;
}

// Null for a link whose numbers stand elsewhere.
export function assumed(link: Link, all: Belief[]): Assumed | null {
    const own = ofLink(link, all),
        guesses = own.filter((belief) => belief.mark === 'A').length;
    if (own.length === 0) return null;
    return {words: `${guesses} of ${own.length} numbers assumed`, mostly: 2 * guesses > own.length};
}
