import leven, { closestMatch } from 'leven';

/** "did you mean `x`?" where one of the known words is near enough to be meant. Only the case being wrong is always near, and so are two letters in each other's place. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const words = [...known].filter(w => w !== word);
  const folded = words.find(w => w.toLowerCase() === word.toLowerCase());
  const maxDistance = Math.max(1, Math.floor(word.length / 3));
  const near = folded ?? swapped(word, words)[0] ?? closestMatch(word, words, { maxDistance });
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

/** Longest word that is taken for a slip: comparing takes the product of the lengths. */
const LONGEST = 100;

/** The one known word that is surely meant: it has the same letters in another order, or it alone is nearest, a third of the word away at most. */
export function surelyMeant(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const words = [...new Set(known)];
  if (words.includes(word)) return undefined;
  const folded = words.filter(w => w.toLowerCase() === word.toLowerCase());
  if (folded.length > 0) return folded.length === 1 ? folded[0] : undefined;
  const turned = swapped(word, words);
  if (turned.length === 1) return turned[0];
  const distances = words.map(w => leven(w, word));
  const least = Math.min(...distances);
  if (least > Math.min(2, Math.floor(word.length / 3))) return undefined;
  return distances.filter(d => d === least).length === 1 ? words[distances.indexOf(least)] : undefined;
}

/** Those with two of its letters in each other's place. */
function swapped(word: string, words: readonly string[]): readonly string[] {
  return words.filter(w => w.length === word.length && letters(w) === letters(word) && leven(w, word) === 2);
}

const letters = (word: string): string => [...word].toSorted().join('');
