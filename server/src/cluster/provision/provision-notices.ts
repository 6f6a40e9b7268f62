// Blockers and warnings before a waypoint is applied. A blocker means that the command would not do what the user wants.
import { dataplaneMode } from '../../model/label-names.ts';
import type { Command } from '../tools/command.ts';
import type { ProvisionFacts } from './provision-facts.ts';
import type { ProvisionRequest } from './provision-request.ts';
import { kubectl } from '../tools/target.ts';
import { isOlder } from '../tools/tool-version.ts';

export interface Notice {
  readonly code: string;
  /** What is the matter. */
  readonly message: string;
  /** What it means or what to do. */
  readonly advice: string;
  /** A command that would fix it; run only on request. */
  readonly command?: Command;
}

type Check = (request: ProvisionRequest, facts: ProvisionFacts) => Notice | readonly Notice[] | undefined;

export function blockersOf(request: ProvisionRequest, facts: ProvisionFacts): readonly Notice[] {
  return collect(
    [namespaceMissing, gatewayApiMissing, alreadyEnrolled, nameTaken, dryRunRefused, mayNotLabel],
    request,
    facts,
  );
}

export function warningsOf(request: ProvisionRequest, facts: ProvisionFacts): readonly Notice[] {
  return collect(
    [
      notAmbient,
      noGatewayClass,
      otherClass,
      gatewayExists,
      replacesWaypoint,
      waypointNamespaceStays,
      notForServices,
      notEnrolled,
      startsWithDigit,
      istioctlOlder,
      notChecked,
    ],
    request,
    facts,
  );
}

function collect(checks: readonly Check[], request: ProvisionRequest, facts: ProvisionFacts): readonly Notice[] {
  return checks.flatMap((check) => check(request, facts) ?? []);
}

const namespaceMissing: Check = (request, { namespace }) => {
  if (namespace !== 'missing') return undefined;
  return {
    code: 'namespace-missing',
    message: `Namespace ${request.namespace} does not exist in context ${request.context}.`,
    advice: 'Create it first, or choose another namespace.',
    command: kubectl({ ...request, namespace: undefined }, 'create', 'namespace', request.namespace),
  };
};

const gatewayApiMissing: Check = (_, { gatewayApi }) => {
  if (gatewayApi !== 'missing') return undefined;
  return {
    code: 'gateway-api-missing',
    message: 'The cluster does not have the Kubernetes Gateway API.',
    advice:
      'A waypoint is a Gateway of that API. First install its custom resource definitions, and Istio with the ambient profile.',
  };
};

const alreadyEnrolled: Check = (request, { namespace }) => {
  if (!request.enroll || request.overwrite || namespace === 'missing' || namespace.useWaypoint === undefined)
    return undefined;
  // istio@86c9f01 istioctl/pkg/waypoint/waypoint.go waypointApplyCmd: returns before anything is applied, exit code 0
  const same = namespace.useWaypoint === request.name;
  return {
    code: 'already-enrolled',
    message: `Namespace ${request.namespace} already uses the waypoint ${namespace.useWaypoint}, so istioctl would apply nothing but report success.`,
    advice: same
      ? 'If that waypoint is Programmed, there is nothing to do. Choose to overwrite to apply it again.'
      : 'Choose to overwrite it, or do not enroll the namespace.',
  };
};

const nameTaken: Check = (request, { service, deployment }) => {
  const taken = [service === 'foreign' ? 'Service' : '', deployment === 'foreign' ? 'Deployment' : '']
    .filter(Boolean)
    .join(' and a ');
  if (taken === '') return undefined;
  // istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go canManage: such objects are skipped, and only a debug log says so
  return {
    code: 'name-taken',
    message: `Namespace ${request.namespace} already has a ${taken} named ${request.name} that Istio did not create.`,
    advice: 'Istio does not change it, so the waypoint would never work. Choose another name.',
  };
};

const dryRunRefused: Check = (_, { refusal }) => {
  if (!refusal || refusal.kind === 'missing-crd') return undefined;
  return {
    code: 'dry-run-refused',
    message: `A dry run of the Gateway failed: ${refusal.message}`,
    advice: refusal.details ? `${refusal.advice}\n${refusal.details}` : refusal.advice,
  };
};

const mayNotLabel: Check = (request, { mayLabel }) => {
  if (mayLabel !== 'no') return undefined;
  return {
    code: 'may-not-label',
    message: `You may not change namespace ${request.namespace}, so the waypoint would be created but the namespace not enrolled.`,
    advice: 'Ask for permission to update the namespace, or do not enroll it and label the ServiceEntries instead.',
  };
};

const notAmbient: Check = (request, { namespace }) => {
  if (namespace === 'missing' || namespace.ambient) return undefined;
  // egress needs no ambient namespace here: istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go never looks at dataplane-mode
  return {
    code: 'namespace-not-ambient',
    message: `Namespace ${request.namespace} is not in the ambient mesh (no label ${dataplaneMode}: ambient).`,
    advice:
      "For egress this is fine: the client pods must be in the mesh, not the waypoint's namespace. Pods of this namespace are captured only if they have the label themselves.",
    command: kubectl(
      { ...request, namespace: undefined },
      'label',
      `namespaces/${request.namespace}`,
      `${dataplaneMode}=ambient`,
    ),
  };
};

const noGatewayClass: Check = (_, { gatewayClass, gatewayApi }) => {
  if (gatewayClass !== 'missing' || gatewayApi === 'missing') return undefined;
  return {
    code: 'no-gateway-class',
    message: 'The cluster has no GatewayClass istio-waypoint.',
    advice:
      'Istio creates it if ambient mode is enabled. Without it, no controller handles the Gateway. Install Istio with the ambient profile.',
  };
};

const otherClass: Check = (request, { gateway }) => {
  if (typeof gateway === 'string' || gateway.className === 'istio-waypoint') return undefined;
  return {
    code: 'gateway-of-other-class',
    message: `Gateway ${request.namespace}/${request.name} exists and has class ${gateway.className || '(none)'}, not istio-waypoint.`,
    advice: 'Applying would change it into a waypoint. Choose another name unless you want that.',
  };
};

const gatewayExists: Check = (request, { gateway, effect }) => {
  if (typeof gateway === 'string' || gateway.className !== 'istio-waypoint') return undefined;
  if (effect === 'unchanged')
    return {
      code: 'gateway-exists',
      message: `Gateway ${request.namespace}/${request.name} already exists.`,
      advice: 'Applying does not change it.',
    };
  return {
    code: 'gateway-exists',
    message: `Gateway ${request.namespace}/${request.name} already exists.`,
    advice: 'Applying changes its labels or its spec.',
  };
};

const replacesWaypoint: Check = (request, { namespace }) => {
  if (!request.enroll || !request.overwrite || namespace === 'missing') return undefined;
  if (namespace.useWaypoint === undefined || namespace.useWaypoint === request.name) return undefined;
  return {
    code: 'replaces-waypoint',
    message: `Namespace ${request.namespace} now uses the waypoint ${namespace.useWaypoint}.`,
    advice: `It will use ${request.name} instead; policies attached to ${namespace.useWaypoint} no longer apply to its traffic.`,
  };
};

const waypointNamespaceStays: Check = (request, { namespace }) => {
  if (!request.enroll || namespace === 'missing') return undefined;
  const other = namespace.useWaypointNamespace;
  if (other === undefined || other === request.namespace) return undefined;
  // istio@86c9f01 istioctl/pkg/waypoint/waypoint.go labelNamespaceWithWaypoint sets use-waypoint only; pilot/pkg/serviceregistry/ambient/waypoints.go GetUseWaypoint reads both
  return {
    code: 'use-waypoint-namespace-stays',
    message: `Namespace ${request.namespace} has the label istio.io/use-waypoint-namespace: ${other}, which istioctl does not change.`,
    advice: `The namespace would use the waypoint ${other}/${request.name}. Remove that label.`,
    command: kubectl(
      { ...request, namespace: undefined },
      'label',
      `namespaces/${request.namespace}`,
      'istio.io/use-waypoint-namespace-',
    ),
  };
};

const notForServices: Check = ({ trafficFor }) => {
  if (trafficFor !== 'workload' && trafficFor !== 'none') return undefined;
  // istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go fetchWaypointForService: UnsupportedTrafficType, and traffic goes direct
  return {
    code: 'not-for-services',
    message: `A waypoint for "${trafficFor}" traffic does not handle ServiceEntries.`,
    advice: 'Requests to external hosts would bypass it. Choose service or all for egress.',
  };
};

const notEnrolled: Check = (request, { namespace }) => {
  if (request.enroll || (namespace !== 'missing' && namespace.useWaypoint === request.name)) return undefined;
  return {
    code: 'not-enrolled',
    message: 'No traffic uses the waypoint until a resource refers to it.',
    advice: `Label the ServiceEntry or its namespace with istio.io/use-waypoint: ${request.name}.`,
  };
};

const startsWithDigit: Check = ({ name }) => {
  if (!/^\d/.test(name)) return undefined;
  return {
    code: 'name-starts-with-digit',
    message: `"${name}" starts with a digit.`,
    advice:
      'The waypoint needs a Service with this name, and Kubernetes before 1.36 refuses it. Start the name with a letter.',
  };
};

const istioctlOlder: Check = (_, { versions: { istioctl, controlPlane } }) => {
  if (!isOlder(istioctl, controlPlane)) return undefined;
  return {
    code: 'istioctl-older',
    message: `istioctl ${istioctl} is older than the mesh (${controlPlane}).`,
    advice: `It may create a Gateway that this mesh handles differently. Install istioctl ${controlPlane}, or set istioEgress.istioctlPath.`,
  };
};

const notChecked: Check = (_, { unread }) =>
  unread.map(({ what, problem }) => ({
    code: 'not-checked',
    message: `Could not check ${what}: ${problem.message}`,
    advice: 'The command can still run; only this check is missing.',
  }));
