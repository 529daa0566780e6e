import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLines, problemIn } from '../../src/bcm/output.ts';

const EVENT = 'Tue Apr 5 12:37:13 2022 [notice] node003: Service etcd was restarted';

describe('cleanLines', () => {
  it.each([
    ['', []],
    ['\n \n', []],
    ['a\r\nb  \n', ['a', 'b']],
    ['\u001b[01;32mnode001\u001b[0m\n', ['node001']],
    [`${EVENT}\nnode001\n${EVENT}`, ['node001']],
    [`\u001b[33m${EVENT}\u001b[0m\nnode001`, ['node001']],
    [`node001${EVENT}\nnode002`, ['node001', 'node002']],
    ['Tue Apr  5 12:37:13 2022 [warning] node003: Service etcd died', []],
    ['  indented', ['  indented']],
    ['On Tue Apr 5 it was well', ['On Tue Apr 5 it was well']],
  ])('%j', (text, lines) => expect(cleanLines(text)).toEqual(lines));

  it('never throws, and cleans once and for all', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(cleanLines(cleanLines(text).join('\n'))).toEqual(cleanLines(text));
      }),
    );
  });
});

describe('problemIn', () => {
  const said = (stdout: string, code = 0, stderr = '') => problemIn({ code, stdout, stderr });

  it('finds nothing where cmsh said nothing of the kind', () => {
    expect(said('')).toBeUndefined();
    expect(said('Successfully committed 2 ConfigurationOverlays\n')).toBeUndefined();
    expect(said('', 0, 'some warning that means nothing')).toBeUndefined();
  });

  it.each([
    ["Unable to find ConfigurationOverlay 'x' (type 'list' to get a list)", 'missing'],
    ["CMMain::verifyAPI, rpc: Couldn't resolve host name.\nNot connected!\nCommand not found: device", 'not-connected'],
    ['Command not found: devcie', 'refused'],
    ['Illegal option: j', 'refused'],
    ['No such property: nods', 'refused'],
  ])('sees %j with status 0, on either stream', (text, kind) => {
    expect(said(text)?.kind).toBe(kind);
    expect(said('', 0, text)?.kind).toBe(kind);
    expect(said('', 1, text)?.kind).toBe(kind);
  });

  it('tells what a failed validation complains of', () => {
    const table = [
      'Code  Field                    Message',
      '----- ------------------------ ----------------------------',
      '1     Categories               No such category: nowhere',
      '1     Nodes                    No such device: node099',
    ];
    expect(said(table.join('\n'))).toEqual({
      kind: 'refused',
      message: 'Categories: No such category: nowhere; Nodes: No such device: node099',
    });
  });

  it.each([
    [1, 'refused', 'cmsh ended with status 1 and said nothing'],
    [127, 'no-cmsh', 'there is no cmsh here'],
  ])('goes by the status %i where nothing is said', (code, kind, message) => {
    expect(said('', code)).toEqual({ kind, message });
  });

  it('does not take an event for a complaint', () => {
    expect(said('Tue Apr 5 12:37:13 2022 [notice] node003: Unable to find a reason')).toBeUndefined();
  });
});
