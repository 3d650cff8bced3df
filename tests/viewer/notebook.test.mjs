// What a visitor pins, prints and takes home, in Chromium and from disk.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {answered, drawn, hours, open, openLab, openRuns, page, requests, save, text} from './visitor.mjs';

async function pinTwo() {
    await openRuns('demo.html');
    await page.locator('.dot').nth(3).click();
    await page.getByRole('button', {name: 'Pin', exact: true}).click();
    await page
        .getByLabel('Run', {exact: true})
        .selectOption({label: 'ketamine with AMPA receptors blocked'});
    await page.locator('.dot').nth(6).click();
    await drawn();
    await page.keyboard.press('m');
    await page.getByRole('button', {name: 'Notebook'}).click();
    assert.equal(await page.locator('.pin').count(), 2);
    await page.getByLabel(/^Your words on ketamine 0\.5/).fill('Glutamate, "more" of it');
}

test('moments are pinned, put in words, and go on one A4 page', async () => {
    await pinTwo();
    for (const picture of await page.locator('.pin img').all())
        assert.ok((await picture.evaluate((img) => img.naturalWidth)) > 600, 'the picture is there');
    const [width, height] = [210, 297].map((mm) => (mm / 25.4) * 72);
    for (let pins = 2; pins <= 12; pins += 5) {
        while ((await page.locator('.pin').count()) < pins) await page.keyboard.press('m');
        const pdf = (await page.pdf({preferCSSPageSize: true})).toString('latin1');
        assert.equal(pdf.match(/\/Type\s*\/Page\b(?!s)/g).length, 1, `${pins} pins on one page`);
        const box = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(pdf);
        assert.ok(Math.abs(box[1] - width) < 2 && Math.abs(box[2] - height) < 2, `${box}`);
    }
});

test('a figure of the synapse is printed with its curve', async () => {
    await openRuns('demo.html');
    await page.locator('.dot').nth(6).click();
    await drawn();
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({media: 'print'});
    const parts = await page
        .locator('.printed, .caption, .curve .u-over, .about .made')
        .evaluateAll((found) => found.map((e) => e.getBoundingClientRect().height));
    assert.equal(parts.length, 4);
    for (const height of parts) assert.ok(height > 40, `${parts}`);
    assert.ok((await page.pdf({preferCSSPageSize: true})).length > 20_000);
});

test('the notebook as CSV has the settings and the numbers of each moment', async () => {
    await pinTwo();
    const rows = readFileSync(await save('Save as CSV'), 'utf8')
        .trim()
        .split('\r\n');
    assert.equal(rows.length, 3);
    assert.match(
        rows[0],
        /^run,hours since the first dose,seed,command,.*Glutamate \[fold\].*Spines \[% of healthy\]/,
    );
    assert.match(
        rows[1],
        /^ketamine 0\.5 mg\/kg over 40 min,[\d.]+,1,.*"Glutamate, ""more"" of it",.*,1\.\d\d,/,
    );
    assert.match(rows[2], /^ketamine with AMPA receptors blocked,/);
});

test('a page that is saved holds runs and notebook, and goes back to a moment', async () => {
    await pinTwo();
    const saved = await save('Save this page');
    await page.context().close();
    requests.length = 0;
    await openRuns(saved.slice(saved.lastIndexOf('/') + 1));
    await page.getByRole('button', {name: 'Notebook'}).click();
    assert.equal(await page.locator('.pin').count(), 2);
    assert.equal(
        await page.getByLabel(/^Your words on ketamine 0\.5/).inputValue(),
        'Glutamate, "more" of it',
    );
    await page
        .getByRole('button', {name: /^Go there/})
        .first()
        .click();
    await page.waitForURL(/view=synapse/);
    assert.ok((await hours()) < 1, `${await hours()} h`);
    assert.equal(await page.locator('.run-choice option').count(), 3);
});

test('an address holds the settings of a try, and no folder of its owner', async () => {
    await openLab();
    await page.getByLabel('Cut BDNF').click();
    await answered(/with anti-bdnf/);
    await page.waitForFunction(() => /anti-bdnf/.test(decodeURIComponent(location.hash)));
    const link = await page.evaluate(() => `lab.html${location.hash}`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('Share', {exact: true}).click();
    await page.getByRole('button', {name: 'Copy link'}).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^lab\.html#view=try/);
    await page.context().close();
    requests.length = 0;
    await open(link);
    await answered(/with anti-bdnf/);
    assert.equal(await page.getByLabel('Cut BDNF').getAttribute('aria-pressed'), 'true');
    assert.equal(await page.locator('.legend .key').count(), 1, 'no other try before it');
});

test('an address of a stranger that is no trial is passed over', async () => {
    await open('lab.html#view=try&try={');
    await answered(/human: ketamine 0\.5/);
    for (const trial of ['{"model":"x\\n- y"}', '[1]', '{"model":"human","given":[{"drug":7}]}']) {
        await page.evaluate((text) => (location.hash = `#view=try&try=${encodeURIComponent(text)}`), trial);
        await drawn();
    }
    assert.equal(await page.locator('.legend .key').count(), 1, 'nothing else was tried');
    assert.match(await text('.lab-said'), /^Simulated in/);
});

test('a moment of a try is simulated again when it is not there any more', async () => {
    await openLab();
    await page.getByRole('button', {name: 'Pin', exact: true}).click();
    for (let k = 2; k < 7; ++k) {
        await page.getByRole('slider', {name: 'Seed'}).press('ArrowRight');
        await answered(new RegExp(`seed ${k}`));
    }
    assert.ok(!/ketamine 0\.5 mg\/kg iv over 40 min$/m.test(await text('.legend')));
    await page.getByRole('button', {name: 'Notebook'}).click();
    await page.getByRole('button', {name: /^Go there/}).click();
    await answered(/over 40 min$/);
});
