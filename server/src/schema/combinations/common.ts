// Checks that several kinds share. istio@86c9f01 pkg/config/validation/validation.go.
import { discouraged, refused, refusedKey, type Fault, type Subject } from './combination-check.ts';
import { isDnsLabel, isWildcardDomain } from '../../names/domains.ts';
import { each, entries, field, has, isText, text, type Place } from './field-place.ts';
import { isPartialWildcard } from '../../names/hosts.ts';

/** validateExportTo. `~` is for ServiceEntries alone. */
export function* exportTo({ spec, namespace }: Subject, options: { readonly allowsNone: boolean }): Generator<Fault> {
  const values = each(spec, 'exportTo');
  const seen = new Set<string>();
  for (const item of values) {
    const value = text(item);
    const scope = value === '.' && namespace !== undefined ? namespace : value;
    if (seen.has(scope))
      yield refused(
        item,
        value === '.'
          ? 'This namespace is listed twice: `.` means the same namespace.'
          : `Namespace ${value} is listed twice.`,
      );
    else if (value === '~' && !options.allowsNone)
      yield refused(item, '`~` (no namespace) is allowed only in ServiceEntries.');
    else if (!['.', '*', '~'].includes(value) && !isDnsLabel(value))
      yield refused(item, `"${value}" is not valid in \`exportTo\`: write \`.\`, \`*\` or the name of a namespace.`);
    seen.add(scope);
  }
  const lone = values.length > 1 ? values.find((item) => ['*', '~'].includes(text(item))) : undefined;
  if (lone) yield refused(lone, `\`${text(lone)}\` must be the only item in \`exportTo\`.`);
}

/** ValidateAlphaWorkloadSelector and validateWorkloadSelector. */
export function* selectorLabels(selector: Place, field_: 'labels' | 'matchLabels'): Generator<Fault> {
  if (!selector.node) return;
  const labels = entries(field(selector, field_));
  for (const { key, place } of labels) {
    if (key === '') yield refused(place, 'A selector label needs a key.');
    else if (key.includes('*') || text(place).includes('*'))
      yield refused(place, 'A selector does not support `*`: labels are compared literally.');
  }
  if (labels.length === 0)
    yield discouraged(selector, 'A selector without labels matches every workload in the namespace.');
}

const targets: readonly string[] = [
  '/Service',
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
];

/** validateOneOfSelectorType, validatePolicyTargetReference. */
export function* targetsOf({ spec }: Subject): Generator<Fault> {
  const selector = field(spec, 'selector');
  const single = field(spec, 'targetRef');
  const list = field(spec, 'targetRefs');
  const set = [selector, single, list].filter((place) => has(place));
  if (set.length > 1)
    yield refusedKey(
      set[1]!,
      `Only one of \`selector\`, \`targetRef\` and \`targetRefs\` may be set; \`${String(set[0]!.path.at(-1))}\` is set too.`,
    );
  if (selector.node) yield* selectorLabels(selector, 'matchLabels');
  for (const ref of [...(single.node ? [single] : []), ...each(list)]) {
    if (has(ref, 'namespace'))
      yield refusedKey(
        field(ref, 'namespace'),
        "A target is always in the policy's own namespace: `namespace` must not be set.",
      );
    const [group, kind] = [text(ref, 'group'), text(ref, 'kind')];
    if (kind !== '' && !targets.includes(`${group}/${kind}`)) {
      yield refused(
        field(ref, targets.some((target) => target.endsWith(`/${kind}`)) && has(ref, 'group') ? 'group' : 'kind'),
        `${group === '' ? '' : `${group}/`}${kind} is not a valid policy target: use Service, ServiceEntry, Gateway or GatewayClass with its API group.`,
      );
    }
  }
}

/** ValidateUnixAddress and the CEL rules of addresses: an absolute path or an abstract socket, and no folder. */
export function* socketFaults(place: Place, address: string): Generator<Fault> {
  if (!/^unix:\/\/(?:@|\/)/.test(address) || address.endsWith('/'))
    yield refused(place, `"${address}" is not a valid socket: it must begin with / or @ and must not be a folder.`);
}

const labelKey = /^(?:[a-zA-Z0-9](?:[-a-zA-Z0-9_.]*[a-zA-Z0-9])?\/)?[a-zA-Z0-9](?:[-a-zA-Z0-9_.]*[a-zA-Z0-9])?$/;
const labelValue = /^(?:[a-zA-Z0-9](?:[-a-zA-Z0-9_.]*[a-zA-Z0-9])?)?$/;

/** istio@86c9f01 pkg/config/labels/instance.go Validate. */
export function* labelFaults(labels: Place): Generator<Fault> {
  for (const { key, place } of entries(labels)) {
    if (!labelKey.test(key) || key.split('/').at(-1)!.length > 63)
      yield refusedKey(place, `"${key}" is not a valid label key, such as example.com/name.`);
    else if (isText(place) && !labelValue.test(text(place)))
      yield refused(place, `"${text(place)}" is not a valid label value: use letters, digits, "-", "_" and ".".`);
  }
}

/** The name behind the `/` of a host in a Gateway or Sidecar. istio@86c9f01 pkg/config/validation/agent/validation.go validateSidecarOrGatewayHostnamePart. */
export function* qualifiedHostFault(host: Place, name: string, kind: 'Gateway' | 'Sidecar'): Generator<Fault> {
  if (name !== '*' && !name.includes('.'))
    yield refused(host, `${name} is a short name: a ${kind} needs fully qualified names.`);
  else if (!isWildcardDomain(name)) yield refused(host, `"${name}" is not a valid host, such as httpbin.org.`);
  else if (isPartialWildcard(name))
    yield refused(
      host,
      `In ${name} the \`*\` is only part of a DNS label: in a ${kind} it must be the whole first label.`,
    );
}
