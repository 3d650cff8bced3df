// What the acts say, in English. Each sentence stands under a condition on the values of its own act, and
// names the treatment and what it acts on; where several causes act at once, none is singled out.
import {timeWords} from '../data/clock';
import {say, together, type Sentences, type Teller} from './facts';
import type {Told} from './acts';
import type {Given} from './pharmacology';
import {because, CELLS, list, shutBy, treatment} from './english_words';

export interface Words extends Sentences {
    title: string;
}

const titled = (title: string, ...all: (Sentences | null)[]): Words => ({title, ...together(...all)});

export function rest({t, title, stressed}: Told): Words {
    const density = t.value('spine_density', t.from),
        few = density < 97,
        many = density > 103;
    return titled(
        few
            ? 'A synapse with spines missing'
            : many
              ? 'A synapse among too many spines'
              : 'A synapse in health',
        say`${title.replace(/\.$/, '')}.`,
        say`An interneuron (left) holds the pyramidal cell back; the cell signals to a spine across a
            narrow cleft.`,
        few || many
            ? stressed
                ? say`Spines stand at ${t.at('spine_density', t.from)}: stress has
                    ${few ? 'taken the others' : 'added some'}${t.stressed()}.`
                : say`Spines stand at ${t.at('spine_density', t.from)}, without any stress.`
            : say`Spines stand at ${t.at('spine_density', t.from)}.`,
    );
}

export function target({t, given, acting}: Told): Words {
    if (given.length === 0)
        return titled(
            'No drug is given',
            say`What follows is what the model does by itself, for comparison.`,
        );
    const treatments = given.map((g) => treatment(t, g, acting.includes(g)));
    const blocked = ['sst', 'pv', 'e'].filter((type) => t.rises(`nmda_block_${type}`));
    const shares = blocked.map(
        (type) => say`${t.most(`nmda_block_${type}`)} of those on ${CELLS[type] as string}`,
    );
    const nmda = acting.some((g) => g.targets.includes('nmda'));
    return titled(
        blocked.length > 0
            ? 'The drug plugs NMDA pores'
            : nmda
              ? 'Hardly a pore is plugged'
              : 'No NMDA pore is plugged',
        {
            text: `Given: ${treatments.map((s) => s.text).join('; ')}.`,
            facts: treatments.flatMap((s) => s.facts),
        },
        t.has('brain') && t.largest('brain') >= 0.005
            ? say`In the brain there are at most ${t.most('brain')} so far.`
            : null,
        blocked.length > 0
            ? {
                  text: `Blocked by now: ${list(shares.map((s) => s.text))}.`,
                  facts: shares.flatMap((s) => s.facts),
              }
            : t.has('nmda_block_e')
              ? nmda
                  ? say`Of the NMDA receptors of pyramidal cells ${t.most('nmda_block_e')} are blocked.`
                  : say`NMDA receptors are as before${t.steady('nmda_block_e')}.`
              : null,
    );
}

function interneurons(t: Teller, type: string): Sentences {
    const field = `rate_${type}`,
        name = CELLS[type] as string;
    if (t.falls(field))
        return say`${name} slow${t.down(field)} from ${t.at(field, t.rest)} to ${t.least(field)}.`;
    return t.rises(field)
        ? say`${name} fire faster${t.up(field)}: ${t.at(field, t.rest)} becomes ${t.most(field)}.`
        : say`${name} stay near ${t.at(field, t.rest)}${t.steady(field)}.`;
}

// What pyramidal cells do: both ways, in the order of time, where they move both ways.
function pyramidal(t: Teller): Sentences {
    const up = t.rises('rate_e'),
        down = t.falls('rate_e');
    if (up && down)
        return t.fallsFirst('rate_e')
            ? say`Pyramidal cells first slow${t.down('rate_e')} to ${t.least('rate_e')}, and fire
                faster${t.up('rate_e')} later (up to ${t.most('rate_e')}).`
            : say`Pyramidal cells fire faster${t.up('rate_e')} for a moment (up to ${t.most('rate_e')}),
                and slow${t.down('rate_e')} to ${t.least('rate_e')} then.`;
    if (up)
        return say`Pyramidal cells fire faster${t.up('rate_e')}: ${t.at('rate_e', t.rest)} becomes
            ${t.most('rate_e')}.`;
    return down
        ? say`Pyramidal cells slow${t.down('rate_e')} from ${t.at('rate_e', t.rest)} to
            ${t.least('rate_e')}.`
        : say`Pyramidal cells stay near ${t.at('rate_e', t.rest)}${t.steady('rate_e')}.`;
}

// "Too much" is the blocker's own doing: pores of pyramidal cells are plugged, and nothing else shuts them.
function cellsTitle(t: Teller, acting: Given[], moved: string[]): string {
    const plugged =
        acting.some((g) => g.targets.includes('nmda')) &&
        t.rises('nmda_block_e') &&
        !acting.some((g) => g.targets.includes('ampa') || g.targets.includes('gaba_a'));
    if (t.falls('rate_e')) {
        if (!plugged) return 'Pyramidal cells slow';
        return t.fallsFirst('rate_e')
            ? 'Too much: pyramidal cells are slowed first'
            : 'A moment of release, then too much';
    }
    if (t.rises('rate_e'))
        return moved.some((x) => t.falls(`rate_${x}`))
            ? 'The brake loosens'
            : 'Pyramidal cells fire faster';
    return moved.length > 0 ? 'Interneurons change, pyramidal cells do not' : 'Cells fire as before';
}

export function cells({t, acting}: Told): Words {
    const types = ['sst', 'pv'].filter((x) => t.has(`rate_${x}`)),
        moved = types.filter((x) => t.falls(`rate_${x}`) || t.rises(`rate_${x}`));
    const any = moved.length > 0 || t.rises('rate_e') || t.falls('rate_e');
    return titled(
        cellsTitle(t, acting, moved),
        ...types.map((x) => interneurons(t, x)),
        pyramidal(t),
        any ? because(t, acting) : null,
    );
}

export function surge({t, acting}: Told): Words {
    const blocker = acting.find((g) => g.targets.includes('ampa'));
    const glutamate = t.has('glutamate')
        ? t.fallsFirst('glutamate')
            ? say`Glutamate in the cleft falls${t.down('glutamate')} to ${t.least('glutamate')}.`
            : t.rises('glutamate')
              ? say`Glutamate in the cleft rises${t.up('glutamate')} to ${t.most('glutamate')}.`
              : say`Glutamate in the cleft stays near ${t.at('glutamate', t.rest)}${t.steady('glutamate')}.`
        : null;
    const first = t.fallsFirst('ampa'),
        up = t.rises('ampa'),
        down = t.falls('ampa');
    const ampa = blocker
        ? say`${blocker.title} blocks AMPA receptors${t.actsOn(blocker.drug, 'ampa')}: their drive is
            down to
            ${t.least('ampa')}${t.down('ampa')}, whatever glutamate does.`
        : up && first
          ? say`AMPA drive first falls${t.down('ampa')} to ${t.least('ampa')}, and rises${t.up('ampa')}
              to ${t.most('ampa')} later.`
          : up
            ? say`AMPA receptors carry more${t.up('ampa')}: their drive rises to ${t.most('ampa')}.`
            : down
              ? say`AMPA drive falls${t.down('ampa')} to ${t.least('ampa')}.`
              : say`AMPA drive stays near ${t.at('ampa', t.rest)}${t.steady('ampa')}.`;
    const title = blocker
        ? 'AMPA receptors are shut'
        : up && first
          ? 'First less, then more'
          : up
            ? 'More glutamate reaches AMPA receptors'
            : down
              ? 'AMPA receptors carry less'
              : 'No surge through AMPA receptors';
    return titled(
        up && !blocker && !first && !t.rises('glutamate') ? 'AMPA receptors carry more' : title,
        glutamate,
        ampa,
    );
}

export function release({t, acting}: Told): Words {
    const translation = t.has('translation') && t.rises('translation');
    const rest = !t.has('translation')
        ? null
        : translation
          ? t.largest('translation') < 0.1
              ? say`Receptors at rest are hardly blocked: translation comes to no more than
                  ${t.most('translation')}.`
              : say`Receptors that are blocked at rest let translation rise${t.up('translation')} to
                  ${t.most('translation')}.`
          : t.rises('nmda_block_e')
            ? say`Receptors at rest stay as they are: translation is at most
                ${t.most('translation')}${t.steady('translation')}.`
            : null;
    const shut = shutBy(t, acting, ['l_type_ca', 'bdnf', 'trkb']);
    if (t.rises('bdnf'))
        return titled(
            t.rises('ampa') ? 'BDNF goes out' : 'BDNF rises without a surge',
            rest,
            t.rises('ampa')
                ? say`AMPA drive is up${t.up('ampa')} (to ${t.most('ampa')}), and BDNF
                    rises${t.up('bdnf')} to ${t.most('bdnf')}.`
                : say`BDNF rises${t.up('bdnf')} to ${t.most('bdnf')} although AMPA drive is not
                    up${t.notUp('ampa')}.`,
            t.rises('trkb')
                ? say`TrkB, its receptor, comes to ${t.most('trkb')}${t.up('trkb')}.`
                : say`TrkB, its receptor, stays at ${t.most('trkb')}${t.steady('trkb')}.`,
            shut,
        );
    return titled(
        t.falls('bdnf') ? 'BDNF falls' : 'No BDNF is released',
        rest,
        t.rises('ampa')
            ? say`AMPA drive is up${t.up('ampa')} (to ${t.most('ampa')}), but BDNF does not
                rise${t.notUp('bdnf')}.`
            : say`AMPA drive is not up${t.notUp('ampa')}, and BDNF does not rise${t.notUp('bdnf')}.`,
        t.falls('bdnf')
            ? say`It falls${t.down('bdnf')} to ${t.least('bdnf')}.`
            : say`It stays near ${t.at('bdnf', t.rest)}${t.steady('bdnf')}.`,
        shut,
    );
}

export function protein({t, acting}: Told): Words {
    const shut = shutBy(t, acting, ['mtorc1']);
    const wakes = t.rises('mtorc1')
        ? say`mTORC1 wakes${t.up('mtorc1')} (to ${t.number('mtorc1')} on a scale from 0 to 1) and is
            above half of that for ${t.lasts('mtorc1')}.`
        : say`mTORC1 stays at ${t.number('mtorc1')} on a scale from 0 to 1${t.steady('mtorc1')}.`;
    return t.rises('protein_pool')
        ? titled(
              'New protein for synapses',
              wakes,
              say`The pool of synaptic protein fills${t.up('protein_pool')} to
                  ${t.number('protein_pool')} on the same scale.`,
              shut,
          )
        : titled(
              'No new protein',
              wakes,
              say`The pool of synaptic protein is not filled${t.steady('protein_pool')}.`,
              shut,
          );
}

export function grow({t}: Told): Words {
    const before = t.at('spine_density', t.rest);
    if (!t.rises('spine_density'))
        return t.falls('spine_density')
            ? titled(
                  'Fewer spines',
                  say`Spines fall${t.down('spine_density')} from ${before} to ${t.least('spine_density')}.`,
              )
            : titled(
                  'As many spines as before',
                  say`Spines come and go; their number stays near ${before}${t.steady('spine_density')}.`,
              );
    const made = t.rises('protein_pool');
    return titled(
        'New spines',
        say`Spines rise${t.up('spine_density')} from ${before} to ${t.most('spine_density')},
            ${t.when('spine_density')} after the first dose.`,
        made
            ? say`The protein of the act before lets more of them form.`
            : say`The pool of new protein stays empty${t.steady('protein_pool')}; everyday formation and
                loss make the difference.`,
    );
}

export function course({t, doses}: Told): Words {
    const from = t.at('spine_density', t.from),
        to = t.at('spine_density', t.to);
    const change = t.value('spine_density', t.to) - t.value('spine_density', t.from);
    return titled(
        'Dose after dose',
        doses.length === 2
            ? say`The second dose, and the day after it.`
            : say`From the second of ${String(doses.length)} doses to the last pass
                ${timeWords((doses[doses.length - 1] as number) - (doses[1] as number))}.`,
        Math.abs(change) < 0.5
            ? say`Spines stay where the first dose had brought them: ${from} before, ${to} after.`
            : say`Spines go from ${from} to ${to}.`,
    );
}

export function end({t}: Told): Words {
    const density = t.value('spine_density', t.to),
        gained = t.peak('spine_density') - t.value('spine_density', t.rest),
        kept = density - t.value('spine_density', t.rest);
    const last = say`The run ends at ${t.at('spine_density', t.to)}; it began at
        ${t.at('spine_density', t.rest)}.`;
    if (gained < 2) return titled('At the end', last);
    const empty = t.value('protein_pool', t.to) < 0.05;
    return kept < 0.7 * gained
        ? titled(
              'What was gained fades',
              say`Spines stood at ${t.highest('spine_density')} at most, and have been lost since then.`,
              empty ? say`The pool of protein is empty (${t.at('protein_pool', t.to)}).` : null,
              last,
          )
        : titled('What was gained is still there', last);
}
