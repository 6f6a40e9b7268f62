import { keptFor } from '../../base/kept-for.ts';
import { policiesAt } from '../../eval/authz/attached-policies.ts';
import { actionOf, isDryRun, knownProviders, providersOf } from '../../eval/authz/evaluate.ts';
import { couldHaveSidecars } from '../../mesh/clients/data-plane.ts';
import { firstSidecarNamespace } from '../../mesh/clients/sidecar-namespaces.ts';
import { egressGatewaysSelected } from '../../mesh/clients/gateways-of-pods.ts';
import { kindOfExtension } from '../../mesh/binding/extensions-of-pods.ts';
import {
  extensionText,
  isExtensionAtGatewayPods,
  isExtensionAtSidecar,
  isExtensionAtWaypoint,
  isReadBySidecars,
  isReadByWaypoints,
  sidecarsOf,
} from '../../mesh/binding/proxy-extensions.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { bindingInputs, targetingInputs } from '../shared/inputs.ts';
import { bound, entriesBehind, type Bound } from '../shared/waypoint-objects.ts';

type Extension = Resource<'ProxyExtension'>;
type Policy = Resource<'AuthorizationPolicy'>;

export const answerNotModelled = defineRule({
  id: 'answer-not-modelled',
  stage: 'trace',
  summary:
    'The result of a request is unknown, because an object changes traffic that leaves the mesh in a way that is not modelled.',
  severity: 'information',
  since: '0.2.0',
  subjects: ['ProxyExtension', 'AuthorizationPolicy'],
  inputs: [...bindingInputs, ...targetingInputs, 'ProxyExtension', 'Pod', 'Workload', 'IstioGateway', 'VirtualService'],

  *check(subject, mesh): Iterable<RuleFinding<null>> {
    if (subject.refused) return;
    const message = subject.kind === 'ProxyExtension' ? ofExtension(mesh, subject) : ofPolicy(mesh, subject);
    if (message !== undefined) yield { at: subject.at.name, message, data: null };
  },
});

function ofExtension(mesh: Mesh, extension: Extension): string | undefined {
  const waypoint = waypointChanged(mesh, extension);
  const proxies = waypoint ?? gatewayChanged(mesh, extension) ?? sidecarsChanged(mesh, extension);
  return (
    proxies &&
    `What becomes of requests ${kindOfExtension(extension).tokensOnly ? 'with a token ' : ''}through ${proxies} is not known: ${extensionText(extension, proxies.startsWith('sidecars') ? 'them' : 'it')}.`
  );
}

function waypointChanged(mesh: Mesh, extension: Extension): string | undefined {
  if (!isReadByWaypoints(mesh, extension)) return undefined;
  const isAt = ({ entry, gateway }: Bound) => isExtensionAtWaypoint(mesh, gateway, entry, extension);
  const beside = boundBeside(mesh, extension).find(isAt);
  const found = beside ?? (isForAll(mesh, extension) ? firstBehindEach(mesh).find(isAt) : undefined);
  return found && nameOf(found.gateway);
}

/** Objects of the root namespace can be for waypoints and sidecars of any. */
function isForAll(mesh: Mesh, { namespace }: Extension | Policy): boolean {
  return namespace === mesh.settings.rootNamespace;
}

/** ServiceEntries with their waypoints that it can be attached to: those that it names, or those of its namespace's waypoints. */
function boundBeside(mesh: Mesh, { namespace, spec }: Extension | Policy): readonly Bound[] {
  const gateways = [
    ...spec.targetRefs.flatMap((ref) =>
      ref.kind?.value === 'Gateway' ? mesh.named('Gateway', namespace, ref.name?.value ?? '') : [],
    ),
    ...(spec.targetRefs.length === 0 ? mesh.inNamespace('Gateway', namespace) : []),
  ];
  const entries = spec.targetRefs.flatMap((ref) =>
    ref.kind?.value === 'ServiceEntry' ? mesh.named('ServiceEntry', namespace, ref.name?.value ?? '') : [],
  );
  return [
    ...entries.flatMap((entry) => bound(mesh, entry)),
    ...gateways.flatMap((gateway) => firstBehind(mesh, gateway)),
  ];
}

/** Of a waypoint in whatever namespace, one entry that is bound to it. */
function firstBehindEach(mesh: Mesh): readonly Bound[] {
  return mesh.derivedInSteps('first bound to each waypoint', firstBehindEachInSteps);
}

function* firstBehindEachInSteps(mesh: Mesh): Generator<undefined, readonly Bound[]> {
  const found: Bound[] = [];
  for (const { name } of mesh.inNamespace('Namespace', '')) {
    yield undefined;
    for (const gateway of mesh.inNamespace('Gateway', name)) found.push(...firstBehind(mesh, gateway));
  }
  return found;
}

function firstBehind(mesh: Mesh, gateway: Resource<'Gateway'>): readonly Bound[] {
  const [entry] = entriesBehind(mesh, gateway);
  return entry ? [{ entry, gateway }] : [];
}

/** An egress gateway to which routes of sidecars lead. */
function gatewayChanged(mesh: Mesh, extension: Extension): string | undefined {
  const found = egressGatewaysSelected(mesh, extension.spec.selector).find((gateway) =>
    isExtensionAtGatewayPods(mesh, gateway, extension),
  );
  return found && `egress gateway ${found.namespace}/${found.name}`;
}

function sidecarsChanged(mesh: Mesh, extension: Extension): string | undefined {
  if (!isReadBySidecars(mesh, extension)) return undefined;
  const { namespace, spec } = extension;
  const isAtHome =
    couldHaveSidecars(mesh, namespace) && isExtensionAtSidecar(mesh, { namespace, labels: new Map() }, extension);
  const beyond = isForAll(mesh, extension) ? firstSidecarNamespace(mesh, spec.selector) : undefined;
  const home = isAtHome ? namespace : beyond;
  return home === undefined ? undefined : sidecarsOf(extension, home);
}

/** Whether the mesh has the provider decides between asking its authorizer and denying: reported if no file shows it. */
function ofPolicy(mesh: Mesh, policy: Policy): string | undefined {
  const provider = policy.spec.provider?.value ?? '';
  if (actionOf(policy) !== 'CUSTOM' || isDryRun(policy) || provider === '' || knownProviders(mesh)) return undefined;
  const beside = boundBeside(mesh, policy).find((one) => isOneAsked(mesh, one));
  const found = beside ?? (isForAll(mesh, policy) ? firstWithOneAsked(mesh) : undefined);
  return (
    found &&
    `What becomes of requests through ${nameOf(found.gateway)} that this policy matches is not known: provider ${provider} is not in these files, so its authorizer decides, or all of them are denied.`
  );
}

function isOneAsked(mesh: Mesh, { gateway, entry }: Bound): boolean {
  return askOne(policiesAt(mesh, gateway, entry));
}

/** With several providers, what the policies match is denied. By their list, which all waypoints without policies of their own share. */
const askOne = keptFor((policies: readonly Policy[]): boolean => {
  const custom = policies.filter((one) => actionOf(one) === 'CUSTOM' && !isDryRun(one));
  return providersOf(custom).size === 1;
});

/** The same for all policies of the root namespace. */
function firstWithOneAsked(mesh: Mesh): Bound | undefined {
  return mesh.derivedInSteps('first waypoint that asks one provider', function* (view) {
    for (const one of firstBehindEach(view)) {
      yield undefined;
      if (isOneAsked(view, one)) return one;
    }
    return undefined;
  });
}

function nameOf({ namespace, name }: AnyResource<'Gateway'>): string {
  return `waypoint ${namespace}/${name}`;
}
