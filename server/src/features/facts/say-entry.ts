// The facts of a ServiceEntry in words: of the whole, of one host, of one port.
import type { DestinationRuleChoice } from '../../mesh/destination-rules/destination-rule-for.ts';
import type { Handshake } from '../../mesh/destination-rules/handshake.ts';
import type { WaypointBinding } from '../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';
import { sayPolicies } from './say-policies.ts';
import { nameOfGateway, sayUpstream, sayWays } from './say-ways.ts';
import type { Callers, EntryFacts, HostFacts, PortFacts } from './service-entry.ts';
import type { SidecarWay } from './sidecar-ways.ts';
import {
  counted,
  enumerate,
  link,
  linkByName,
  noAddress,
  noTls,
  passedOver,
  unusable,
  type Line,
  type Words,
} from './fact-wording.ts';

/** The maximum of hosts with facts of their own: the hosts of one ServiceEntry usually share their facts. */
const mostHosts = 3;

export function sayEntry(facts: EntryFacts): readonly Line[] {
  const { hosts } = facts;
  const more =
    hosts.length > mostHosts
      ? [{ label: '…', words: [counted(hosts.length - mostHosts, 'more host', 'more hosts')] }]
      : [];
  return [
    {
      label: 'Waypoint',
      words: hosts.some(({ ways }) => ways.length > 0) ? bindingOnly(facts.binding) : sayBinding(facts.binding),
    },
    ...hosts.slice(0, mostHosts).flatMap((host) => sayHost(facts, host, hosts.length > 1)),
    ...more,
    ...sayAllCallers(facts),
  ];
}

/** `named` where the lines must say which host they are about. */
export function sayHost(facts: EntryFacts, host: HostFacts, named = false): readonly Line[] {
  const of = named ? ` (${host.host.value})` : '';
  return [
    { label: `Address${of}`, words: sayAddress(host) },
    ...(host.rivals.length > 0
      ? [
          {
            label: `Also declared by${of}`,
            words: enumerate(
              host.rivals.map((rival) => link(rival)),
              5,
              host.moreRivals,
            ),
          },
        ]
      : []),
    ...sayWays(host.ways, of),
    ...(facts.binding.state === 'bound' || host.skipped.length > 0
      ? [{ label: `DestinationRule${of}`, words: sayChoice(host) }]
      : []),
    ...host.ports.map((port) => ({ label: `Port ${port.number}${of}`, words: sayPort(facts, port, host.ways) })),
  ];
}

/** Where a route names an egress gateway, not all traffic goes direct. */
function bindingOnly(binding: WaypointBinding): Words {
  return binding.state === 'unbound' && !binding.optedOut ? ['none'] : sayBinding(binding);
}

export function sayBinding(binding: WaypointBinding): Words {
  switch (binding.state) {
    case 'bound':
      return [linkByName(binding.gateway), ', by the label of ', link(binding.label.on, binding.label.field.span)];
    case 'unusable':
      return [
        'none: ',
        {
          text: `${binding.label.namespace}/${binding.label.name}`,
          resource: binding.label.on,
          span: binding.label.field.span,
        },
        ` is named, but ${unusable[binding.reason]}. Traffic goes direct.`,
      ];
    case 'unknown':
      return binding.label
        ? [
            'unknown: ',
            {
              text: `${binding.label.namespace}/${binding.label.name}`,
              resource: binding.label.on,
              span: binding.label.field.span,
            },
            ' is named, but it is not in these files, or only in part',
          ]
        : ['unknown: the namespace is not in these files'];
    case 'unbound':
      return binding.optedOut
        ? ['none: ', link(binding.optedOut.on, binding.optedOut.field.span), ' is none. Traffic goes direct.']
        : ['none. Traffic goes direct.'];
  }
}

function sayAddress({ address }: HostFacts): Words {
  switch (address.state) {
    case 'listed':
      return [address.addresses.join(', ')];
    case 'allocated':
      return ['allocated by the mesh'];
    case 'none':
      return [`none, because ${noAddress[address.reason]}: clients connect directly, past any waypoint`];
  }
}

function sayChoice({ choice, skipped }: HostFacts): Words {
  return [
    ...chosen(choice),
    ...skipped.flatMap(
      ({ rule, passedOver: why, by }): Words => [
        '; ',
        linkByName(rule),
        ` is not used: ${passedOver[why]}`,
        ...(by && by.id !== chosenRule(choice)?.id ? [' (', linkByName(by), ')'] : []),
      ],
    ),
  ];
}

function chosenRule(choice: DestinationRuleChoice): Resource<'DestinationRule'> | undefined {
  return choice.state === 'selected' ? choice.rule : undefined;
}

function chosen(choice: DestinationRuleChoice): Words {
  switch (choice.state) {
    case 'selected':
      return [linkByName(choice.rule)];
    case 'undetermined':
      return ['the oldest of ', ...enumerate(choice.candidates.map(linkByName)), '; files do not show which'];
    case 'none':
      return ['none'];
    case 'unknown':
      return ['not known'];
  }
}

export function sayPort({ binding }: EntryFacts, port: PortFacts, ways: readonly SidecarWay[]): Words {
  const way = ways.find((one) => one.port === port.number && one.end === 'through');
  const sent = binding.state === 'unbound' ? way && sayUpstream(way) : undefined;
  if (sent) return [`arrives as ${spoken[port.speaks]}; from clients with sidecars `, ...sent];
  const to = port.targets.length === 0 ? '' : ` to :${port.targets.join(', :')}`;
  const { tls } = port;
  if (!tls) return [`arrives as ${spoken[port.speaks]}; a route, or the mesh's own mTLS, decides what is sent`];
  if (binding.state !== 'bound' && tls.state === 'plain')
    return [`${spoken[port.speaks]}${to}, as the client or its sidecar sends it`];
  switch (tls.state) {
    case 'originated':
      return [
        `${port.speaks === 'tls' ? "the client's TLS inside " : ''}TLS ${tls.mode}${to}, originated by `,
        tls.source.by === 'DestinationRule' ? link(tls.source.rule, tls.source.tls.key) : link(tls.source.policy),
        ...(port.handshake ? [`: ${sayHandshake(port.handshake)}`] : []),
      ];
    case 'plain':
      return [
        `${spoken[port.speaks]}${to}, as it arrives (`,
        tls.at ? { text: noTls[tls.cause], resource: tls.at.resource, span: tls.at.span } : noTls[tls.cause],
        ')',
      ];
    case 'unknown':
      return [`arrives as ${spoken[port.speaks]}; what is sent is unknown`];
  }
}

const spoken: Readonly<Record<PortFacts['speaks'], string>> = {
  http: 'plain HTTP',
  tls: "the client's own TLS",
  tcp: 'TCP',
  udp: 'UDP',
  sniffed: 'whatever the client sends',
};

function sayHandshake({ sni, names, roots }: Handshake): string {
  const shown = sni === undefined ? 'no SNI' : `SNI ${sni.by === 'rule' ? sni.name : 'from the Host header'}`;
  if (roots === undefined) return `${shown}, the certificate is not verified`;
  const compared = [...names.listed, ...(names.request ? ['the Host header'] : [])];
  return `${shown}, roots ${roots}, ${compared.length === 0 ? 'the name in the certificate is not verified' : `name must be ${compared.join(', ')}`}`;
}

/** Those of each egress gateway, and those of the waypoint or of nothing. */
function sayAllCallers({ callers, gateways }: EntryFacts): readonly Line[] {
  const behind = gateways.map((one) => ({
    label: `Callers through ${nameOfGateway(one.gateway)}`,
    words: sayPolicies(one),
  }));
  if (behind.length === 0) return [{ label: 'Callers', words: sayCallers(callers) }];
  return [...behind, { label: 'Other callers', words: sayCallers(callers) }];
}

function sayCallers(callers: Callers): Words {
  if (callers.state === 'unknown')
    return callers.because
      ? ['unknown: ', { text: callers.because.why, ...callers.because.at }]
      : ['unknown, because the waypoint is'];
  if (callers.state === 'closed') return ['no client: the waypoint has no listener with HBONE on port 15008'];
  if (callers.state === 'unjudged') return ['anyone: without a waypoint no policy is enforced'];
  return sayPolicies(callers);
}
