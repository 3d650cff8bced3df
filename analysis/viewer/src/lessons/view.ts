// A lesson on the page: predictions of one's own in a table, the model's values beside them when the answers
// are switched on.
import type {Client} from '../data/client';
import {fieldOf, withUnit} from '../data/fields';
import {simulated, type Simulated} from '../lab/course';
import type {Engine} from '../lab/engine';
import {FINE, yamlOf, type Trial} from '../lab/trial';
import {button, el, setText} from '../ui/dom';
import {LESSONS, type Column, type Lesson} from './lessons';
import {msg} from '../lang';

const SAME = 0.02; // of the value before the dose, or of 1 where it is 0: what two seeds differ by

export class LessonView {
    readonly element = el('section', {class: 'lessons', 'aria-label': msg('lessons.name')});
    private choice = el('select', {'aria-label': msg('lessons.choice')});
    private answers = el('input', {type: 'checkbox', id: 'answers'});
    private sheet = el('div');
    private said = el('p', {class: 'soft', role: 'status'});
    private known = new Map<string, Simulated>(); // by scenario
    private cells: {row: string; column: Column; told: HTMLElement; signs: boolean}[] = [];

    constructor(
        private engine: Engine,
        private client: Client,
        private go: (trial: Trial) => void,
    ) {
        this.choice.append(...LESSONS.map((l, k) => el('option', {value: String(k)}, l.title)));
        this.choice.addEventListener('change', () => this.draw());
        this.answers.addEventListener('change', () => void this.reveal());
        this.element.append(
            el(
                'div',
                {class: 'notebook-tools'},
                this.choice,
                el('label', {for: 'answers'}, this.answers, ` ${msg('lessons.answers')}`),
            ),
            this.said,
            this.sheet,
        );
        this.draw();
    }

    private get lesson(): Lesson {
        return LESSONS[Number(this.choice.value) || 0] as Lesson;
    }

    private draw(): void {
        const {lesson} = this;
        this.cells = [];
        this.answers.checked = false;
        setText(this.said, '');
        this.sheet.replaceChildren(
            el('p', {}, el('b', {}, `${msg('lessons.aim')} `), lesson.aim),
            el('p', {}, el('b', {}, `${msg('lessons.predict')} `), lesson.predict),
            el('div', {class: 'numbers-box'}, this.table(lesson)),
            el('h3', {}, msg('lessons.explain')),
            el(
                'ol',
                {},
                ...lesson.questions.map(([ask, answer]) =>
                    el('li', {}, ask, el('p', {class: 'answer', hidden: ''}, answer)),
                ),
            ),
            el('p', {class: 'soft'}, el('b', {}, `${msg('lessons.limits')} `), lesson.limits),
        );
    }

    private table(lesson: Lesson): HTMLElement {
        const head = lesson.columns.map((column) =>
            el(
                'th',
                {scope: 'col'},
                button(
                    column.name,
                    msg('lessons.try', {name: column.name}),
                    () => this.go(column.trial),
                    'quiet',
                ),
            ),
        );
        const rows = lesson.rows.map(([row, words]) =>
            el(
                'tr',
                {},
                el('th', {scope: 'row'}, words),
                ...lesson.columns.map((column) => {
                    const told = el('b', {class: 'answer', hidden: ''});
                    this.cells.push({row, column, told, signs: lesson.signs});
                    const own = el('input', {
                        class: 'guess',
                        'aria-label': msg('lessons.guess', {row: words, column: column.name}),
                    });
                    return el('td', {}, own, told);
                }),
            ),
        );
        return el('table', {class: 'guesses'}, el('tr', {}, el('th'), ...head), ...rows);
    }

    private async reveal(): Promise<void> {
        const on = this.answers.checked,
            {lesson, cells} = this;
        for (const answer of this.sheet.querySelectorAll<HTMLElement>('.answer')) answer.hidden = !on;
        if (!on) return;
        try {
            for (const column of lesson.columns) {
                setText(this.said, msg('lessons.simulating', {name: column.name}));
                const course = await this.courseOf(column.trial, lesson);
                for (const cell of cells.filter((c) => c.column === column))
                    setText(cell.told, wordsOf(course, cell.row, column.at, cell.signs));
            }
            const {neurons, synapses} = FINE;
            setText(this.said, msg('lessons.networks', {neurons, synapses}));
        } catch (error) {
            setText(this.said, msg('lab.failed', {reason: (error as Error).message}));
        }
    }

    private async courseOf(trial: Trial, lesson: Lesson): Promise<Simulated> {
        const text = yamlOf(trial, 'lesson', FINE),
            known = this.known.get(text);
        if (known) return known;
        const ids = lesson.rows.map(([id]) => id),
            course = await simulated(this.engine, this.client, text, [], ids, []);
        this.known.set(text, course);
        return course;
    }
}

// A value with its unit; with a sign where the question is whether it changed at all.
function wordsOf(course: Simulated, id: string, at: number | 'peak', signs: boolean): string {
    const rest = course.at(id, -0.75), // before the dose and before what cuts a link
        most = course.extreme(id, true, -0.75, course.end).value,
        value = at === 'peak' ? most : course.at(id, at),
        words = withUnit(course.fields.get(id) ?? fieldOf(id), value);
    if (!signs) return words;
    const scale = rest > 0.05 ? rest : 1,
        sign = value - rest > SAME * scale ? '+' : '0';
    return `${sign} (${words})`;
}
