// Files that any release wrote, in the page of this one; and what a later one will write.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readFileSync} from 'node:fs';
import {choose, drawn, file, open, page, text} from './visitor.mjs';

const written = JSON.parse(readFileSync(file('written.json'), 'utf8'));

const formats = new Set(written.map((row) => row.format));
assert.deepEqual([...formats].sort(), ['respine-cohort', 'respine-run'], 'what the corpus has');

for (const {name, format, title} of written) {
    test(`${name} opens, and one of a later version is refused by name`, async () => {
        await open('empty.html');
        await choose(`later-${name}`, name);
        await page.waitForSelector('.problems li');
        const said = await text('.problems');
        assert.match(said, /it was written by a later version \(format version 2; this page reads 1\)/);
        assert.match(said, /open it with the page of a later respine/);
        await page.waitForSelector(format === 'respine-run' ? '.dot' : '.crowd');
        assert.equal(await page.locator('.problems li').count(), 1);
        if (format === 'respine-cohort') {
            assert.match(await text('.crowd-said'), /median improvement is \d+(\.\d)? %/);
            return;
        }
        assert.ok((await page.locator('body').innerText()).includes(title), title);
        await page.keyboard.press('f');
        await drawn();
        for (const field of ['bdnf', 'spine_density'])
            assert.match(await text(`.chip.field-${field}`), /\d (fold|%)/);
    });
}
