import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Who may import whom, besides its own layer. Layers that are not listed do not exist. */
const layers: Readonly<Record<string, readonly string[]>> = {
  core: [],
  etcd: [],
  bcm: [],
  playbook: ['core'],
  lint: ['core', 'etcd', 'playbook'],
  runner: ['core'],
  transports: ['core'],
  views: ['core'],
  journal: ['core'],
  'etcd-client': ['core', 'etcd'],
  modules: ['core', 'etcd', 'etcd-client', 'bcm'],
  guards: ['core', 'etcd', 'etcd-client'],
  lab: ['core', 'bcm'],
  commands: [
    ...['core', 'etcd', 'bcm', 'playbook', 'runner', 'transports', 'views', 'journal', 'etcd-client'],
    ...['modules', 'guards', 'lint', 'lab', 'generated', 'custom'],
  ],
  generated: ['core'],
  custom: ['core'],
  'api.ts': ['core', 'custom'],
  testing: ['core', 'custom'],
  'testing.ts': ['testing'],
  'resolve-api.ts': ['custom'],
  'start.ts': ['cli.ts'],
  'cli.ts': ['commands', 'core'],
};

/** The programs' own entry points. Only they touch what belongs to a process. */
const entryPoints = ['start.ts', 'cli.ts', 'lab/standin/cmsh.ts', 'lab/standin/cmdaemon.ts', 'lab/writer.ts'];

/** Layers in which the clock, randomness and the environment arrive as arguments. The others are where these come from. */
const inside = new Set(
  Object.keys(layers).filter(layer => !['commands', 'lab', 'transports', 'cli.ts'].includes(layer)),
);

const root = new URL('../src/', import.meta.url).pathname;
const files = (await readdir(root, { recursive: true })).filter(f => /\.ts$/.test(f) && !f.startsWith('generated/'));
const layerOf = (file: string): string => file.split('/')[0] ?? file;

/** Relative imports, of types too, static and lazy. */
function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'(\.[^']+)'/gm)].flatMap(match => match[1] ?? []);
}

describe('layers', () => {
  test('every file imports only what its layer may', async () => {
    const wrong: string[] = [];
    let imports = 0;
    for (const file of files) {
      const layer = layerOf(file);
      const allowed = layers[layer];
      if (!allowed) wrong.push(`${file}: the layer ${layer} is not in the table`);
      for (const target of importsOf(await readFile(join(root, file), 'utf8'))) {
        imports += 1;
        const found = normalize(join(dirname(file), target));
        const other = layerOf(found);
        if (!/\.(ts|js|json)$/.test(target)) wrong.push(`${file}: ${target} has no ending`);
        else if (found.startsWith('..')) wrong.push(`${file}: ${target} is outside src`);
        else if (other !== layer && !allowed?.includes(other)) wrong.push(`${file}: ${layer} may not import ${found}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(imports).toBeGreaterThan(100);
  });

  test('only entry points touch the process, only the outermost layers the clock and randomness', async () => {
    const wrong: string[] = [];
    for (const file of files.filter(f => !entryPoints.includes(f))) {
      const text = await readFile(join(root, file), 'utf8');
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/`[^`]*`|'[^'\n]*'/g, '');
      // Where Node lies, and its own modules, are the same for every process.
      const touched = [...code.matchAll(/(?<![\w.])(console\.\w+|process\.(?!execPath|getBuiltinModule)\w+)/g)];
      if (inside.has(layerOf(file))) {
        touched.push(...code.matchAll(/(?<![\w.])(Date\.now|Math\.random|new Date\(\))/g));
      }
      wrong.push(...touched.map(match => `${file}: ${match[0]}`));
    }
    expect(wrong).toEqual([]);
  });

  test('there is one barrel, the list of modules, and no utils', () => {
    expect(files.filter(f => f.endsWith('/index.ts'))).toEqual(['modules/index.ts']);
    expect(files.filter(f => f.includes('utils/'))).toEqual([]);
  });
});
