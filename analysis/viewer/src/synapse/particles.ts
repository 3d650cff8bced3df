// Things that drift: born at a rate, carried by a velocity and by jitter, gone at the end of their life.
import {dot, type Brush} from './shapes';

interface Particle {
    x: number;
    y: number;
    vx: number;
    vy: number;
    age: number;
    life: number;
    size: number;
}

export class Cloud {
    readonly all: Particle[] = [];
    private owed = 0;

    constructor(
        private readonly most: number,
        private readonly jitter: number,
    ) {}

    // Adds on average `rate` a second.
    pour(rate: number, seconds: number, make: () => Particle): void {
        this.owed = Math.min(this.owed + rate * seconds, 6);
        for (; this.owed >= 1; --this.owed) this.add(make());
    }

    add(particle: Particle): void {
        if (this.all.length < this.most) this.all.push(particle);
    }

    move(seconds: number): void {
        for (let k = this.all.length - 1; k >= 0; --k) {
            const p = this.all[k] as Particle;
            p.age += seconds;
            if (p.age > p.life) {
                this.all[k] = this.all[this.all.length - 1] as Particle;
                this.all.pop();
                continue;
            }
            p.vx += (Math.random() - 0.5) * this.jitter * seconds;
            p.vy += (Math.random() - 0.5) * this.jitter * seconds;
            p.x += p.vx * seconds;
            p.y += p.vy * seconds;
        }
    }

    draw(g: Brush, colour: string): void {
        for (const p of this.all)
            dot(
                g,
                p.x,
                p.y,
                p.size,
                colour,
                Math.min(1, 6 * (1 - p.age / p.life), 0.2 + (8 * p.age) / p.life),
            );
    }
}

export function spread(amount: number): number {
    return (Math.random() - 0.5) * 2 * amount;
}
