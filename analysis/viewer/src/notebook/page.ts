// The page itself as a file, with the runs that were opened and the notebook inside.
import {el} from '../ui/dom';

export const STATE = 'notebook-state';

export async function pageWith(files: File[], state: string): Promise<Blob> {
    const page = document.documentElement.cloneNode(true) as HTMLElement,
        body = page.querySelector('body') as HTMLElement;
    page.removeAttribute('class');
    page.querySelector('#app')?.replaceChildren();
    page.querySelector(`#${STATE}`)?.remove();
    for (const name of [...body.attributes].map((a) => a.name)) body.removeAttribute(name);
    for (const file of files) {
        const run = el('script', {type: 'application/gzip', class: 'run', 'data-name': file.name});
        run.textContent = await base64(file);
        body.append(run);
    }
    const kept = el('script', {type: 'application/json', id: STATE});
    kept.textContent = state.replaceAll('<', '\\u003c');
    body.append(kept);
    return new Blob(['<!doctype html>\n', page.outerHTML, '\n'], {type: 'text/html'});
}

// Packed, as `respine view` does it.
async function base64(file: File): Promise<string> {
    const packed = file.stream().pipeThrough(new CompressionStream('gzip')),
        read = new FileReader(),
        bytes = await new Response(packed).blob();
    await new Promise((done) => {
        read.onload = done;
        read.readAsDataURL(bytes);
    });
    return String(read.result).replace(/^[^,]*,/, '');
}
