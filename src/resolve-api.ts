// Loaded by `node --import` before the tests of modules of the user's own: they find `quorate` where it runs from.
import { resolveQuorate } from './custom/resolve.ts';

resolveQuorate(import.meta.dirname);
