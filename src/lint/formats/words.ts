import type { Counts } from '../judged.ts';

/** `3 files checked: 0 errors, 1 warning, 2 ignored`: what is suppressed or passed over only where there is any. */
export function inWords(files: number, passedOver: number, counts: Counts): string {
  const { errors, warnings, ignored, baselined } = counts;
  const more = [
    [ignored, 'ignored'],
    [baselined, 'in the baseline'],
    [passedOver, `${passedOver === 1 ? 'file' : 'files'} passed over`],
  ] as const;
  const said = more.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  return `${counted(files, 'file')} checked: ${[counted(errors, 'error'), counted(warnings, 'warning'), ...said].join(', ')}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
