// Facts as text, for a hover over one resource.
import { unreachable } from '../../base/unreachable.ts';
import type { Attachment, PolicyFacts } from './authorization-policy.ts';
import type { RuleFacts, Selection } from './destination-rule.ts';
import type { Enrolled, GatewayFacts, NamespaceFacts } from './enrolment.ts';
import type { Facts } from './facts.ts';
import { sayBinding, sayEntry } from './say-entry.ts';
import { linkToGateway, sayLead, sayEgressGateway } from './say-ways.ts';
import {
  counted,
  enumerate,
  fullName,
  link,
  linkByName,
  passedOver,
  unusedBySidecars,
  type Line,
  type Link,
  type Words,
} from './fact-wording.ts';

export function sayFacts(facts: Facts): readonly Line[] {
  switch (facts.kind) {
    case 'ServiceEntry':
      return sayEntry(facts);
    case 'DestinationRule':
      return sayRule(facts);
    case 'Gateway':
      return sayGateway(facts);
    case 'egress-gateway':
      return sayEgressGateway(facts);
    case 'lead':
      return sayLead(facts);
    case 'Namespace':
      return sayNamespace(facts);
    case 'AuthorizationPolicy':
      return sayPolicy(facts);
    case 'refused':
      return [
        {
          label: 'Refused',
          words: [`${facts.reason}. It is not in the mesh; an earlier version may still be in force.`],
        },
      ];
    default:
      return unreachable(facts);
  }
}

function sayRule({ selections, unlisted, services, host, gateway }: RuleFacts): readonly Line[] {
  if (gateway)
    return [{ label: 'Applies to', words: ['what sidecars send to egress gateway ', linkToGateway(gateway)] }];
  const others = unlisted > 0 ? [{ label: '…', words: [counted(unlisted, 'more host', 'more hosts')] }] : [];
  const inside =
    services > 0
      ? [{ label: 'Services', words: [`${counted(services, 'Service has', 'Services have')} such a host`] }]
      : [];
  if (selections.length === 0 && services === 0)
    return [
      {
        label: 'Applies to',
        words: [
          host === ''
            ? 'nothing: the rule has no host'
            : `nothing in these files: no ServiceEntry has the host ${host}`,
        ],
      },
    ];
  return [...selections.map(saySelection), ...others, ...inside];
}

function saySelection(selection: Selection): Line {
  const { host, entry, ports } = selection;
  const settings = ports.map(({ number, mode }) => `:${number} ${mode ? `TLS ${mode}` : 'no TLS'}`).join(', ');
  return {
    label: host,
    words: [
      'of ',
      link(entry),
      ': ',
      ...outcomeOf(selection),
      ...((selection.outcome === 'selected' || selection.appliedBy.length > 0) && settings !== ''
        ? [` (${settings})`]
        : []),
    ],
  };
}

function outcomeOf({ outcome, passedOver: why, by, appliedBy, isUnused }: Selection): Words {
  if (outcome === 'passed-over' && appliedBy.length > 0) return [`applied by ${appliedBy.join(' and ')}`];
  if (isUnused && why === 'no-waypoint') return [`not applied: ${unusedBySidecars}`];
  switch (outcome) {
    case 'selected':
      return ['selected'];
    case 'age-decides':
      return ['unknown: of several rules the one created first is used, and files do not show which'];
    case 'unknown':
      return ['unknown: the waypoint or some rules are not in these files'];
    case 'passed-over':
      return [`not applied, as ${why ? passedOver[why] : 'another is'}`, ...(by ? [' (', linkByName(by), ')'] : [])];
  }
}

function sayGateway({ serves, namespaces, bound, refused, unexamined, policies }: GatewayFacts): readonly Line[] {
  return [
    {
      label: 'Waypoint for',
      words: [sayServes(serves)],
    },
    ...(namespaces.length > 0 ? [{ label: 'Namespaces', words: enumerate(namespaces.map(labelled)) }] : []),
    {
      label: 'Bound',
      words: bound.length === 0 ? ['nothing in these files'] : enumerate(bound.map(({ object }) => link(object))),
    },
    ...sayUnexamined(unexamined),
    ...(refused.length > 0
      ? [{ label: 'Not bound', words: enumerate(refused.map(({ object }) => link(object))) }]
      : []),
    {
      label: 'Policies',
      words: policies.length === 0 ? ['none on the Gateway itself'] : enumerate(policies.map(linkByName)),
    },
  ];
}

function sayServes(serves: GatewayFacts['serves']): string {
  if (serves === undefined) return 'what its class says; the class is not in these files';
  if (serves === 'all') return 'services and workloads';
  return serves === 'service' ? 'services' : serves;
}

function labelled(namespace: GatewayFacts['namespaces'][number]): Link {
  return { ...linkByName(namespace), span: namespace.labels.get('istio.io/use-waypoint')?.span ?? namespace.at.name };
}

function sayNamespace({ label, gateway, entries, own, unexamined }: NamespaceFacts): readonly Line[] {
  const shown: Words = gateway ? [linkByName(gateway)] : [`${label.namespace}/${label.name}, not in these files`];
  const named: Words = label.name === 'none' ? ['none (label none)'] : shown;
  return [
    { label: 'Waypoint', words: named },
    ...sayFollowers(entries),
    ...sayUnexamined(unexamined),
    ...(own > 0
      ? [
          {
            label: 'Others',
            words: [counted(own, 'ServiceEntry has a label of its own', 'ServiceEntries have labels of their own')],
          },
        ]
      : []),
  ];
}

function sayUnexamined(count: number): readonly Line[] {
  return count > 0 ? [{ label: '…', words: [`${count} more, not checked here`] }] : [];
}

function sayFollowers(entries: readonly Enrolled[]): readonly Line[] {
  const bound = entries.filter(({ binding }) => binding.state === 'bound');
  const [other] = entries.filter(({ binding }) => binding.state !== 'bound');
  return [
    {
      label: 'Bound',
      words:
        bound.length === 0 ? ['no ServiceEntry in these files'] : enumerate(bound.map(({ object }) => link(object))),
    },
    ...(other ? [{ label: `${other.object.name}`, words: sayBinding(other.binding) }] : []),
  ];
}

function sayPolicy({ action, dryRun, targets, gateways }: PolicyFacts): readonly Line[] {
  const what = { label: 'Action', words: [`${action}${dryRun ? ', dry run: logged, not enforced' : ''}`] };
  if (gateways.length > 0)
    return [
      what,
      ...gateways.map((gateway) => ({
        label: 'Enforced at',
        words: ['egress gateway ', linkToGateway(gateway)],
      })),
      ...targets.map((target) => ({ label: 'Attached to', words: sayAttachment(target) })),
    ];
  if (targets.length === 0)
    return [what, { label: 'Attached to', words: ['no waypoint: without targetRefs none applies it'] }];
  return [what, ...targets.map((target) => ({ label: 'Attached to', words: sayAttachment(target) }))];
}

function sayAttachment({ ref, target, state, waypoint, bound, andMore }: Attachment): Words {
  const name = target ? link(target) : `${ref.kind?.value ?? 'object'} ${ref.name?.value ?? '?'}`;
  switch (state) {
    case 'missing':
      return [name, ', not in these files: not enforced'];
    case 'unknown':
      return [name, ': unknown whether it is enforced'];
    case 'no-waypoint':
      return [name, ': not enforced, because no waypoint is bound to it'];
    case 'enforced':
      return bound === undefined
        ? [
            name,
            ', enforced',
            ...(waypoint ? [' at waypoint ', { ...linkByName(waypoint), text: fullName(waypoint) }] : []),
          ]
        : [
            name,
            `, enforced for ${bound === 0 ? 'nothing: no object in these files is bound to it' : counted(bound, 'object that is bound to it', 'objects that are bound to it', andMore)}`,
          ];
  }
}
