// istio@86c9f01 pkg/config/validation/validation.go ValidatePeerAuthentication, ValidateRequestAuthentication, and the CEL rules of their CRDs.
import { refused, refusedKey, type Check, type Fault, type Subject } from './combination-check.ts';
import { selectorLabels, targetsOf } from './common.ts';
import { each, entries, field, has, isText, text, type Place } from './field-place.ts';

export const peerAuthenticationChecks: readonly Check[] = [
  ({ spec }) => selectorLabels(field(spec, 'selector'), 'matchLabels'),
  portLevel,
];
export const requestAuthenticationChecks: readonly Check[] = [targetsOf, jwtRules];

function* portLevel({ spec }: Subject): Generator<Fault> {
  const ports = field(spec, 'portLevelMtls');
  if (!ports.node) return;
  if (entries(field(spec, 'selector', 'matchLabels')).length === 0)
    yield refusedKey(ports, '`portLevelMtls` needs a `selector` with labels: its ports are workload ports.');
  // The API server leaves out what is null before it counts.
  if (ports.node.kind === 'map' && ports.node.entries.length > 0 && entries(ports).every(({ place }) => !place.node))
    yield refusedKey(ports, '`portLevelMtls` needs at least one port.');
  for (const { key, place } of entries(ports)) {
    if (!/^[1-9]\d{0,4}$/.test(key) || Number(key) > 65535)
      yield refusedKey(place, `"${key}" is not a valid port: write a number from 1 to 65535.`);
  }
}

function* jwtRules({ spec }: Subject): Generator<Fault> {
  for (const rule of each(spec, 'jwtRules')) {
    if (rule.node?.kind !== 'map') continue;
    const keys = ['jwksUri', 'jwks_uri', 'jwks'].filter((name) => field(rule, name).node);
    if (keys.length > 1) yield refusedKey(field(rule, keys[1]!), `Only one of \`${keys.join('` and `')}\` may be set.`);
    const uri = ['jwksUri', 'jwks_uri'].map((name) => field(rule, name)).find(isText);
    if (uri && !/^https?:\/\/[^\s/]/.test(text(uri)))
      yield refused(uri, `"${text(uri)}" is not a valid URL: it must begin with http:// or https://.`);
    if (!has(rule, 'issuer') && !keys.some((name) => name !== 'jwks' && has(rule, name)))
      yield refusedKey(rule, 'A JWT rule needs `issuer` or `jwksUri`.');
    yield* emptyFaults(rule);
  }
}

function* emptyFaults(rule: Place): Generator<Fault> {
  for (const name of ['audiences', 'fromParams', 'fromCookies'])
    for (const item of each(rule, name))
      if (isText(item) && text(item) === '') yield refused(item, `\`${name}\` must not have empty values.`);
  for (const claim of each(rule, 'outputClaimToHeaders')) {
    const header = text(claim, 'header');
    if (header !== '' && !/^[-_A-Za-z0-9]+$/.test(header))
      yield refused(field(claim, 'header'), `"${header}" is not a valid header name.`);
  }
}
