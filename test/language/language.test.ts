// One folder a keyword: a playbook, and what must happen when it is run by real shells, on this machine and through ssh.
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { played } from '../support/language.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sshd.ts';
import { sudoMissing } from '../support/sudo.ts';

const root = 'test/language';
const entries = await readdir(root, { withFileTypes: true });
const names = entries.flatMap(entry => (entry.isDirectory() ? [entry.name] : [])).toSorted();
const keywords = names.filter(name => !(sudoMissing && name === 'become'));

const expected = (keyword: string) => `./${keyword}/expected.txt`;

describe('local', () => {
  test.each(keywords)('%s', async keyword => {
    await expect(await played(`${root}/${keyword}`)).toMatchFileSnapshot(expected(keyword));
  });
});

if (sshdMissing && process.env.CI === 'true') throw new Error('sshd is missing: apt-get install openssh-server');

describe.skipIf(sshdMissing)('ssh', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd?.stop());

  test.each(keywords)('%s', async keyword => {
    const way = { host: sshd.host, sshArgs: sshd.args.ordinary };
    await expect(await played(`${root}/${keyword}`, way)).toMatchFileSnapshot(expected(keyword));
  });
});
