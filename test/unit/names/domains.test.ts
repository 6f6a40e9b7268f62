import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDnsLabel, isDomain, isWildcardDomain } from '../../../server/src/names/domains.ts';
import {
  isGatewayHostname,
  isKubernetesLabel,
  isLabelValue,
  isQualifiedName,
  isSubdomain,
} from '../../../server/src/names/kubernetes-names.ts';

const long = 'a'.repeat(64);

/** Holds a predicate to what it takes and what it refuses. */
function holds(is: (text: string) => boolean, taken: readonly string[], refused: readonly string[]): void {
  for (const text of taken) assert.equal(is(text), true, `${is.name} ${text}`);
  for (const text of refused) assert.equal(is(text), false, `${is.name} ${text}`);
}

test('Istio takes labels and domains of either case, a dot at the end, and a star in the first label', () => {
  holds(isDnsLabel, ['a', 'A-1', '0'], ['', '-a', 'a-', 'a.b', 'a_b', '*', long]);
  holds(
    isDomain,
    ['localhost', 'HTTPBin.org.', '1.example'],
    ['', '.', '*.org', 'a..b', '1.2.3.4', 'a.1', `${long}.org`],
  );
  holds(isWildcardDomain, ['*', '*.org', '*-a.org', '*a.org', 'a.org.'], ['', 'a.*.org', 'a*.org', '*.1', '**.org']);
});

test('Kubernetes takes lower case only, but for the values and names of labels', () => {
  holds(isKubernetesLabel, ['a', 'a-1', '0'], ['', 'A', 'a.b', 'a-', long]);
  holds(isSubdomain, ['a.b', '0.1', `${long}.b`], ['', 'a..b', 'a.b.', 'A.b', '*.b', `${`${long}.`.repeat(4)}a`]);
  holds(isGatewayHostname, ['*.example.com', 'a.b'], ['*', '*a.b', '*.', 'A.b']);
  holds(isLabelValue, ['a', 'A_b.c-1'], ['', '-a', 'a/b', long]);
  holds(isQualifiedName, ['a', 'a.b/C_d'], ['', '/a', 'a/', 'a/b/c', 'A.b/c', `a/${long}`]);
});
