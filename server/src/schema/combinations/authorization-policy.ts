// istio@86c9f01 pkg/config/validation/validation.go ValidateAuthorizationPolicy; pkg/config/security/security.go.
import { refused, refusedKey, type Check, type Fault, type Subject } from './check.ts';
import { targetsOf } from './common.ts';
import { conditionFaults } from './conditions.ts';
import { isAddressOrRange } from '../../names/addresses.ts';
import { accountFault, isPort } from './policy-values.ts';
import { each, entries, field, has, text, type Place } from './field-place.ts';

export const authorizationPolicyChecks: readonly Check[] = [targetsOf, action, sources, operations, conditions, dryRun];

const neverTold = ['namespaces', 'serviceAccounts', 'trustDomains', 'principals', 'requestPrincipals'];

function* action({ spec }: Subject): Generator<Fault> {
  const name = text(spec, 'action') || 'ALLOW';
  const at = field(spec, 'action');
  if (field(spec, 'provider').node && name !== 'CUSTOM')
    yield refusedKey(field(spec, 'provider'), `A \`provider\` goes with the action CUSTOM, and this is ${name}.`);
  if ((name === 'DENY' || name === 'CUSTOM') && !has(spec, 'rules'))
    yield refused(at, `${name} without rules would never be used: \`rules: [{}]\` is for every request.`);
  if (name !== 'CUSTOM') return;
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
  return /^not[A-Z]/.test(name) ? `${name[3]!.toLowerCase()}${name.slice(4)}` : name;
}

function* sources({ spec }: Subject): Generator<Fault> {
  for (const from of each(spec, 'rules').flatMap((rule) => each(rule, 'from'))) {
    const source = field(from, 'source');
    if (from.node?.kind !== 'map' || (source.node && source.node.kind !== 'map')) continue;
    const set = entries(source).filter(({ place }) => has(place));
    if (set.length === 0)
      yield refusedKey(source.node ? source : from, 'A source says something of the caller, and this one is empty.');
    const account = set.find(({ key }) => positive(key) === 'serviceAccounts');
    const other = set.find(({ key }) => ['principals', 'namespaces'].includes(positive(key)));
    if (account && other)
      yield refusedKey(account.place, `\`${account.key}\` and \`${other.key}\` may not both be set in one source.`);
    for (const { key, place } of set) yield* sourceValues(positive(key), key, place);
  }
}

function* sourceValues(kind: string, name: string, list: Place): Generator<Fault> {
  for (const item of each(list)) {
    const value = text(item);
    if (item.node?.kind !== 'scalar' || typeof item.node.value !== 'string') continue;
    if (value === '') yield refused(item, `An empty value is not taken in \`${name}\`.`);
    else if ((kind === 'ipBlocks' || kind === 'remoteIpBlocks') && !isAddressOrRange(value))
      yield refused(item, `"${value}" is neither an IP address nor a range such as 10.0.0.0/8.`);
    else if (kind === 'serviceAccounts') yield* accountFault(item, value);
    else if (kind === 'trustDomains') yield* trustDomainFault(item, value);
  }
}

function* trustDomainFault(item: Place, value: string): Generator<Fault> {
  if (value.includes('/')) yield refused(item, 'A trust domain has no "/".');
  else if (/.\*./.test(value) || value.split('*').length > 2) yield refused(item, 'A `*` stands at one end only.');
}

function* operations({ spec }: Subject): Generator<Fault> {
  for (const to of each(spec, 'rules').flatMap((rule) => each(rule, 'to'))) {
    const operation = field(to, 'operation');
    if (to.node?.kind !== 'map' || (operation.node && operation.node.kind !== 'map')) continue;
    const set = entries(operation).filter(({ place }) => has(place));
    if (set.length === 0)
      yield refusedKey(
        operation.node ? operation : to,
        'An operation says something of the request, and this one is empty.',
      );
    for (const { key, place } of set) {
      for (const item of each(place)) yield* operationValue(positive(key), key, item);
    }
  }
}

function* operationValue(kind: string, name: string, item: Place): Generator<Fault> {
  if (item.node?.kind !== 'scalar' || typeof item.node.value !== 'string') return;
  const value = item.node.value;
  if (value === '') yield refused(item, `An empty value is not taken in \`${name}\`.`);
  else if (kind === 'ports' && !isPort(value))
    yield refused(item, `"${value}" is no port: a number up to 65535, in quotes.`);
  else if (kind === 'paths') yield* pathFault(item, value);
}

/** CheckValidPathTemplate. */
function* pathFault(item: Place, path: string): Generator<Fault> {
  const isTemplate = path.includes('{*}') || path.includes('{**}');
  const parts = path.replace(/^\/+|\/+$/g, '').split('/');
  const rest = parts.indexOf('{**}');
  if (rest >= 0 && parts.slice(rest + 1).some((part) => part === '{*}' || part === '{**}'))
    yield refused(item, 'Behind `{**}` there is no other placeholder.');
  else if (parts.some((part) => part !== '{*}' && part !== '{**}' && /[{}]/.test(part)))
    yield refused(item, 'Braces stand for a whole part of a path only: `{*}` for one, `{**}` for the rest.');
  else if (
    isTemplate &&
    parts.some((part) => part !== '{*}' && part !== '{**}' && !/^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/.test(part))
  )
    yield refused(item, 'Beside placeholders a path has only characters that a URL takes, and no empty part.');
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
    yield refusedKey(at, `A dry run is for the actions ALLOW and DENY, and this is ${name}.`);
  else if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text(at)))
    yield refused(at, 'A dry run is "true" or "false".');
}
