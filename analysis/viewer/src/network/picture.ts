// What either renderer is asked to draw.
import type {Matrix4} from 'three';
import type {Cells} from './cells';
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

export interface Renderer {
    readonly name: string;
    draw(picture: Picture, matrix: Matrix4, width: number, height: number): void;
    dispose(): void;
}

export const LINK_COLOURS = {formed: '#009e73', lost: '#d55e00', partners: '#e69f00'};
export const NO_VALUE = {light: [190, 196, 204], dark: [72, 80, 92]} as const; // neurons that the field does not have
