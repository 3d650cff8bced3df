// What the act of the cells says: how each type fires, and why.
import {msg, type Key} from '../lang';
import type {Told} from './acts';
import {because} from './causes';
import {say, titled, type Sentences, type Teller, type Words} from './facts';
import type {Given} from './pharmacology';

function interneurons(t: Teller, type: 'sst' | 'pv'): Sentences {
    const field = `rate_${type}`,
        cells = msg(`cells.${type}`),
        before = t.at(field, t.rest);
    if (t.falls(field))
        return say('story.cells.slow', {cells, before, least: t.least(field)}, t.down(field));
    return t.rises(field)
        ? say('story.cells.fast', {cells, before, most: t.most(field)}, t.up(field))
        : say('story.cells.same', {cells, before}, t.steady(field));
}

// What pyramidal cells do: both ways, in the order of time, where they move both ways.
function pyramidal(t: Teller): Sentences {
    const up = t.rises('rate_e'),
        down = t.falls('rate_e'),
        cells = msg('cells.e'),
        before = t.at('rate_e', t.rest);
    if (up && down)
        return say(
            t.fallsFirst('rate_e') ? 'story.cells.slow_then_fast' : 'story.cells.fast_then_slow',
            {cells, least: t.least('rate_e'), most: t.most('rate_e')},
            t.down('rate_e'),
            t.up('rate_e'),
        );
    if (up) return say('story.cells.fast', {cells, before, most: t.most('rate_e')}, t.up('rate_e'));
    return down
        ? say('story.cells.slow', {cells, before, least: t.least('rate_e')}, t.down('rate_e'))
        : say('story.cells.same', {cells, before}, t.steady('rate_e'));
}

// "Too much" is the blocker's own doing: pores of pyramidal cells are plugged, and nothing else shuts them.
function cellsTitle(t: Teller, acting: Given[], moved: string[]): Key {
    const plugged =
        acting.some((g) => g.targets.includes('nmda')) &&
        t.rises('nmda_block_e') &&
        !acting.some((g) => g.targets.includes('ampa') || g.targets.includes('gaba_a'));
    if (t.falls('rate_e')) {
        if (!plugged) return 'story.cells.title.slow';
        return t.fallsFirst('rate_e') ? 'story.cells.title.too_much' : 'story.cells.title.moment';
    }
    if (t.rises('rate_e'))
        return moved.some((x) => t.falls(`rate_${x}`))
            ? 'story.cells.title.brake'
            : 'story.cells.title.fast';
    return moved.length > 0 ? 'story.cells.title.interneurons' : 'story.cells.title.same';
}

export function cells({t, acting}: Told): Words {
    const types = (['sst', 'pv'] as const).filter((x) => t.has(`rate_${x}`)),
        moved = types.filter((x) => t.falls(`rate_${x}`) || t.rises(`rate_${x}`));
    const any = moved.length > 0 || t.rises('rate_e') || t.falls('rate_e');
    return titled(
        cellsTitle(t, acting, moved),
        ...types.map((x) => interneurons(t, x)),
        pyramidal(t),
        any ? because(t, acting) : null,
    );
}
