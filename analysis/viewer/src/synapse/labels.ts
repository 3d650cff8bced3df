// Names of the parts, in the colour of the part, for those who see a synapse for the first time.
import type {Drawn} from './drawn';
import type {Palette} from './palette';

export interface Label {
    text: string;
    x: number; // in the drawing's units: of the middle of the text, or of the side that faces its part
    y: number;
    colour: keyof Palette;
    side: 'left' | 'right' | 'middle'; // where the text stands, seen from its part
}

const PARTS: Label[] = [
    {text: 'interneuron', x: 190, y: 412, colour: 'interEdge', side: 'middle'},
    {text: 'GABA', x: 452, y: 154, colour: 'gaba', side: 'middle'},
    {text: 'pyramidal cell', x: 560, y: 306, colour: 'axonEdge', side: 'middle'},
    {text: 'bouton', x: 1062, y: 162, colour: 'axonEdge', side: 'middle'},
    {text: 'glutamate', x: 1222, y: 370, colour: 'glutamate', side: 'right'},
    {text: 'NMDA receptors', x: 902, y: 406, colour: 'nmda', side: 'left'},
    {text: 'AMPA receptors', x: 1186, y: 426, colour: 'ampa', side: 'right'},
    {text: 'calcium channel', x: 872, y: 478, colour: 'calcium', side: 'left'},
    {text: 'BDNF', x: 1206, y: 474, colour: 'bdnf', side: 'right'},
    {text: 'TrkB', x: 1196, y: 550, colour: 'trkb', side: 'right'},
    {text: 'synaptic protein', x: 1080, y: 600, colour: 'strands', side: 'right'},
    {text: 'spine', x: 1004, y: 600, colour: 'spineEdge', side: 'left'},
    {text: 'mTORC1', x: 800, y: 770, colour: 'mtor', side: 'middle'},
    {text: 'dendrite', x: 1290, y: 700, colour: 'spineEdge', side: 'middle'},
];

export function labelsOf(d: Drawn): Label[] {
    const grown = d.density * 10 - 8;
    return [
        ...PARTS,
        {
            text: grown < 0.08 ? 'missing spine' : grown < 1 ? 'new spine' : 'spine',
            x: 1500,
            y: 518,
            colour: grown < 0.08 ? 'ghost' : 'protein',
            side: 'middle',
        },
    ];
}
