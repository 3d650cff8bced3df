// Predict first: before a run is shown, the visitor says what it will do to the spines; then both stand side
// by side.
import {button, el, setText} from '../ui/dom';

export const JUDGED = 24; // [h] after the first dose
const SAME = 1; // [% of healthy]: seeds of networks this small differ by about as much

const WORDS = {more: 'more', same: 'about as many', fewer: 'fewer'};
type Guess = keyof typeof WORDS;

export class Predict {
    readonly element = el('div', {class: 'predict'});
    private wish = el('input', {type: 'checkbox', id: 'predict'});
    private question = el('p', {class: 'prediction', role: 'status'});
    private before: number | null = null; // spines of the last run [% of healthy]
    private answer: ((guess: Guess) => void) | null = null;

    constructor() {
        this.element.append(this.wish, el('label', {for: 'predict'}, ' Predict first'), this.question);
    }

    get wished(): boolean {
        return this.wish.checked;
    }

    // Resolves when the visitor has said what is coming, or at once when there is nothing to say.
    async ask(): Promise<Guess | null> {
        if (!this.wish.checked || this.before === null) return null;
        this.question.replaceChildren(
            `Spines a day after the first dose, against ${this.before.toFixed(1)} % in the run before: `,
            ...(Object.keys(WORDS) as Guess[]).map((guess) =>
                button(WORDS[guess], `I expect ${WORDS[guess]} spines`, () => this.answer?.(guess)),
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
        const why = guess === found ? 'As you said.' : 'Where in the chain does it turn?';
        setText(
            this.question,
            `You said ${WORDS[guess]}; it is ${WORDS[found]}: ${spines.toFixed(1)} % against ` +
                `${before.toFixed(1)} %. ${why}`,
        );
    }
}
