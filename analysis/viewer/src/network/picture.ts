// What either renderer is asked to draw.
import type {Matrix4} from 'three';
import {colourTable} from '../data/colours';
import {TYPE_NAMES, type Cells} from './cells';
import type {Link} from './synapses';

export interface Picture {
    cells: Cells;
    values: Float32Array | null; // of the chosen field; excitatory neurons only when shorter than all
    range: [number, number];
    table: Uint8Array; // 256 colours
    visible: boolean[]; // by type
    formed: Link[];
    lost: Link[]; // within the budget
    partners: Link[];
    picked: number | null;
    dark: boolean;
    version: number; // changes with anything but the camera
}

// Before any value is read: all types shown, nothing picked.
export function plainPicture(cells: Cells, dark: boolean): Picture {
    return {
        cells,
        values: null,
        range: [0, 1],
        table: colourTable('cividis', dark),
        visible: TYPE_NAMES.map(() => true),
        formed: [],
        lost: [],
        partners: [],
        picked: null,
        dark,
        version: 0,
    };
}

export interface Renderer {
    readonly name: string;
    draw(picture: Picture, matrix: Matrix4, width: number, height: number): void;
    dispose(): void;
}

export const LINK_COLOURS = {formed: '#009e73', lost: '#d55e00', partners: '#e69f00'};
// Neurons that the field does not have.
export const NO_VALUE = {light: [190, 196, 204], dark: [72, 80, 92]} as const;
