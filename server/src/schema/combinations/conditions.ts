// istio@86c9f01 pkg/config/security/security.go ValidateAttribute.
import { refused, refusedKey, type Fault } from './combination-check.ts';
import { isAddressOrRange } from '../../names/addresses.ts';
import { each, field, has, isText, text, type Place } from './field-place.ts';
import { accountFault, isPort } from './policy-values.ts';

const plain = [
  'source.namespace',
  'source.principal',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'connection.sni',
];
const maps = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];
const addresses = ['source.ip', 'remote.ip', 'destination.ip'];

export function* conditionFaults(when: Place): Generator<Fault> {
  const at = field(when, 'key');
  const key = text(at);
  if (key === '') {
    if (isText(at)) yield refused(at, 'A condition needs a `key`.');
    return;
  }
  if (!has(when, 'values') && !has(when, 'notValues')) {
    yield refusedKey(when, `The condition ${key} needs \`values\` or \`notValues\`.`);
    return;
  }
  if (maps.some((prefix) => key.startsWith(prefix))) {
    const open = key.indexOf('[');
    if (!(key.endsWith(']') && open > 0 && open < key.length - 2))
      yield refused(at, `The condition ${key} needs a name in brackets, such as request.headers[user-agent].`);
  } else if (key === 'destination.namespace' || key.startsWith('destination.labels')) {
    yield refused(at, `There is no condition ${key}: the policy's namespace and target decide what it applies to.`);
  } else if (
    ![...plain, ...addresses, 'source.serviceAccount', 'source.trustDomain', 'destination.port'].includes(key)
  ) {
    yield refused(at, `There is no condition ${key}.`);
  }
  for (const item of [...each(when, 'values'), ...each(when, 'notValues')]) yield* valueFault(key, item);
}

function* valueFault(key: string, item: Place): Generator<Fault> {
  if (item.node?.kind !== 'scalar' || typeof item.node.value !== 'string') return;
  const { value } = item.node;
  if (value === '') yield refused(item, `${key} must not have empty values.`);
  else if (addresses.includes(key) && !isAddressOrRange(value))
    yield refused(item, `"${value}" is not a valid IP address or CIDR range, such as 10.0.0.0/8.`);
  else if (key === 'destination.port' && !isPort(value))
    yield refused(item, `"${value}" is not a valid port: write a number up to 65535, in quotes.`);
  else if (key === 'source.serviceAccount') yield* accountFault(item, value);
}
