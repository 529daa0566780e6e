import { closestMatch } from 'leven';

/** "did you mean `x`?" where one of the known words is near enough to be meant. Only the case being wrong is always near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const words = [...known].filter(w => w !== word);
  const folded = words.find(w => w.toLowerCase() === word.toLowerCase());
  const maxDistance = Math.max(1, Math.floor(word.length / 3));
  const near = folded ?? closestMatch(word, words, { maxDistance });
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}
