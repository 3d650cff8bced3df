// HDF5's own filters are built into the library; any other needs a plugin that this page does not carry.
import type {Filter} from 'h5wasm';
import {msg} from '../lang';

const BUILT_IN = new Map([
    [1, 'deflate'],
    [2, 'shuffle'],
    [3, 'fletcher32'],
    [4, 'szip'],
    [5, 'nbit'],
    [6, 'scaleoffset'],
]);
const KNOWN = new Map([
    [307, 'bzip2'],
    [32000, 'lzf'],
    [32001, 'blosc'],
    [32004, 'lz4'],
    [32008, 'bitshuffle'],
    [32013, 'zfp'],
    [32015, 'zstd'],
]);

export function refuseUnknownFilters(path: string, filters: Filter[]): void {
    const unknown = filters
        .filter((f) => !BUILT_IN.has(f.id))
        .map((f) => `${KNOWN.get(f.id) ?? 'filter'} (${f.id})`);
    if (unknown.length > 0) throw new Error(msg('file.filter', {path, filters: unknown.join(', ')}));
}
