// A browser with one page, which must load nothing and complain of nothing; and what a visitor does and sees.
import assert from 'node:assert/strict';
import {after, afterEach, before, beforeEach} from 'node:test';
import {join} from 'node:path';
import {chromium} from 'playwright-core';

export const file = (name) => join(process.env.RESPINE_FILES, name);
export const ANSWER = {timeout: 120_000}; // that a simulation has
export let browser, page, complaints, requests;

before(async () => {
    browser = await chromium.launch({executablePath: process.env.RESPINE_BROWSER, args: ['--no-sandbox']});
});
after(() => browser.close());
beforeEach(() => {
    [complaints, requests] = [[], []];
});
afterEach(async () => {
    assert.deepEqual(complaints, [], 'errors in the console');
    const loaded = new Set(requests.filter((url) => !/^(data|blob):/.test(url)));
    assert.equal(loaded.size, 1, `only the page itself is loaded: ${[...loaded]}`);
    await page.context().close();
});

export async function open(name, options = {}) {
    // Nothing moves by itself unless a test is about that: drawing takes what a small machine has.
    const usual = {viewport: {width: 1280, height: 900}, reducedMotion: 'reduce'};
    const context = await browser.newContext({...usual, ...options});
    page = await context.newPage();
    page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        dialog.dismiss();
    });
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`file://${file(name)}`);
}

// A page of runs, with the first of them shown.
export async function openRuns(name, options) {
    await open(name, options);
    await page.waitForSelector('.dot', ANSWER);
}

// Moves the playback to a time, as it is typed.
export async function goTo(time) {
    const field = page.getByLabel('Go to a time');
    await field.fill(time);
    await field.press('Enter');
    await drawn();
}

// Until what was asked for is on the screen, and what glides to its place is there, however slow the machine
// is. Three pictures: while it simulates the page draws every second one.
export async function drawn(pictures = 3) {
    await page.evaluate(async (wanted) => {
        for (let k = 0; k < wanted; ++k) await new Promise(requestAnimationFrame);
        await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
    }, pictures);
}

// Until it is so, which the page writes when it has the time; no answer is no pass.
export async function until(isSo) {
    const end = Date.now() + ANSWER.timeout;
    while (!(await isSo())) {
        assert.ok(Date.now() < end, `waited in vain: ${isSo}`);
        await drawn();
    }
}

export const text = (selector) => page.locator(selector).innerText();
export const hours = async () => Number(new URLSearchParams(new URL(page.url()).hash.slice(1)).get('t'));
export const scene = '.synapse .scene';

// What a canvas shows, as one number.
export const fingerprint = (selector) =>
    page
        .locator(selector)
        .first()
        .evaluate((canvas) => {
            const small = document.createElement('canvas');
            [small.width, small.height] = [160, 90];
            const g = small.getContext('2d');
            g.drawImage(canvas, 0, 0, 160, 90);
            return g
                .getImageData(0, 0, 160, 90)
                .data.reduce((sum, value, k) => (sum * 31 + value * ((k % 7) + 1)) % 1000000007, 7);
        });

export async function choose(...names) {
    await page.setInputFiles('#choose', names.map(file));
}

// The page of respine lab, with its example simulated.
export async function openLab(options) {
    await open('lab.html', options);
    await page.waitForFunction(
        () => document.querySelector('.lab-home .command')?.textContent,
        null,
        ANSWER,
    );
}

// Until the title of the run that is shown is like this.
export async function answered(title) {
    await page.waitForFunction(
        ([source, flags]) =>
            new RegExp(source, flags).test(document.querySelector('.legend b')?.textContent ?? ''),
        [title.source, title.flags],
        ANSWER,
    );
    await drawn();
}

// Presses a button that saves a file, and gives its path.
export async function save(name) {
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', {name}).click(),
    ]);
    const path = file(`saved-${download.suggestedFilename()}`);
    await download.saveAs(path);
    return path;
}
