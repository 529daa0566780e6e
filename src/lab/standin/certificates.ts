// Certificates for etcd, made by openssl on the head node: one authority and one client certificate a lab, one
// certificate a member for clients and peers alike.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateAuthority, NodeFile } from './managed-node.ts';
import { runScript } from './remote-shell.ts';

const OPENSSL_MS = 20_000;
const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650';

/** An authority whose files lie in `directory` of this host. */
export function openAuthority(directory: string, cluster: string): CertificateAuthority {
  const at = (name: string): string => `${directory}/${name}`;
  const authority = `etcdca-${cluster}`;
  const issued = new Map<string, Promise<readonly NodeFile[]>>();
  let prepared: Promise<void> | undefined;
  const sign = (name: string, subject: string, alternatives: string, into: string): string => `
openssl req -new ${NEW_KEY.replace(' -days 3650', '')} -keyout '${into}/${name}.key' -subj '/CN=${subject}' |
  openssl x509 -req -CA '${at(authority)}.pem' -CAkey '${at(authority)}.key' -days 3650 -out '${into}/${name}.pem' \\
    -set_serial "0x$(openssl rand -hex 16)" -extfile /dev/fd/3 3<<END
keyUsage=digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
${alternatives}
END
`;
  const prepare = async (): Promise<void> => {
    await openssl(`
umask 077
mkdir -p '${directory}'
[ -s '${at('client')}.pem' ] && exit 0
openssl req -x509 ${NEW_KEY} -keyout '${at(authority)}.key' -out '${at(authority)}.pem' -subj '/CN=etcd CA ${cluster}'
${sign('client', 'root', '', directory)}
chmod 644 '${at(authority)}.pem' '${at('client')}.pem'
`);
  };
  const issue = async (node: string, ip: string): Promise<readonly NodeFile[]> => {
    prepared ??= prepare();
    await prepared;
    const work = await mkdtemp(join(tmpdir(), 'certificate-'));
    try {
      const names = `subjectAltName=IP:${ip},IP:127.0.0.1,DNS:${node},DNS:localhost`;
      await openssl(`umask 077\n${sign('member', node, names, work)}`);
      const file = async (from: string, name: string, mode: number): Promise<NodeFile> => ({
        path: at(name),
        text: await readFile(`${from}/${name}`, 'utf8'),
        mode,
      });
      return await Promise.all([
        file(directory, `${authority}.pem`, 0o644),
        file(directory, 'client.pem', 0o644),
        file(directory, 'client.key', 0o600),
        file(work, 'member.key', 0o600),
        file(work, 'member.pem', 0o644),
      ]);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  };
  return {
    prepare: () => (prepared ??= prepare()),
    issue: (node, ip) => {
      const known = issued.get(node) ?? issue(node, ip);
      issued.set(node, known);
      return known;
    },
  };
}

async function openssl(script: string): Promise<void> {
  const { status } = await runScript(undefined, `exec 2>/dev/null\nset -e\n${script}`, OPENSSL_MS);
  if (status !== 0) throw new Error(`openssl ended with ${status}`);
}
