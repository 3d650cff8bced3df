// What is known, for the page's question "how sure?": published rows that a curve can be held against, and
// parameter sets that published data allow (respine infer).
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {File as H5File, ready} from 'h5wasm/node';
import {parse} from 'yaml';

const MEMBERS = 12; // of an ensemble: a page simulates them while one waits
// What a row reads, and the curve that it can be drawn on.
const CURVES = {
    brain_ketamine: 'brain',
    nmda_block_e: 'nmda_block_e',
    rate_e: 'rate_e',
    glutamate: 'glutamate',
    bdnf: 'bdnf',
    mtorc1: 'mtorc1',
    protein_pool: 'protein_pool',
    imaging_density: 'spine_density',
};
const DRAWN = ['value', 'up', 'down', 'flat', 'zero']; // kinds of rows
const SHARES = /fraction|1\/d/; // of something else than the curve's own unit

function rowsOf(file) {
    const lines = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line && !line.startsWith('#'));
    const [head, ...rest] = lines.map((line) => line.split(','));
    return rest.map((cells) => {
        if (cells.length !== head.length)
            throw new Error(`${file}: '${cells[0]}' has ${cells.length} cells`);
        return Object.fromEntries(head.map((name, k) => [name, cells[k]]));
    });
}

// Rows of targets.csv with the treatment that each is about.
function published(configs) {
    return rowsOf(join(configs, 'reference/targets.csv'))
        .filter((row) => row.take === 'at' && DRAWN.includes(row.kind) && !SHARES.test(row.unit))
        .filter((row) => CURVES[row.quantity])
        .map((row) => {
            const {
                model,
                stress,
                genotype,
                treatments = [],
            } = parse(readFileSync(join(configs, 'scenarios', `${row.scenario}.yaml`), 'utf8'));
            const number = (text) => (text === '' ? null : Number(text));
            return {
                model,
                stress: stress?.severity ?? 0,
                genotype: genotype ?? 'val/val',
                given: treatments.flatMap(({drug, route, dose = '', at}) =>
                    [at].flat().map(() => ({drug, route, dose: String(dose)})),
                ),
                field: CURVES[row.quantity],
                time: row.time,
                difference: row.against === 'reference', // from the vehicle arm
                kind: row.kind,
                value: number(row.value),
                low: number(row.low),
                high: number(row.high),
                unit: row.unit,
                source: row.source,
                mark: row.mark,
                evidence: row.evidence, // fitted, construction, in_sample, prediction
            };
        });
}

async function members(configs) {
    const {FS} = await ready,
        found = {};
    for (const name of readdirSync(join(configs, 'ensembles')).sort()) {
        FS.writeFile('/ensemble.h5', readFileSync(join(configs, 'ensembles', name)));
        const file = new H5File('/ensemble.h5', 'r');
        const read = (path) => [...file.get(path).value],
            keys = read('/parameters/key'),
            units = read('/parameters/unit'),
            values = read('/members/value'),
            count = values.length / keys.length;
        // Evenly out of the file, as respine run --members takes them.
        const sets = Array.from({length: MEMBERS}, (_, k) => {
            const member = Math.floor((k * (count - 1)) / (MEMBERS - 1));
            return keys.map((key, p) => {
                const value = values[member * keys.length + p];
                return [key, units[p] === '1' ? String(value) : `${value} ${units[p]}`];
            });
        });
        found[name.replace(/\.h5$/, '')] = sets;
        file.close();
        FS.unlink('/ensemble.h5');
    }
    return found;
}

export async function evidence(configs) {
    return JSON.stringify({published: published(configs), members: await members(configs)});
}
