// Taking TLS settings away, or from all ports to some, without leaving empty shells that Istio refuses.
import { tlsOfRule } from '../../../mesh/destination-rules/upstream-tls.ts';
import type { Resource } from '../../../model/resource.ts';
import type { Change, Plain } from '../../rule.ts';
import { originates, type TlsBlock } from '../faults/faults-of-rule.ts';
import { copyOf, settingFor } from './origination.ts';
import { arrivesInTls } from '../../../mesh/hosts/target-ports.ts';

const policyPath = ['spec', 'trafficPolicy'] as const;

/** Removes a `tls` block, and what holds nothing else. A policy must have a field. istio@86c9f01 pkg/config/validation/validation.go validateTrafficPolicy. */
export function removing(rule: Resource<'DestinationRule'>, block: TlsBlock): readonly Change[] {
  const { path } = block;
  const policy = rule.spec.trafficPolicy;
  if (path[1] !== 'trafficPolicy' || !policy) return [{ op: 'remove', in: rule, path }];
  const settings = policy.portLevelSettings;
  const setting = path.length === 5 ? settings[Number(path[3])] : undefined;
  if (setting && setting.otherFields.length > 0) return [{ op: 'remove', in: rule, path }];
  const isLast =
    policy.otherFields.length === 0 && (setting ? settings.length === 1 && !policy.tls : settings.length === 0);
  if (isLast)
    return [
      rule.spec.subsets.length > 0 ? { op: 'remove', in: rule, path: policyPath } : { op: 'remove-document', in: rule },
    ];
  if (!setting) return [{ op: 'remove', in: rule, path }];
  return [
    { op: 'remove', in: rule, path: settings.length === 1 ? [...policyPath, 'portLevelSettings'] : path.slice(0, 4) },
  ];
}

/** Replaces the `tls` of all ports by one for each of these. */
export function narrowing(rule: Resource<'DestinationRule'>, ports: readonly number[], tls: Plain): readonly Change[] {
  const path = [...policyPath, 'portLevelSettings'];
  return [
    { op: 'remove', in: rule, path: [...policyPath, 'tls'] },
    ...ports.map((number): Change => ({ op: 'append', in: rule, path, value: { port: { number }, tls } })),
  ];
}

/**
 * What a rule that comes into use needs so that its TLS spares the ports on which clients speak TLS; undefined where it is for
 * such ports.
 */
export function sparing(
  rule: Resource<'DestinationRule'>,
  entry: Resource<'ServiceEntry'>,
): readonly Change[] | undefined {
  const tls = rule.spec.trafficPolicy?.tls;
  const isForTlsPort = entry.spec.ports.some(
    (port) => arrivesInTls(port) && port.number && settingFor(rule, port.number.value)?.tls,
  );
  if (isForTlsPort) return undefined;
  const governed = entry.spec.ports.filter(({ number }) => number && tlsOfRule(rule, number.value).tls === tls);
  if (!tls || !originates(tls) || !governed.some(arrivesInTls)) return [];
  const plain = governed.filter((port) => !arrivesInTls(port)).map(({ number }) => number!.value);
  return plain.length > 0 ? narrowing(rule, plain, copyOf(tls)) : undefined;
}
