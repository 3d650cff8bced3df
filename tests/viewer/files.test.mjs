// Files that come into the page and pictures that leave it, in Chromium and from disk.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readFileSync} from 'node:fs';
import {choose, drawn, file, open, openRuns, page, text} from './visitor.mjs';

test('files dropped on an empty viewer open; what is no run says why, and the rest works', async () => {
    await open('empty.html');
    const names = ['ketamine.h5', 'foreign.h5', 'notes.h5', 'empty.h5', 'damaged.h5', 'lzf.h5'];
    const data = await page.evaluateHandle(
        (files) => {
            const transfer = new DataTransfer();
            for (const [name, base64] of files)
                transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
            return transfer;
        },
        names.map((name) => [name, readFileSync(file(name)).toString('base64')]),
    );
    await page.dispatchEvent('html', 'drop', {dataTransfer: data});
    await page.waitForFunction(() => document.querySelectorAll('.problems li').length >= 5);
    const said = await text('.problems');
    assert.match(said, /foreign\.h5 cannot be shown: this HDF5 file was not written by respine run/);
    assert.match(said, /notes\.h5 cannot be shown: this is no HDF5 file/);
    assert.match(said, /empty\.h5 cannot be shown: the file is empty/);
    assert.match(said, /damaged\.h5: \/history\/bdnf cannot be read, so the file is damaged/);
    assert.match(said, /lzf\.h5: \/history\/bdnf is compressed with lzf \(32000\).*h5repack -f GZIP=4/);
    assert.equal(
        await page.getByLabel('Run', {exact: true}).locator('option').count(),
        3,
        'the whole run, and the two with one unreadable quantity',
    );
    await page.getByLabel('Run', {exact: true}).selectOption('1');
    await page.keyboard.press('f');
    await drawn();
    assert.equal(
        await page.locator('.chip.field-bdnf.off').count(),
        1,
        'a number that cannot be read is not shown',
    );
    assert.match(await text('.chip.field-rate_e'), /\d\.\d+ Hz/);
});

// In a worker: adds up what is read of files, slice by slice, as HDF5 asks for it.
function countReads() {
    self.bytesRead = 0;
    const read = FileReaderSync.prototype.readAsArrayBuffer;
    FileReaderSync.prototype.readAsArrayBuffer = function (part) {
        self.bytesRead += part.size;
        return read.call(this, part);
    };
}

test('a file of 5 GB opens without being loaded', async (t) => {
    await open('empty.html');
    page.on('worker', (worker) => worker.evaluate(countReads));
    await choose('huge.h5');
    await page.waitForSelector('.dot');
    const read = await Promise.all(page.workers().map((worker) => worker.evaluate('bytesRead')));
    const all = read.reduce((a, b) => a + b, 0);
    t.diagnostic(`${all} bytes read`);
    assert.ok(all > 10_000 && all < 50_000_000, `${all} bytes read`);
    await page.keyboard.press('f');
    await drawn();
    assert.match(await text('.chip.field-potentiation'), /1\.00 fold/);
});

test('texts of a file are shown as text', async () => {
    await open('empty.html');
    await choose('hostile.h5', 'vehicle.h5');
    await page.waitForSelector('.dot');
    for (const key of ['2', '3', '4', '1']) {
        await page.keyboard.press(key);
        await drawn();
        assert.equal(await page.locator('img').count(), 0);
        if (key === '4') assert.match(await text('.about h2'), /<img src=x onerror=alert\(1\)>/);
    }
});

test('pictures and video are saved', async () => {
    await openRuns('demo.html');
    await page.locator('.share summary').click();
    const [picture] = await Promise.all([
        page.waitForEvent('download'),
        page.getByText('Save picture').click(),
    ]);
    assert.equal(
        readFileSync(await picture.path())
            .subarray(1, 4)
            .toString(),
        'PNG',
    );
    await page.getByText('Record video').click();
    await drawn(60);
    const [video] = await Promise.all([
        page.waitForEvent('download'),
        page.getByText('Stop and save').click(),
    ]);
    assert.equal(
        readFileSync(await video.path())
            .subarray(0, 4)
            .toString('hex'),
        '1a45dfa3',
        'WebM',
    );
});

test('says on its face that it is no medical advice, and what made the run', async () => {
    await openRuns('demo.html');
    assert.match(await text('.frame-note'), /not medical advice/);
    await page.keyboard.press('4');
    assert.match(await text('section.about'), /respine run demo-ketamine/);
    await page.locator('summary', {hasText: 'resolved scenario'}).click();
    assert.match(await text('.about pre'), /^name: "demo-ketamine"/);
});
