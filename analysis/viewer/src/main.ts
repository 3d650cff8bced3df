import {App} from './app';
import {spokenNow} from './lang';

document.documentElement.lang = spokenNow();

// The runs are behind this script in the page.
addEventListener(
    'DOMContentLoaded',
    () => void new App(document.getElementById('app') as HTMLElement).start(),
);
