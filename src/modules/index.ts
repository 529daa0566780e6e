import type { Module } from '../core/module.ts';
import { assert } from './assert.ts';
import { command } from './command.ts';
import { debug } from './debug.ts';
import { fail } from './fail.ts';
import { setFact } from './set_fact.ts';

/** Every module there is, by name. A module that is not in this list does not exist. */
export const modules: readonly Module[] = [assert, command, debug, fail, setFact];
