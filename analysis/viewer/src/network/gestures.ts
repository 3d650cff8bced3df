// Turning, zooming and picking, by pointer, wheel and keyboard.
import type {Orbit} from './camera';

const STILL = 5; // [px] that a pointer may move and still pick

const TURNS: Record<string, [number, number]> = {
    ArrowLeft: [-20, 0],
    ArrowRight: [20, 0],
    ArrowUp: [0, -20],
    ArrowDown: [0, 20],
};

// `grasp` is called when the visitor takes the camera over, `pick` with a place of the canvas in its own
// pixels.
export function listenToGestures(
    canvas: HTMLCanvasElement,
    orbit: Orbit,
    grasp: () => void,
    pick: (at: {x: number; y: number}) => void,
): void {
    let moved = 0;
    canvas.addEventListener('pointerdown', (event) => {
        grasp();
        moved = 0;
        canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
        if (event.buttons !== 1) return;
        orbit.rotate(event.movementX, event.movementY);
        moved += Math.abs(event.movementX) + Math.abs(event.movementY);
    });
    canvas.addEventListener('pointerup', (event) => {
        const box = canvas.getBoundingClientRect();
        if (moved < STILL) pick({x: event.clientX - box.left, y: event.clientY - box.top});
    });
    const wheel = (event: WheelEvent) => {
        event.preventDefault();
        orbit.zoom(Math.exp(event.deltaY * 0.001));
    };
    canvas.addEventListener('wheel', wheel, {passive: false});
    canvas.addEventListener('keydown', (event) => {
        const turn = TURNS[event.key];
        if (event.key === '+' || event.key === '-') orbit.zoom(event.key === '+' ? 0.9 : 1.1);
        if (!turn) return;
        grasp();
        orbit.rotate(...turn);
        event.preventDefault();
        event.stopPropagation();
    });
}
