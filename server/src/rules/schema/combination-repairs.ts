// What may be done where fields do not go together. A table proposes by the field's name; only what the schema check then takes is offered.
import type { FieldPath } from '../../base/field-path.ts';
import type { YamlNode } from '../../yaml/node.ts';
import { asSeq, asString, at } from '../../yaml/read.ts';
import type { Change, DocumentView, Fix } from '../rule.ts';
import type { Fault, Repair, Step } from './combination-fault.ts';
import { placeOf, type Place } from './repair-place.ts';
import { faultsAfter, faultsOf } from './schema-faults.ts';
import { valueRepairs } from './value-repairs.ts';

export function* combinationFixes(path: FieldPath, document: DocumentView): Generator<Fix> {
  const place = placeOf(document);
  if (!place) return;
  const field = String(path.findLast((step) => typeof step === 'string') ?? '');
  const fault = {
    object: place.object,
    path,
    node: at(place.object, path),
    field,
    istioVersion: document.istioVersion,
  };
  for (const { title, safety, steps } of [...valueRepairs(fault), ...removals(fault)]) {
    if (isTaken(steps, path, place, document))
      yield { title, safety, changes: steps.map((step): Change => ({ ...step, in: place.in })) };
  }
}

/** Fields that may only be left out, each where something else that is set excludes it. */
const removable: ReadonlySet<string> = new Set([
  'namespace',
  'provider',
  'insecureSkipVerify',
  'caCertificates',
  'subjectAltNames',
  'clientCertificate',
  'privateKey',
  'caCrl',
  'targetPort',
  'tls',
  'hostname',
  'backendRefs',
  'mirrors',
  'useClientProtocol',
  'proxyProtocol',
  'value',
  'egressProxy',
  'zoneAwareLbSetting',
  'consistentHash',
  'ringHash',
  'fault',
  'rewrite',
  'connectionPool',
  'trafficPolicy',
  'workloadSelector',
  'selector',
  'addresses',
  'endpoints',
  'gateways',
  'tcp',
  'requestHeaderModifier',
  'responseHeaderModifier',
  'requestMirror',
  'requestRedirect',
  'urlRewrite',
  'extensionRef',
  'cors',
]);

function* removals(fault: Fault): Generator<Repair> {
  const { path, node, field } = fault;
  if (!node) return;
  const last = path.at(-1);
  if (last === field && removable.has(field) && !isIntended(fault))
    yield { title: `Remove ${field}`, safety: isUnread(fault) ? 'safe' : 'unsafe', steps: [{ op: 'remove', path }] };
  else if (typeof last === 'number' && isRepeated(fault))
    yield { title: 'Remove it', safety: 'safe', steps: [{ op: 'remove', path }] };
}

/** What says more than it may: without it another fault would show. */
function isIntended({ object, path, node, field }: Fault): boolean {
  if (field === 'namespace') return asString(node) !== asString(at(object, ['metadata', 'namespace']));
  const isBackend =
    path.length === 2 &&
    ['endpoints', 'workloadSelector'].includes(field) &&
    asString(at(object, ['kind'])) === 'ServiceEntry';
  return isBackend && !['NONE', 'DYNAMIC_DNS'].includes(asString(at(object, ['spec', 'resolution'])) ?? '');
}

/** What has no effect where it stands, so that nothing is lost with it. */
function isUnread({ object, path, node, field }: Fault): boolean {
  const isEmpty = node?.kind === 'map' && node.entries.length === 0;
  if (field === 'namespace') return true;
  // Elsewhere an empty one selects more than none does.
  if (field === 'workloadSelector')
    return asString(at(object, ['kind'])) === 'ServiceEntry' && asString(at(object, ['spec', 'resolution'])) === 'NONE';
  return isEmpty || (field === 'targetPort' && path[1] === 'egress');
}

/** An item that an earlier one says already, or that nothing reads after the first. */
function isRepeated({ object, path, node, field }: Fault): boolean {
  if (field === 'tracing' || (field === 'providers' && path[1] === 'tracing')) return true;
  const own = asString(at(object, ['metadata', 'namespace']));
  const scope = (item: YamlNode | undefined) =>
    field === 'exportTo' && asString(item) === '.' ? (own ?? '.') : asString(item);
  const isList = field === 'exportTo' || (field === 'hosts' && asString(at(object, ['kind'])) === 'Sidecar');
  const before = asSeq(at(object, path.slice(0, -1)))?.items.slice(0, Number(path.at(-1))) ?? [];
  return isList && scope(node) !== undefined && before.some((item) => scope(item) === scope(node));
}

/** Whether the fault is gone with it and no other came. */
function isTaken(steps: readonly Step[], path: FieldPath, place: Place, document: DocumentView): boolean {
  const before = faultsOf(place.object);
  const left = faultsAfter(steps, place, document);
  const fixed = before.find((one) => samePath(one.path, path));
  if (!left || !fixed) return false;
  return (
    left.length < before.length &&
    !left.some((one) => one.message === fixed.message && samePath(one.path, path)) &&
    left.every((one) => before.some(({ message }) => message === one.message))
  );
}

function samePath(a: FieldPath | undefined, b: FieldPath): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
