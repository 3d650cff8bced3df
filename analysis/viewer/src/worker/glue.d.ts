// What emscripten makes beside engine.wasm; build.mjs says where it lies.
declare module 'engine-glue' {
    export interface EngineModule {
        FS: {
            mkdirTree(path: string): void;
            writeFile(path: string, data: string | Uint8Array): void;
            readFile(path: string): Uint8Array<ArrayBuffer>;
            unlink(path: string): void;
        };
        ccall(name: string, returns: 'string', types: string[], values: unknown[]): string;
    }
    export default function makeEngine(options: {
        instantiateWasm(
            imports: WebAssembly.Imports,
            done: (instance: WebAssembly.Instance) => void,
        ): Record<string, never>;
    }): Promise<EngineModule>;
}
