// The one time course that an act is about, between its caption and the timeline.
import {fieldOf, withUnit} from '../data/fields';
import type {Player} from '../player';
import type {StoryAct} from '../story/acts';
import {el, isDark, setText} from './dom';
import {keysOf, PAPER, Plot, scrub, type Plotted} from './plot';
import {msg} from '../lang';

export class Curve {
    private plot = new Plot(0, true);
    private name = el('span');
    private value = el('b');
    private source = el('code');
    private keys = el('span', {class: 'curve-keys'});
    readonly element = el(
        'section',
        {class: 'curve', 'aria-label': msg('curve.name')},
        el('p', {class: 'curve-head'}, this.name, this.value, this.source, this.keys),
        this.plot.element,
    );
    private drawnFor = '';
    private draw: (width: number) => void = () => undefined;

    constructor(private player: Player) {
        scrub(this.plot, player);
        addEventListener('beforeprint', () => this.draw(PAPER));
        addEventListener('afterprint', () => (this.drawnFor = ''));
    }

    frame(act: StoryAct, what: Plotted): void {
        const run = what.runs[what.current],
            field = fieldOf(act.curve),
            {clientWidth: width, clientHeight: room} = this.element;
        if (!run || width === 0) return;
        const {clock} = what,
            keys = what.runs.map((r) => r.key),
            size = `${width}:${room}:${isDark()}`,
            shown = `${what.sure.stampOf(run)}:${keys}:${what.current}:${field.id}`,
            wanted = `${shown}:${size}:${clock.start}:${clock.end}`;
        if (wanted !== this.drawnFor) {
            setText(this.name, field.label);
            setText(this.source, run.get(field.id)?.source ?? msg('curve.absent'));
            this.keys.replaceChildren(...(keys.length > 1 ? keysOf(what.runs, what.current) : []));
            const head = (this.element.firstElementChild as HTMLElement).offsetHeight;
            this.draw = (wide) => this.plot.draw(field, what, wide, room - head);
            this.draw(this.plot.element.clientWidth);
        }
        this.drawnFor = wanted;
        this.plot.setShade(clock.place(act.from), clock.place(act.to));
        this.plot.moveTo(this.player.line);
        setText(this.value, withUnit(field, run.at(field.id, this.player.hours)));
    }
}
