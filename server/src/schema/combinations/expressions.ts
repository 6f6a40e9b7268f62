// Regular expressions: istiod reads them by Go's rules, which are RE2's, and Envoy refuses those that become too large.
// istio@86c9f01 pkg/config/validation/validation.go validateStringRegexp.
import { isTooLargeForEnvoy, re2 } from '../../base/patterns/re2.ts';
import { discouraged, refused, type Fault } from './combination-check.ts';
import { isText, text, type Place } from './field-place.ts';

const mostBytes = 1024;

export function* expressionFaults(at: Place): Generator<Fault> {
  const pattern = text(at);
  if (!isText(at) || pattern === '') return;
  if (pattern.length > mostBytes || byteLength(pattern) > mostBytes) {
    yield refused(at, 'A regular expression must have at most 1024 bytes.');
    return;
  }
  const expression = re2(pattern);
  if (expression.kind === 'invalid') {
    const { reason, part } = expression.error;
    yield refused(
      at,
      `"${pattern}" is not a valid RE2 regular expression: ${reason}${part === '' ? '' : ` "${part}"`}.`,
    );
  } else if (isTooLargeForEnvoy(pattern))
    yield discouraged(
      at,
      'Envoy refuses this expression, and with it all routes of the port: its repetitions make more than 32768 instructions. Repeat fewer times.',
    );
}

/** In UTF-8. */
function byteLength(value: string): number {
  return Array.from(value, (char) => bytesOf(char.codePointAt(0)!)).reduce((sum, bytes) => sum + bytes, 0);
}

function bytesOf(point: number): number {
  return [0x80, 0x800, 0x10000].filter((limit) => point >= limit).length + 1;
}
