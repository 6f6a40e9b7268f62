// The least manifests that let through what a log shows as leaving, and what the mesh makes of them.
import { groupBy } from '../../base/group-by.ts';
import { drained } from '../../base/steps.ts';
import { Draft, isEditable } from '../../engine/draft.ts';
import type { FixHost } from '../../engine/apply-fix.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { useWaypoint } from '../../model/label-names.ts';
import { describe } from '../../model/resource.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { isDomain } from '../../names/domains.ts';
import { isSubdomain } from '../../names/kubernetes-names.ts';
import type { Change } from '../../rules/rule.ts';
import type { Flow } from './flows.ts';
import { homeText, hostText, Names, policyText, portsOf, type Home } from './manifests.ts';
import { judge, needsOf, type HostNeed, type Judged } from './need.ts';
import { rulesFor } from './rules-of-flows.ts';
import { unusedIn, type Unused } from './unused.ts';

export interface Learned {
  /** New manifests; empty where nothing is missing. */
  readonly text: string;
  /** The workspace with the new manifests and the changed ones. */
  readonly draft: Draft;
  /** Of the flows that left. */
  readonly allowedBefore: readonly Flow[];
  readonly proposed: readonly Flow[];
  /** Left, and nothing tells the account of the client. */
  readonly withoutAccount: readonly Flow[];
  /** What the mesh would still not let through. */
  readonly unsolved: readonly { readonly flow: Flow; readonly reason: string }[];
  /** Left without a ServiceEntry, or stopped because there is none. */
  readonly unlisted: readonly Flow[];
  /** Denied or failed: never proposed. */
  readonly refused: readonly Flow[];
  readonly unused: Unused;
}

/** All at once: see `learnInSteps`. */
export function learn(workspace: Workspace, host: FixHost, flows: readonly Flow[], uri: string): Learned {
  return drained(learnInSteps(workspace, host, flows, uri));
}

/** `uri` is that of a new file for the manifests. */
export function* learnInSteps(
  workspace: Workspace,
  host: FixHost,
  flows: readonly Flow[],
  uri: string,
): Generator<undefined, Learned> {
  const left = flows.filter(({ fate }) => fate === 'left' || fate === 'passed');
  const [known, withoutAccount] = [left.filter(hasAccount), left.filter((flow) => !hasAccount(flow))];
  const { mesh } = workspace;
  const judged = yield* judgedIn(mesh, known);
  const missing = judged.filter(({ isAllowedByRule }) => !isAllowedByRule).map(({ flow }) => flow);
  const draft = new Draft(workspace, host);
  const { text, changes, fixed } = proposalFor(workspace, missing.filter(isValid));
  draft.apply(changes);
  if (text !== '') draft.setText(uri, text);
  const after = text === '' && changes.length === 0 ? mesh : draft.mesh;
  const verdicts = yield* judgedIn(after, missing);
  return {
    text,
    draft,
    allowedBefore: judged.filter(({ isAllowedByRule }) => isAllowedByRule).map(({ flow }) => flow),
    proposed: verdicts.filter(({ isAllowedByRule }) => isAllowedByRule).map(({ flow }) => flow),
    withoutAccount,
    unsolved: verdicts.filter(({ isAllowedByRule }) => !isAllowedByRule).map((one) => reasonOf(one, fixed)),
    unlisted: flows.filter(({ fate }) => fate === 'passed' || fate === 'blocked'),
    refused: flows.filter(({ fate }) => fate === 'denied' || fate === 'failed'),
    unused: unusedIn(mesh, judged, left),
  };
}

function* judgedIn(mesh: Mesh, flows: readonly Flow[]): Generator<undefined, readonly Judged[]> {
  const judged: Judged[] = [];
  for (const flow of flows) {
    judged.push(judge(mesh, flow));
    yield;
  }
  return judged;
}

/** Names that no object can have come from another log, or from somebody who wrote into this one. */
function hasAccount({ client }: Flow): boolean {
  return client !== undefined && isSubdomain(client.namespace) && isSubdomain(client.serviceAccount);
}

function isValid({ host, address, port, method }: Flow): boolean {
  const isPlace = host === undefined ? isIpAddress(address ?? '') : isDomain(host) && !host.includes('*');
  return isPlace && port > 0 && port < 65_536 && (method === undefined || /^[A-Z-]{1,32}$/.test(method));
}

function reasonOf({ flow, trace, allowedBy }: Judged, fixed: readonly HostNeed[]): Learned['unsolved'][number] {
  if (!isValid(flow)) return { flow, reason: 'its host, port or method is not valid in a manifest' };
  const lacking = fixed.find(({ flows }) => flows.includes(flow))?.entry;
  if (lacking && !lacking.spec.ports.some(({ number }) => number?.value === flow.port))
    return { flow, reason: `${describe(lacking)} lacks port ${flow.port}, and is in no file that can be changed` };
  if (trace.verdict === 'allowed' && allowedBy.length === 0)
    return { flow, reason: 'it leaves without a policy: no waypoint that is known enforces one' };
  return { flow, reason: trace.summary };
}

interface ProposalText {
  readonly text: string;
  readonly changes: readonly Change[];
  /** Those whose ServiceEntry is in no file that can be changed: only the cluster has it, or it is rendered. */
  readonly fixed: readonly HostNeed[];
}

function proposalFor(workspace: Workspace, missing: readonly Flow[]): ProposalText {
  const { mesh } = workspace;
  const names = new Names(mesh);
  const needs = needsOf(mesh, missing);
  const fresh = needs.filter(({ entry }) => entry === undefined);
  const [home, isNew] = homeIn(mesh);
  const documents = [
    ...(fresh.length > 0 && isNew ? homeText(home) : []),
    ...fresh.flatMap((need) => hostText(need, home, names)),
    ...policiesFor(needs, names),
  ];
  const isFixed = ({ entry }: HostNeed) =>
    entry !== undefined && !isEditable(workspace.documentAt(entry.document)?.uri ?? '');
  return {
    text: documents.join('---\n'),
    changes: needs.filter((need) => !isFixed(need)).flatMap(portChanges),
    fixed: needs.filter(isFixed),
  };
}

function homeIn(mesh: Mesh): readonly [Home, isNew: boolean] {
  const [first] = mesh.all('Gateway').filter((gateway) => isWaypointClass(gateway, mesh.settings) === true);
  if (!first) return [{ namespace: 'egress', waypoint: 'egress-gateway', isLabelled: true }, true];
  const namespace = mesh.named('Namespace', '', first.namespace)[0];
  const isLabelled = namespace?.labels.get(useWaypoint)?.value === first.name;
  return [{ namespace: first.namespace, waypoint: first.name, isLabelled }, false];
}

/** One policy for all that an existing ServiceEntry needs. */
function policiesFor(needs: readonly HostNeed[], names: Names): readonly string[] {
  const existing = needs.filter(({ entry }) => entry !== undefined);
  return [...groupBy(existing, ({ entry }) => String(entry!.id)).values()].map((same) => {
    const { namespace, name } = same[0].entry!;
    const metadata = { name: names.free(['AuthorizationPolicy'], namespace, `${name}-learned`), namespace };
    return policyText(
      metadata,
      name,
      same.flatMap(({ flows, isListed }) => rulesFor(flows, isListed)),
    );
  });
}

/** Ports that an existing ServiceEntry lacks. */
function portChanges({ entry, flows }: HostNeed): readonly Change[] {
  if (!entry) return [];
  const listed = new Set(entry.spec.ports.map(({ number }) => number?.value));
  return portsOf(flows)
    .filter(({ number }) => !listed.has(number))
    .map(({ targetPort: _, ...port }) => ({ op: 'append', in: entry, path: ['spec', 'ports'], value: port }));
}
