// The entry point of the practice cluster's kube-apiserver. A process of its own: it may use `process`. It serves nothing
// of Kubernetes but its health: a real client of etcd that asks with a linearizable read whether etcd can be used.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { parseArgs } from 'node:util';
import { base64, openGateway } from '../writer/gateway.ts';

/** As long as the real one waits for etcd's answer. */
const ETCD_MS = 2_000;

// Flags of the real one, as far as they mean something here.
const { values } = parseArgs({
  options: {
    'etcd-servers': { type: 'string', default: '' },
    'etcd-cafile': { type: 'string', default: '' },
    'etcd-certfile': { type: 'string', default: '' },
    'etcd-keyfile': { type: 'string', default: '' },
    'tls-cert-file': { type: 'string', default: '' },
    'tls-private-key-file': { type: 'string', default: '' },
    'bind-address': { type: 'string', default: '0.0.0.0' },
    'secure-port': { type: 'string', default: '6443' },
  },
});
const etcd = await openGateway({
  ca: values['etcd-cafile'],
  cert: values['etcd-certfile'],
  key: values['etcd-keyfile'],
});
const servers = values['etcd-servers'].split(',').filter(Boolean);
let next = 0;

/** Asks the servers in turn, beginning with the one that answered last. */
async function etcdAnswers(): Promise<boolean> {
  const deadlineMs = Date.now() + ETCD_MS;
  for (const _ of servers) {
    const leftMs = deadlineMs - Date.now();
    const server = servers[next % servers.length];
    if (server === undefined || leftMs <= 0) break;
    const outcome = await etcd.post(server, '/v3/kv/range', { key: base64('/registry/health') }, leftMs);
    if (outcome.kind === 'answer') return true;
    next += 1;
  }
  return false;
}

const tls = { cert: readFileSync(values['tls-cert-file']), key: readFileSync(values['tls-private-key-file']) };
const server = createServer(tls, async (request, response) => {
  const answer = (status: number, text: string): void => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(text);
  };
  const path = (request.url ?? '').replace(/\?.*/, '');
  if (path === '/livez') answer(200, 'ok');
  else if (path !== '/readyz' && path !== '/healthz') answer(404, '404 page not found\n');
  else if (await etcdAnswers()) answer(200, 'ok');
  else answer(500, `[+]ping ok\n[-]etcd failed: reason withheld\n${path.slice(1)} check failed\n`);
});
server.listen(Number(values['secure-port']), values['bind-address']);
