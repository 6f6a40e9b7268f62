// Whether a value can stand at a place of a template: what was typed becomes a manifest.
import { isIpAddress } from '../../names/addresses.ts';
import { isDomain } from '../../names/domains.ts';
import { isSubdomain } from '../../names/kubernetes-names.ts';
import { places, type PlaceName } from './places.ts';

interface Valid {
  readonly test: (text: string) => boolean;
  readonly example: string;
}

const valid: Readonly<Record<(typeof places)[PlaceName]['takes'], Valid>> = {
  name: { test: isSubdomain, example: 'lower-case letters, digits and "-", for example egress-gateway' },
  host: {
    test: (text) => isDomain(text) && !isIpAddress(text) && !text.includes('*'),
    example: 'for example api.example.com',
  },
  wildcard: { test: (text) => text.startsWith('*.') && isDomain(text.slice(2)), example: 'for example *.example.com' },
  account: {
    test: (text) => text.split('/').length === 2 && text.split('/').every(isSubdomain),
    example: 'NAMESPACE/SERVICE-ACCOUNT, for example default/curl',
  },
  number: {
    test: (text) => /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536,
    example: '1 to 65535',
  },
  address: { test: isIpAddress, example: 'for example 192.0.2.10' },
  duration: { test: (text) => /^(\d{1,5}(h|m|s|ms)){1,4}$/.test(text), example: 'for example 10s' },
  word: { test: (text) => /^[A-Z]+$/.test(text), example: 'upper-case letters, for example GET' },
};

/** What is wrong with a value, in one sentence; undefined for a valid one. */
export function valueProblem(place: PlaceName, value: string): string | undefined {
  const { title, takes } = places[place];
  const { test, example } = valid[takes];
  return test(value)
    ? undefined
    : `${value === '' ? 'An empty text' : `"${value}"`} is not valid here. ${title}: ${example}.`;
}
