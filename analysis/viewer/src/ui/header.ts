// The first line of the page: views, runs, and what can be done with all of them.
import type {Chooser} from './chooser';
import {button, el, switchTheme} from './dom';
import {fileInput} from './files';
import {speakAnew} from './hash';
import type {Share} from './share';
import {LANGUAGES, msg, spokenNow} from '../lang';

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
        el('nav', {'aria-label': msg('header.views')}, ...tabs),
        el(
            'div',
            {class: 'runs'},
            ...chooser.elements,
            sure,
            fileInput(open),
            share.element,
            languages(),
            button('◐', msg('header.theme'), switchTheme, 'quiet'),
        ),
    );
}

function languages(): HTMLElement {
    const choice = el(
        'select',
        {
            class: 'languages',
            'aria-label': msg('header.language'),
            title: msg('header.language.title'),
        },
        ...Object.entries(LANGUAGES).map(([id, {language}]) =>
            el('option', {value: id, lang: id, title: language}, id.toUpperCase()),
        ),
    );
    choice.value = spokenNow();
    choice.addEventListener('change', () => speakAnew(choice.value));
    return choice;
}
