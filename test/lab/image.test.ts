import { expect, test } from 'vitest';
import { sourcesMovedTo } from '../../src/lab/image/etcd.ts';
import { imageChanges } from '../../src/lab/image/files.ts';
import { containedArgv, mmdebstrapArgv, reachOptions, recipeHash, sourcesOfSuite } from '../../src/lab/image/recipe.ts';

test('the image is made from the machine’s own sources for its suite, whatever mirror they name', () => {
  const files = [
    { path: '/etc/apt/sources.list', text: '# deb https://one.example/debian bookworm main\n' },
    {
      path: '/etc/apt/sources.list.d/site.list',
      text: 'deb [arch=amd64] https://two.example/debian bookworm-updates main\n',
    },
    {
      path: '/etc/apt/sources.list.d/debian.sources',
      text: 'Types: deb\nURIs: https://three.example\nSuites: bookworm\n',
    },
    {
      path: '/etc/apt/sources.list.d/other.sources',
      text: 'Types: deb\nURIs: https://four.example\nSuites: nodistro\n',
    },
  ];
  const sources = sourcesOfSuite(files, 'bookworm');
  expect(sources).toEqual(['/etc/apt/sources.list.d/site.list', '/etc/apt/sources.list.d/debian.sources']);
  const argv = mmdebstrapArgv({
    suite: 'bookworm',
    target: '/target',
    sources,
    aptOptions: ['Acquire::http::Proxy "http://proxy.example";'],
  });
  expect(argv.slice(-4)).toEqual(['bookworm', '/target', ...sources]);
  expect(argv).toContain('--aptopt=Acquire::http::Proxy "http://proxy.example";');
});

test('mmdebstrap runs where nothing of it outlives it', () => {
  expect(containedArgv(['mmdebstrap', 'x'])).toEqual([
    ...['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--', 'mmdebstrap', 'x'],
  ]);
});

test('another suite is another image', () => {
  expect(recipeHash('bookworm')).toMatch(/^[0-9a-f]{12}$/);
  expect(recipeHash('bookworm')).toBe(recipeHash('bookworm'));
  expect(recipeHash('trixie')).not.toBe(recipeHash('bookworm'));
});

test('etcd leaves /usr/bin, and Debian’s unit of it is masked', () => {
  const changes = imageChanges('3.4.23');
  expect(changes).toContainEqual({ move: '/usr/bin/etcdctl', to: '/cm/local/apps/etcd/3.4.23/bin/etcdctl' });
  expect(changes).toContainEqual({ link: '/etc/systemd/system/etcd.service', to: '/dev/null' });
});

test('what apt needs to reach a mirror is passed on, and nothing else of its settings', () => {
  const dump = [
    'Acquire "";',
    'Acquire::http "";',
    'Acquire::http::Proxy "http://proxy.example:3128";',
    'Acquire::https::two.example::CAInfo "/etc/ssl/site.pem";',
    'Acquire::http::Proxy-Auto-Detect "";',
    'Acquire::Languages "de";',
  ].join('\n');
  expect(reachOptions(dump)).toEqual([
    'Acquire::http::Proxy "http://proxy.example:3128";',
    'Acquire::https::two.example::CAInfo "/etc/ssl/site.pem";',
  ]);
});

test('another etcd comes from the same mirror with the same keys, by stanzas or by lines', () => {
  const stanzas = [
    '# a remark',
    'Types: deb deb-src',
    'URIs: https://one.example/debian',
    'Suites: bookworm bookworm-updates',
    'Components: main',
    'Signed-By: /keys/one.gpg',
    '',
    'Types: deb',
    'URIs: https://one.example/security',
    'Suites: bookworm-security',
    'Components: main',
    '',
  ].join('\n');
  expect(sourcesMovedTo([{ path: '/debian.sources', text: stanzas }], 'bookworm', 'trixie')).toBe(
    'Types: deb\nURIs: https://one.example/debian\nSuites: trixie\nComponents: main\nSigned-By: /keys/one.gpg\n',
  );
  const lines = [
    '# deb https://no.example bookworm main',
    'deb [arch=amd64 signed-by=/keys/two.gpg] https://two.example/debian bookworm main contrib',
    'deb https://two.example/debian bookworm-updates main',
  ].join('\n');
  expect(sourcesMovedTo([{ path: '/etc/apt/sources.list', text: lines }], 'bookworm', 'trixie')).toBe(
    'Types: deb\nURIs: https://two.example/debian\nSuites: trixie\nComponents: main contrib\nSigned-By: /keys/two.gpg\n',
  );
  expect(sourcesMovedTo([{ path: '/x.list', text: 'deb https://three.example sid main' }], 'bookworm', 'trixie')).toBe(
    '',
  );
});
