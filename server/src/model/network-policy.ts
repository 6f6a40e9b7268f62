import { child, childMap, eachMap, number, numberOrText, text, texts, type Maybe } from './read-field.ts';
import { readLabelSelector } from './selectors.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { NetworkPolicyRule, NetworkPolicySpec } from './specs.ts';

export function readNetworkPolicy(root: YamlMap): NetworkPolicySpec {
  const spec = childMap(root, 'spec');
  return {
    podSelector: readLabelSelector(spec, 'podSelector'),
    policyTypes: texts(spec, 'policyTypes'),
    egress: readRules(spec, 'egress', 'to'),
    ingress: readRules(spec, 'ingress', 'from'),
  };
}

/** An absent list of rules and an empty one mean different things, and so do absent and empty ports and peers. */
function readRules(spec: Maybe, key: string, peersKey: string): readonly NetworkPolicyRule[] | undefined {
  if (child(spec, key)?.kind !== 'seq') return undefined;
  return eachMap(spec, key, (rule) => ({ ports: readPorts(rule), peers: readPeers(rule, peersKey) }));
}

function readPorts(rule: YamlMap): NetworkPolicyRule['ports'] {
  if (child(rule, 'ports')?.kind !== 'seq') return undefined;
  return eachMap(rule, 'ports', (item) => ({
    protocol: text(item, 'protocol'),
    port: numberOrText(item, 'port'),
    endPort: number(item, 'endPort'),
  }));
}

function readPeers(rule: YamlMap, key: string): NetworkPolicyRule['peers'] {
  if (child(rule, key)?.kind !== 'seq') return undefined;
  return eachMap(rule, key, (item) => {
    const block = childMap(item, 'ipBlock');
    return {
      span: item.span,
      podSelector: readLabelSelector(item, 'podSelector'),
      namespaceSelector: readLabelSelector(item, 'namespaceSelector'),
      cidr: text(block, 'cidr'),
      except: texts(block, 'except'),
    };
  });
}
