// Names of the parts, in the colour of the part, for those who see a synapse for the first time.
import type {Drawn} from './drawn';
import type {Palette} from './palette';
import {msg} from '../lang';

export interface Label {
    text: string;
    x: number; // in the drawing's units: of the middle of the text, or of the side that faces its part
    y: number;
    colour: keyof Palette;
    side: 'left' | 'right' | 'middle'; // where the text stands, seen from its part
}

const PARTS: Label[] = [
    {text: msg('part.interneuron'), x: 190, y: 412, colour: 'interEdge', side: 'middle'},
    {text: msg('part.gaba'), x: 452, y: 154, colour: 'gaba', side: 'middle'},
    {text: msg('part.pyramidal'), x: 560, y: 306, colour: 'axonEdge', side: 'middle'},
    {text: msg('part.bouton'), x: 1062, y: 162, colour: 'axonEdge', side: 'middle'},
    {text: msg('part.glutamate'), x: 1222, y: 370, colour: 'glutamate', side: 'right'},
    {text: msg('part.nmda'), x: 902, y: 406, colour: 'nmda', side: 'left'},
    {text: msg('part.ampa'), x: 1186, y: 426, colour: 'ampa', side: 'right'},
    {text: msg('part.calcium'), x: 872, y: 478, colour: 'calcium', side: 'left'},
    {text: msg('part.bdnf'), x: 1206, y: 474, colour: 'bdnf', side: 'right'},
    {text: msg('part.trkb'), x: 1196, y: 550, colour: 'trkb', side: 'right'},
    {text: msg('part.protein'), x: 1080, y: 600, colour: 'strands', side: 'right'},
    {text: msg('part.spine'), x: 1004, y: 600, colour: 'spineEdge', side: 'left'},
    {text: msg('part.mtorc1'), x: 800, y: 770, colour: 'mtor', side: 'middle'},
    {text: msg('part.dendrite'), x: 1290, y: 700, colour: 'spineEdge', side: 'middle'},
];

export function labelsOf(d: Drawn): Label[] {
    const grown = d.density * 10 - 8;
    return [
        ...PARTS,
        {
            text: msg(grown < 0.08 ? 'part.missing' : grown < 1 ? 'part.new' : 'part.spine'),
            x: 1500,
            y: 518,
            colour: grown < 0.08 ? 'ghost' : 'protein',
            side: 'middle',
        },
    ];
}
