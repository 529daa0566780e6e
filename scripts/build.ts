// Bundles the program: one entry a process (the command line, and the practice cluster's stand-ins), split so that a
// command loads only what it uses. `yaml` and the validators are pulled in by the chunks that need them.
import { rename, rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { execa } from 'execa';

// Built beside, then put in place, so that a failed build leaves the last one.
const made = 'dist.new';
await rm(made, { recursive: true, force: true });
await build({
  entryPoints: {
    quorate: 'src/start.ts',
    api: 'src/api.ts',
    testing: 'src/testing.ts',
    'resolve-api': 'src/resolve-api.ts',
    cmsh: 'src/lab/standin/cmsh.ts',
    cmdaemon: 'src/lab/standin/cmdaemon.ts',
    'kube-apiserver': 'src/lab/standin/kube-apiserver.ts',
    writer: 'src/lab/writer.ts',
  },
  outdir: made,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  sourcemap: false,
  legalComments: 'none',
  // Shorter to load; names stay, so that the trace of a defect can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  // Bundled CommonJS (ajv's standalone output, proper-lockfile) still calls require for Node's own modules.
  banner: { js: "import { createRequire as _cr } from 'node:module'; const require = _cr(import.meta.url);" },
});
// The types of what modules of the user's own import, for editors.
await execa('tsc', ['-p', 'scripts/tsconfig.types.json'], { preferLocal: true, stdio: 'inherit' });
await rm('dist', { recursive: true, force: true });
await rename(made, 'dist');
