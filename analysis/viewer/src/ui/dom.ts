// Elements by name, attributes and children. Text always becomes a text node: nothing that a file says is
// read as HTML.

type Child = Node | string | null | undefined;

export function el<K extends keyof HTMLElementTagNameMap>(
    name: K,
    attributes: Record<string, string> = {},
    ...children: Child[]
): HTMLElementTagNameMap[K] {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    for (const child of children) if (child !== null && child !== undefined) made.append(child);
    return made;
}

export function button(label: string, title: string, press: () => void, cls = ''): HTMLButtonElement {
    const made = el('button', {type: 'button', title, ...(cls ? {class: cls} : {})}, label);
    if (label.length < 3) made.setAttribute('aria-label', title);
    made.addEventListener('click', press);
    return made;
}

// Sets the text only when it changes, so that nothing is laid out in vain.
export function setText(element: Element, text: string): void {
    if (element.textContent !== text) element.textContent = text;
}

export const prefersLessMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

export function isDark(): boolean {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

// Okabe and Ito, in the order of `respine compare --figures`.
const RUN_COLOURS = ['#666666', '#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'];
const RUN_COLOURS_DARK = [
    '#b4bcc6',
    '#56B4E9',
    '#F0924C',
    '#35C79C',
    '#E59BC8',
    '#F2BC4A',
    '#8CCBF0',
    '#ffffff',
];

export function runColour(index: number): string {
    const set = isDark() ? RUN_COLOURS_DARK : RUN_COLOURS;
    return set[index % set.length] as string;
}

export function switchTheme(): void {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
}
