// Colours of the drawing. Okabe and Ito's set where colour carries meaning: safe for all eyes.

export interface Palette {
    dark: boolean;
    skyTop: string;
    skyBottom: string;
    haze: string;
    ink: string;
    soft: string;
    axon: string;
    axonEdge: string;
    spine: string;
    spineEdge: string;
    inter: string;
    interEdge: string;
    ghost: string;
    nmda: string;
    ampa: string;
    calcium: string;
    calciumIon: string;
    drug: string;
    glutamate: string;
    gaba: string;
    bdnf: string;
    trkb: string;
    mtor: string;
    protein: string;
    strands: string;
    spike: string;
    vesicle: string;
}

const LIGHT: Palette = {
    dark: false,
    skyTop: '#f6f9fc',
    skyBottom: '#e3ebf3',
    haze: '#ffffff',
    ink: '#1b1f24',
    soft: '#5b646e',
    axon: '#bcd7ee',
    axonEdge: '#2f79b0',
    spine: '#cfd6f3',
    spineEdge: '#5562ad',
    inter: '#bfe5d6',
    interEdge: '#00805d',
    ghost: '#8d97a5',
    nmda: '#7a4fa3',
    ampa: '#0072b2',
    calcium: '#8a6d00',
    calciumIon: '#c79a00',
    drug: '#d55e00',
    glutamate: '#e08e00',
    gaba: '#009e73',
    bdnf: '#c2478f',
    trkb: '#93407a',
    mtor: '#2c8a3d',
    protein: '#4b9d4f',
    strands: '#8d94c9',
    spike: '#fff4b8',
    vesicle: '#fffdf5',
};

const DARK: Palette = {
    dark: true,
    skyTop: '#0d1522',
    skyBottom: '#131c2e',
    haze: '#2a4060',
    ink: '#e6e9ed',
    soft: '#a3acb6',
    axon: '#21486c',
    axonEdge: '#6fb6ea',
    spine: '#323a6e',
    spineEdge: '#98a5f2',
    inter: '#164a3d',
    interEdge: '#4fd1a5',
    ghost: '#8994a6',
    nmda: '#c39be8',
    ampa: '#56b4e9',
    calcium: '#f2c14e',
    calciumIon: '#ffe08a',
    drug: '#ff8b45',
    glutamate: '#ffb52e',
    gaba: '#4fd1a5',
    bdnf: '#f28cc6',
    trkb: '#e08ac4',
    mtor: '#63d178',
    protein: '#86d98a',
    strands: '#7d88d8',
    spike: '#fff6c9',
    vesicle: '#38648c',
};

export function paletteFor(dark: boolean): Palette {
    return dark ? DARK : LIGHT;
}

const ENOUGH = 4.5; // contrast of text to what it stands on

const readable = new Map<string, string>();

// The colour, or the nearest one towards black (on dark: white) that can be read as text on the page.
export function legible(hex: string, dark: boolean): string {
    const key = `${hex}${dark}`,
        known = readable.get(key) ?? mixed(hex, dark);
    readable.set(key, known);
    return known;
}

function mixed(hex: string, dark: boolean): string {
    const paper = luminance(dark ? [20, 23, 26] : [255, 255, 255]),
        full = [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
    for (let share = 0; ; share += 0.05) {
        const colour = full.map((c) => Math.round(c + ((dark ? 255 : 0) - c) * share)),
            own = luminance(colour),
            contrast = (Math.max(own, paper) + 0.05) / (Math.min(own, paper) + 0.05);
        if (contrast >= ENOUGH || share >= 1) return `rgb(${colour.join(' ')})`;
    }
}

// WCAG 2.1's relative luminance of red, green and blue, 0 to 255.
function luminance(colour: number[]): number {
    const [r, g, b] = colour.map((c) => {
        const share = c / 255;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
