/** What the tests of a module of the user's own import as `quorate/testing`. */
export type { Answer, ModuleCase, ScriptedHost } from './testing/module-case.ts';
export { playCase } from './testing/play-case.ts';
