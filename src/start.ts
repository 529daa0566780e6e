// What bin/quorate starts. Compiled code is kept beside the program, so that the next start need not compile it again; where nothing
// can be written there, it is compiled each time.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('compiled', import.meta.url)));
await import('./cli.ts');
