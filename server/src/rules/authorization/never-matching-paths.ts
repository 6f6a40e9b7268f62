// Paths of policies that no request has once the proxy has normalised it.
import { normalisePath } from '../../eval/http-path.ts';
import type { PathNormalization } from '../../mesh/settings.ts';
import type { NeverMatchingReason } from './never-matching-reason.ts';

/** Templates and suffixes are left out: what stands before a star may make any segment of it. */
export function pathFault(value: string, mode: PathNormalization): NeverMatchingReason | undefined {
  if (value.includes('{') || value.startsWith('*')) return undefined;
  const isPrefix = value.endsWith('*');
  const text = isPrefix ? value.slice(0, -1) : value;
  if (!text.startsWith('/')) return { why: 'the path of a request starts with /', suggestion: `/${value}` };
  if (/[?#]/.test(text)) return { why: 'paths are compared without their query' };
  // A prefix may end in the middle of an escape or of a dot segment.
  const whole = isPrefix ? text.replace(/(%[0-9a-f]?|\/\.{0,2})$/i, '') : text;
  if (whole === '') return undefined;
  const normal = normalisePath(whole, mode);
  if ('refused' in normal) return { why: `the waypoint answers 400 to such a path, as ${normal.refused}` };
  if (normal.path === whole) return undefined;
  const suggestion = `${normal.path}${text.slice(whole.length)}${isPrefix ? '*' : ''}`;
  return { why: `proxies normalize the path of a request before a policy sees it, to ${suggestion}`, suggestion };
}
