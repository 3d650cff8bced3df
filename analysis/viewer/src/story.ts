// The acts of the story: when each plays in this run, where to look, which numbers it is about, and what to
// say. The words follow the run: where nothing happens, they say so.
import {fieldOf, shown, withUnit} from './data/fields';
import {doseWords, type Run} from './data/run';
import type {Clock} from './data/clock';
import type {Act} from './player';

export interface StoryAct extends Act {
    fields: string[]; // shown while it plays
    look: {x: number; y: number; zoom: number}; // in the drawing's own units
    title: string;
    text: string;
}

const IDS = ['rest', 'block', 'silence', 'surge', 'release', 'protein', 'grow', 'fade'] as const;

export function actsOf(run: Run, clock: Clock): StoryAct[] {
    const times = borders(run, clock);
    const happened = what(run, clock);
    return IDS.map((id, k) => ({
        id,
        from: times[k] as number,
        to: times[k + 1] as number,
        ...STAGE[id],
        ...words(id, run, clock, happened),
    })).filter((act) => act.to - act.from > 0.01);
}

const STAGE: Record<
    (typeof IDS)[number],
    {seconds: number; fields: string[]; look: {x: number; y: number; zoom: number}}
> = {
    rest: {seconds: 5, fields: ['rate_sst', 'rate_e', 'spine_density'], look: {x: 820, y: 400, zoom: 1}},
    block: {
        seconds: 7,
        fields: ['brain', 'nmda_block_sst', 'nmda_block_e'],
        look: {x: 700, y: 380, zoom: 1.08},
    },
    silence: {
        seconds: 7,
        fields: ['nmda_block_sst', 'rate_sst', 'rate_e'],
        look: {x: 500, y: 330, zoom: 1.3},
    },
    surge: {
        seconds: 7,
        fields: ['rate_e', 'glutamate', 'ampa', 'nmda_block_e'],
        look: {x: 1020, y: 350, zoom: 1.5},
    },
    release: {seconds: 7, fields: ['ampa', 'bdnf', 'trkb'], look: {x: 1120, y: 450, zoom: 1.5}},
    protein: {
        seconds: 8,
        fields: ['trkb', 'mtorc1', 'protein_pool', 'potentiation'],
        look: {x: 920, y: 540, zoom: 1.3},
    },
    grow: {
        seconds: 9,
        fields: ['protein_pool', 'potentiation', 'spine_density'],
        look: {x: 1130, y: 440, zoom: 1.1},
    },
    fade: {seconds: 9, fields: ['brain', 'protein_pool', 'spine_density'], look: {x: 820, y: 400, zoom: 1}},
};

interface Happened {
    blocked: boolean;
    silenced: boolean;
    surged: boolean;
    released: boolean;
    made: boolean;
    grew: boolean;
    stressed: boolean;
    faded: boolean;
}

function change(run: Run, id: string, clock: Clock, largest: boolean): number {
    return run.extreme(id, largest, clock.first, run.end).value - run.at(id, clock.start);
}

function what(run: Run, clock: Clock): Happened {
    const gained = change(run, 'spine_density', clock, true),
        kept = run.at('spine_density', run.end) - run.at('spine_density', clock.start);
    return {
        blocked:
            change(run, 'nmda_block_sst', clock, true) > 0.02 ||
            change(run, 'nmda_block_e', clock, true) > 0.02,
        silenced: change(run, 'rate_sst', clock, false) < -0.05 * run.at('rate_sst', clock.start),
        surged:
            change(run, 'ampa', clock, true) > 0.05 &&
            run.extreme('ampa', true, clock.first, clock.first + 3).value > 1.05,
        released: change(run, 'bdnf', clock, true) > 0.02,
        made: change(run, 'protein_pool', clock, true) > 0.05,
        grew: gained > 2,
        faded: kept < 0.7 * gained,
        stressed: run.at('spine_density', clock.start) < 95,
    };
}

// Ends of the acts: where this run's own curves turn, and usual times where they do not.
function borders(run: Run, clock: Clock): number[] {
    const first = clock.first,
        soon = Math.min(run.end, first + 24);
    const peak = (id: string, usual: number, to: number) => {
        const found = run.extreme(id, true, first, to);
        return found.value > run.at(id, clock.start) + 0.02 ? found.time : first + usual;
    };
    const brain = Math.min(peak('brain', 2 / 3, soon), first + 3);
    const times = [
        clock.start,
        first,
        first + 0.4 * (brain - first),
        first + 0.75 * (brain - first),
        brain + 0.08,
        peak('bdnf', 1, Math.min(soon, first + 6)) + 0.25,
        peak('protein_pool', 12, Math.min(run.end, first + 48)),
        Math.max(peak('spine_density', 60, run.end), first + 48),
        run.end,
    ];
    for (let k = 1; k < times.length; ++k)
        times[k] = Math.min(run.end, Math.max(times[k] as number, times[k - 1] as number));
    return times;
}

function words(
    id: (typeof IDS)[number],
    run: Run,
    clock: Clock,
    did: Happened,
): {title: string; text: string} {
    const top = (field: string) =>
        withUnit(fieldOf(field), run.extreme(field, true, clock.first, run.end).value);
    const most = (field: string) =>
        shown(fieldOf(field), run.extreme(field, true, clock.first, run.end).value);
    const low = (field: string) =>
        withUnit(fieldOf(field), run.extreme(field, false, clock.first, run.end).value);
    const before = (field: string) => withUnit(fieldOf(field), run.at(field, clock.start));
    const after = (field: string) =>
        withUnit(fieldOf(field), run.end > clock.first ? run.at(field, run.end) : NaN);
    const given = run.mainDoses[0]
        ? doseWords(run.mainDoses[0]) +
          (run.mainDoses.length > 1 ? ` and ${run.mainDoses.length - 1} more` : '')
        : 'no drug';
    switch (id) {
        case 'rest':
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
        case 'block':
            return did.blocked
                ? {
                      title: 'The drug plugs NMDA pores',
                      text:
                          `The drug reaches the brain (at most ${top('brain')}) and sits in open NMDA ` +
                          `receptors: ${top('nmda_block_sst')} of them on SST interneurons, ` +
                          `${top('nmda_block_e')} on pyramidal cells.`,
                  }
                : {
                      title: 'No pore is plugged',
                      text:
                          'No NMDA receptor is blocked in this run.' +
                          (did.released
                              ? ''
                              : ' Nothing downstream has a cause, which is what a comparison is for.'),
                  };
        case 'silence':
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
        case 'surge':
            return did.surged
                ? {
                      title: 'Glutamate surges, AMPA receptors open',
                      text:
                          `Pyramidal cells fire faster (${before('rate_e')} to ${top('rate_e')}). ` +
                          `Glutamate floods the cleft (up to ${top('glutamate')}), and since NMDA pores ` +
                          'are partly plugged, AMPA receptors carry the message.',
                  }
                : {
                      title: 'No surge through AMPA receptors',
                      text:
                          run.at('ampa', clock.first + 0.5) < 0.02
                              ? 'AMPA receptors are blocked ' +
                                `(${withUnit(fieldOf('ampa'), run.at('ampa', clock.first + 0.5))} of their ` +
                                'usual current). Whatever glutamate does, nothing hears it, and the chain ' +
                                'ends here.'
                              : `AMPA drive stays between ${low('ampa')} and ${top('ampa')}: there is no ` +
                                'early surge to pass on.',
                  };
        case 'release':
            if (did.released && !did.surged)
                return {
                    title: 'BDNF rises without a surge',
                    text:
                        `BDNF comes to ${top('bdnf')} although AMPA receptors were not driven: here its ` +
                        'basal release is raised, over weeks.',
                };
            return did.released
                ? {
                      title: 'Calcium enters, BDNF goes out',
                      text:
                          'The current opens calcium channels, and the spine releases BDNF (up to ' +
                          `${top('bdnf')}). It binds TrkB, its receptor. The drug is already leaving.`,
                  }
                : {
                      title: 'No BDNF is released',
                      text:
                          'BDNF stays at ' +
                          top('bdnf') +
                          (did.surged
                              ? ': AMPA receptors were driven, but a factor of its release is missing, and ' +
                                'the signal stops here.'
                              : '.'),
                  };
        case 'protein':
            return did.made
                ? {
                      title: 'mTORC1 switches protein synthesis on',
                      text:
                          `TrkB wakes mTORC1 for an hour or two (up to ${most('mtorc1')} on a scale from 0 ` +
                          `to 1). The synaptic protein that it makes (up to ${most('protein_pool')}, same ` +
                          'scale) stays for days and strengthens the synapse.',
                  }
                : {
                      title: 'No new protein',
                      text:
                          `mTORC1 stays at ${most('mtorc1')}, so the pool of synaptic protein is not ` +
                          'filled.',
                  };
        case 'grow':
            if (!did.stressed)
                return {
                    title: 'Days later: nothing to restore',
                    text:
                        `No spine was missing, so the new protein adds few: ${before('spine_density')} ` +
                        `becomes at most ${top('spine_density')}.`,
                };
            if (did.grew && !did.made)
                return {
                    title: 'Spines rise slowly',
                    text:
                        `${before('spine_density')} becomes ${top('spine_density')} without new protein: ` +
                        'everyday formation follows basal BDNF too.',
                };
            return did.grew
                ? {
                      title: 'Days later: new spines',
                      text:
                          'With actin and new protein, spines form where they were missing: ' +
                          `${before('spine_density')} becomes ${top('spine_density')}. The drug had left ` +
                          'the brain long before.',
                  }
                : {
                      title: 'No new spines',
                      text:
                          'Spines come and go as they always do; their number stays near ' +
                          `${before('spine_density')}.`,
                  };
        case 'fade':
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
}
