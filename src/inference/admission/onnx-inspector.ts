import type { TensorType } from '../tensor.js';
import { ONNX_LIMITS, type OnnxLimits } from './inspection-limits.js';
import type { DeclaredTensor, ModelFacts } from './model-facts.js';
import { ModelRefusal } from './model-refusal.js';
import { type ProtobufField, ProtobufWalk } from './protobuf-walk.js';

// Also loaded by the inspection process: erasable TypeScript only.

/** TensorProto.DataType of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const TYPES: Readonly<Record<number, TensorType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  11: 'float64',
};

/**
 * Judges an untrusted `.onnx` file by its bytes alone: no native code, nothing allocated by what the file claims.
 * Refuses external data, endless or compiled operators, foreign domains, model-local functions, sparse and training
 * parts, ORT flatbuffers, and bombs of size, depth and count. Throws ModelRefusal.
 */
export function inspectOnnx(file: Buffer, limits: OnnxLimits = ONNX_LIMITS): ModelFacts {
  if (file.length > limits.maxBytes) {
    throw new ModelRefusal('size', `the file has ${file.length} bytes; at most ${limits.maxBytes} are accepted`);
  }
  if (file.length < 8) throw new ModelRefusal('format', `the file is too short to be a model (${file.length} bytes)`);
  if (file.toString('latin1', 4, 8) === 'ORTM') {
    throw new ModelRefusal('format', 'an ORT flatbuffer is not accepted; upload the ONNX file that it was made of');
  }
  return new OnnxInspector(file, limits).model();
}

class OnnxInspector {
  private readonly walk: ProtobufWalk;
  private readonly limits: OnnxLimits;
  private readonly end: number;
  private readonly operators = new Set<string>();
  private readonly constants = new Set<string>();
  private readonly inputs: DeclaredTensor[] = [];
  private readonly outputs: DeclaredTensor[] = [];
  private nodes = 0;
  private weights = 0;

  constructor(file: Buffer, limits: OnnxLimits) {
    this.walk = new ProtobufWalk(file, limits.maxFields);
    this.limits = limits;
    this.end = file.length;
  }

  model(): ModelFacts {
    let graphs = 0;
    let opsets = 0;
    for (const part of this.walk.fields(0, this.end)) {
      if (part.field === 7) {
        graphs += 1;
        this.graph(part, 0, 'graph');
      } else if (part.field === 8) opsets += 1;
      else if (part.field === 20) throw new ModelRefusal('structure', 'training information is not accepted');
      else if (part.field === 25) throw new ModelRefusal('operators', 'functions of the model are not accepted');
    }
    if (graphs !== 1) throw new ModelRefusal('format', `the file has ${graphs || 'no'} graph; an ONNX model has one`);
    if (opsets === 0) throw new ModelRefusal('format', 'the file names no opset');
    if (this.outputs.length === 0) throw new ModelRefusal('format', 'the graph has no outputs');
    return {
      nodes: this.nodes,
      weights: this.weights,
      operators: [...this.operators].sort(),
      // Files of the first versions of ONNX list their constants among the inputs.
      inputs: this.inputs.filter(({ name }) => !this.constants.has(name)),
      outputs: this.outputs,
    };
  }

  private graph(part: ProtobufField, depth: number, where: string): void {
    if (depth > this.limits.maxDepth) {
      throw new ModelRefusal(
        'graph_size',
        `subgraphs are nested too deep in ${where} (${this.limits.maxDepth} levels)`,
      );
    }
    for (const inner of this.walk.fields(part.start, part.end)) {
      if (inner.field === 1) this.node(inner, depth, where);
      else if (inner.field === 5) {
        const name = this.tensor(inner, where);
        if (depth === 0) this.constants.add(name);
      } else if (inner.field === 15)
        throw new ModelRefusal('structure', `a sparse constant in ${where} is not accepted`);
      else if (inner.field === 11 && depth === 0) this.inputs.push(this.declared(inner));
      else if (inner.field === 12 && depth === 0) this.outputs.push(this.declared(inner));
    }
  }

  private node(part: ProtobufField, depth: number, where: string): void {
    if (++this.nodes > this.limits.maxNodes) {
      throw new ModelRefusal(
        'graph_size',
        `the model has too many nodes; at most ${this.limits.maxNodes} are accepted`,
      );
    }
    let [operator, domain, name] = ['', '', `node ${this.nodes}`];
    const attributes: ProtobufField[] = [];
    for (const inner of this.walk.fields(part.start, part.end)) {
      if (inner.field === 3) name = this.walk.text(inner) || name;
      else if (inner.field === 4) operator = this.walk.text(inner);
      else if (inner.field === 5) attributes.push(inner);
      else if (inner.field === 7) domain = this.walk.text(inner);
    }
    const at = `${operator || 'a node'} "${name}" of ${where}`;
    if (!this.limits.domains.has(domain)) {
      throw new ModelRefusal('operators', `${at} is of the operator domain "${domain}", which is not accepted`);
    }
    if (this.limits.deniedOperators.has(operator)) {
      throw new ModelRefusal('operators', `${at}: the operator ${operator} is not accepted`);
    }
    this.operators.add(operator);
    for (const attribute of attributes) this.attribute(attribute, depth, at);
  }

  private attribute(part: ProtobufField, depth: number, where: string): void {
    for (const inner of this.walk.fields(part.start, part.end)) {
      if (inner.field === 5 || inner.field === 10) this.tensor(inner, where);
      else if (inner.field === 6 || inner.field === 11) this.graph(inner, depth + 1, where);
      else if (inner.field === 22 || inner.field === 23) {
        throw new ModelRefusal('structure', `a sparse constant in ${where} is not accepted`);
      }
    }
  }

  /** Checks a constant and returns its name. */
  private tensor(part: ProtobufField, where: string): string {
    let elements = 1n;
    let name = '';
    for (const inner of this.walk.fields(part.start, part.end)) {
      if (inner.field === 8) name = this.walk.text(inner);
      else if (inner.field === 1) {
        for (const dim of this.walk.integers(inner)) elements = this.extended(elements, dim, where);
      } else if (inner.field === 13 || (inner.field === 14 && inner.value !== 0n)) {
        throw new ModelRefusal('external_data', `external data of a constant in ${where} is not accepted`);
      }
    }
    this.weights += Number(elements);
    return name;
  }

  private extended(elements: bigint, dim: bigint, where: string): bigint {
    const size = BigInt.asIntN(64, dim);
    if (size < 0n) throw new ModelRefusal('tensor_size', `a constant in ${where} has the negative dimension ${size}`);
    const product = elements * size;
    if (product > BigInt(this.limits.maxElements)) {
      throw new ModelRefusal(
        'tensor_size',
        `a constant in ${where} is too large: at most ${this.limits.maxElements} elements are accepted`,
      );
    }
    return product;
  }

  private declared(part: ProtobufField): DeclaredTensor {
    let name = '';
    let found: Omit<DeclaredTensor, 'name'> = { type: null, shape: null };
    for (const inner of this.walk.fields(part.start, part.end)) {
      if (inner.field === 1) name = this.walk.text(inner);
      else if (inner.field === 2) found = this.type(inner);
    }
    return { name, ...found };
  }

  private type(part: ProtobufField): Omit<DeclaredTensor, 'name'> {
    let type: TensorType | null = null;
    let shape: (number | string | null)[] | null = null;
    for (const kind of this.walk.fields(part.start, part.end)) {
      if (kind.field !== 1) continue;
      for (const inner of this.walk.fields(kind.start, kind.end)) {
        if (inner.field === 1) type = TYPES[Number(inner.value)] ?? null;
        else if (inner.field === 2) shape = this.shape(inner);
      }
    }
    return { type, shape };
  }

  private shape(part: ProtobufField): (number | string | null)[] {
    const dims: (number | string | null)[] = [];
    for (const dim of this.walk.fields(part.start, part.end)) {
      if (dim.field !== 1) continue;
      let size: number | string | null = null;
      for (const inner of this.walk.fields(dim.start, dim.end)) {
        if (inner.field === 1) size = Number(BigInt.asIntN(64, inner.value));
        else if (inner.field === 2) size = this.walk.text(inner);
      }
      dims.push(size);
    }
    return dims;
  }
}
