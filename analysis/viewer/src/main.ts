import {App} from './app';

// The runs are behind this script in the page.
addEventListener(
    'DOMContentLoaded',
    () => void new App(document.getElementById('app') as HTMLElement).start(),
);
