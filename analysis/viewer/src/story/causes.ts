// What treatments act on, and what follows from it, as parts of sentences.
import {listed, msg, named, type Key} from '../lang';
import {say, together, type Sentences, type Teller} from './facts';
import type {Given} from './pharmacology';

// A target that no message speaks of is called by its own name.
const TARGETS = [
    'nmda',
    'ampa',
    'ampa_modulator',
    'bdnf',
    'trkb',
    'mtorc1',
    'l_type_ca',
    'gaba_a',
    'gaba_a_alpha5',
    'mglu23_antagonist',
    'mglu23_agonist',
    'muscarinic_m1',
    'serotonin_2a',
    'sert',
    'release',
    'eaat2',
    'mu_opioid',
    'trkb_partner',
] as const;
const isKnown = (target: string): target is (typeof TARGETS)[number] =>
    (TARGETS as readonly string[]).includes(target);

// What is told of a drug: one that strengthens all GABA-A receptors does so to those with alpha-5 too.
function toldTargets({targets}: Given): string[] {
    return targets.filter((x) => x !== 'gaba_a_alpha5' || !targets.includes('gaba_a'));
}

// "racemic ketamine 10 mg/kg, which sits in open NMDA receptors"; of a drug that comes later its name alone.
export function treatment(t: Teller, given: Given, acting: boolean): Sentences {
    if (!acting) return {text: given.words, facts: []};
    const targets = toldTargets(given),
        what = targets.map((target) =>
            isKnown(target) ? msg(`target.${target}`) : msg('target.other', {target}),
        );
    return say(
        'story.given.treatment',
        {given: given.words, what: what.length > 0 ? listed(what) : msg('target.none')},
        ...targets.map((x) => t.actsOn(given.drug, x)),
    );
}

// Why rates may change, one phrase for each target that is acted on at this time.
const MOVES_RATES = [
    'nmda',
    'ampa',
    'gaba_a',
    'gaba_a_alpha5',
    'muscarinic_m1',
    'serotonin_2a',
    'mglu23_antagonist',
    'mglu23_agonist',
    'release',
    'mu_opioid',
] as const;

// "The cause is ...", where rates have moved.
export function because(t: Teller, acting: Given[]): Sentences | null {
    const blocks = t.rises('nmda_block_e') || t.rises('nmda_block_sst');
    const causes = acting.flatMap((g) =>
        MOVES_RATES.filter((x) => toldTargets(g).includes(x) && (x !== 'nmda' || blocks)).map((x) => ({
            words: msg('story.cells.cause', {cause: msg(`cause.${x}`), drug: named(g.title)}),
            fact: t.actsOn(g.drug, x),
        })),
    );
    if (causes.length === 0) return null;
    const key: Key = causes.length === 1 ? 'story.cells.because' : 'story.cells.together';
    return say(key, {causes: listed(causes.map((c) => c.words))}, ...causes.map((c) => c.fact));
}

// Blockers between AMPA receptors and spines, with what each shuts.
export type Blocker = 'l_type_ca' | 'bdnf' | 'trkb' | 'mtorc1';

export function shutBy(t: Teller, acting: Given[], targets: Blocker[]): Sentences | null {
    const found = acting.flatMap((g) =>
        targets
            .filter((x) => g.targets.includes(x))
            .map((x) => say(`story.shut.${x}`, {drug: named(g.title)}, t.actsOn(g.drug, x))),
    );
    return found.length > 0 ? together(...found) : null;
}
