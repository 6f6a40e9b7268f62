// Random regular expressions, most of their syntax right and some of it wrong, with short texts for each.
import fc from 'fast-check';

const syntax =
  'a b K s ſ é É Σ ς 😀 0 _ - / . ^ $ ( (?: (?i) (?i: (?s) (?m) (?-s) (?U) (?P<n> (?<m> (?= (?<! ) ) ) | * + ? *? {2} {0,3} {1,} {,2} {1001} {3,2} { } ' +
  '[a-c] [^a] [[:alpha:]] [[:^digit:]] [[:foo:]] [ ] []a] [^] [a- [-a] [b-a] \\d \\D \\w \\W \\s \\S \\b \\B \\A \\z \\Z \\pL \\PL \\p{Greek} \\p{^Greek} ' +
  '\\P{^Lu} \\p{Foo} \\p{Lu} \\Q \\E \\x41 \\x{1F600} \\x{110000} \\x4 \\0 \\12 \\1 \\8 \\n \\a \\C \\. \\é \\ [\\d-z] [\\pN_] [^\\W] [\\b] [\\x{41}-Z] [\\S\\s] &';
const characters = [...Array.from('abcABCkKsSſéÉΣςσ01_-/. z{}[]\n\u212a'), '😀'];

const strings = (parts: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...parts), { maxLength }).map((chosen) => chosen.join(''));

const pattern = strings([...syntax.split(' '), '\n', ' '], 9);
const texts = fc.array(strings(characters, 6), { minLength: 8, maxLength: 8 });

export interface PatternQuestion {
  readonly pattern: string;
  readonly texts: readonly string[];
}

export function randomPatterns(count: number, seed: number): readonly PatternQuestion[] {
  return fc.sample(fc.record({ pattern, texts }), { numRuns: count, seed });
}
