// The page as a visitor uses it, in Chromium and from disk.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
    complaints,
    drawn,
    fingerprint,
    goTo,
    hours,
    open,
    openRuns,
    page,
    requests,
    scene,
    text,
    until,
} from './visitor.mjs';

test('moves soon after opening, without a word read', async (t) => {
    const began = Date.now();
    await open('demo.html', {reducedMotion: 'no-preference'});
    await page.waitForSelector(scene);
    const first = await fingerprint(scene);
    let moved = false;
    for (let k = 0; k < 1000 && !moved; ++k) {
        await drawn(1);
        moved = (await fingerprint(scene)) !== first;
    }
    t.diagnostic(
        `first movement after ${Date.now() - began} ms; two seconds are wanted on a machine of its own`,
    );
    assert.ok(moved);
});

test('the story goes on and back, with numbers from the run', async () => {
    await openRuns('demo.html');
    const titles = [];
    for (let k = 0; k < 8; ++k) {
        titles.push(await text('.caption h2'));
        await page.getByTitle('Next (N)').click();
        await drawn();
    }
    assert.equal(new Set(titles).size, 8, titles.join('; '));
    assert.match(titles.join(), /NMDA.*The brake loosens.*New spines/s);
    await page.keyboard.press('p');
    await drawn();
    assert.match(await text('.caption h2'), /New spines/);
    for (const chip of await page.locator('.chip:not(.off)').all())
        assert.match(
            await chip.innerText(),
            /^[^\n]+\n[\d.]+ \S+.*\n\/history\/\w+/,
            'name, value with unit, source',
        );
});

test('a blocked AMPA receptor stops the story where the model stops', async () => {
    await openRuns('demo.html');
    await page
        .getByLabel('Run', {exact: true})
        .selectOption({label: 'ketamine with AMPA receptors blocked'});
    await page.locator('.dot').nth(3).click();
    await drawn();
    assert.match(await text('.caption'), /NBQX.* blocks AMPA receptors: their drive is down to 0\.00 fold/);
});

test('times count from the first dose, wherever the scenario gives it', async () => {
    await openRuns('late.html', {reducedMotion: 'no-preference'});
    await page.locator('.dot').nth(1).click(); // the act that begins with the dose
    await page.keyboard.press(' ');
    await until(async () => /[#&]t=/.test(page.url()) && Math.abs(await hours()) < 1);
    await page.keyboard.press('4');
    await drawn();
    assert.match(await text('section.about'), /first dose, at 48 h of the scenario/);
});

test('scrubbing, keys and the address go together', async () => {
    await openRuns('demo.html', {reducedMotion: 'no-preference'});
    await page.getByLabel('Time', {exact: true}).fill('500');
    await page.keyboard.press(' ');
    await until(async () => (await hours()) > 1);
    const middle = await hours();
    assert.ok(middle < 30, `${middle} h`);
    await page.locator('body').click({position: {x: 5, y: 60}});
    for (let k = 0; k < 5; ++k) await page.keyboard.press('ArrowRight');
    await until(async () => (await hours()) > middle + 1);
    await page.keyboard.press('3');
    await page.waitForURL(/view=compare/);
    const address = page.url();
    await page.goto('about:blank');
    requests.length = 0;
    await page.goto(address);
    await page.waitForSelector('.numbers tbody tr');
    assert.ok(
        Math.abs((await hours()) - new URLSearchParams(new URL(address).hash.slice(1)).get('t')) < 0.1,
    );
    requests.splice(0, requests.length, 'the page');
});

test('an exact time can be typed; what is no time says what is', async () => {
    await openRuns('demo.html');
    const field = page.getByLabel('Go to a time');
    for (const [typed, wanted] of [
        ['15 min', 0.25],
        ['6 h', 6],
        ['2 d', 48],
    ]) {
        await field.fill(typed);
        await field.press('Enter');
        await until(async () => Math.abs((await hours()) - wanted) < 0.01);
    }
    await field.fill('soon');
    await field.press('Enter');
    assert.match(await field.evaluate((input) => input.validationMessage), /15 min, 6 h, 7 d/);
});

test('speed and pause', async () => {
    await openRuns('demo.html', {reducedMotion: 'no-preference'});
    await page.keyboard.press('f');
    await page.getByLabel('Speed').selectOption('4');
    await page.waitForFunction(() => Number(new URLSearchParams(location.hash.slice(1)).get('t')) > 0);
    await page.keyboard.press(' ');
    await drawn();
    const [reached, stopped] = [await hours(), await text('.now')];
    await drawn(30);
    assert.equal(await text('.now'), stopped);
    assert.ok(reached > 0, `${reached} h`);
});

test('runs are compared on one clock, with differences and a dose slider', async () => {
    await openRuns('demo.html');
    await page.keyboard.press('3');
    await page.waitForSelector('.numbers tbody tr');
    assert.equal(await page.locator('.panel').count(), 3);
    await page.getByLabel('Time', {exact: true}).fill('300');
    await drawn();
    const row = await page.locator('.numbers tr', {hasText: 'BDNF'}).innerText();
    assert.match(row, /1\.00\s+1\.\d\d \(\+0\.\d\d\)\s+1\.00 \(\+0\.00\)/, row);
    await page.locator('#difference').check();
    await page.getByLabel('Dose, among').fill('0');
    await drawn();
    assert.match(await text('.panel.chosen'), /vehicle/);
});

test('more than four runs are all there, and one that has ended says so', async () => {
    await openRuns('short.html');
    await page.keyboard.press('3');
    await page.waitForSelector('.numbers tbody tr');
    assert.equal(await page.locator('.panel').count(), 6);
    assert.equal(await page.locator('.numbers tr').first().locator('th').count(), 7, 'a column a run');
    await goTo('5 d');
    assert.equal(await page.locator('.panel.ended').count(), 5);
    assert.match(await text('.panel.ended >> nth=0'), /This run ended at 2 days/);
    await goTo('1 d');
    assert.equal(await page.locator('.panel.ended').count(), 0);
});

test('rates light up between frames, marked as interpolated, and never before a frame', async () => {
    await openRuns('demo.html#renderer=canvas');
    await page.keyboard.press('2');
    const at = async (time) => {
        await goTo(time);
        return text('.when');
    };
    await page.waitForFunction(() => /rate/.test(document.querySelector('.bar-name').textContent));
    assert.equal(await at('-1 h'), 'not recorded yet');
    assert.match(await at('40 min'), /^frame of 0 min, interpolated since by the mean rate of each type$/);
    await page.getByLabel('Colour by').selectOption('ampa');
    await page.waitForFunction(() => /^frame of 0 min$/.test(document.querySelector('.when').textContent));
});

test('the network: fields, changed synapses within a budget, one neuron, its dendrite', async () => {
    await openRuns('demo.html#renderer=canvas');
    await page.keyboard.press('2');
    await page.getByLabel('Time', {exact: true}).fill('700');
    await page.waitForFunction(() =>
        /Showing [\d,]+ of [a-z ]*[\d,]+ synapses formed/.test(
            document.querySelector('.count').textContent,
        ),
    );
    const before = await fingerprint('.cells');
    await page.getByLabel('Colour by').selectOption('live');
    await page.waitForFunction(() =>
        document.querySelector('.bar-name').textContent.includes('/snapshots/live'),
    );
    assert.notEqual(await fingerprint('.cells'), before);
    await page.getByLabel('Neuron number').fill('10');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => /Neuron 10: E/.test(document.querySelector('.neuron').textContent));
    assert.match(await text('.neuron'), /\d+ synapses from \d+ neurons/);
    assert.match(await text('.dendrite'), /Now: \d+ spines, \d+ new, \d+ gone/);
});

test('without WebGL the network says so and is drawn all the same', async () => {
    await open('demo.html');
    await page.addInitScript(() => {
        const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
            return /webgl/.test(kind) ? null : real.call(this, kind, ...rest);
        };
    });
    await page.reload();
    requests.shift();
    await page.waitForSelector('.dot');
    await page.keyboard.press('2');
    await page.waitForFunction(
        () =>
            document.querySelector('.network').dataset.renderer === 'Canvas 2D' &&
            document.querySelector('.bar-name').textContent !== '',
    );
    assert.match(await text('.below'), /no WebGL here, so the network is drawn with Canvas 2D/);
});

test('reduced motion: nothing moves by itself', async () => {
    await openRuns('demo.html', {reducedMotion: 'reduce'});
    await drawn();
    const still = await fingerprint(scene);
    await drawn(30);
    assert.equal(await fingerprint(scene), still);
    const glutamate = await page.locator(scene).evaluate((canvas) => {
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let found = 0;
        for (let k = 0; k < data.length; k += 4)
            if (Math.abs(data[k] - 224) + Math.abs(data[k + 1] - 142) + data[k + 2] < 30) ++found;
        return found;
    });
    assert.ok(glutamate > 60, `${glutamate} pixels of glutamate stand in the cleft`);
    assert.match(
        await page.locator('#spoken').textContent(),
        /^Act 1 of 8\./,
        'a screen reader is told where it is',
    );
    assert.match(await page.locator(scene).getAttribute('aria-label'), /Drawing of a synapse/);
});

test('nothing leaves the page: its policy refuses what somebody might bring in', async () => {
    await open('empty.html');
    const refused = await page.evaluate(
        () =>
            new Promise((told) => {
                addEventListener('securitypolicyviolation', (event) => told(event.effectiveDirective));
                fetch('https://respine.invalid/').catch(() => setTimeout(told, 9000, 'nobody'));
            }),
    );
    assert.equal(refused, 'connect-src');
    complaints.splice(0); // the console says so too
    assert.match(
        await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content'),
        /^default-src 'none';/,
    );
});

test('fits a phone and a projector', async () => {
    await openRuns('demo.html');
    for (const size of [
        {width: 390, height: 844},
        {width: 1920, height: 1080},
    ]) {
        await page.setViewportSize(size);
        for (const key of ['1', '2', '3', '4']) {
            await page.keyboard.press(key);
            await drawn();
            assert.ok(
                await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
                `view ${key} at ${size.width} px is wider than the screen`,
            );
        }
    }
});
