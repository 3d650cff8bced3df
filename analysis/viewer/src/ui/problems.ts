// What went wrong, in words, until the visitor closes it.
import {button, el} from './dom';
import {msg} from '../lang';

export class Problems {
    readonly element = el('div', {class: 'problems', role: 'alert', hidden: ''});
    private told: string[] = [];

    tell(problem: string): void {
        if (this.told.includes(problem)) return;
        this.told.push(problem);
        this.element.hidden = false;
        this.element.replaceChildren(
            el('ul', {}, ...this.told.map((p) => el('li', {}, p))),
            button(msg('problems.close'), msg('problems.close.title'), () => this.close(), 'quiet'),
        );
    }

    private close(): void {
        this.told = [];
        this.element.hidden = true;
    }
}
