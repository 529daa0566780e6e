import { growing, memoryOf } from './flat.ts';
import type { Played } from './play.ts';

/** The line at the end of a soak, without its name. */
export function figures(ran: readonly (Played & { readonly seconds: number })[], failed: number): string {
  const { medianMb, riseMb, flat } = memoryOf(ran);
  const sum = (of: (one: Played) => number) => ran.reduce((all, one) => all + of(one), 0);
  const different = (of: (one: Played) => string | undefined) => new Set(ran.flatMap(one => of(one) ?? [])).size;
  const ended = (end: string) => ran.filter(one => one.end === end).length;
  const minutes = ran.reduce((all, { seconds }) => all + seconds, 0) / 60;
  const more = growing(ran);
  return (
    `${ran.length} scenarios of ${different(one => one.playbook)} playbooks in a row, ${ran.filter(one => one.fault).length} with one of ` +
    `${different(one => one.fault)} faults; ${ended('resumed')} resumed, ${ended('ran again')} run again; ${failed} failed; ` +
    `${sum(one => one.runs)} runs with exactly one journal each; left on hosts: ${sum(one => one.left.file)} files, ` +
    `${sum(one => one.left.folder)} folders, ${sum(one => one.left.process)} processes, ${sum(one => one.left.mount)} mounts, ` +
    `${sum(one => one.left.socket)} sockets${more.length > 0 ? `, AND EVER MORE: ${more.join(', ')}` : ''}; memory at its peak ` +
    `${Math.round(medianMb)} MB, over all scenarios ${riseMb >= 0 ? '+' : ''}${riseMb.toFixed(1)} MB${flat ? '' : ': IT GROWS'}; ${minutes.toFixed(1)} min`
  );
}

export function isFlat(ran: readonly Played[]): boolean {
  return memoryOf(ran).flat && growing(ran).length === 0;
}
