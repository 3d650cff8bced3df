// What the acts say. Each sentence stands under a condition on the values of its own act, and names the
// treatment and what it acts on; where several causes act at once, none is singled out. The words are in
// src/lang.
import {timeWords} from '../data/clock';
import {listed, named, num} from '../lang';
import {say, titled, type Sentences, type Teller, type Words} from './facts';
import type {Told} from './acts';
import {shutBy, treatment} from './causes';

export {cells} from './firing';

export function rest({t, title, stressed}: Told): Words {
    const density = t.value('spine_density', t.from),
        spines = t.at('spine_density', t.from),
        few = density < 97,
        many = density > 103;
    return titled(
        few ? 'story.rest.few' : many ? 'story.rest.many' : 'story.rest.healthy',
        {text: `${title.replace(/\.$/, '')}.`, facts: []},
        say('story.rest.scene'),
        few || many
            ? stressed
                ? say('story.rest.stressed', {spines, few}, t.stressed())
                : say('story.rest.unstressed', {spines})
            : say('story.rest.spines', {spines}),
    );
}

export function target({t, given, acting}: Told): Words {
    if (given.length === 0) return titled('story.none.title', say('story.none'));
    const treatments = given.map((g) => treatment(t, g, acting.includes(g)));
    const blocked = (['sst', 'pv', 'e'] as const).filter((type) => t.rises(`nmda_block_${type}`));
    const shares = blocked.map((type) =>
        say(`story.blocked.on_${type}`, {share: t.most(`nmda_block_${type}`)}),
    );
    const nmda = acting.some((g) => g.targets.includes('nmda'));
    return titled(
        blocked.length > 0
            ? 'story.target.plugged'
            : nmda
              ? 'story.target.hardly'
              : 'story.target.unplugged',
        say('story.given', {
            treatments: {
                text: treatments.map((s) => s.text).join('; '),
                facts: treatments.flatMap((s) => s.facts),
            },
        }),
        t.has('brain') && t.largest('brain') >= 0.005 ? say('story.brain', {most: t.most('brain')}) : null,
        blocked.length > 0
            ? say('story.blocked', {
                  shares: {
                      text: listed(shares.map((s) => s.text)),
                      facts: shares.flatMap((s) => s.facts),
                  },
              })
            : t.has('nmda_block_e')
              ? nmda
                  ? say('story.blocked.few', {share: t.most('nmda_block_e')})
                  : say('story.blocked.none', {}, t.steady('nmda_block_e'))
              : null,
    );
}

function glutamateWords(t: Teller): Sentences | null {
    if (!t.has('glutamate')) return null;
    if (t.fallsFirst('glutamate'))
        return say('story.glutamate.down', {least: t.least('glutamate')}, t.down('glutamate'));
    return t.rises('glutamate')
        ? say('story.glutamate.up', {most: t.most('glutamate')}, t.up('glutamate'))
        : say('story.glutamate.same', {before: t.at('glutamate', t.rest)}, t.steady('glutamate'));
}

export function surge({t, acting}: Told): Words {
    const blocker = acting.find((g) => g.targets.includes('ampa')),
        glutamate = glutamateWords(t);
    if (blocker)
        return titled(
            'story.ampa.title.shut',
            glutamate,
            say(
                'story.ampa.shut',
                {drug: named(blocker.title), least: t.least('ampa')},
                t.actsOn(blocker.drug, 'ampa'),
                t.down('ampa'),
            ),
        );
    if (t.rises('ampa')) {
        const most = t.most('ampa');
        if (t.fallsFirst('ampa'))
            return titled(
                'story.ampa.title.both',
                glutamate,
                say('story.ampa.both', {least: t.least('ampa'), most}, t.down('ampa'), t.up('ampa')),
            );
        return titled(
            t.rises('glutamate') ? 'story.ampa.title.surge' : 'story.ampa.title.up',
            glutamate,
            say('story.ampa.up', {most}, t.up('ampa')),
        );
    }
    return t.falls('ampa')
        ? titled(
              'story.ampa.title.down',
              glutamate,
              say('story.ampa.down', {least: t.least('ampa')}, t.down('ampa')),
          )
        : titled(
              'story.ampa.title.same',
              glutamate,
              say('story.ampa.same', {before: t.at('ampa', t.rest)}, t.steady('ampa')),
          );
}

// The other branch: receptors at rest, and translation.
function translationWords(t: Teller): Sentences | null {
    if (!t.has('translation')) return null;
    const most = t.most('translation');
    if (t.rises('translation'))
        return t.largest('translation') < 0.1
            ? say('story.translation.hardly', {most})
            : say('story.translation.up', {most}, t.up('translation'));
    return t.rises('nmda_block_e') ? say('story.translation.same', {most}, t.steady('translation')) : null;
}

export function release({t, acting}: Told): Words {
    const translation = translationWords(t),
        shut = shutBy(t, acting, ['l_type_ca', 'bdnf', 'trkb']),
        surged = t.rises('ampa');
    if (t.rises('bdnf')) {
        const most = t.most('bdnf'),
            trkb = t.most('trkb');
        return titled(
            surged ? 'story.bdnf.title.up' : 'story.bdnf.title.alone',
            translation,
            surged
                ? say('story.bdnf.up', {ampa: t.most('ampa'), most}, t.up('ampa'), t.up('bdnf'))
                : say('story.bdnf.alone', {most}, t.up('bdnf'), t.notUp('ampa')),
            t.rises('trkb')
                ? say('story.trkb.up', {trkb}, t.up('trkb'))
                : say('story.trkb.same', {trkb}, t.steady('trkb')),
            shut,
        );
    }
    return titled(
        t.falls('bdnf') ? 'story.bdnf.title.down' : 'story.bdnf.title.none',
        translation,
        surged
            ? say('story.bdnf.despite', {ampa: t.most('ampa')}, t.up('ampa'), t.notUp('bdnf'))
            : say('story.bdnf.neither', {}, t.notUp('ampa'), t.notUp('bdnf')),
        t.falls('bdnf')
            ? say('story.bdnf.down', {least: t.least('bdnf')}, t.down('bdnf'))
            : say('story.bdnf.same', {before: t.at('bdnf', t.rest)}, t.steady('bdnf')),
        shut,
    );
}

export function protein({t, acting}: Told): Words {
    const shut = shutBy(t, acting, ['mtorc1']),
        mtorc1 = t.number('mtorc1');
    const wakes = t.rises('mtorc1')
        ? say('story.mtorc1.up', {mtorc1, time: t.lasts('mtorc1')}, t.up('mtorc1'))
        : say('story.mtorc1.same', {mtorc1}, t.steady('mtorc1'));
    return t.rises('protein_pool')
        ? titled(
              'story.protein.title.up',
              wakes,
              say('story.protein.up', {pool: t.number('protein_pool')}, t.up('protein_pool')),
              shut,
          )
        : titled(
              'story.protein.title.none',
              wakes,
              say('story.protein.none', {}, t.steady('protein_pool')),
              shut,
          );
}

export function grow({t}: Told): Words {
    const before = t.at('spine_density', t.rest);
    if (!t.rises('spine_density'))
        return t.falls('spine_density')
            ? titled(
                  'story.grow.title.fewer',
                  say(
                      'story.grow.fewer',
                      {before, least: t.least('spine_density')},
                      t.down('spine_density'),
                  ),
              )
            : titled('story.grow.title.same', say('story.grow.same', {before}, t.steady('spine_density')));
    return titled(
        'story.grow.title.new',
        say(
            'story.grow.new',
            {before, most: t.most('spine_density'), time: t.when('spine_density')},
            t.up('spine_density'),
        ),
        t.rises('protein_pool')
            ? say('story.grow.protein', {}, t.up('protein_pool'))
            : say('story.grow.everyday', {}, t.steady('protein_pool')),
    );
}

export function course({t, doses}: Told): Words {
    const from = t.at('spine_density', t.from),
        to = t.at('spine_density', t.to),
        change = t.value('spine_density', t.to) - t.value('spine_density', t.from),
        pass = (doses[doses.length - 1] as number) - (doses[1] as number);
    return titled(
        'story.course.title',
        doses.length === 2
            ? say('story.course.second')
            : say('story.course.many', {doses: num(doses.length), time: timeWords(pass)}),
        say(Math.abs(change) < 0.5 ? 'story.course.stay' : 'story.course.go', {from, to}),
    );
}

export function end({t}: Told): Words {
    const density = t.value('spine_density', t.to),
        gained = t.peak('spine_density') - t.value('spine_density', t.rest),
        kept = density - t.value('spine_density', t.rest);
    const last = say('story.end.last', {
        to: t.at('spine_density', t.to),
        from: t.at('spine_density', t.rest),
    });
    if (gained < 2) return titled('story.end.title.end', last);
    const empty = t.value('protein_pool', t.to) < 0.05;
    return kept < 0.7 * gained
        ? titled(
              'story.end.title.fades',
              say('story.end.fades', {most: t.highest('spine_density')}),
              empty ? say('story.end.empty', {pool: t.at('protein_pool', t.to)}) : null,
              last,
          )
        : titled('story.end.title.kept', last);
}
