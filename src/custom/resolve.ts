import nodeModule from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const files: Readonly<Record<string, string>> = { quorate: 'api.js', 'quorate/testing': 'testing.js' };

/**
 * From now on `quorate` and `quorate/testing` are those in `dist`, which the running program is made of, wherever a file that
 * imports them lies and whatever is installed there. Throws where Node is too old for it.
 */
export function resolveQuorate(dist: string): void {
  if (!('registerHooks' in nodeModule)) throw new Error('modules of your own need Node 22.15 or newer');
  nodeModule.registerHooks({
    resolve: (specifier, context, next) => {
      const file = Object.hasOwn(files, specifier) ? files[specifier] : undefined;
      return file === undefined
        ? next(specifier, context)
        : { url: pathToFileURL(join(dist, file)).href, shortCircuit: true };
    },
  });
}
