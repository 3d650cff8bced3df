// The lessons of the page, taught from one file, in Chromium and from disk.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ANSWER, answered, open, page, text} from './visitor.mjs';

async function openLesson(title) {
    await open('lab.html#view=lessons');
    await page.getByLabel('Lesson', {exact: true}).selectOption({label: title});
}

// The model's values, row by row, once they are all there.
async function values() {
    await page.locator('#answers').check();
    await page.waitForFunction(
        () => /^Networks of/.test(document.querySelector('.lessons [role=status]').textContent),
        null,
        ANSWER,
    );
    return page
        .locator('.lessons tr')
        .evaluateAll((rows) =>
            rows.map((row) => [...row.querySelectorAll('.answer')].map((c) => c.innerText)),
        );
}

test('answers are behind a switch, and the predictions of a pupil stay beside them', async () => {
    await openLesson('1. Clocks: why a drug that is gone in hours changes weeks');
    for (const answer of await page.locator('.lessons .answer').all())
        assert.ok(!(await answer.isVisible()));
    await page.getByLabel('Your spines, 3 days').fill('90');
    const [, brain, bdnf, , protein, spines] = await values();
    const numbers = (row) => row.map((cell) => parseFloat(cell));
    const highest = (row) => numbers(row).indexOf(Math.max(...numbers(row)));
    assert.deepEqual(
        [brain, bdnf, protein, spines].map(highest),
        [0, 1, 2, 4],
        'each later than the one before',
    );
    assert.match(brain[0], / µM$/);
    assert.match(spines[4], /% of healthy$/);
    assert.equal(await page.getByLabel('Your spines, 3 days').inputValue(), '90');
    await page.locator('#answers').uncheck();
    assert.ok(!(await page.locator('.lessons .answer').first().isVisible()));
});

test('each cut ends what lies behind it and nothing before it', async () => {
    await openLesson('2. Cut the chain: what vanishes when one link is cut?');
    const rows = (await values()).slice(1).map((row) => row.map((cell) => cell[0]).join(''));
    // rows: block, rate, glutamate, BDNF, TrkB, mTORC1, protein, spines; columns: ketamine, then each cut
    assert.deepEqual(rows, ['+++++', '+0+++', '+0+++', '+00++', '+000+', '+0000', '+0000', '+0000']);
});

test('a lesson leads into a try', async () => {
    await openLesson('3. One run is no evidence: chance, dose, and what is not known');
    await page.getByTitle('Try it: 5 mg/kg, seed 2').click();
    await answered(/^mouse: ketamine 5 mg\/kg ip, seed 2$/);
    assert.match(await text('.lab-home .command'), /^respine run try-\d+\.yaml$/);
});
