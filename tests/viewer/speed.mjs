// How fast 50 frames of 20,000 neurons are drawn, by Canvas 2D and by WebGL: printed, for this machine only.
import {join} from 'node:path';
import {chromium} from 'playwright-core';

const SECONDS = 6;
const browser = await chromium.launch({executablePath: process.env.RESPINE_BROWSER, args: ['--no-sandbox']});
for (const renderer of ['canvas', 'webgl']) {
    const page = await (await browser.newContext({viewport: {width: 1280, height: 800}})).newPage();
    const drawing = renderer === 'canvas' ? '&renderer=canvas' : '';
    await page.goto(
        `file://${join(process.env.RESPINE_FILES, 'speed.html')}#view=network&run=0&t=0${drawing}`,
    );
    await page.waitForFunction(() => document.querySelector('.bar-name')?.textContent);
    const measured = await page.evaluate(
        (seconds) =>
            new Promise((done) => {
                const shown = new Set(),
                    network = document.querySelector('.network'),
                    slider = document.querySelector('.scrub');
                const began = performance.now(),
                    from = Number(network.dataset.frames);
                const step = () => {
                    const passed = (performance.now() - began) / 1000 / seconds;
                    shown.add(document.querySelector('.when').textContent);
                    slider.value = String(70 + 930 * passed);
                    slider.dispatchEvent(new Event('input'));
                    if (passed < 1) return requestAnimationFrame(step);
                    done({
                        fps: ((Number(network.dataset.frames) - from) / (performance.now() - began)) * 1000,
                        frames: shown.size,
                        name: network.dataset.renderer,
                    });
                };
                step();
            }),
        SECONDS,
    );
    console.log(
        `${renderer}: ${measured.fps.toFixed(1)} frames a second (${measured.name} at the end), 20,000 ` +
            `neurons, ${measured.frames} of 50 recorded frames passed in ${SECONDS} s`,
    );
    await page.context().close();
}
await browser.close();
