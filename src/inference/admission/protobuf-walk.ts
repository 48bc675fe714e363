import { ModelRefusal } from './model-refusal.js';

// Also loaded by the inspection process: erasable TypeScript only.

/** One field of a protobuf message. `start`..`end` is the content of wire types 1, 2 and 5; `value` that of wire type 0. */
export interface ProtobufField {
  readonly field: number;
  readonly wire: number;
  readonly value: bigint;
  readonly start: number;
  readonly end: number;
}

const MAX_VARINT_BYTES = 10;
const MAX_TEXT_BYTES = 256;

/**
 * Walks protobuf messages in place: nothing is copied, nothing is allocated by what the file claims. Every length is
 * checked against the message that holds it, and the number of fields is bounded.
 * Format: https://protobuf.dev/programming-guides/encoding
 */
export class ProtobufWalk {
  private readonly bytes: Buffer;
  private fieldsLeft: number;
  private position = 0;

  constructor(bytes: Buffer, maxFields: number) {
    this.bytes = bytes;
    this.fieldsLeft = maxFields;
  }

  /** The fields of the message in `start`..`end`, in order. Throws ModelRefusal where the message is damaged. */
  *fields(start: number, end: number): Generator<ProtobufField> {
    let at = start;
    while (at < end) {
      if (--this.fieldsLeft < 0) throw new ModelRefusal('graph_size', `the file has too many fields (byte ${at})`);
      const key = this.varint(at, end);
      const field = Number(key >> 3n);
      const wire = Number(key & 7n);
      if (field === 0) throw damaged('bad tag', at);
      const content = this.position;
      if (wire === 0) {
        const value = this.varint(content, end);
        at = this.position;
        yield { field, wire, value, start: content, end: at };
      } else {
        const [first, stop] = this.extent(wire, content, end);
        at = stop;
        yield { field, wire, value: 0n, start: first, end: stop };
      }
    }
  }

  /** The values of a repeated integer field, packed or not. */
  integers({ wire, value, start, end }: ProtobufField): bigint[] {
    if (wire === 0) return [value];
    const values: bigint[] = [];
    for (let at = start; at < end; at = this.position) {
      if (--this.fieldsLeft < 0) throw new ModelRefusal('graph_size', `the file has too many fields (byte ${at})`);
      values.push(this.varint(at, end));
    }
    return values;
  }

  /** The first 256 bytes of a text field. */
  text({ start, end }: ProtobufField): string {
    return this.bytes.toString('utf8', start, Math.min(end, start + MAX_TEXT_BYTES));
  }

  private extent(wire: number, at: number, end: number): [number, number] {
    if (wire === 2) {
      const length = this.varint(at, end);
      const first = this.position;
      if (length > BigInt(end - first)) throw damaged('truncated field', at);
      return [first, first + Number(length)];
    }
    if (wire !== 1 && wire !== 5) throw damaged('bad wire type', at);
    const stop = at + (wire === 1 ? 8 : 4);
    if (stop > end) throw damaged('truncated field', at);
    return [at, stop];
  }

  /** Reads one varint and leaves `position` behind it. */
  private varint(from: number, end: number): bigint {
    let value = 0n;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const at = from + i;
      if (at >= end) throw damaged('truncated number', from);
      const byte = this.bytes[at] as number;
      value |= BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) {
        this.position = at + 1;
        return value;
      }
    }
    throw damaged('bad number', from);
  }
}

function damaged(what: string, at: number): ModelRefusal {
  return new ModelRefusal('structure', `${what} at byte ${at}: the file is damaged or is not a protobuf message`);
}
