import { closestMatch } from 'leven';

/** Longest word that is compared, and most words that it is compared with: comparing takes the product of the lengths. */
const longest = 100;
const most = 1000;

/** "did you mean `x`?" where one of the known words is near enough to be meant. Only the case being wrong is always near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  if (word.length > longest) return undefined;
  const words = [...known].filter(w => w !== word && w.length <= longest).slice(0, most);
  const folded = words.find(w => w.toLowerCase() === word.toLowerCase());
  const maxDistance = Math.max(1, Math.floor(word.length / 3));
  const near = folded ?? closestMatch(word, words, { maxDistance });
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}
