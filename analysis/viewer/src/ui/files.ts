// How run files come in: those inside the page, those that are dropped on it, and those that are chosen.
import {inflated} from '../data/questions';
import {el} from './dom';
import {msg} from '../lang';

// The runs that `respine view` put behind the page, as files; each block is emptied to give its memory back.
export function embeddedFiles(): Promise<File[]> {
    const blocks = [...document.querySelectorAll<HTMLScriptElement>('script.run')];
    return Promise.all(
        blocks.map(async (block) => {
            block.remove();
            return new File([await inflated(block.textContent ?? '')], block.dataset.name ?? 'run.h5');
        }),
    );
}

// What an empty page says.
export function welcome(): HTMLElement {
    return el(
        'section',
        {class: 'welcome'},
        el('h2', {}, msg('welcome.title')),
        el('p', {}, msg('welcome')),
    );
}

export function fileInput(open: (files: File[]) => void): HTMLElement {
    const input = el('input', {
        type: 'file',
        multiple: '',
        accept: '.h5,.hdf5,.part,.yaml,.yml',
        class: 'only-spoken',
        id: 'choose',
    });
    input.addEventListener('change', () => {
        open([...(input.files ?? [])]);
        input.value = '';
    });
    return el(
        'span',
        {},
        input,
        el(
            'label',
            {
                for: 'choose',
                class: 'as-button',
                title: msg('open.title'),
            },
            msg('open'),
        ),
    );
}

export function acceptDrops(target: HTMLElement, open: (files: File[]) => void): void {
    let inside = 0;
    target.addEventListener('dragenter', (event) => {
        event.preventDefault();
        ++inside;
        target.classList.add('dropping');
    });
    target.addEventListener('dragover', (event) => event.preventDefault());
    target.addEventListener('dragleave', () => {
        if (--inside <= 0) target.classList.remove('dropping');
    });
    target.addEventListener('drop', (event) => {
        event.preventDefault();
        inside = 0;
        target.classList.remove('dropping');
        open([...(event.dataTransfer?.files ?? [])]);
    });
}
