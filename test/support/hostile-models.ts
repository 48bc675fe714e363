import { bytes, constant, graph, integer, model, node, value } from './onnx-writer.js';

/** A damaged or hostile file and what the inspection must answer; `accept`: only the limits of the engine can stop it. */
export interface HostileModel {
  readonly file: Buffer;
  readonly expect: RegExp | 'accept';
}

const X = value('x', 'float32', ['n']);
const Y = value('y', 'float32', ['n']);
const FLOAT = 1;

function withNodes(
  nodes: readonly Buffer[],
  constants: readonly Buffer[] = [],
  inputs: readonly Buffer[] = [X],
): Buffer {
  return model({ nodes, constants, inputs, outputs: [Y] });
}

function adding(c: Buffer): Buffer {
  return withNodes([node('Add', ['x', 'c'], ['y'])], [c]);
}

/** A constant `c` that claims these dimensions and holds 16 bytes. */
function claiming(...dims: readonly number[]): Buffer {
  const claimed = dims.map((dim) => integer(1, BigInt(dim)));
  return Buffer.concat([...claimed, integer(2, FLOAT), bytes(8, 'c'), bytes(9, Buffer.alloc(16))]);
}

function external(location: string): Buffer {
  const entry = Buffer.concat([bytes(1, 'location'), bytes(2, location)]);
  const c = Buffer.concat([integer(1, 4), integer(2, FLOAT), bytes(8, 'c'), bytes(13, entry), integer(14, 1)]);
  return withNodes([node('Identity', ['c'], ['y'])], [c], []);
}

function endlessLoop(): Buffer {
  const body = graph({
    nodes: [node('Identity', ['cond_in'], ['cond_out']), node('Add', ['v', 'v'], ['v_out'])],
    inputs: [value('i', 'int64', []), value('cond_in', 'bool', []), value('v', 'float32', ['n'])],
    outputs: [value('cond_out', 'bool', []), value('v_out', 'float32', ['n'])],
  });
  return withNodes(
    [node('Loop', ['m', 'c', 'x'], ['y'], { body: { graph: body } })],
    [constant('m', 'int64', [], BigInt64Array.of(2n ** 62n)), constant('c', 'bool', [], Uint8Array.of(1))],
  );
}

function nested(depth: number): Buffer {
  const leaf = (name: string) =>
    graph({ nodes: [node('Identity', ['x'], [name])], inputs: [], outputs: [value(name, 'float32', ['n'])] });
  let inner = leaf('o0');
  for (let k = 1; k < depth; k++) {
    const branches = { then_branch: { graph: inner }, else_branch: { graph: leaf(`e${k}`) } };
    const choice = node('If', ['c'], [`o${k}`], branches);
    inner = graph({ nodes: [choice], inputs: [], outputs: [value(`o${k}`, 'float32', ['n'])] });
  }
  const outer = node('If', ['c'], ['y'], { then_branch: { graph: inner }, else_branch: { graph: leaf('z') } });
  return withNodes([outer], [constant('c', 'bool', [], Uint8Array.of(1))]);
}

function chain(length: number): Buffer {
  const name = (i: number) => (i === length - 1 ? 'y' : `v${i}`);
  return withNodes(Array.from({ length }, (_, i) => node('Neg', [i ? name(i - 1) : 'x'], [name(i)])));
}

function foldBomb(): Buffer {
  return withNodes(
    [
      node('ConstantOfShape', ['s'], ['z']),
      node('ReduceSum', ['z'], ['r'], { keepdims: 0 }),
      node('Add', ['x', 'r'], ['y']),
    ],
    [constant('s', 'int64', [2], BigInt64Array.of(2n ** 17n, 2n ** 17n))],
  );
}

function tileBomb(): Buffer {
  return withNodes([node('Tile', ['x', 'i'], ['y'])], [constant('i', 'int64', [1], BigInt64Array.of(2n ** 40n))]);
}

const good = (): Buffer => adding(constant('c', 'float32', [1], new Float32Array(1)));

/** Every hostile file that we know of, by name, and one good one. */
export function hostileModels(): Readonly<Record<string, HostileModel>> {
  const flatbuffer = Buffer.concat([Buffer.from('\x18\0\0\0ORTM'), Buffer.alloc(64)]);
  const foreign = Buffer.concat([node('Evil', ['x'], ['y']), bytes(7, 'com.evil')]);
  const sparse = Buffer.concat([bytes(7, Buffer.concat([bytes(1, node('Neg', ['x'], ['y'])), bytes(15, 'x')]))]);
  return {
    empty: { file: Buffer.alloc(0), expect: /too short/ },
    html: { file: Buffer.from('<html>hello</html>'.repeat(10)), expect: /bad|truncated|no graph/ },
    truncated: { file: good().subarray(0, -9), expect: /truncated|no opset/ },
    flatbuffer: { file: flatbuffer, expect: /flatbuffer/ },
    hugeDimension: { file: adding(claiming(2 ** 40)), expect: /constant in graph is too large/ },
    overflowingDimensions: { file: adding(claiming(2 ** 33, 2 ** 33)), expect: /too large/ },
    negativeDimension: { file: adding(claiming(-4)), expect: /negative dimension -4/ },
    externalAbove: { file: external('../../secret.bin'), expect: /external data/ },
    externalAbsolute: { file: external('/etc/passwd'), expect: /external data/ },
    externalBeside: { file: external('.env'), expect: /external data/ },
    externalMemory: { file: external('*/_ORT_MEM_ADDR_/*'), expect: /external data/ },
    endlessLoop: { file: endlessLoop(), expect: /Loop "node 1" of graph: the operator Loop is not accepted/ },
    foreignDomain: { file: withNodes([foreign]), expect: /domain "com.evil"/ },
    functions: { file: Buffer.concat([good(), bytes(25, 'f')]), expect: /functions of the model/ },
    training: { file: Buffer.concat([good(), bytes(20, 't')]), expect: /training/ },
    sparse: { file: sparse, expect: /sparse/ },
    nested: { file: nested(20), expect: /too deep/ },
    manyNodes: { file: chain(200_000), expect: /too many nodes/ },
    foldBomb: { file: foldBomb(), expect: 'accept' },
    tileBomb: { file: tileBomb(), expect: 'accept' },
    good: { file: good(), expect: 'accept' },
  };
}
