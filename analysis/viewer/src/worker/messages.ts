// What the page asks of the worker that holds the HDF5 library, and what it gets.

export type Values =
    | Float32Array
    | Float64Array
    | Uint8Array
    | Uint16Array
    | Uint32Array
    | Int32Array
    | Float64Array
    | string[];

// `rows` selects [from, to) of the first dimension.
export type Request =
    | {method: 'open'; key: string; file: File}
    | {method: 'close'; key: string}
    | {method: 'list'; key: string; path: string}
    | {method: 'attributes'; key: string; path: string; names?: string[]}
    | {method: 'shape'; key: string; path: string}
    | {method: 'read'; key: string; path: string; rows?: [number, number]};

export type Attributes = Record<string, string | number>;

export interface Answers {
    open: null;
    close: null;
    list: string[];
    attributes: Attributes;
    shape: number[];
    read: Values;
}

export type Reply = {id: number; value: Answers[keyof Answers]} | {id: number; error: string};
