// The page in another language, in Chromium and from disk.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {answered, drawn, file, open, openLab, openRuns, page, text} from './visitor.mjs';

const spoken = (language) =>
    JSON.parse(
        readFileSync(join(process.env.RESPINE_SOURCE, `analysis/viewer/src/lang/${language}.json`), 'utf8'),
    );
const {messages: english} = spoken('en'),
    {messages: german} = spoken('de');

// What English alone would say: whole messages of several words.
const foreign = Object.keys(english)
    .filter((key) => english[key] !== german[key] && /^[^{}]* [^{}]* [^{}]*$/.test(english[key]))
    .map((key) => english[key]);

// All that can be seen, heard or hovered over.
const everything = () =>
    page.evaluate(() => {
        const names = [...document.querySelectorAll('#app [aria-label], #app [title], #app [placeholder]')];
        return [
            document.getElementById('app').textContent,
            ...names.flatMap((e) => ['aria-label', 'title', 'placeholder'].map((a) => e.getAttribute(a))),
        ].join('\n');
    });

test('a German browser gets a German page, view by view', async () => {
    await openRuns('demo.html', {locale: 'de-DE'});
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    await page.keyboard.press('h');
    assert.match(await text('.act-text'), /Die Dornen stehen bei \d+,\d % von gesund/);
    for (const view of ['try', 'synapse', 'network', 'compare', 'about', 'lessons']) {
        await page.locator(`.tab-${view}`).click();
        await drawn();
        const said = await everything();
        assert.deepEqual(
            foreign.filter((message) => said.includes(message)),
            [],
            view,
        );
    }
});

test('the language is chosen in the page, and the trial stays', async () => {
    await openLab({locale: 'en-GB'});
    await page.getByLabel('Cut BDNF').click();
    await answered(/with anti-bdnf/);
    await page.waitForFunction(() => location.hash.includes('anti-bdnf'));
    await page.getByLabel('Language').selectOption('de');
    await answered(/mit anti-bdnf/);
    assert.equal(await page.getByLabel('BDNF durchtrennen').getAttribute('aria-pressed'), 'true');
    assert.match(page.url(), /lang=de/);
    await page.getByLabel('Sprache').selectOption('en');
    await answered(/with anti-bdnf/);
});

test('files that cannot be shown are told of in the language of the page', async () => {
    await open('lab.html', {locale: 'de'});
    await page.setInputFiles('#choose', file('notes.h5'));
    await page.waitForSelector('.problems li');
    assert.match(await text('.problems'), /notes\.h5 kann nicht gezeigt werden: dies ist keine HDF5-Datei/);
});
