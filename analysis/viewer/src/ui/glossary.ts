// Words that a first-time visitor may not know; the same meanings as in docs/model.md.
import {msg} from '../lang';

export const DISCLAIMER = msg('disclaimer');

const TERMS = [
    'ampa',
    'bdnf',
    'bouton',
    'disinhibition',
    'fold',
    'gaba',
    'interneuron',
    'ketamine',
    'mtorc1',
    'nmda',
    'pyramidal',
    'snapshot',
    'spine',
    'density',
    'trkb',
    'vehicle',
] as const;

// Term and meaning.
export const GLOSSARY = TERMS.map(
    (term) => [msg(`glossary.${term}.term`), msg(`glossary.${term}`)] as const,
);
