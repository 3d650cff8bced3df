// The switch "How sure?", in Chromium and from disk.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ANSWER, answered, drawn, goTo, openLab, openRuns, page, text} from './visitor.mjs';

const surely = () => page.getByRole('button', {name: 'How sure?'}).click();

test('numbers carry their marks and the range of other parameter sets', async () => {
    await openRuns('demo.html');
    await page.locator('.dot').nth(6).click();
    await drawn();
    const spines = page.locator('.chip.field-spine_density .chip-sure');
    assert.equal(await spines.innerText(), 'never measured in humans', 'also without the switch');
    const before = await page.locator('.curve canvas').screenshot();
    await surely();
    await page.waitForFunction(
        () => /in 12 sets/.test(document.querySelector('.chip.field-spine_density .chip-sure').textContent),
        null,
        ANSWER,
    );
    await goTo('3 d');
    const [, low, high] = /^([\d.]+) to ([\d.]+) in 12 sets · \d+ of \d+ numbers assumed/.exec(
        await spines.innerText(),
    );
    assert.ok(low > 78 && high < 105 && high - low > 2, `${low} to ${high}`);
    assert.notDeepEqual(await page.locator('.curve canvas').screenshot(), before, 'a fan of curves');
    assert.ok((await page.locator('.strip .arrow.dashed').count()) > 0, 'assumed links are dashed');
    await page.getByRole('button', {name: 'BDNF', exact: true}).click();
    assert.match(await text('.beliefs table'), /bdnf\.threshold.*(assumed|derived)/s);
});

test('published results of the same species and treatment stand on the curve', async () => {
    await openLab();
    await page.getByLabel('Species').selectOption('mouse');
    await answered(/^mouse: ketamine 10 mg\/kg ip$/);
    await surely();
    await page.locator('.dot').nth(4).click(); // BDNF
    await page.waitForFunction(
        () =>
            /Autry 2011 at 30 min: higher than without drug \(recalled, not .*; the model was fitted/.test(
                document.querySelector('.beliefs').textContent,
            ),
        null,
        ANSWER,
    );
    await page.locator('.dot').last().click(); // spines
    await page.waitForFunction(
        () =>
            /at 5 d: 19 \(3 to 35\) points more than without drug, under the microscope/.test(
                document.querySelector('.beliefs').textContent,
            ),
        null,
        ANSWER,
    );
    await page.getByLabel('Dose', {exact: true}).press('End');
    await page.waitForFunction(
        () => /No published result on "Spines"/.test(document.querySelector('.beliefs').textContent),
        null,
        ANSWER,
    );
});

test('the fan and a lesson wait for each other, and both come to their end', async () => {
    await openLab();
    await surely();
    await page.getByRole('button', {name: 'Lessons'}).click();
    await page.locator('#answers').check();
    await page.waitForFunction(
        () => /^Networks of/.test(document.querySelector('.lessons [role=status]').textContent),
        null,
        ANSWER,
    );
    await page.getByRole('button', {name: 'Try it', exact: true}).click();
    await page.locator('.dot').last().click();
    await page.waitForFunction(
        () => /in 12 sets/.test(document.querySelector('.chip.field-spine_density .chip-sure').textContent),
        null,
        ANSWER,
    );
});
