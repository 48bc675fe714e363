/** One serial executor: a GPU, or the CPU as an ONNX Runtime provider. */
export interface Device {
  /** For example `cpu:0`, `webgpu:0`, `cuda:0`. */
  readonly id: string;
  readonly kind: 'cpu' | 'webgpu' | 'cuda' | 'remote';
  /** What a person calls it, for example `CPU` or `NVIDIA H200`; the API's `deviceType`. */
  readonly type: string;
}
