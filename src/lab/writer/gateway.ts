import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';

/** What came of a request: `answer` from etcd, `refused` where it certainly was not done, else `unknown`. */
export type Outcome =
  | { readonly kind: 'answer'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** etcd's JSON gateway (/v3/…): bytes are base64, 64-bit numbers are strings, zero fields are left out. */
export interface Gateway {
  post(endpoint: string, path: string, body: object, timeoutMs: number): Promise<Outcome>;
  close(): void;
}

/** A gateway over HTTPS; the paths of the authority's certificate, and of the client's and its key. */
export async function openGateway(paths: { ca: string; cert: string; key: string }): Promise<Gateway> {
  const [ca, cert, key] = await Promise.all([paths.ca, paths.cert, paths.key].map(path => readFile(path)));
  const agent = new Agent({ keepAlive: true, maxSockets: 64, ca, cert, key });
  return {
    post: (endpoint, path, body, timeoutMs) => post(agent, new URL(path, endpoint), JSON.stringify(body), timeoutMs),
    close: () => agent.destroy(),
  };
}

function post(agent: Agent, url: URL, body: string, timeoutMs: number): Promise<Outcome> {
  return new Promise(resolve => {
    // Nothing can have been done unless a connection stood.
    let connected = false;
    const lost = (why: string) => resolve({ kind: connected ? 'unknown' : 'refused', why });
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { method: 'POST', agent, headers }, incoming => {
      const parts: Buffer[] = [];
      incoming.on('data', part => parts.push(part));
      incoming.on('error', error => lost(error.message));
      incoming.on('end', () => {
        const text = Buffer.concat(parts).toString();
        // An error of etcd's may come from a request that is still under way in it, such as a time-out.
        if (incoming.statusCode !== 200) lost(`${incoming.statusCode} ${text.slice(0, 200)}`);
        else resolve(parsed(text));
      });
    });
    const timer = setTimeout(() => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    outgoing.on('socket', socket => {
      if (socket.connecting) socket.once('secureConnect', () => (connected = true));
      else connected = true;
    });
    outgoing.on('error', error => lost(error.message));
    outgoing.on('close', () => {
      clearTimeout(timer);
      lost('the connection was closed');
    });
    outgoing.end(body);
  });
}

function parsed(text: string): Outcome {
  try {
    return { kind: 'answer', body: JSON.parse(text) };
  } catch {
    return { kind: 'unknown', why: 'the answer is not JSON' };
  }
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
export const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString();
