// Neurons by WebGL: positions go to the graphics card once, then one value a neuron when the frame changes.
import {
    BufferAttribute,
    BufferGeometry,
    Color,
    DataTexture,
    LineBasicMaterial,
    LineDashedMaterial,
    LineSegments,
    type Matrix4,
    Points,
    type PerspectiveCamera,
    Scene,
    ShaderMaterial,
    WebGLRenderer,
} from 'three';
import {LINK_COLOURS, NO_VALUE, type Picture, type Renderer} from './picture';
import type {Link} from './synapses';

const VERTEX = `
attribute float shade;
uniform float size;
varying float vShade;
void main() {
    vShade = shade;
    vec4 seen = modelViewMatrix * vec4(position, 1.0);
    gl_Position = shade < -1.5 ? vec4(2.0, 2.0, 2.0, 1.0) : projectionMatrix * seen;
    gl_PointSize = clamp(size / -seen.z, 1.5, 14.0);
}`;

const FRAGMENT = `
uniform sampler2D colours;
uniform vec3 none;
varying float vShade;
void main() {
    vec2 d = gl_PointCoord - 0.5;
    float r = dot(d, d);
    if (r > 0.25) discard;
    vec3 colour = vShade < 0.0 ? none : texture2D(colours, vec2(vShade, 0.5)).rgb;
    gl_FragColor = vec4(colour * (1.0 - 0.9 * r), 1.0);
}`;

export class WebglRenderer implements Renderer {
    readonly name = 'WebGL';
    private renderer: WebGLRenderer;
    private scene = new Scene();
    private geometry = new BufferGeometry();
    private material: ShaderMaterial;
    private lines: LineSegments[] = [];
    private drawn = -1;
    private cells: unknown = null;

    // Throws when the browser has no WebGL.
    constructor(
        canvas: HTMLCanvasElement,
        private camera: PerspectiveCamera,
    ) {
        const context = canvas.getContext('webgl2', {antialias: true, preserveDrawingBuffer: true});
        if (!context) throw new Error('no WebGL here');
        this.renderer = new WebGLRenderer({canvas, context, antialias: true, preserveDrawingBuffer: true});
        const blank = new DataTexture(new Uint8Array(4), 1, 1);
        this.material = new ShaderMaterial({
            vertexShader: VERTEX,
            fragmentShader: FRAGMENT,
            uniforms: {colours: {value: blank}, none: {value: new Color()}, size: {value: 1}},
        });
        const points = new Points(this.geometry, this.material);
        points.frustumCulled = false;
        this.scene.add(points);
    }

    draw(picture: Picture, _matrix: Matrix4, width: number, height: number): void {
        if (this.cells !== picture.cells) this.place(picture);
        if (this.drawn !== picture.version) this.update(picture);
        this.drawn = picture.version;
        const uniform = this.material.uniforms.size;
        if (uniform)
            uniform.value =
                ((picture.cells.radius * Math.min(width, height) * 1.6) /
                    Math.cbrt(Math.max(1, picture.cells.count))) *
                0.34;
        this.renderer.setSize(width, height, false);
        this.renderer.setClearColor(picture.dark ? 0x0e141c : 0xf4f7fa);
        this.renderer.render(this.scene, this.camera);
    }

    dispose(): void {
        this.renderer.dispose();
        this.renderer.forceContextLoss();
    }

    private place(picture: Picture): void {
        const {x, y, z, count} = picture.cells,
            position = new Float32Array(3 * count);
        for (let i = 0; i < count; ++i) position.set([x[i] as number, y[i] as number, z[i] as number], 3 * i);
        this.geometry.setAttribute('position', new BufferAttribute(position, 3));
        this.geometry.setAttribute('shade', new BufferAttribute(new Float32Array(count), 1));
        this.cells = picture.cells;
    }

    private update(picture: Picture): void {
        const {cells, values, range, visible, table, dark} = picture;
        const attribute = this.geometry.getAttribute('shade') as BufferAttribute,
            shade = attribute.array as Float32Array;
        for (let i = 0; i < cells.count; ++i) {
            const value = values && i < values.length ? (values[i] as number) : NaN;
            const place = (value - range[0]) / (range[1] - range[0]);
            shade[i] =
                visible[cells.type[i] as number] === false
                    ? -2
                    : Number.isNaN(place)
                      ? -1
                      : Math.max(0, Math.min(1, place));
        }
        attribute.needsUpdate = true;
        const none = dark ? NO_VALUE.dark : NO_VALUE.light,
            {colours, none: noneUniform} = this.material.uniforms;
        if (colours) {
            (colours.value as DataTexture).dispose();
            const texture = new DataTexture(table, 256, 1);
            texture.needsUpdate = true;
            colours.value = texture;
        }
        if (noneUniform) noneUniform.value = new Color(none[0] / 255, none[1] / 255, none[2] / 255);
        for (const line of this.lines) {
            line.geometry.dispose();
            this.scene.remove(line);
        }
        const ring = picture.picked === null ? [] : cross(picture, picture.picked);
        this.lines = [
            this.segments(picture, picture.lost, LINK_COLOURS.lost, true),
            this.segments(picture, picture.formed, LINK_COLOURS.formed, false),
            this.segments(picture, picture.partners, LINK_COLOURS.partners, false),
            this.raw(ring, dark ? '#ffffff' : '#000000', false),
        ];
        this.scene.add(...this.lines);
    }

    private segments(picture: Picture, links: Link[], colour: string, dashed: boolean): LineSegments {
        const {x, y, z} = picture.cells;
        return this.raw(
            links.flatMap(({source: s, target: t}) => [x[s], y[s], z[s], x[t], y[t], z[t]] as number[]),
            colour,
            dashed,
            picture.cells.radius,
        );
    }

    private raw(corners: number[], colour: string, dashed: boolean, radius = 1): LineSegments {
        const geometry = new BufferGeometry();
        geometry.setAttribute('position', new BufferAttribute(Float32Array.from(corners), 3));
        const look = {color: colour, transparent: true, opacity: 0.8};
        const lines = new LineSegments(
            geometry,
            dashed
                ? new LineDashedMaterial({...look, dashSize: radius / 60, gapSize: radius / 80})
                : new LineBasicMaterial(look),
        );
        if (dashed) lines.computeLineDistances();
        lines.frustumCulled = false;
        return lines;
    }
}

// Three strokes through a neuron, to find it again.
function cross(picture: Picture, neuron: number): number[] {
    const {x, y, z, radius} = picture.cells,
        r = radius / 28,
        c = [x[neuron], y[neuron], z[neuron]] as [number, number, number];
    return [0, 1, 2].flatMap((axis) => [-r, r].flatMap((d) => c.map((v, k) => (k === axis ? v + d : v))));
}
