// A camera that circles around the network; both renderers look through it.
import {Matrix4, PerspectiveCamera, Vector3} from 'three';
import type {Cells} from './cells';

const AWAY = 2.3; // in radii

export class Orbit {
    readonly camera = new PerspectiveCamera(38, 1, 1, 10000);
    private turn = 0.6;
    private tilt = 0.36;
    private away = AWAY;
    private radius = 1;
    private centre = new Vector3();

    look(cells: Cells): void {
        this.radius = cells.radius;
        this.centre.set(...cells.centre);
        const tall =
            cells.z.reduce((most, z) => Math.max(most, Math.abs(z - cells.centre[2])), 0) / this.radius;
        this.away = Math.max(AWAY, 3.2 * tall + 0.5); // a column is seen from farther away than a sheet
    }

    rotate(dx: number, dy: number): void {
        this.turn -= dx * 0.006;
        this.tilt = Math.max(-1.5, Math.min(1.5, this.tilt + dy * 0.006));
    }

    zoom(factor: number): void {
        this.away = Math.max(0.25, Math.min(6, this.away * factor));
    }

    // Depth (z) of the tissue is upright.
    update(aspect: number): Matrix4 {
        const c = this.camera,
            d = this.away * this.radius * Math.max(1, 1 / aspect);
        c.aspect = aspect;
        c.near = d / 50;
        c.far = d + 3 * this.radius;
        c.up.set(0, 0, -1);
        c.position.set(
            this.centre.x + d * Math.cos(this.tilt) * Math.cos(this.turn),
            this.centre.y + d * Math.cos(this.tilt) * Math.sin(this.turn),
            this.centre.z - d * Math.sin(this.tilt),
        );
        // The near corner hangs low, so the whole is lifted.
        c.lookAt(this.centre.x, this.centre.y, this.centre.z + 0.16 * this.radius);
        c.updateProjectionMatrix();
        c.updateMatrixWorld();
        return new Matrix4().multiplyMatrices(c.projectionMatrix, c.matrixWorldInverse);
    }
}

interface Projected {
    x: number;
    y: number;
    depth: number;
}

export function project(
    m: Matrix4,
    x: number,
    y: number,
    z: number,
    width: number,
    height: number,
): Projected {
    const e = m.elements as unknown as number[];
    const w = (e[3] as number) * x + (e[7] as number) * y + (e[11] as number) * z + (e[15] as number);
    const px = ((e[0] as number) * x + (e[4] as number) * y + (e[8] as number) * z + (e[12] as number)) / w;
    const py = ((e[1] as number) * x + (e[5] as number) * y + (e[9] as number) * z + (e[13] as number)) / w;
    return {x: (px + 1) * 0.5 * width, y: (1 - py) * 0.5 * height, depth: w};
}
