// Properties of one object of cmsh, read with `get`. Several in one process are told apart by `get name` between them,
// whose answer is known; where that isn't unambiguous (a node that is called like the overlay), one process a property.

import { cleanLines } from './output.ts';
import { command } from './script.ts';

/** An object: the commands that lead into it, and its name as `get name` (of a device `get hostname`) prints it, in any case. */
export interface ObjectPath {
  readonly enter: readonly string[];
  readonly name: string;
  readonly nameProperty: 'name' | 'hostname';
}

/** Lines of the values, by property. */
export type Values = ReadonlyMap<string, readonly string[]>;

export function overlayPath(name: string): ObjectPath {
  return { enter: ['configurationoverlay', command(['use', name])], name, nameProperty: 'name' };
}

export function rolePath(overlay: string, role: string): ObjectPath {
  return { enter: [...overlayPath(overlay).enter, 'roles', command(['use', role])], name: role, nameProperty: 'name' };
}

export function devicePath(name: string): ObjectPath {
  return { enter: ['device', command(['use', name])], name, nameProperty: 'hostname' };
}

/** Commands that read all `properties` in one process; `parseTogether` reads the answer. */
export function readTogether({ enter, nameProperty }: ObjectPath, properties: readonly string[]): string[] {
  const mark = command(['get', nameProperty]);
  return [...enter, mark, ...properties.flatMap(property => [command(['get', property]), mark])];
}

/** The values, or undefined where it can't be told which line belongs to which. */
export function parseTogether({ name }: ObjectPath, properties: readonly string[], stdout: string): Values | undefined {
  const lines = cleanLines(stdout);
  const marks = lines.flatMap((line, index) => (line.toLowerCase() === name.toLowerCase() ? [index] : []));
  if (marks.length !== properties.length + 1 || marks[0] !== 0 || marks.at(-1) !== lines.length - 1) return undefined;
  return new Map(
    properties.map((property, index) => [property, lines.slice((marks[index] ?? 0) + 1, marks[index + 1])]),
  );
}

/** Commands that read one property; all lines of the answer (`cleanLines`) are its value. */
export function readOne({ enter }: ObjectPath, property: string): string[] {
  return [...enter, command(['get', property])];
}
