// A new case of an egress test, as text and as a snippet.
import { expectations } from '../../sources/egress-test.ts';

export const newCaseText = lines((value) => value, 'allowed');
export const newCaseSnippet = lines((value, order) => `\${${order}:${value}}`, `\${4|${expectations.join(',')}|}`);

function lines(place: (value: string, order: number) => string, expected: string): string {
  return [
    `- name: ${place('curl may read', 1)}`,
    `  from: ${place('default/curl', 2)}`,
    `  request: ${place('http://httpbin.org/get', 3)}`,
    `  expect: ${expected}`,
  ].join('\n');
}
