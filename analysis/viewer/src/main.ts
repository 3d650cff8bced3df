import {App} from './app';

// The runs stand behind this script in the page.
addEventListener(
    'DOMContentLoaded',
    () => void new App(document.getElementById('app') as HTMLElement).start(),
);
