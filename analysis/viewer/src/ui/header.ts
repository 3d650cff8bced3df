// The first line of the page: views, runs, and what can be done with all of them.
import type {Chooser} from './chooser';
import {button, el, switchTheme} from './dom';
import {fileInput} from './files';
import type {Share} from './share';

export function header(
    tabs: HTMLElement[],
    chooser: Chooser,
    open: (files: File[]) => void,
    share: Share,
    sure: HTMLElement,
): HTMLElement {
    return el(
        'header',
        {},
        el('h1', {}, 're', el('span', {}, 'spine')),
        el('nav', {'aria-label': 'Views'}, ...tabs),
        el(
            'div',
            {class: 'runs'},
            ...chooser.elements,
            sure,
            fileInput(open),
            share.element,
            button('◐', 'Light or dark (T)', switchTheme, 'quiet'),
        ),
    );
}
