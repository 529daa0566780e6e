import type { Module } from '../src/core/module.ts';
export function committedFiles(_modules: readonly Module[]): ReadonlyMap<string,string> { return new Map(); }
