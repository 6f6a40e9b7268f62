// Edits of manifests: those that people make, those of editors, and some that nobody should.
import { documents } from './documents.ts';
import type { Random } from './random.ts';

const words = (
  'edge|shop|gw|api|www|none|api.example.com|*.example.com|www.example.com|80|443|8443|0|HTTP|HTTPS|TLS|TCP|GRPC|DNS|NONE|STATIC|SIMPLE|MUTUAL|' +
  'DISABLE|ISTIO_MUTUAL|"."|[]|{}|null|spec:|hosts:|ports:|- |exportTo: ["."]|labels:|istio.io/use-waypoint: gw|trafficPolicy:|name:|kind: Gateway|mesh|edge/out|out|istio: egressgateway|istio-egressgateway|subset: api|sleep'
).split('|');
const noise = [
  '\n',
  '---\n',
  '|',
  '\t',
  '\r\n',
  '\u202e',
  '# istio-egress-ignore double-tls: tried\n',
  'x'.repeat(300),
  ...': - " { [ # &a *a > % é 😀 {{ <<: (a+)+b !!binary'.split(' '),
  "'",
  ' ',
];

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Of a text of at most a few thousand characters; larger ones are cut down. */
export function randomEdit(random: Random, text: string): Edit {
  if (text.length > 2500 || random.chance(0.03)) return whole(text, randomText(random));
  const at = random.below(text.length + 1);
  const line = { start: text.lastIndexOf('\n', at - 1) + 1, end: (text.indexOf('\n', at) + 1 || text.length + 1) - 1 };
  switch (random.below(9)) {
    case 0:
      return { start: at, end: at, text: random.of(noise) };
    case 1:
      return { start: at, end: Math.min(text.length, at + 1 + random.below(12)), text: '' };
    case 2:
      return { ...wordAt(text, at), text: random.of(words) };
    case 3:
      return { start: line.end, end: line.end, text: `\n${text.slice(line.start, line.end)}` };
    case 4:
      return { start: line.start, end: Math.min(text.length, line.end + 1), text: '' };
    case 5:
      return { start: line.end, end: line.end, text: `\n${' '.repeat(random.below(5) * 2)}${random.of(words)}` };
    case 6:
      return { start: 0, end: 0, text: `${oneDocument(random)}---\n` };
    case 7: {
      const parts = text.split('---\n');
      return whole(text, [...parts.slice(1), parts[0]!].join('---\n'));
    }
    default:
      return { start: at, end: at, text: String.fromCharCode(97 + random.below(26)) };
  }
}

/** Two to four documents as they should be. */
export function randomText(random: Random): string {
  return Array.from({ length: 2 + random.below(3) }, () => oneDocument(random)).join('---\n');
}

/** Of different objects more often than of one: many of one host make requests fork in more ways than anybody has. */
function oneDocument(random: Random): string {
  return random.of(documents).replaceAll(/\bapi\b/g, random.of(['api', 'pay', 'web', 'cdn']));
}

function whole(text: string, instead: string): Edit {
  return { start: 0, end: text.length, text: instead };
}

function wordAt(text: string, at: number): { readonly start: number; readonly end: number } {
  let [start, end] = [at, at];
  while (start > 0 && /[\w.*-]/.test(text[start - 1]!)) start--;
  while (end < text.length && /[\w.*-]/.test(text[end]!)) end++;
  return { start, end };
}
