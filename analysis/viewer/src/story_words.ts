// What each act of the story says of a run: of what happened, or of what did not.
import {fieldOf, shown, withUnit} from './data/fields';
import {doseWords, type Run} from './data/run';
import type {Clock} from './data/clock';
import type {Happened} from './story';

export interface Words {
    title: string;
    text: string;
}

// Values of a run as the story writes them, by field.
interface Values {
    did: Happened;
    given: string;
    top(field: string): string;
    most(field: string): string; // without unit
    low(field: string): string;
    before(field: string): string;
    after(field: string): string;
    soon(field: string): number; // half an hour after the dose
}

export function valuesOf(run: Run, clock: Clock, did: Happened): Values {
    const highest = (field: string) => run.extreme(field, true, clock.first, run.end).value;
    const more = run.mainDoses.length > 1 ? ` and ${run.mainDoses.length - 1} more` : '';
    return {
        did,
        given: run.mainDoses[0] ? doseWords(run.mainDoses[0]) + more : 'no drug',
        top: (field) => withUnit(fieldOf(field), highest(field)),
        most: (field) => shown(fieldOf(field), highest(field)),
        low: (field) => withUnit(fieldOf(field), run.extreme(field, false, clock.first, run.end).value),
        before: (field) => withUnit(fieldOf(field), run.at(field, clock.start)),
        after: (field) => withUnit(fieldOf(field), run.end > clock.first ? run.at(field, run.end) : NaN),
        soon: (field) => run.at(field, clock.first + 0.5),
    };
}

function rest({did, given, before}: Values): Words {
    return {
        title: did.stressed ? 'A synapse under stress' : 'A healthy synapse',
        text:
            'An interneuron (left) holds the pyramidal cell back; the cell signals to a spine ' +
            'across a narrow cleft. ' +
            (did.stressed
                ? `Chronic stress has thinned the spines to ${before('spine_density')}: the dashed ` +
                  'outlines are the missing ones.'
                : 'No spine is missing.') +
            ` Given: ${given}.`,
    };
}

function block({did, top}: Values): Words {
    return did.blocked
        ? {
              title: 'The drug plugs NMDA pores',
              text:
                  `The drug reaches the brain (at most ${top('brain')}) and sits in open NMDA receptors: ` +
                  `${top('nmda_block_sst')} of them on SST interneurons, ${top('nmda_block_e')} on ` +
                  'pyramidal cells.',
          }
        : {
              title: 'No pore is plugged',
              text:
                  'No NMDA receptor is blocked in this run.' +
                  (did.released ? '' : ' Nothing downstream has a cause, which is what a comparison is for.'),
          };
}

function silence({did, low, before}: Values): Words {
    return did.silenced
        ? {
              title: 'Interneurons fall silent',
              text:
                  `With less NMDA current the SST interneurons slow from ${before('rate_sst')} to ` +
                  `${low('rate_sst')}. Less GABA reaches the pyramidal cell: its brake is released.`,
          }
        : {
              title: 'Interneurons keep firing',
              text: `SST interneurons stay near ${before('rate_sst')}; the brake stays on.`,
          };
}

function surge({did, top, low, before, soon}: Values): Words {
    return did.surged
        ? {
              title: 'Glutamate surges, AMPA receptors open',
              text:
                  `Pyramidal cells fire faster (${before('rate_e')} to ${top('rate_e')}). Glutamate floods ` +
                  `the cleft (up to ${top('glutamate')}), and since NMDA pores are partly plugged, AMPA ` +
                  'receptors carry the message.',
          }
        : {
              title: 'No surge through AMPA receptors',
              text:
                  soon('ampa') < 0.02
                      ? `AMPA receptors are blocked (${withUnit(fieldOf('ampa'), soon('ampa'))} of their ` +
                        'usual current). Whatever glutamate does, nothing hears it, and the chain ends ' +
                        'here.'
                      : `AMPA drive stays between ${low('ampa')} and ${top('ampa')}: there is no early ` +
                        'surge to pass on.',
          };
}

function release({did, top}: Values): Words {
    if (did.released && !did.surged)
        return {
            title: 'BDNF rises without a surge',
            text:
                `BDNF comes to ${top('bdnf')} although AMPA receptors were not driven: here its basal ` +
                'release is raised, over weeks.',
        };
    return did.released
        ? {
              title: 'Calcium enters, BDNF goes out',
              text:
                  `The current opens calcium channels, and the spine releases BDNF (up to ${top('bdnf')}). ` +
                  'It binds TrkB, its receptor. The drug is already leaving.',
          }
        : {
              title: 'No BDNF is released',
              text:
                  'BDNF stays at ' +
                  top('bdnf') +
                  (did.surged
                      ? ': AMPA receptors were driven, but a factor of its release is missing, and the ' +
                        'signal stops here.'
                      : '.'),
          };
}

function protein({did, most}: Values): Words {
    return did.made
        ? {
              title: 'mTORC1 switches protein synthesis on',
              text:
                  `TrkB wakes mTORC1 for an hour or two (up to ${most('mtorc1')} on a scale from 0 to 1). ` +
                  `The synaptic protein that it makes (up to ${most('protein_pool')}, same scale) stays ` +
                  'for days and strengthens the synapse.',
          }
        : {
              title: 'No new protein',
              text: `mTORC1 stays at ${most('mtorc1')}, so the pool of synaptic protein is not ` + 'filled.',
          };
}

function grow({did, top, before}: Values): Words {
    if (!did.stressed)
        return {
            title: 'Days later: nothing to restore',
            text:
                `No spine was missing, so the new protein adds few: ${before('spine_density')} becomes at ` +
                `most ${top('spine_density')}.`,
        };
    if (did.grew && !did.made)
        return {
            title: 'Spines rise slowly',
            text:
                `${before('spine_density')} becomes ${top('spine_density')} without new protein: everyday ` +
                'formation follows basal BDNF too.',
        };
    return did.grew
        ? {
              title: 'Days later: new spines',
              text:
                  'With actin and new protein, spines form where they were missing: ' +
                  `${before('spine_density')} becomes ${top('spine_density')}. The drug had left the brain ` +
                  'long before.',
          }
        : {
              title: 'No new spines',
              text:
                  'Spines come and go as they always do; their number stays near ' +
                  `${before('spine_density')}.`,
          };
}

function fade({did, before, after}: Values): Words {
    if (!did.grew || !did.stressed)
        return {
            title: 'As before',
            text:
                `At the end the network has ${after('spine_density')}; it began with ` +
                `${before('spine_density')}.`,
        };
    return did.faded
        ? {
              title: 'What was gained fades',
              text:
                  'The protein decays, and under lasting stress the extra spines are pruned again: ' +
                  `${after('spine_density')} at the end of the run. This is how the model pictures ` +
                  'relapse; repeated doses put it off.',
          }
        : {
              title: 'What was gained is still there',
              text: `The run ends at ${after('spine_density')}, before the gain has faded.`,
          };
}

export const WORDS = {rest, block, silence, surge, release, protein, grow, fade};
