// node language.mjs VIEWER: whether each language says all that English says, with the same values in it, and
// whether the sources ask for every message and hold no words of their own.
import {readdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, relative, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const viewer = resolve(process.argv[2]),
    need = createRequire(join(viewer, 'package.json')),
    ts = need('typescript'),
    parser = need.resolve('intl-messageformat', {paths: [viewer]}),
    {parse} = await import(
        pathToFileURL(createRequire(parser).resolve('@formatjs/icu-messageformat-parser')).href
    );
const folder = join(viewer, 'src/lang'),
    languages = Object.fromEntries(
        readdirSync(folder)
            .filter((name) => name.endsWith('.json'))
            .map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
    ),
    english = languages.en.messages,
    wrong = [];

// "{n, plural, one {# spine} other {# spines}}" needs n; so do all that its branches need.
function valuesIn(elements) {
    return elements.flatMap((e) => [
        ...(e.type === 0 || e.type === 7 ? [] : [e.value]),
        ...Object.values(e.options ?? {}).flatMap((o) => valuesIn(o.value)),
    ]);
}
const told = (message) => [...new Set(valuesIn(parse(message)))].sort().join();

for (const [id, {messages}] of Object.entries(languages))
    for (const key of new Set([...Object.keys(english), ...Object.keys(messages)])) {
        if (!(key in messages)) wrong.push(`${id}.json: ${key} is missing`);
        else if (!(key in english)) wrong.push(`${id}.json: ${key} is no message`);
        else if (told(messages[key]) !== told(english[key]))
            wrong.push(
                `${id}.json: ${key} holds {${told(messages[key])}}, en.json {${told(english[key])}}`,
            );
    }

// Text that is not for a visitor: classes of the style sheet, what is looked up by name, and what computers
// read.
const style = readFileSync(join(viewer, 'src/style.css'), 'utf8'),
    isClass = (word) => style.includes(`.${word}`),
    PLAIN = [
        /^[.#[]|^\w+(\.\w+)?, |\.(chip|part)/, // selectors
        /sans-serif|gl_Position|gl_FragColor|^<!doctype|^[0-9a-f ]+$/,
        /^(no WebGL here|Canvas 2D|respine run|not up|acts on)$/,
        /^(Arrow(Left|Right|Up|Down)?|Uint8Array)$/,
        /^(title|treatments|record|network|name|model|drug|route|over|at|for|kind|neurons|history): /,
    ];
const isWords = (text) =>
    /[A-Za-z]{2,} [A-Za-z]{2,}|^[A-Z][a-z]+$/.test(text) &&
    !text.trim().split(/\s+/).every(isClass) &&
    !PLAIN.some((plain) => plain.test(text.trim()));
const sources = readdirSync(join(viewer, 'src'), {recursive: true}).filter((name) => name.endsWith('.ts'));
const asked = new Set(),
    prefixes = [];
for (const name of sources) {
    const text = readFileSync(join(viewer, 'src', name), 'utf8'),
        file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
    const place = (node) => `${name}:${file.getLineAndCharacterOfPosition(node.pos).line + 1}`;
    const visit = (node) => {
        if (ts.isImportDeclaration(node)) return;
        if (ts.isStringLiteralLike(node)) {
            if (node.text in english) asked.add(node.text);
            else if (isWords(node.text)) wrong.push(`${place(node)}: "${node.text}"`);
        }
        const piece = ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
        if (piece && isWords(node.text)) wrong.push(`${place(node)}: "${node.text}"`);
        if (ts.isTemplateExpression(node))
            prefixes.push([node.head.text, node.templateSpans.at(-1).literal.text]);
        ts.forEachChild(node, visit);
    };
    visit(file);
}
for (const key of Object.keys(english))
    if (!asked.has(key) && !prefixes.some(([a, b]) => a && key.startsWith(a) && key.endsWith(b)))
        wrong.push(`en.json: nobody asks for ${key}`);

console.log(
    `${Object.keys(languages).length} languages, ${Object.keys(english).length} messages, ` +
        `${sources.length} sources (${relative(process.cwd(), viewer) || '.'}), ${wrong.length} mistakes`,
);
for (const mistake of wrong) console.log(mistake);
process.exitCode = wrong.length > 0 ? 1 : 0;
