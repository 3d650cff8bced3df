// Words of the story in English: cells, drugs and what they act on.
import type {Sentences, Teller} from './facts';
import type {Given} from './pharmacology';

export const CELLS: Record<string, string> = {
    sst: 'SST interneurons',
    pv: 'PV interneurons',
    e: 'pyramidal cells',
};

// What a drug does to its target, as the drug file says it.
const ACTS_ON: Record<string, string> = {
    nmda: 'sits in open NMDA receptors',
    ampa: 'blocks AMPA receptors',
    ampa_modulator: 'strengthens AMPA receptors',
    bdnf: 'catches BDNF outside the cells',
    trkb: 'blocks TrkB, the receptor of BDNF',
    mtorc1: 'blocks mTORC1',
    l_type_ca: 'blocks L-type calcium channels',
    gaba_a: 'strengthens GABA-A receptors',
    gaba_a_alpha5: 'weakens GABA-A receptors with alpha-5',
    mglu23_antagonist: 'blocks mGluR2/3, the brake on the release of glutamate',
    mglu23_agonist: 'drives mGluR2/3, the brake on the release of glutamate',
    muscarinic_m1: 'blocks muscarinic receptors of interneurons',
    serotonin_2a: 'drives 5-HT2A receptors of pyramidal cells',
    sert: 'blocks the uptake of serotonin',
    release: 'lowers the release of glutamate',
    eaat2: 'raises the uptake of glutamate',
    mu_opioid: 'acts on opioid receptors',
    trkb_partner: 'binds TrkB',
};

// What is told of a drug: one that strengthens all GABA-A receptors does so to those with alpha-5 too.
function toldTargets({targets}: Given): string[] {
    return targets.filter((x) => x !== 'gaba_a_alpha5' || !targets.includes('gaba_a'));
}

// "racemic ketamine 10 mg/kg, which sits in open NMDA receptors"; of a drug that comes later its name alone.
export function treatment(t: Teller, given: Given, acting: boolean): Sentences {
    if (!acting) return {text: given.words, facts: []};
    const targets = toldTargets(given),
        what = targets.map((x) => ACTS_ON[x] ?? `acts on ${x}`);
    return {
        text: `${given.words}, which ${what.join(' and ') || 'acts on no target'}`,
        facts: targets.map((x) => t.actsOn(given.drug, x)),
    };
}

export function list(parts: string[]): string {
    return parts.length < 2
        ? (parts[0] ?? '')
        : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}

// Why rates may change, one phrase for each target that is acted on at this time.
const MOVES_RATES: Record<string, string> = {
    nmda: 'less NMDA current',
    ampa: 'less AMPA current into every cell',
    gaba_a: 'stronger inhibition',
    gaba_a_alpha5: 'weaker inhibition',
    muscarinic_m1: 'less drive of interneurons by acetylcholine',
    serotonin_2a: 'more excitable pyramidal cells',
    mglu23_antagonist: 'more release of glutamate',
    mglu23_agonist: 'less release of glutamate',
    release: 'less release of glutamate',
    mu_opioid: 'opioid receptors',
};

// "The cause is ...", where rates have moved.
export function because(t: Teller, acting: Given[]): Sentences | null {
    const blocks = t.rises('nmda_block_e') || t.rises('nmda_block_sst');
    const causes = acting.flatMap((g) =>
        toldTargets(g)
            .filter((x) => x in MOVES_RATES && (x !== 'nmda' || blocks))
            .map((x) => ({words: `${MOVES_RATES[x]} (${g.title})`, fact: t.actsOn(g.drug, x)})),
    );
    if (causes.length === 0) return null;
    const words = list(causes.map((c) => c.words));
    return {
        text: causes.length === 1 ? `The cause is ${words}.` : `At work are ${words} at once.`,
        facts: causes.map((c) => c.fact),
    };
}

// Blockers between AMPA receptors and spines, with what each shuts.
const SHUTS: Record<string, string> = {
    l_type_ca: 'the calcium that releases BDNF cannot enter',
    bdnf: 'BDNF is caught before it reaches its receptor',
    trkb: 'BDNF finds no receptor',
    mtorc1: 'mTORC1 cannot start',
};

export function shutBy(t: Teller, acting: Given[], targets: string[]): Sentences | null {
    const found = acting.flatMap((g) =>
        targets.filter((x) => g.targets.includes(x)).map((x) => ({g, x, fact: t.actsOn(g.drug, x)})),
    );
    if (found.length === 0) return null;
    return {
        text: found.map(({g, x}) => `With ${g.title} ${SHUTS[x]}.`).join(' '),
        facts: found.map(({fact}) => fact),
    };
}
