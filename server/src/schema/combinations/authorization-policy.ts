// istio@86c9f01 pkg/config/validation/validation.go ValidateAuthorizationPolicy; pkg/config/security/security.go.
import { refused, refusedKey, ofField, type Check, type Fault, type Subject } from './combination-check.ts';
import { targetsOf } from './common.ts';
import { conditionFaults } from './conditions.ts';
import { isAddressOrRange } from '../../names/addresses.ts';
import { accountFault, isPort } from './policy-values.ts';
import { each, entries, field, has, text, type Place } from './field-place.ts';

export const authorizationPolicyChecks: readonly Check[] = [
  targetsOf,
  action,
  ofField('rules', sources),
  ofField('rules', operations),
  ofField('rules', conditions),
  dryRun,
];

const neverTold = ['namespaces', 'serviceAccounts', 'trustDomains', 'principals', 'requestPrincipals'];

function* action({ spec }: Subject): Generator<Fault> {
  const name = text(spec, 'action') || 'ALLOW';
  const at = field(spec, 'action');
  if (field(spec, 'provider').node && name !== 'CUSTOM')
    yield refusedKey(field(spec, 'provider'), `\`provider\` is allowed only with action CUSTOM, not with ${name}.`);
  if ((name === 'DENY' || name === 'CUSTOM') && !has(spec, 'rules'))
    yield refused(at, `${name} without rules never matches: write \`rules: [{}]\` to match every request.`);
  if (name === 'CUSTOM') yield* customFaults(spec, at);
}

function* customFaults(spec: Place, at: Place): Generator<Fault> {
  if (has(spec, 'rules') && !has(spec, 'provider', 'name'))
    yield refused(at, 'The action CUSTOM needs `provider.name`.');
  for (const rule of each(spec, 'rules')) {
    for (const { key, place } of each(rule, 'from').flatMap((from) => entries(field(from, 'source')))) {
      if (has(place) && neverTold.includes(positive(key)))
        yield refusedKey(place, `\`${key}\` cannot be used with the action CUSTOM.`);
    }
    for (const when of each(rule, 'when')) {
      const key = text(when, 'key');
      if (/^(source\.(namespace|serviceAccount|trustDomain|principal)$|request\.auth\.)/.test(key))
        yield refused(field(when, 'key'), `The condition ${key} cannot be used with the action CUSTOM.`);
    }
  }
}

function positive(name: string): string {
  return name.startsWith('not') && /^not[A-Z]/.test(name) ? `${name[3]!.toLowerCase()}${name.slice(4)}` : name;
}

function* sources({ spec }: Subject): Generator<Fault> {
  for (const from of each(spec, 'rules').flatMap((rule) => each(rule, 'from'))) {
    const source = field(from, 'source');
    if (from.node?.kind !== 'map' || (source.node && source.node.kind !== 'map')) continue;
    const set = entries(source).filter(({ place }) => has(place));
    if (set.length === 0)
      yield refusedKey(
        source.node ? source : from,
        'This source is empty: set at least one field, such as `namespaces`.',
      );
    const account = set.find(({ key }) => positive(key) === 'serviceAccounts');
    const other = set.find(({ key }) => ['principals', 'namespaces'].includes(positive(key)));
    if (account && other)
      yield refusedKey(account.place, `\`${account.key}\` and \`${other.key}\` must not both be set in one source.`);
    for (const { key, place } of set) yield* sourceValues(positive(key), key, place);
  }
}

function* sourceValues(kind: string, name: string, list: Place): Generator<Fault> {
  for (const item of each(list)) {
    const value = text(item);
    if (item.node?.kind !== 'scalar' || typeof item.node.value !== 'string') continue;
    if (value === '') yield refused(item, `\`${name}\` must not have empty values.`);
    else if ((kind === 'ipBlocks' || kind === 'remoteIpBlocks') && !isAddressOrRange(value))
      yield refused(item, `"${value}" is not a valid IP address or CIDR range, such as 10.0.0.0/8.`);
    else if (kind === 'serviceAccounts') yield* accountFault(item, value);
    else if (kind === 'trustDomains') yield* trustDomainFault(item, value);
  }
}

function* trustDomainFault(item: Place, value: string): Generator<Fault> {
  if (value.includes('/')) yield refused(item, 'A trust domain must not contain "/".');
  else if (/.\*./.test(value) || value.split('*').length > 2)
    yield refused(item, '`*` is allowed only at the start or the end.');
}

function* operations({ spec }: Subject): Generator<Fault> {
  for (const to of each(spec, 'rules').flatMap((rule) => each(rule, 'to'))) {
    const operation = field(to, 'operation');
    if (to.node?.kind !== 'map' || (operation.node && operation.node.kind !== 'map')) continue;
    const set = entries(operation).filter(({ place }) => has(place));
    if (set.length === 0)
      yield refusedKey(
        operation.node ? operation : to,
        'This operation is empty: set at least one field, such as `methods`.',
      );
    for (const { key, place } of set) {
      for (const item of each(place)) yield* operationValue(positive(key), key, item);
    }
  }
}

function* operationValue(kind: string, name: string, item: Place): Generator<Fault> {
  if (item.node?.kind !== 'scalar' || typeof item.node.value !== 'string') return;
  const value = item.node.value;
  if (value === '') yield refused(item, `\`${name}\` must not have empty values.`);
  else if (kind === 'ports' && !isPort(value))
    yield refused(item, `"${value}" is not a valid port: write a number up to 65535, in quotes.`);
  else if (kind === 'paths' && /[{}]/.test(value)) yield* pathFault(item, value);
}

/** CheckValidPathTemplate. */
function* pathFault(item: Place, path: string): Generator<Fault> {
  const isTemplate = path.includes('{*}') || path.includes('{**}');
  const parts = path.replace(/^\/+|\/+$/g, '').split('/');
  const rest = parts.indexOf('{**}');
  if (rest >= 0 && parts.slice(rest + 1).some((part) => part === '{*}' || part === '{**}'))
    yield refused(item, 'No placeholder is allowed after `{**}`.');
  else if (parts.some((part) => part !== '{*}' && part !== '{**}' && /[{}]/.test(part)))
    yield refused(item, 'Braces must be a whole path segment: `{*}` for one segment, `{**}` for the rest.');
  else if (
    isTemplate &&
    parts.some((part) => part !== '{*}' && part !== '{**}' && !/^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/.test(part))
  )
    yield refused(item, 'A path with placeholders must have only URL characters and no empty segment.');
}

function* conditions({ spec }: Subject): Generator<Fault> {
  for (const when of each(spec, 'rules').flatMap((rule) => each(rule, 'when')))
    if (when.node?.kind === 'map') yield* conditionFaults(when);
}

/** checkDryRunAnnotation. */
function* dryRun({ spec, root }: Subject): Generator<Fault> {
  const at = field(root, 'metadata', 'annotations', 'istio.io/dry-run');
  if (!at.node) return;
  const name = text(spec, 'action') || 'ALLOW';
  if (name !== 'ALLOW' && name !== 'DENY')
    yield refusedKey(at, `A dry run is supported only for ALLOW and DENY, not for ${name}.`);
  else if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text(at)))
    yield refused(at, 'The dry-run annotation must be "true" or "false".');
}
