// The links of the model's chain: what each makes, and the parameters that say how much.
import {msg} from '../lang';

export interface Link {
    name: string;
    fields: string[]; // of the history
    sections: string[]; // of the parameters
    also: string; // where more of its numbers stand
}

export const CHAIN: Link[] = [
    {name: msg('chain.drug'), fields: ['brain'], sections: [], also: msg('chain.also.drug')},
    {
        name: msg('chain.nmda'),
        fields: ['nmda_block_sst', 'nmda_block_pv', 'nmda_block_e'],
        sections: ['nmda.', 'receptors.'],
        also: msg('chain.also.nmda'),
    },
    {
        name: msg('chain.firing'),
        fields: ['rate_sst', 'rate_pv', 'rate_e'],
        sections: ['modulation.', 'links.disinhibition'],
        also: msg('chain.also.firing'),
    },
    {
        name: msg('chain.glutamate'),
        fields: ['glutamate'],
        sections: ['glutamate.', 'links.surge'],
        also: '',
    },
    {name: msg('chain.ampa'), fields: ['ampa'], sections: ['ampa.'], also: ''},
    {
        name: msg('chain.bdnf'),
        fields: ['translation', 'bdnf'],
        sections: ['translation.', 'bdnf.'],
        also: '',
    },
    {
        name: msg('chain.signalling'),
        fields: ['trkb', 'mtorc1', 'protein_pool', 'potentiation'],
        sections: ['signalling.'],
        also: '',
    },
    {
        name: msg('chain.spines'),
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
    R: msg('mark.R'),
    R2: msg('mark.R2'),
    RD: msg('mark.RD'),
    D: msg('mark.D'),
    rec: msg('mark.rec'),
    A: msg('mark.A'),
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
    return {words: msg('sure.assumed', {guesses, all: own.length}), mostly: 2 * guesses > own.length};
}
