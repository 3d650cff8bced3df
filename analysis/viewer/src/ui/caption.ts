// What a saved picture says about itself: the run and the time, what happens then, and where it is from.
import {sinceDose} from '../data/clock';
import type {Run} from '../data/run';
import {msg} from '../lang';

export interface Caption {
    title: string;
    text: string;
    source: string;
}

export function captionOf(run: Run | undefined, hours: number, text: string): Caption {
    return {
        title: `${run?.title ?? ''}, ${sinceDose(hours)}`,
        text,
        source: run
            ? msg('caption.source', {
                  run: run.name,
                  seed: run.meta.seed ?? '?',
                  version: run.meta.version ?? '?',
                  command: run.meta.command ?? '',
              })
            : '',
    };
}
