// How much is told: options and what they mean to each command.
import type { OptionEntry } from './option-entry.ts';

export const detailOptions: readonly OptionEntry[] = [
  {
    name: '--verbose',
    short: '-v',
    uses: [
      { of: ['check'], text: 'also print what each rule is about, every fix and every skipped file' },
      { of: ['log'], text: 'explain every field of every line' },
    ],
  },
  {
    name: '--quiet',
    short: '-q',
    uses: [
      { of: ['check'], text: 'print only findings at --fail-on or above, a line each' },
      { of: ['fix'], text: 'do not tell what is fixed' },
      { of: ['diff'], text: 'print a line for each difference, without causes; nothing without differences' },
      { of: ['test'], text: 'print only expectations that fail, a line each' },
      { of: ['drift'], text: 'print a line for each resource that differs; nothing without differences' },
      { of: ['trace'], text: 'print only the verdict' },
      { of: ['log'], text: 'print a line for each line, and no sum' },
      { of: ['learn'], text: 'print no notes beside the manifests' },
    ],
  },
];
