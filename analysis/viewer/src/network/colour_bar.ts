// What the colours of the network mean: the field, its unit, the range, and the time of the frame.
import {gradientOf, type MapName} from '../data/colours';
import {timeWords} from '../data/clock';
import {unitWords} from '../data/fields';
import {el, isDark, setText} from '../ui/dom';
import type {CellField} from './cells';
import {msg, num} from '../lang';

export class ColourBar {
    private bar = el('div', {class: 'bar'});
    private low = el('span');
    private high = el('span');
    private name = el('span', {class: 'bar-name'});
    private when = el('span', {class: 'when'});
    readonly element = el(
        'div',
        {class: 'bar-box'},
        this.name,
        this.bar,
        el('div', {class: 'bar-ends'}, this.low, this.high),
        this.when,
    );

    // `frame`: its time [h]; undefined before there is any.
    show(field: CellField, range: [number, number], map: MapName, frame: number | undefined): void {
        const unit = unitWords(field.unit);
        this.bar.style.background = gradientOf(map, isDark());
        setText(this.low, `≤ ${num(range[0].toPrecision(3))}`);
        setText(this.high, `≥ ${num(range[1].toPrecision(3))}${unit ? ` ${unit}` : ''}`);
        setText(this.name, `${field.label}, ${field.path}`);
        const recorded = msg('bar.frame', {time: timeWords(frame ?? 0)});
        setText(
            this.when,
            frame === undefined
                ? msg('bar.none')
                : field.moves
                  ? msg('bar.between', {frame: recorded})
                  : recorded,
        );
    }
}
