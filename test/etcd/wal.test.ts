import { describe, expect, test } from 'vitest';
import { lastSegment, readWal } from '../../src/etcd/wal.ts';

const NAME = '0000000000000000-0000000000000000.wal';

/** The beginning of a log that etcd 3.4.23 wrote: node003 of three, up to the election of the first leader. */
const written = Buffer.from(
  [
    'BAAAAAAAAIQIBBAAAAAAACAAAAAAAAAACAEQ+MGu0gIaFgipxJGqjqiavL0BENuclLPRkLr77gEOAAAAAAAAgggFELyd9LkMGgQI',
    'ABAAAAB0AAAAAAAAhAgCEPqTjI4LGmoIARABGAEiYggAEAAYyv7bitzLuOcQIlJ7ImlkIjoxMjExMTU0MjQyMTEyNzgyMTU0LCJw',
    'ZWVyVVJMcyI6WyJodHRwczovLzEwLjE0MS4wLjI6MjM4MCJdLCJuYW1lIjoibm9kZTAwMiJ9AAAAAHQAAAAAAACECAIQoabnkAka',
    'aggBEAEYAiJiCAAQABjA++uFy5fbmUoiUnsiaWQiOjUzNDY3MzY3NDAyOTM2MDY4NDgsInBlZXJVUkxzIjpbImh0dHBzOi8vMTAu',
    'MTQxLjAuMToyMzgwIl0sIm5hbWUiOiJub2RlMDAxIn0AAAAAdgAAAAAAAIIIAhDxvvTsBRpsCAEQARgDImQIABAAGKnEkaqOqJq8',
    'vQEiU3siaWQiOjEzNjUyNzc3OTk3ODE4OTQ2MDg5LCJwZWVyVVJMcyI6WyJodHRwczovLzEwLjE0MS4wLjM6MjM4MCJdLCJuYW1l',
    'Ijoibm9kZTAwMyJ9AAAQAAAAAAAAAAgDENP5pfYEGgYIARAAGAMYAAAAAAAAAAgDELTvhaICGg4IAhDK/tuK3Mu45xAYAxAAAAAA',
    'AAAACAIQrr327QEaBggAEAIYBA==',
  ].join(''),
  'base64',
);

/** As on the disk: etcd writes zeros ahead. */
const segment = (bytes: Uint8Array, more: readonly number[] = []): Uint8Array =>
  Uint8Array.from([...bytes, ...more, ...new Array<number>(512).fill(0)]);

/** A record of a type and its data, padded to eight bytes as etcd does. */
function record(type: number, data: readonly number[]): readonly number[] {
  const body = [0x08, type, 0x10, 0x00, 0x1a, data.length, ...data];
  const padding = (8 - (body.length % 8)) % 8;
  const top = padding === 0 ? 0 : 0x80 | padding;
  return [body.length, 0, 0, 0, 0, 0, 0, top, ...body, ...new Array<number>(padding).fill(0)];
}
const entry = (term: number, index: number) => record(2, [0x08, 0, 0x10, term, 0x18, index]);
const state = (term: number, commit: number) => record(3, [0x08, term, 0x10, 1, 0x18, commit]);

describe('the log of a member', () => {
  const who = { memberId: 'bd786940e5446229', clusterId: 'eef6e88516650e5b' };

  test('says who it is and how far it came', () => {
    expect(readWal(NAME, segment(written))).toEqual({ ...who, lastIndex: 4, lastTerm: 2, term: 2, commit: 3 });
  });

  test('the last record of an entry is the last entry, also where it replaces later ones', () => {
    const more = [...entry(2, 5), ...entry(2, 6), ...state(3, 4), ...entry(3, 5)];
    expect(readWal(NAME, segment(written, more))).toEqual({ ...who, lastIndex: 5, lastTerm: 3, term: 3, commit: 4 });
  });

  test('a term in which it has no entry counts', () => {
    expect(readWal(NAME, segment(written, state(9, 4)))).toMatchObject({ lastTerm: 2, term: 9 });
  });

  test('a segment that was just begun tells its place by its name', () => {
    const begun = segment(written.subarray(0, 80), state(7, 99));
    expect(readWal('0000000000000001-0000000000000064.wal', begun)).toMatchObject({ lastIndex: 99, lastTerm: 7 });
  });

  test.each([
    ['cut off in a record', written.subarray(0, 540)],
    ['a length beyond the end', segment(written, [0xff, 0xff, 0xff, 0, 0, 0, 0, 0])],
    ['an unknown kind of field', segment(written, [2, 0, 0, 0, 0, 0, 0, 0, 0x0d, 0])],
    ['empty', new Uint8Array()],
    ['no state', segment(written.subarray(0, 464))],
  ])('not read: %s', (_why, bytes) => {
    expect(readWal(NAME, bytes)).toBeTypeOf('string');
  });

  test('the last segment is the one with the highest number', () => {
    const last = '000000000000000b-0000000000001388.wal';
    expect(lastSegment(['0.tmp', last, '000000000000000a-0000000000001000.wal', NAME, 'x.wal.broken'])).toBe(last);
    expect(lastSegment(['0.tmp'])).toBeUndefined();
  });
});
