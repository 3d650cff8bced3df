// The two kinds of controls of the form, each with its name.
import {msg, named, num} from '../lang';
import {el} from '../ui/dom';

const ROUTES: Record<string, string> = {
    iv: msg('route.iv'),
    im: msg('route.im'),
    ip: msg('route.ip'),
    sc: msg('route.sc'),
    nasal: msg('route.nasal'),
    oral: msg('route.oral'),
};

export function select(
    label: string,
    value: string,
    options: string[],
    pick: (v: string) => void,
): HTMLElement {
    const made = el('select', {'aria-label': label});
    made.append(
        ...options.map((o) =>
            el('option', {value: o}, ROUTES[o] ?? (o ? named(o) : msg('form.account.own'))),
        ),
    );
    made.value = value;
    made.addEventListener('change', () => pick(made.value));
    return el('label', {}, el('span', {class: 'soft'}, label), made);
}

export function slider(
    label: string,
    value: number,
    low: number,
    high: number,
    step: number,
    unit: string,
    hear: (value: number, done: boolean) => void,
    words: (value: number) => string = num,
): HTMLElement {
    const told = el('b', {}, `${words(value)} ${unit}`.trim()),
        made = el('input', {type: 'range', 'aria-label': label});
    Object.assign(made, {
        min: String(low),
        max: String(high),
        step: String(step),
        value: String(value),
    });
    const tell = (done: boolean) => {
        const now = Number(made.value);
        told.textContent = `${words(now)} ${unit}`.trim();
        made.setAttribute('aria-valuetext', told.textContent);
        hear(now, done);
    };
    made.addEventListener('input', () => tell(false));
    made.addEventListener('change', () => tell(true));
    return el('label', {}, el('span', {class: 'soft'}, `${label} `, told), made);
}
