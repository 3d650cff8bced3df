// The page that simulates by itself, as a visitor uses it, in Chromium and from disk.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {test} from 'node:test';
import {ANSWER, choose, drawn, open, openLab, page, save, text} from './visitor.mjs';

const command = () => text('.lab-home .command');
// Does something that simulates anew, and waits for the answer.
async function again(act) {
    const before = await command();
    await act();
    await page.waitForFunction(
        (old) => document.querySelector('.lab-home .command')?.textContent !== old,
        before,
        ANSWER,
    );
    await drawn();
}

// A number of the run that was tried last, at a time.
async function value(label, place) {
    await page.getByLabel('Time', {exact: true}).fill(String(place));
    await drawn();
    const row = page
        .locator('.trace-name')
        .filter({has: page.getByText(label, {exact: false})})
        .first();
    return parseFloat(await row.locator('b').innerText());
}

test('more of a drug does more, and what was tried before stays as a ghost', async () => {
    await openLab();
    assert.match(await text('.lab-said'), /Simulated in [\d.]+ s: 300 neurons with 50 synapses each/);
    const before = await value('Drug in the brain', 300);
    await again(() => page.getByLabel('Dose', {exact: true}).press('End'));
    assert.match(await text('.lab-said'), /Note|Simulated/);
    assert.ok((await value('Drug in the brain', 300)) > 5 * before);
    assert.equal(await page.locator('.legend .key').count(), 2);
    assert.match(await text('.legend'), /ketamine 0\.5 mg\/kg.*ketamine 13 mg\/kg/s);
    for (let k = 0; k < 4; ++k)
        await again(() => page.getByRole('slider', {name: 'Seed'}).press('ArrowRight'));
    assert.equal(await page.locator('.legend .key').count(), 4, 'the last and three before it');
});

test('each link that is cut ends what lies behind it', async () => {
    await openLab();
    const whole = await value('Spines', 970);
    for (const link of ['AMPA receptors', 'BDNF', 'TrkB', 'mTORC1']) {
        await again(() => page.getByLabel(`Cut ${link}`).click());
        assert.ok((await value('Synaptic protein', 600)) < 0.05, link);
        assert.ok((await value('Spines', 970)) < whole - 1, link);
        await again(() => page.getByLabel(`Cut ${link}`).click());
    }
    await again(() => page.getByLabel('Cut calcium channels').click());
    assert.match(await text('.legend b'), /with l-type-ca-blocker/);
});

test('another account of the drug can be tried', async () => {
    await openLab();
    await again(() => page.getByLabel('Account').selectOption('mglu2-release'));
    assert.match(await text('.legend b'), /if mglu2-release/);
    assert.match(await page.getByLabel('Account').evaluate((e) => e.title), /presynaptic mGluR2/);
});

test('the visitor predicts before the run is shown, and is told', async () => {
    await openLab();
    await page.getByLabel('Predict first').check();
    const shown = await text('.legend');
    await page.getByLabel('Cut BDNF').click();
    await page.getByTitle('I expect more spines').click(ANSWER);
    await page.waitForFunction(
        () => /You said/.test(document.querySelector('.predict').textContent),
        null,
        ANSWER,
    );
    assert.match(await text('.predict'), /You said more; it is fewer: 7\d\.\d % against 8\d\.\d %\. Where/);
    assert.notEqual(await text('.legend'), shown, 'shown only then');
});

test('doses are added and dragged, and the timeline follows', async () => {
    await openLab();
    await again(() => page.getByRole('button', {name: '+ dose'}).click());
    const second = page.getByRole('slider', {name: 'Dose 2 of ketamine'});
    assert.equal(await second.getAttribute('aria-valuenow'), '2');
    const box = await second.boundingBox(),
        line = await page.locator('.flag-line').boundingBox();
    await again(async () => {
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        await page.mouse.down();
        await page.mouse.move(line.x + line.width / 2, box.y + box.height / 2, {steps: 8});
        await page.mouse.up();
    });
    assert.equal(await second.getAttribute('aria-valuenow'), '7');
    assert.equal(await page.locator('.timeline .dose').count(), 2);
    await again(() => second.press('ArrowLeft'));
    assert.equal(await second.getAttribute('aria-valuenow'), '6.75');
});

test('what is saved is what the program makes', async () => {
    await openLab();
    await again(() => page.getByLabel('Species').selectOption('mouse'));
    await again(() => page.getByLabel('BDNF gene').selectOption('met/met'));
    const [yaml, run] = [await save('Save as YAML'), await save('Save the run')];
    const own = join(process.env.RESPINE_FILES, 'own.h5');
    execFileSync(process.env.RESPINE, ['run', yaml, '-q', '--force', '-o', own]);
    const compare = [
        'import sys',
        `sys.path.insert(0, ${JSON.stringify(process.env.RESPINE_TESTS)})`,
        'from run_contents import contents, differences',
        'print(len(contents(sys.argv[1])), differences(contents(sys.argv[1]), contents(sys.argv[2])))',
    ].join('\n');
    const told = String(execFileSync('/usr/bin/python3', ['-c', compare, run, own]));
    assert.match(told, /^\d{3} \[\]/, told);
});

test('a scenario and a drug from disk are read with the messages of the program', async () => {
    await openLab();
    await choose('mistake.yaml');
    await page.waitForFunction(() => /Not simulated/.test(document.querySelector('.lab-said').textContent));
    assert.match(
        await text('.lab-said'),
        /mistake\.yaml:13:39: error: .*wants a quantity in mg\/kg.*'mg\/k'/,
    );
    await again(() => choose('mine.yaml'));
    assert.match(await text('.legend b'), /AMPA receptors blocked/);
    assert.match(await command(), /respine run mine\.yaml --set network\.neurons=300/);
    await choose('mydrug.yaml');
    await page.waitForFunction(() =>
        /mydrug/.test(document.querySelector('select[aria-label="Drug"]').value),
    );
});

test('a network that is too large for a page is replaced, and the page says so', async () => {
    await openLab();
    await again(() => choose('circuit.yaml'));
    assert.match(await command(), /--set "network=\{kind: sheet, neurons: 300, synapses_per_neuron: 50\}"/);
    assert.match(await text('.lab-said'), /The file's network became one that a page holds/);
});

test('a mistake in a file does not end the run that is under way', async () => {
    await openLab();
    await again(async () => {
        await page.getByRole('slider', {name: 'Seed'}).press('ArrowRight');
        await choose('mistake.yaml');
    });
    assert.match(await text('.legend b'), /seed 2/);
});

test('a cohort is a crowd, and one of its persons is simulated by a click', async () => {
    await open('crowd.html');
    await page.waitForSelector('.person');
    assert.equal(await page.locator('.person').count(), 6);
    assert.match(
        await text('.crowd-said'),
        /24 h after the first dose \d of 6 simulated persons have improved by half/,
    );
    await page.getByLabel('Outcome').selectOption('1');
    assert.match(await text('.crowd-said'), /median \d+(\.\d)? %/);
    await page.getByLabel('Simulated person 2:').click();
    await page.waitForFunction(
        () => /person-2/.test(document.querySelector('.lab-home .command')?.textContent ?? ''),
        null,
        ANSWER,
    );
    assert.match(await command(), /respine run person-2\.yaml --set subject=2/);
    assert.ok(!/patient/.test(await text('.caption')), 'never read as a patient');
});

test('on a phone and by the keyboard alone', async () => {
    await openLab({viewport: {width: 390, height: 844}});
    assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        'no sideways scroll',
    );
    await page.getByLabel('Species').focus();
    const reached = new Set();
    for (let k = 0; k < 30; ++k) {
        await page.keyboard.press('Tab');
        reached.add(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')));
    }
    for (const control of ['Drug', 'Route', 'Dose', 'Cut BDNF', 'Days', 'Dose 1 of ketamine'])
        assert.ok(reached.has(control), `${control}: ${[...reached].join(', ')}`);
});
