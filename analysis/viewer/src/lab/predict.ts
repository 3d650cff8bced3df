// Predict first: before a run is shown, the visitor says what it will do to the spines; then both stand side
// by side.
import {button, el, setText} from '../ui/dom';
import {msg, num} from '../lang';

export const JUDGED = 24; // [h] after the first dose
const SAME = 1; // [% of healthy]: seeds of networks this small differ by about as much

const WORDS = {
    more: msg('predict.more'),
    same: msg('predict.same'),
    fewer: msg('predict.fewer'),
};
type Guess = keyof typeof WORDS;

export class Predict {
    readonly element = el('div', {class: 'predict'});
    private wish = el('input', {type: 'checkbox', id: 'predict'});
    private question = el('p', {class: 'prediction', role: 'status'});
    private before: number | null = null; // spines of the last run [% of healthy]
    private answer: ((guess: Guess) => void) | null = null;

    constructor() {
        this.element.append(
            this.wish,
            el('label', {for: 'predict'}, ` ${msg('predict.wish')}`),
            this.question,
        );
    }

    get wished(): boolean {
        return this.wish.checked;
    }

    // Resolves when the visitor has said what is coming, or at once when there is nothing to say.
    async ask(): Promise<Guess | null> {
        if (!this.wish.checked || this.before === null) return null;
        this.question.replaceChildren(
            `${msg('predict.ask', {before: num(this.before.toFixed(1))})} `,
            ...(Object.keys(WORDS) as Guess[]).map((guess) =>
                button(WORDS[guess], msg('predict.expect', {guess: WORDS[guess]}), () =>
                    this.answer?.(guess),
                ),
            ),
        );
        const guess = await new Promise<Guess>((say) => (this.answer = say));
        setText(this.question, '');
        return guess;
    }

    // What came, beside what was said.
    judge(guess: Guess | null, spines: number): void {
        const before = this.before;
        this.before = spines;
        if (guess === null || before === null) return setText(this.question, '');
        const by = spines - before,
            found: Guess = Math.abs(by) < SAME ? 'same' : by > 0 ? 'more' : 'fewer';
        const why = msg(guess === found ? 'predict.right' : 'predict.wrong');
        setText(
            this.question,
            msg('predict.judge', {
                guess: WORDS[guess],
                found: WORDS[found],
                after: num(spines.toFixed(1)),
                before: num(before.toFixed(1)),
                why,
            }),
        );
    }
}
