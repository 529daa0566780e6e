/**
 * What the last segment of a member's write-ahead log says of it: who it is, and how far it came. IDs are hex, without
 * padding. Indexes and terms are raft's; beyond 2^53 they would be rounded, which no cluster reaches.
 */
export interface WalIdentity {
  readonly memberId: string;
  readonly clusterId: string;
  /** Of the last entry it has, whether committed or not. */
  readonly lastIndex: number;
  readonly lastTerm: number;
  /** The highest term it has seen: raft's HardState. It acknowledged nothing in a later one. */
  readonly term: number;
  readonly commit: number;
}

// Read by hand: Debian's etcd brings no tool that does, and a protobuf library is much for three messages. The format is
// etcd's server/wal (walpb.Record: type, crc, data) and raft's raftpb (Entry, HardState).
const METADATA = 1;
const ENTRY = 2;
const STATE = 3;

const SEGMENT = /^[0-9a-f]{16}-([0-9a-f]{16})\.wal$/;

/** The last segment of these names of files: the one with the highest sequence number. */
export function lastSegment(names: readonly string[]): string | undefined {
  return names
    .filter(name => SEGMENT.test(name))
    .sort()
    .at(-1);
}

/** Reads the last segment of a log, `name` being that of its file. A string says why it can't be read. */
export function readWal(name: string, bytes: Uint8Array): WalIdentity | string {
  const begins = SEGMENT.exec(name)?.[1];
  if (begins === undefined) return `${name} is not the name of a segment`;
  // A segment is named after the first index in it. One that was just begun has no entry of its own.
  let lastIndex = Math.max(0, Number(BigInt(`0x${begins}`)) - 1);
  let lastTerm: number | undefined;
  let who: { memberId: string; clusterId: string } | undefined;
  let state: { term: number; commit: number } | undefined;
  try {
    for (const record of records(bytes)) {
      const fields = fieldsOf(record);
      const data = fields.bytes.get(3) ?? new Uint8Array();
      const inside = fieldsOf(data).numbers;
      const number = (field: number): number => Number(inside.get(field) ?? 0n);
      switch (Number(fields.numbers.get(1) ?? 0n)) {
        case METADATA:
          who = { memberId: (inside.get(1) ?? 0n).toString(16), clusterId: (inside.get(2) ?? 0n).toString(16) };
          break;
        case ENTRY:
          // A later record of a lower index replaces all from there on: the last record is the last entry.
          lastTerm = number(2);
          lastIndex = number(3);
          break;
        case STATE:
          state = { term: number(1), commit: number(3) };
          break;
      }
    }
  } catch (error) {
    if (error instanceof RangeError) return `${name} is cut off or damaged`;
    throw error;
  }
  if (!who) return `${name} names no member`;
  if (!state) return `${name} holds no state of raft`;
  return { ...who, lastIndex, lastTerm: lastTerm ?? state.term, ...state };
}

/** The records of a segment, up to the zeros that etcd writes ahead. A length has the size of its padding in the top byte. */
function* records(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const frame = view.getBigUint64(at, true);
    if (frame === 0n) return;
    const length = Number(frame & 0xffffffffffffffn);
    const top = Number(frame >> 56n);
    const padding = top & 0x80 ? top & 0x7 : 0;
    at += 8;
    if (at + length + padding > bytes.length) throw new RangeError('a record ends after its file');
    yield bytes.subarray(at, at + length);
    at += length + padding;
  }
}

interface Fields {
  readonly numbers: ReadonlyMap<number, bigint>;
  readonly bytes: ReadonlyMap<number, Uint8Array>;
}

/** The fields of a protobuf message that are numbers or bytes, by their numbers. Throws RangeError where it is cut off. */
function fieldsOf(message: Uint8Array): Fields {
  const numbers = new Map<number, bigint>();
  const bytes = new Map<number, Uint8Array>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at];
      if (byte === undefined || shift > 63n) throw new RangeError('a number is cut off');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const field = tag >> 3;
    if ((tag & 7) === 0) numbers.set(field, varint());
    else if ((tag & 7) === 2) {
      const length = Number(varint());
      if (at + length > message.length) throw new RangeError('a field ends after its message');
      bytes.set(field, message.subarray(at, at + length));
      at += length;
    } else throw new RangeError('a field of an unknown kind');
  }
  return { numbers, bytes };
}
