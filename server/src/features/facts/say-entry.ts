// The facts of a ServiceEntry in words: of the whole, of one host, of one port.
import type { DestinationRuleChoice } from '../../mesh/destination-rules/destination-rule-for.ts';
import type { Handshake } from '../../mesh/destination-rules/handshake.ts';
import type { WaypointBinding } from '../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';
import type { Callers, EntryFacts, HostFacts, PortFacts } from './service-entry.ts';
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

/** Many hosts of one entry mostly share their facts: only so many are told one by one. */
const mostHosts = 3;

export function sayEntry(facts: EntryFacts): readonly Line[] {
  const { hosts } = facts;
  const more =
    hosts.length > mostHosts
      ? [{ label: '…', words: [counted(hosts.length - mostHosts, 'more host', 'more hosts')] }]
      : [];
  return [
    { label: 'Waypoint', words: sayBinding(facts.binding) },
    ...hosts.slice(0, mostHosts).flatMap((host) => sayHost(facts, host, hosts.length > 1)),
    ...more,
    { label: 'Callers', words: sayCallers(facts.callers) },
  ];
}

/** `named` where the lines must say which host they are about. */
export function sayHost(facts: EntryFacts, host: HostFacts, named = false): readonly Line[] {
  const of = named ? ` (${host.host.value})` : '';
  return [
    { label: `Address${of}`, words: sayAddress(host) },
    ...(host.rivals.length > 0
      ? [{ label: `Also declared by${of}`, words: enumerate(host.rivals.map((rival) => link(rival))) }]
      : []),
    ...(facts.binding.state === 'bound' || host.choice.others.length > 0
      ? [{ label: `DestinationRule${of}`, words: sayChoice(host.choice) }]
      : []),
    ...host.ports.map((port) => ({ label: `Port ${port.number}${of}`, words: sayPort(facts, port) })),
  ];
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
        ` is named, but ${unusable[binding.reason]}. Traffic goes directly.`,
      ];
    case 'unknown':
      return binding.label
        ? [
            'not known: ',
            {
              text: `${binding.label.namespace}/${binding.label.name}`,
              resource: binding.label.on,
              span: binding.label.field.span,
            },
            ' is named, and no file shows it, or not enough of it',
          ]
        : ['not known: no file describes the namespace'];
    case 'unbound':
      return binding.optedOut
        ? ['none: ', link(binding.optedOut.on, binding.optedOut.field.span), ' opts out. Traffic goes directly.']
        : ['none. Traffic goes directly.'];
  }
}

function sayAddress({ address }: HostFacts): Words {
  switch (address.state) {
    case 'listed':
      return [address.addresses.join(', ')];
    case 'allocated':
      return ['allocated by the mesh'];
    case 'none':
      return [`none, as ${noAddress[address.reason]}: clients reach the host past any waypoint`];
  }
}

function sayChoice(choice: DestinationRuleChoice): Words {
  return [
    ...chosen(choice),
    ...choice.others
      .slice(0, 3)
      .flatMap(
        ({ rule, passedOver: why, by }): Words => [
          '; ',
          linkByName(rule),
          ` is passed over: ${passedOver[why]}`,
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
      return ['the oldest of ', ...enumerate(choice.candidates.map(linkByName)), ', which no file tells'];
    case 'none':
      return ['none'];
    case 'unknown':
      return ['not known'];
  }
}

export function sayPort({ binding }: EntryFacts, port: PortFacts): Words {
  const to = port.targets.length === 0 ? '' : ` to :${port.targets.join(', :')}`;
  const { tls } = port;
  if (!tls) return [`arrives as ${spoken[port.speaks]}; a route, or the mesh's own mTLS, decides what leaves`];
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
      return [`arrives as ${spoken[port.speaks]}; what leaves is not known`];
  }
}

const spoken: Readonly<Record<PortFacts['speaks'], string>> = {
  http: 'plain HTTP',
  tls: "the client's own TLS",
  tcp: 'TCP',
  udp: 'UDP',
  sniffed: 'whatever the client speaks',
};

function sayHandshake({ sni, names, roots }: Handshake): string {
  const shown = sni === undefined ? 'no SNI' : `SNI ${sni.by === 'rule' ? sni.name : 'from the Host of the request'}`;
  if (roots === undefined) return `${shown}, the certificate is not verified`;
  const compared = [...names.listed, ...(names.request ? ['the Host of the request'] : [])];
  return `${shown}, roots ${roots}, ${compared.length === 0 ? 'the name in the certificate is not compared' : `name compared with ${compared.join(', ')}`}`;
}

export function sayCallers(callers: Callers): Words {
  if (callers.state === 'unknown') return ['not known, as the waypoint is not'];
  if (callers.state === 'unjudged') return ['anyone; without a waypoint no policy is enforced'];
  const enforced = callers.policies.filter(({ dryRun }) => !dryRun);
  const dry = callers.policies.filter(({ dryRun }) => dryRun);
  const also: Words =
    dry.length === 0 ? [] : ['; dry run: ', ...enumerate(dry.map(({ policy }) => linkByName(policy)))];
  const perhaps = callers.exhaustive ? '' : ', as far as these files show';
  if (enforced.length === 0) return [`anyone${perhaps}; no policy is enforced`, ...also];
  const names = enumerate(
    enforced.map(({ policy, action }) => ({ ...linkByName(policy), text: `${action} ${linkByName(policy).text}` })),
  );
  const allows = enforced.some(({ action }) => action === 'ALLOW');
  return [`${allows ? 'only whom a policy allows' : 'anyone whom no policy denies'}${perhaps}: `, ...names, ...also];
}
