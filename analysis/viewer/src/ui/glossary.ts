// Words that a first-time visitor may not know; the same meanings as in docs/model.md.
export const DISCLAIMER =
    'A research and teaching tool about mechanisms, not medical advice: it says nothing about any person, ' +
    'and many numbers of the model are assumptions.';

export const GLOSSARY: [string, string][] = [
    [
        'AMPA receptor',
        'The channel that carries most of the fast excitatory current. Its share of the signal grows when ' +
            'NMDA receptors are blocked and cells fire faster.',
    ],
    [
        'BDNF',
        'Brain-derived neurotrophic factor, released when AMPA drive lets calcium in and protein ' +
            'translation is released; cutting either stops it in the model.',
    ],
    ['Bouton', 'The swelling of an axon from which transmitter is released.'],
    ['Disinhibition', 'Less inhibition: interneurons are slowed, so the cells they hold back fire faster.'],
    ['Fold', 'A multiple of the drug-free baseline: 1.2 fold is 20 % more.'],
    ['GABA', 'The transmitter of interneurons; it inhibits.'],
    [
        'Interneuron (SST, PV)',
        'Inhibitory cells. SST cells carry more of the receptor kinds that ketamine blocks well, so they ' +
            'are silenced first.',
    ],
    [
        'Ketamine',
        'Blocks NMDA receptors by entering their open pore. It is gone within hours; what it sets off ' +
            'lasts for days.',
    ],
    ['mTORC1', 'A switch of protein synthesis in the dendrite, woken by TrkB.'],
    ['NMDA receptor', 'A glutamate receptor whose pore lets calcium in, and in which ketamine gets stuck.'],
    ['Pyramidal cell (E)', 'The excitatory main cell of the cortex.'],
    [
        'Snapshot, frame',
        'The state of every neuron at one time, as recorded; the last one stays until the ' +
            'next. Only rates move between frames, with the mean of their type, and the page says so.',
    ],
    ['Spine', 'A small protrusion of a dendrite that holds one excitatory synapse.'],
    [
        'Spine density',
        'Living spines as a share of the healthy network. Chronic stress lowers it to about 80 %.',
    ],
    ['TrkB', 'The receptor of BDNF.'],
    ['Vehicle, placebo', 'The same procedure without the drug: what the others are compared with.'],
];
