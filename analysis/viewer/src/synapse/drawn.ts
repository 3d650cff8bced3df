// What the drawing shows, from the values of a run at one time.
//
// Numbers beside the drawing are exact. Movement and sizes are the same values with their change from rest
// enlarged, so that a change of a fifth can be seen; the scale is fixed, so that two runs drawn side by side
// can be compared.
import type {Run} from '../data/run';
import {msg} from '../lang';

export interface Drawn {
    drug: number; // molecules in view, 0 to 1
    blockInterneuron: number;
    blockSpine: number; // shares of pores, not enlarged
    interneuron: number; // firing, 1 at rest
    pyramidal: number;
    glutamate: number; // 1 at rest
    ampa: number; // 1 at rest, 0 blocked
    bdnf: number; // 0 to 1
    trkb: number;
    mtorc1: number;
    protein: number;
    strength: number; // of the synapse: area of the head, 1 at rest
    density: number; // spines, share of healthy, not enlarged
}

// A synapse at rest, for the moment before a file is read.
export const AT_REST: Drawn = {
    drug: 0,
    blockInterneuron: 0,
    blockSpine: 0,
    interneuron: 1,
    pyramidal: 1,
    glutamate: 1,
    ampa: 1,
    bdnf: 0,
    trkb: 0,
    mtorc1: 0,
    protein: 0,
    strength: 1,
    density: 0.8,
};

const ENLARGED = 3; // exponent on the ratio to rest

// Values that fill the drawing.
const FULL = {drug: 0.5, bdnf: 0.15, trkb: 0.3, mtorc1: 0.3, protein: 0.5, strength: 0.12};

export function drawnAt(run: Run, when: number, rest: number): Drawn {
    const hours = Math.min(when, run.end);
    const at = (id: string, absent: number) => {
        const v = run.at(id, hours);
        return Number.isFinite(v) ? v : absent;
    };
    const fold = (id: string) => {
        const base = run.at(id, rest),
            now = run.at(id, hours);
        return Number.isFinite(now) && base > 0
            ? Math.min(3, Math.pow(Math.max(0, now / base), ENLARGED))
            : 1;
    };
    const share = (value: number, full: number) => Math.max(0, Math.min(1, value / full));
    const drug = at('brain', 0);
    return {
        drug: (drug / (drug + FULL.drug)) * 2 > 1 ? 1 : (drug / (drug + FULL.drug)) * 2,
        blockInterneuron: at('nmda_block_sst', at('nmda_block_pv', 0)),
        blockSpine: at('nmda_block_e', 0),
        interneuron: fold('rate_sst'),
        pyramidal: fold('rate_e'),
        glutamate: fold('glutamate'),
        ampa: fold('ampa'),
        bdnf: share(at('bdnf', 1) / (run.at('bdnf', rest) || 1) - 1, FULL.bdnf),
        trkb: share(at('trkb', 0), FULL.trkb),
        mtorc1: share(at('mtorc1', 0), FULL.mtorc1),
        protein: share(at('protein_pool', 0), FULL.protein),
        strength: 1 + 0.5 * share(at('potentiation', 1) - 1, FULL.strength),
        density: at('spine_density', 100) / 100,
    };
}

export const HOW_DRAWN = msg('drawn.how');
