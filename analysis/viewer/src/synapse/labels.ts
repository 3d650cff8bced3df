// Names of the parts, in the colour of the part, for those who see a synapse for the first time.
import type {Drawn} from './drawn';
import type {Palette} from './palette';
import type {Brush} from './shapes';

interface Label {
    text: string;
    x: number;
    y: number;
    colour: keyof Palette;
    align?: CanvasTextAlign;
}

const LABELS: Label[] = [
    {text: 'interneuron', x: 190, y: 418, colour: 'interEdge'},
    {text: 'GABA', x: 452, y: 160, colour: 'gaba'},
    {text: 'pyramidal cell', x: 560, y: 312, colour: 'axonEdge'},
    {text: 'bouton', x: 1062, y: 168, colour: 'axonEdge'},
    {text: 'glutamate', x: 1222, y: 376, colour: 'glutamate', align: 'left'},
    {text: 'NMDA receptors', x: 902, y: 412, colour: 'nmda', align: 'right'},
    {text: 'AMPA receptors', x: 1186, y: 432, colour: 'ampa', align: 'left'},
    {text: 'calcium channel', x: 872, y: 484, colour: 'calcium', align: 'right'},
    {text: 'BDNF', x: 1206, y: 480, colour: 'bdnf', align: 'left'},
    {text: 'TrkB', x: 1196, y: 556, colour: 'trkb', align: 'left'},
    {text: 'synaptic protein', x: 1080, y: 606, colour: 'strands', align: 'left'},
    {text: 'spine', x: 1004, y: 606, colour: 'spineEdge', align: 'right'},
    {text: 'mTORC1', x: 800, y: 776, colour: 'mtor'},
    {text: 'dendrite', x: 1290, y: 706, colour: 'spineEdge'},
];

export function drawLabels(g: Brush, p: Palette, d: Drawn, scale: number): void {
    const size = Math.max(11.5, Math.min(17, 20 * scale)) / scale;
    g.font = `600 ${size}px system-ui, sans-serif`;
    g.lineJoin = 'round';
    for (const label of [...LABELS, ghost(d)]) {
        g.textAlign = label.align ?? 'center';
        g.strokeStyle = p.dark ? '#0d1522' : '#ffffff';
        g.globalAlpha = 0.8;
        g.lineWidth = size * 0.28;
        g.strokeText(label.text, label.x, label.y);
        g.globalAlpha = 1;
        g.fillStyle = p[label.colour] as string;
        g.fillText(label.text, label.x, label.y);
    }
    g.textAlign = 'left';
}

function ghost(d: Drawn): Label {
    const grown = d.density * 10 - 8;
    return {
        text: grown < 0.08 ? 'missing spine' : grown < 1 ? 'new spine' : 'spine',
        x: 1500,
        y: 524,
        colour: grown < 0.08 ? 'ghost' : 'protein',
    };
}
