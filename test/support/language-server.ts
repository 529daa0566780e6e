import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const program = fileURLToPath(
  new URL('../../node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url),
);

/** From 0, as the protocol counts. */
interface Position {
  readonly line: number;
  readonly character: number;
}

interface Finding {
  readonly message: string;
  readonly range: { readonly start: Position };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly uri?: string;
    readonly diagnostics?: readonly Finding[];
    readonly items?: readonly { readonly section?: string }[];
  };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** What an editor gets told of documents, by their paths in its folder. In a marked text `¦` is where the cursor stands. */
export interface Editor {
  /** The messages with their lines, from 1, after the text was opened or changed. */
  findings(file: string, text: string): Promise<readonly string[]>;
  /** What is offered there. */
  completions(file: string, marked: string): Promise<readonly string[]>;
  /** What is shown for what stands there, as Markdown. */
  hover(file: string, marked: string): Promise<string>;
  /** How often the server reached for the network, which it is told to do through a proxy that counts. */
  readonly reached: () => number;
  close(): Promise<void>;
}

/** Starts the real yaml-language-server, with no schema but those that documents name themselves. */
export async function editor(folder: string): Promise<Editor> {
  let connections = 0;
  const proxy = createServer(socket => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const settings: Readonly<Record<string, unknown>> = {
    yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false }, yamlVersion: '1.2' },
    http: { proxy: `http://127.0.0.1:${port}`, proxyStrictSSL: false },
  };
  const server = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, (message: Message) => void>();
  const configured = Promise.withResolvers<void>();
  const published = new Map<string, (findings: readonly Finding[]) => void>();
  let lastId = 0;
  let version = 0;
  const send = (message: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const ask = async (method: string, params: object): Promise<unknown> => {
    lastId += 1;
    const id = lastId;
    const answered = new Promise<Message>(resolve => waiting.set(id, resolve));
    send({ id, method, params });
    const { result, error } = await answered;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  onMessages(server, message => {
    if (message.id !== undefined && message.method === undefined) waiting.get(message.id)?.(message);
    else if (message.id !== undefined) {
      const items = message.params?.items ?? [];
      send({ id: message.id, result: items.map(({ section = '' }) => settings[section] ?? null) });
      if (message.method === 'workspace/configuration') configured.resolve();
    } else if (message.method === 'textDocument/publishDiagnostics') {
      published.get(message.params?.uri ?? '')?.(message.params?.diagnostics ?? []);
    }
  });
  await ask('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      workspace: { configuration: true },
      textDocument: {
        completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
        hover: { contentFormat: ['markdown'] },
      },
    },
  });
  send({ method: 'initialized', params: {} });
  // A document that is opened before is looked at twice, which may be told when it is closed already.
  await configured.promise;
  /** Findings are published when a document is opened and, empty, when it is closed. */
  const told = (uri: string) => new Promise<readonly Finding[]>(resolve => published.set(uri, resolve));
  /** Opens a document for a question, and closes it again. */
  const within = async <T>(
    file: string,
    text: string,
    question: (uri: string, findings: readonly Finding[]) => Promise<T>,
  ) => {
    const uri = pathToFileURL(join(folder, file)).href;
    // What the server read of a version it remembers, also of a document that was closed.
    version += 1;
    const findings = told(uri);
    send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version, text } } });
    const answer = await question(uri, await findings);
    const closed = told(uri);
    send({ method: 'textDocument/didClose', params: { textDocument: { uri } } });
    await closed;
    return answer;
  };
  const at = async (method: string, file: string, marked: string): Promise<unknown> => {
    const [before = '', after = ''] = marked.split('¦');
    const lines = before.split('\n');
    const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    return await within(file, before + after, uri => ask(method, { textDocument: { uri }, position }));
  };
  return {
    findings: (file, text) =>
      within(file, text, async (_, found) => found.map(({ message, range }) => `${range.start.line + 1}: ${message}`)),
    completions: async (file, marked) => {
      const result = await at('textDocument/completion', file, marked);
      const items = isObject(result) && Array.isArray(result.items) ? result.items : [];
      return items.map(item => (isObject(item) ? String(item.label) : ''));
    },
    hover: async (file, marked) => {
      const result = await at('textDocument/hover', file, marked);
      const contents = isObject(result) ? result.contents : undefined;
      return isObject(contents) ? String(contents.value) : '';
    },
    reached: () => connections,
    close: async () => {
      const ended = new Promise(resolve => server.once('exit', resolve));
      await ask('shutdown', {});
      send({ method: 'exit' });
      await ended;
      proxy.close();
    },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Takes the protocol's frames apart: a header that counts the bytes of the JSON after it. */
function onMessages(server: ChildProcess, take: (message: Message) => void): void {
  let held = Buffer.alloc(0);
  server.stdout?.on('data', (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    for (;;) {
      const head = held.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(held.subarray(0, Math.max(head, 0)).toString())?.[1]);
      if (head < 0 || held.length < head + 4 + length) return;
      take(JSON.parse(held.subarray(head + 4, head + 4 + length).toString()));
      held = held.subarray(head + 4 + length);
    }
  });
}
