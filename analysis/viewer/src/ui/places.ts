// Where boxes over a drawing go so that none lies over another: each as near as it can be to where it
// belongs, in the order of the list.

export interface Wish {
    x: number; // of the box's left upper corner, where it belongs [px]
    y: number;
    width: number;
    height: number;
    must: boolean; // shown wherever there is room; others are left out rather than moved far
}
export interface Place {
    x: number;
    y: number;
    moved: readonly [number, number]; // from where it belongs
}

const GAP = 3; // [px] between two boxes
const STEP = 11; // [px] from one try to the next
const NEAR = 5; // steps that a box moves which need not be shown
const FAR = 60;
// Up and down first: what stands beside its part stays beside it.
const WAYS = [
    [0, -1],
    [0, 1],
    [1, 0],
    [-1, 0],
    [1, -1],
    [1, 1],
    [-1, -1],
    [-1, 1],
] as const;

// The places in the order of the wishes; null for a box that is left out. `before`: the last places; a
// box that cannot stand at home stays where it was, so that boxes do not hop while a camera moves.
export function placed(
    wishes: Wish[],
    width: number,
    height: number,
    before: (Place | null)[] = [],
): (Place | null)[] {
    const taken: {x: number; y: number; width: number; height: number}[] = [];
    return wishes.map((wish, k) => {
        const home = wish.must
            ? {
                  x: Math.max(GAP, Math.min(width - wish.width - GAP, wish.x)),
                  y: Math.max(GAP, Math.min(height - wish.height - GAP, wish.y)),
              }
            : wish;
        for (const moved of moves(before[k]?.moved ?? [0, 0], wish.must ? FAR : NEAR)) {
            const x = home.x + moved[0],
                y = home.y + moved[1];
            const inside = x >= 0 && y >= 0 && x + wish.width <= width && y + wish.height <= height;
            const free = taken.every(
                (t) =>
                    x >= t.x + t.width + GAP ||
                    t.x >= x + wish.width + GAP ||
                    y >= t.y + t.height + GAP ||
                    t.y >= y + wish.height + GAP,
            );
            if (!inside || !free) continue;
            taken.push({x, y, width: wish.width, height: wish.height});
            return {x, y, moved};
        }
        return null;
    });
}

function* moves(last: readonly [number, number], steps: number): Generator<readonly [number, number]> {
    yield [0, 0];
    yield last;
    for (let step = 1; step <= steps; ++step)
        for (const [x, y] of WAYS) yield [x * step * STEP, y * step * STEP];
}
