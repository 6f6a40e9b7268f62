// Our answers to what only some profiles ask about.
import { chainsOf } from '../../server/src/mesh/routes/chain-of-port.ts';
import type { Mesh } from '../../server/src/mesh/mesh.ts';
import { accessLogFor } from '../../server/src/mesh/telemetry/telemetry-in-scope.ts';
import type { Canary } from '../../server/src/mesh/binding/canary.ts';
import { bindWaypoint } from '../../server/src/mesh/binding/waypoint-binding.ts';
import { rivalsAtWaypoint, servedPort } from '../../server/src/mesh/binding/waypoint-service.ts';
import type { AnyResource, Resource } from '../../server/src/model/resource.ts';
import type { Profile, Sample } from './generate.ts';
import type { OurAnswer } from './our-answer.ts';
import { routesOf } from './ours-routes.ts';
import { sidecarAnswers } from './ours-sidecar.ts';
import { isShared } from './shared-host.ts';

type Entry = Resource<'ServiceEntry'>;
type More = OurAnswer['more'];

export function moreOf(mesh: Mesh, resources: readonly AnyResource[], sample: Sample, { asks }: Profile): More {
  const entries = resources.filter((one): one is Entry => one.kind === 'ServiceEntry');
  if (asks === 'logs') return Object.assign({}, ...entries.map((entry) => logsOf(mesh, entry, sample))) as More;
  if (asks === 'canary') return Object.assign({}, ...entries.map((entry) => canariesOf(mesh, entry))) as More;
  if (asks === 'routes') return Object.assign({}, ...entries.map((entry) => routesOf(mesh, entry, sample))) as More;
  return asks === 'sidecars' ? sidecarAnswers(mesh, entries, sample.sidecars ?? []) : {};
}

/** Where providers write to, by their names. */
export const logPaths: Readonly<Record<string, string>> = {
  envoy: '/dev/stdout',
  file: '/file.log',
  other: '/other.log',
};

function logsOf(mesh: Mesh, entry: Entry, { mesh: written }: Sample): More {
  const binding = bindWaypoint(mesh, entry);
  if (binding.state !== 'bound') return {};
  const log = accessLogFor(mesh, entry, binding.gateway);
  const paths =
    log.providers
      .map((name) => logPaths[name.toLowerCase()] ?? name)
      .sort()
      .join(',') || String(written?.['accessLogFile']);
  const text = log.state === 'unknown' ? undefined : [log.state === 'logged' ? paths : '-'];
  const hosts = entry.spec.hosts.filter(
    ({ value }) =>
      rivalsAtWaypoint(mesh, entry, value, binding.gateway).length === 0 &&
      hasChain(mesh, entry) &&
      !isShared(mesh, entry, value),
  );
  return Object.fromEntries(hosts.map(({ value }) => [`log ${entry.namespace}/${entry.name} ${value}`, text]));
}

function hasChain({ settings }: Mesh, entry: Entry): boolean {
  return entry.spec.ports.some((port) => servedPort(settings, entry, port) !== 'no-chain' && chainsOf(port).length > 0);
}

const canaryReasons: Readonly<Record<string, string>> = {
  'invalid-weight': 'CanaryInvalidWeight',
  'same-as-primary': 'CanarySameAsPrimary',
  missing: 'WaypointIsNotReady',
  'attachment-denied': 'AttachmentDenied',
  'traffic-type': 'UnsupportedTrafficType',
};

/** Undefined where nothing is claimed. */
function canaryText(canary: Canary | undefined): string | undefined {
  if (!canary) return '-';
  if (canary.state === 'weighted') return `${canary.gateway.namespace}/${canary.gateway.name} ${canary.weight}`;
  return canary.state === 'ignored' ? canaryReasons[canary.reason]! : undefined;
}

function canariesOf(mesh: Mesh, entry: Entry): More {
  const binding = bindWaypoint(mesh, entry);
  if (binding.state !== 'bound') return {};
  const text = canaryText(binding.canary);
  const hosts = entry.spec.hosts.filter(({ value }) => !isShared(mesh, entry, value));
  return Object.fromEntries(
    hosts.map(({ value }) => [
      `canary ${entry.namespace}/${entry.name} ${value}`,
      text === undefined ? undefined : [text],
    ]),
  );
}
