// Where things stand on the first screen, in Chromium and from disk.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {drawn, openRuns, page} from './visitor.mjs';

const SIZES = [
    {width: 1280, height: 800},
    {width: 390, height: 844},
    {width: 1920, height: 1080},
];

// Boxes that are on the screen, as [name, left, top, right, bottom].
const boxes = (selector) =>
    page.locator(selector).evaluateAll((found) =>
        found
            .map((e) => [e, e.getBoundingClientRect()])
            .filter(([e, r]) => r.width > 0 && getComputedStyle(e).visibility !== 'hidden')
            .map(([e, r]) => [e.className + ' ' + e.textContent, r.left, r.top, r.right, r.bottom]),
    );

function overlapping(all) {
    return all.flatMap((a, k) =>
        all
            .slice(k + 1)
            .filter((b) => a[1] < b[3] && b[1] < a[3] && a[2] < b[4] && b[2] < a[4])
            .map((b) => `${a[0]} and ${b[0]}`),
    );
}

// Drawing, caption and curve above the timeline, inside the first screen, and nothing written over another.
async function check(what) {
    await page.evaluate(() => scrollTo(0, 0));
    const parts = [];
    for (const selector of ['.synapse .scene', '.caption', '.curve', '.curve .u-over', '.timeline'])
        parts.push(...(await boxes(selector)));
    assert.equal(parts.length, 5, what);
    const {width, height} = page.viewportSize();
    for (const [name, left, top, right, bottom] of parts)
        assert.ok(
            left >= -0.5 && top >= 0 && right <= width + 0.5 && bottom <= height + 0.5,
            `${what}: '${name}' reaches from ${left}, ${top} to ${right}, ${bottom}`,
        );
    const [scene, caption, curve, , timeline] = parts;
    assert.deepEqual(overlapping([scene, caption, curve, timeline]), [], what);
    assert.ok(scene[4] - scene[2] >= 150, `${what}: the drawing is ${scene[4] - scene[2]} px high`);
    const written = await boxes('.stage .part:not(.off), .stage .chip:not(.off)');
    assert.ok(written.length >= 6, `${what}: ${written.length} names and numbers`);
    assert.deepEqual(overlapping(written), [], what);
}

for (const [name, locale] of [
    ['demo.html', 'en'],
    ['lab.html', 'en'],
    ['lab.html', 'de'],
])
    test(`one screen of ${name} (${locale}) holds drawing, caption and curve, at three sizes`, async () => {
        await openRuns(name, {locale});
        for (const size of SIZES) {
            await page.setViewportSize(size);
            for (let act = 0; act < (await page.locator('.dot').count()); ++act) {
                await page.locator('.dot').nth(act).click();
                await drawn();
                await check(`${size.width} px, act ${act + 1}`);
            }
        }
    });

test('names and numbers over the drawing can be read, light and dark', async () => {
    await openRuns('demo.html');
    for (const theme of ['light', 'dark']) {
        await page.evaluate((t) => (document.documentElement.dataset.theme = t), theme);
        await drawn();
        const worst = await page.evaluate(() => {
            const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
            const channels = (colour) => {
                probe.fillStyle = colour;
                probe.fillRect(0, 0, 1, 1);
                return [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3);
            };
            const light = (colour) => {
                const [r, g, b] = channels(colour).map((c) =>
                    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
                );
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const paper = light(getComputedStyle(document.body).backgroundColor);
            return [...document.querySelectorAll('.part, .chip *, .curve-head *, .caption *, .tick')]
                .filter((e) => e.textContent && e.clientWidth + e.offsetWidth > 0)
                .map((e) => {
                    const ink = light(getComputedStyle(e).color);
                    return [(Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05), e.className];
                })
                .sort((a, b) => a[0] - b[0])[0];
        });
        assert.ok(worst[0] >= 4.49, `${theme}: contrast ${worst}`);
    }
});
