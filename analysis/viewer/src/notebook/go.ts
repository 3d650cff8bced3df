// Back to a moment that was pinned: its run when it is open, else the same choices simulated anew.
import type {Trial} from '../lab/trial';
import type {Player} from '../player';
import type {Shelf} from '../shelf';
import type {Problems} from '../ui/problems';
import type {ViewName} from '../ui/screen';
import type {Pin} from './pins';
import {msg} from '../lang';

interface Page {
    shelf: Shelf;
    player: Player;
    problems: Problems;
    select(index: number): void;
    show(view: ViewName): void;
    resume(trial: Trial, hours: number): Promise<void>;
}

export async function goTo(pin: Pin, page: Page): Promise<void> {
    const {shelf, player} = page,
        open = shelf.runs.findIndex((run) => run.title === pin.run),
        run = shelf.runs[open];
    if (!run && pin.trial) return page.resume(pin.trial, pin.hours);
    if (!run) return page.problems.tell(msg('notebook.not_open', {run: pin.run}));
    page.select(open);
    page.show(shelf.trialOf(run) ? 'try' : 'synapse');
    player.playing = false;
    player.toHours(pin.hours);
}
