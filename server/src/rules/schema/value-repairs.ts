// Values that can be put right where fields do not go together, each named by the field that is wrong.
import type { FieldPath } from '../../base/field-path.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { nearest } from '../../base/nearest.ts';
import { isNewer } from '../../schema/catalogue.ts';
import type { YamlMap } from '../../yaml/node.ts';
import { asNumber, asSeq, asString, at } from '../../yaml/read.ts';
import type { Fault, Repair, Step } from './combination-fault.ts';

export function valueRepairs(fault: Fault): readonly Repair[] {
  const own = Object.hasOwn(byField, fault.field) ? byField[fault.field]!(fault) : [];
  return [...own, ...ofEndpointPort(fault)];
}

type Repairs = (fault: Fault) => readonly Repair[];

const kindGroups: Readonly<Record<string, string>> = {
  Service: '',
  ServiceEntry: 'networking.istio.io',
  Gateway: 'gateway.networking.k8s.io',
  GatewayClass: 'gateway.networking.k8s.io',
};

const byField: Readonly<Record<string, Repairs>> = {
  endpoints: ({ object, path }) =>
    path.length === 2 && kindOf(object) === 'ServiceEntry' && resolutionIs(object, 'NONE')
      ? [setting(['spec', 'resolution'], resolutionFor(object))]
      : [],
  address: ({ object }) =>
    kindOf(object) === 'ServiceEntry' && resolutionIs(object, 'STATIC') ? [setting(['spec', 'resolution'], 'DNS')] : [],
  workloadSelector: ({ object }) =>
    kindOf(object) === 'ServiceEntry' && resolutionIs(object, 'NONE')
      ? [setting(['spec', 'resolution'], 'STATIC')]
      : [],
  group: groupOfTarget,
  kind: groupOfTarget,
  action: ({ path, object }) =>
    kindOf(object) === 'AuthorizationPolicy' && !at(object, ['spec', 'rules'])
      ? [
          {
            title: 'Apply it to every request',
            safety: 'unsafe',
            steps: [{ op: 'set', path: [...path.slice(0, -1), 'rules'], value: [{}] }],
          },
        ]
      : [],
  exportTo: exportRepairs,
  hosts: (fault) => [...sidecarHost(fault), ...wildcardHost(fault)],
  protocol: ({ path, object }) =>
    asString(at(object, path)) === undefined ? [] : spelling(path, asString(at(object, path))!),
  consecutiveLocalOriginFailures: ({ path }) => [
    setting([...path.slice(0, -1), 'splitExternalLocalOriginErrors'], true),
  ],
  maxEjectionPercent: percentage,
  minHealthPercent: percentage,
  randomSamplingPercentage: percentage,
  location: ({ object, path }) => (kindOf(object) === 'ServiceEntry' ? [setting(path, 'MESH_EXTERNAL')] : []),
  value: ({ node, path }) => {
    const text = asString(node);
    return path[1] === 'rules' && text !== undefined && /^[^/]/.test(text) ? [setting(path, `/${text}`)] : [];
  },
  egressProxy: ({ path }) => [setting([...path.slice(0, -1), 'mode'], 'ALLOW_ANY')],
  consistentHash: ({ path }) => [
    { title: 'Remove simple', safety: 'unsafe', steps: [{ op: 'remove', path: [...path.slice(0, -1), 'simple'] }] },
  ],
  caCertificates: verifying,
  subjectAltNames: verifying,
  credentialName: verifying,
};

function setting(path: FieldPath, value: string | boolean | number): Repair {
  return { title: `Set ${String(path.at(-1))}: ${value}`, safety: 'unsafe', steps: [{ op: 'set', path, value }] };
}

/** Each kind of target is in one group, so its name is enough. */
function groupOfTarget({ object, path }: Fault): readonly Repair[] {
  if (!/^targetRefs?$/.test(String(path[1]))) return [];
  const ref = path.slice(0, -1);
  const kind = asString(at(object, [...ref, 'kind'])) ?? '';
  const group = Object.hasOwn(kindGroups, kind) ? kindGroups[kind] : undefined;
  return group === undefined
    ? []
    : [
        {
          title: group === '' ? 'Set group: ""' : `Set group: ${group}`,
          safety: 'safe',
          steps: [{ op: 'set', path: [...ref, 'group'], value: group }],
        },
      ];
}

/** A rule with a selector is for its own namespace; `*` and `~` leave nothing to add. */
function exportRepairs({ object, path, node }: Fault): readonly Repair[] {
  if (path.length === 2)
    return kindOf(object) === 'DestinationRule'
      ? [{ title: 'Export it to its own namespace only', safety: 'unsafe', steps: [{ op: 'set', path, value: ['.'] }] }]
      : [];
  const lone = asString(node);
  return lone === '*' || lone === '~'
    ? [{ title: `Keep only ${lone}`, safety: 'unsafe', steps: [{ op: 'set', path: path.slice(0, 2), value: [lone] }] }]
    : [];
}

/** `host` of a Sidecar is NAMESPACE/host; beside everything the others say nothing. */
function sidecarHost({ object, path, node }: Fault): readonly Repair[] {
  const host = asString(node);
  if (kindOf(object) !== 'Sidecar') return [];
  if (node?.kind === 'seq') {
    // What is left out of everything is said by `~`.
    const without = node.items.flatMap((item) => asString(item) ?? []).filter((item) => item.startsWith('~'));
    return [{ title: 'Keep only */*', safety: 'safe', steps: [{ op: 'set', path, value: ['*/*', ...without] }] }];
  }
  if (host === undefined || host.includes('/') || isIpAddress(host)) return [];
  return [`*/${host}`, `./${host}`].map((value) => ({
    title: `Replace with ${value}`,
    safety: 'unsafe',
    steps: [{ op: 'set', path, value }],
  }));
}

const protocols = ['HTTP', 'HTTP2', 'GRPC', 'GRPC-Web', 'HTTPS', 'TLS', 'TCP', 'MONGO', 'REDIS', 'MYSQL', 'UDP'];

/** Protocols of servers that Istio carries as plain TCP; it refuses their own names. */
const carriedAsTcp: ReadonlySet<string> = new Set(
  'postgres postgresql kafka amqp amqps smtp imap pop3 ssh sftp ftp ldap ldaps mqtt nats cassandra mssql sqlserver oracle rdp'.split(
    ' ',
  ),
);

function spelling(path: FieldPath, written: string): readonly Repair[] {
  if (carriedAsTcp.has(written.toLowerCase())) return [{ ...setting(path, 'TCP'), safety: 'safe' }];
  const suggestion = nearest(written.toUpperCase(), protocols);
  return suggestion === undefined ? [] : [{ ...setting(path, suggestion), safety: 'safe' }];
}

/** Only DYNAMIC_DNS looks up the name that the client asks for. */
function wildcardHost({ object, node, istioVersion }: Fault): readonly Repair[] {
  const isWildcard = kindOf(object) === 'ServiceEntry' && asString(node)?.startsWith('*') === true;
  return isWildcard && !isNewer('1.28', istioVersion) ? [setting(['spec', 'resolution'], 'DYNAMIC_DNS')] : [];
}

function percentage({ object, path }: Fault): readonly Repair[] {
  const written = asNumber(at(object, path));
  return written === undefined ? [] : [setting(path, written < 0 ? 0 : 100)];
}

/** What verifies is set beside what turns verifying off: the former is the careful choice. */
function verifying({ object, path }: Fault): readonly Repair[] {
  const other = [...path.slice(0, -1), 'insecureSkipVerify'];
  return at(object, other)
    ? [{ title: 'Remove insecureSkipVerify', safety: 'unsafe', steps: [{ op: 'remove', path: other }] }]
    : [];
}

/** Ports of an endpoint go by the names of the entry's ports. */
function ofEndpointPort({ object, path }: Fault): readonly Repair[] {
  const [, endpoints, , ports, name] = path;
  if (endpoints !== 'endpoints' || ports !== 'ports' || typeof name !== 'string') return [];
  const names = (asSeq(at(object, ['spec', 'ports']))?.items ?? []).flatMap(
    (port) => asString(at(port, ['name'])) ?? [],
  );
  const suggestion = names.length === 1 ? names[0] : nearest(name, names);
  const value = asNumber(at(object, path));
  if (suggestion === undefined || value === undefined || suggestion === name) return [];
  const steps: readonly Step[] = [
    { op: 'remove', path },
    { op: 'set', path: [...path.slice(0, -1), suggestion], value },
  ];
  return [{ title: `Rename to ${suggestion}`, safety: 'unsafe', steps }];
}

/** How the addresses of endpoints are found: as they are, or by looking their names up. */
function resolutionFor(object: YamlMap): 'STATIC' | 'DNS' {
  const addresses = (asSeq(at(object, ['spec', 'endpoints']))?.items ?? []).map(
    (item) => asString(at(item, ['address'])) ?? '',
  );
  return addresses.every((address) => isIpAddress(address) || address.startsWith('unix:')) ? 'STATIC' : 'DNS';
}

function kindOf(object: YamlMap): string {
  return asString(at(object, ['kind'])) ?? '';
}

function resolutionIs(object: YamlMap, wanted: string): boolean {
  return (asString(at(object, ['spec', 'resolution'])) ?? 'NONE') === wanted;
}
