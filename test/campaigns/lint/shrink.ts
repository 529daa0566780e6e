import type { Input } from './input.ts';

/** A smaller input that fails as well: files, then lines, then characters are left out as long as it does; at most `tries` are tried. */
export async function shrunk(input: Input, fails: (input: Input) => Promise<boolean>, tries = 600): Promise<Input> {
  let smallest = input;
  let left = tries;
  const attempt = async (next: Input): Promise<boolean> => {
    if (left <= 0) return false;
    left -= 1;
    if (!(await fails(next))) return false;
    smallest = next;
    return true;
  };
  for (const path of Object.keys(input.files)) {
    const { [path]: _, ...files } = smallest.files;
    await attempt({ files, paths: smallest.paths.filter(one => one !== path) });
  }
  for (const separator of ['\n', '']) {
    for (const path of Object.keys(smallest.files)) {
      const size = () => (smallest.files[path] ?? '').split(separator).length;
      for (let count = Math.ceil(size() / 2); count >= 1; count = count === 1 ? 0 : Math.ceil(count / 2)) {
        for (let from = 0; from < size() && left > 0; ) {
          const text = (smallest.files[path] ?? '').split(separator).toSpliced(from, count).join(separator);
          const isSmaller = await attempt({ ...smallest, files: { ...smallest.files, [path]: text } });
          if (!isSmaller) from += count;
        }
      }
    }
  }
  return smallest;
}
