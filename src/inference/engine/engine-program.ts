/** What an engine process runs: its entry and how much address space the library in it needs on a CPU. */
export interface EngineProgram {
  /** Of the runtime; part of the process title except for `onnx`. */
  readonly name: string;
  readonly entry: URL;
  /** Limit of the address space of an engine on the CPU. */
  readonly cpuAddressSpaceBytes: number;
}

/** ONNX Runtime. 3.5 GB + 4 x 512 MB, the largest model file: a memory bomb then ends as an ordinary error. */
export const ONNX_ENGINE: EngineProgram = {
  name: 'onnx',
  entry: new URL('./engine-child.js', import.meta.url),
  cpuAddressSpaceBytes: 3_500_000_000 + 4 * 512_000_000,
};

/** TensorFlow.js. V8 reserves guard pages for each WASM memory: 8 GB are too few, 16 GB work. */
export const TENSORFLOW_ENGINE: EngineProgram = {
  name: 'tensorflow',
  entry: new URL('./tensorflow-engine-child.js', import.meta.url),
  cpuAddressSpaceBytes: 20_000_000_000,
};
