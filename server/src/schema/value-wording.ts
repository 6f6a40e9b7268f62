// How paths, values and patterns are put into words.
import type { FieldPath } from '../base/field-path.ts';
import type { YamlNode } from '../yaml/node.ts';
import { apiScalar } from './api-value.ts';
import type { WantedType } from './findings.ts';
import type { SchemaNode } from './schema-node.ts';

/** `spec.ports[0].name`, `metadata.labels["istio.io/rev"]`. */
export function pathText(path: FieldPath): string {
  return path.map((step, index) => stepText(step, index === 0)).join('');
}

function stepText(step: string | number, isFirst: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
  return isFirst ? step : `.${step}`;
}

const longest = 40;

export function quoted(value: string): string {
  return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
}

export function typeText(type: WantedType): string {
  const words: Readonly<Record<WantedType, string>> = {
    object: 'a map',
    array: 'a list',
    string: 'a string',
    integer: 'an integer',
    number: 'a number',
    boolean: 'true or false',
    'int-or-string': 'an integer or a string',
  };
  return words[type];
}

/** `the string "80"`, `a list`, `the number 80`. */
export function valueText(node: YamlNode): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'seq') return 'a list';
  const value = apiScalar(node);
  if (value === null) return 'empty';
  if (typeof value === 'string') return `the string ${quoted(value)}`;
  // Where YAML 1.1 and 1.2 part, the text alone would puzzle: it looks like a string.
  if (typeof node.value === 'string')
    return `${quoted(node.value)}, which kubectl reads as the ${typeof value} ${value}`;
  return `the ${typeof value} ${value}`;
}

/** What a string must look like, by the schema's pattern. */
export function formText({ pattern, format }: SchemaNode): string {
  if (format === 'duration') return 'a duration such as 5s or 1m30s, longer than zero';
  return (pattern !== undefined && forms.get(pattern)) || `of the form ${pattern}`;
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;

const forms: ReadonlyMap<string, string> = new Map([
  [`^${label}$`, 'a DNS label: lower-case letters, digits and "-"'],
  [`^${subdomain}$`, 'a DNS name: lower-case letters, digits, "-" and "."'],
  [`^$|^${subdomain}$`, 'empty or a DNS name: lower-case letters, digits, "-" and "."'],
  [`^(\\*\\.)?${subdomain}$`, 'a DNS name in lower case; only the first label may be "*"'],
  [`^${subdomain}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$`, 'a domain and a path, such as example.com/name'],
  [
    `^Hostname|IPAddress|NamedAddress|${subdomain}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$`,
    'IPAddress, Hostname, NamedAddress or a domain and a path',
  ],
  ['^([0-9]{1,5}(h|m|s|ms)){1,4}$', 'a duration such as 5s or 1m30s'],
  ['^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$', 'a kind: letters, digits and "-", starting with a letter'],
  ['^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$', 'a reason of letters, digits, "_", "," and ":"'],
  [
    `^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|${subdomain}\\/[A-Za-z0-9]+$`,
    'a protocol, such as HTTP or example.com/protocol',
  ],
  [`^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$`, 'the name of an HTTP header'],
  ['^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$', 'the value of a label: letters, digits, "-", "_" and "."'],
  [`^(${subdomain}/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`, 'the key of a label, such as example.com/name'],
  ['^(([^:/?#]+):)(//([^/?#]*))([^?#]*)(\\?([^#]*))?(#(.*))?', 'a URI, such as spiffe://example.com/name'],
  ['^[-_A-Za-z0-9]+$', 'letters, digits, "-" and "_"'],
  ['^[!-~]+([\\t ]?[!-~]+)*$', 'printable text without spaces at the start or end'],
  ['(^$|^[a-f0-9]{64}$)', 'a SHA-256 hash in lower-case hex'],
  ["^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$", 'the path of a URL'],
]);
