import { policiesAt } from '../../eval/authz/attached-policies.ts';
import { actionOf, canAsk, isDryRun, knownProviders } from '../../eval/authz/evaluate.ts';
import { couldHaveSidecars } from '../../mesh/clients/data-plane.ts';
import { egressGatewaysSelected } from '../../mesh/clients/gateways-of-pods.ts';
import {
  extensionsAtGatewayPods,
  extensionsAtSidecar,
  extensionsAtWaypoint,
  extensionText,
  kindOfExtension,
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
  const found = boundBeside(mesh, extension).find(({ entry, gateway }) =>
    extensionsAtWaypoint(mesh, gateway, entry, 'token').includes(extension),
  );
  return found && nameOf(found.gateway);
}

/** ServiceEntries with their waypoints that it can be attached to: those that it names, or those of its namespace's waypoints. */
function boundBeside(mesh: Mesh, { namespace, spec }: Extension | Policy): readonly Bound[] {
  const isForAll = namespace === mesh.settings.rootNamespace;
  const gateways = [
    ...spec.targetRefs.flatMap((ref) =>
      ref.kind?.value === 'Gateway' ? mesh.named('Gateway', namespace, ref.name?.value ?? '') : [],
    ),
    ...(spec.targetRefs.length === 0 ? mesh.inNamespace('Gateway', namespace) : []),
    ...(isForAll ? namespaces(mesh).flatMap((one) => mesh.inNamespace('Gateway', one)) : []),
  ];
  const entries = spec.targetRefs.flatMap((ref) =>
    ref.kind?.value === 'ServiceEntry' ? mesh.named('ServiceEntry', namespace, ref.name?.value ?? '') : [],
  );
  return [
    ...entries.flatMap((entry) => bound(mesh, entry)),
    ...[...new Set(gateways)].flatMap((gateway) =>
      entriesBehind(mesh, gateway)
        .slice(0, 1)
        .map((entry) => ({ entry, gateway })),
    ),
  ];
}

/** An egress gateway to which routes of sidecars lead. */
function gatewayChanged(mesh: Mesh, extension: Extension): string | undefined {
  const found = egressGatewaysSelected(mesh, extension.spec.selector).find((gateway) =>
    extensionsAtGatewayPods(mesh, gateway, 'token').includes(extension),
  );
  return found && `egress gateway ${found.namespace}/${found.name}`;
}

function sidecarsChanged(mesh: Mesh, extension: Extension): string | undefined {
  if (!kindOfExtension(extension).sidecar) return undefined;
  const isForAll = extension.namespace === mesh.settings.rootNamespace;
  const home = [extension.namespace, ...(isForAll ? namespaces(mesh) : [])].find(
    (namespace) =>
      couldHaveSidecars(mesh, namespace) &&
      extensionsAtSidecar(mesh, { namespace, labels: new Map() }).includes(extension),
  );
  return home === undefined ? undefined : sidecarsOf(extension, home);
}

function namespaces(mesh: Mesh): readonly string[] {
  return mesh.inNamespace('Namespace', '').map(({ name }) => name);
}

/** Whether the mesh has the provider decides between asking its authorizer and denying: reported if no file shows it. */
function ofPolicy(mesh: Mesh, policy: Policy): string | undefined {
  if (actionOf(policy) !== 'CUSTOM' || isDryRun(policy)) return undefined;
  const found = boundBeside(mesh, policy).find(({ entry, gateway }) => {
    const custom = policiesAt(mesh, gateway, entry).filter((one) => actionOf(one) === 'CUSTOM' && !isDryRun(one));
    return canAsk(policy, custom, knownProviders(mesh)) === undefined;
  });
  return (
    found &&
    `What becomes of requests through ${nameOf(found.gateway)} that this policy matches is not known: provider ${policy.spec.provider?.value ?? ''} is not in these files, so its authorizer decides, or all of them are denied.`
  );
}

function nameOf({ namespace, name }: AnyResource<'Gateway'>): string {
  return `waypoint ${namespace}/${name}`;
}
