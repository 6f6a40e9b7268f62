// The questions before an egress gateway is provisioned. Only reads the kubeconfig and the namespaces.
import { window } from 'vscode';
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import { listNamespaces, readContexts, type Contexts } from '../../../server/src/cluster/tools/contexts.ts';
import { waypointNameFault } from '../../../server/src/cluster/tools/name-faults.ts';
import type { Outcome } from '../../../server/src/cluster/tools/problem.ts';
import {
  trafficTypes,
  type ProvisionRequest,
  type TrafficType,
} from '../../../server/src/cluster/provision/provision-request.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import type { Server } from '../language-server.ts';
import { typedNamespace } from '../ui/typed-namespace.ts';
import { askSteps, askText, back, pick, pickRead, type Step } from '../ui/pick-steps.ts';
import { pickContext } from '../ui/choose-context.ts';

/** `trafficFor` undefined and `enroll` true are the usual choices; the user is asked for both. */
type Draft = Omit<ProvisionRequest, 'tools' | 'overwrite'>;

export async function askProvision(
  run: Run,
  tools: Tools,
  server: Server,
): Promise<Outcome<ProvisionRequest | undefined>> {
  const contexts = await readContexts(run, tools);
  if (!contexts.ok) return contexts;
  const { current, all } = contexts.value;
  const start: Draft = {
    context: current ?? all[0]!.name,
    namespace: (await activeNamespace(server)) ?? '',
    name: 'egress-gateway',
    enroll: true,
  };
  const steps = [
    ...(all.length > 1 ? [askContext(contexts.value)] : []),
    askNamespace(run, tools),
    askName,
    askEnroll,
    askTraffic,
  ];
  const draft = await askSteps('Provision Egress Gateway', steps, start);
  return { ok: true, value: draft && { ...draft, tools } };
}

/** Where the user works: the namespace of the manifest under the cursor. */
async function activeNamespace(server: Server): Promise<string | undefined> {
  const editor = window.activeTextEditor;
  if (!editor) return undefined;
  const { line, character } = editor.selection.active;
  const answer = await server.request('istioEgress/namespaceAt', {
    uri: editor.document.uri.toString(),
    position: { line, character },
  });
  return answer?.namespace ?? undefined;
}

function askContext(contexts: Contexts): Step<Draft> {
  return async (draft, place) => {
    const context = await pickContext(place, contexts, draft.context);
    return typeof context === 'string' ? { ...draft, context } : context;
  };
}

function askNamespace(run: Run, tools: Tools): Step<Draft> {
  return async (draft, place) => {
    const namespace = await pickRead(place, `Reading the namespaces of context ${draft.context}…`, async () => {
      const found = await listNamespaces(run, draft.context, tools);
      const names = found.ok ? found.value : [];
      return {
        placeholder: found.ok
          ? `Namespace of the gateway in context ${draft.context}; type to search`
          : `Type the namespace of the gateway. ${found.problem.message}`,
        items: inFront(names, draft.namespace).map((name) => ({
          label: name,
          value: name,
          description: name === draft.namespace ? 'from the open file' : '',
        })),
        active: draft.namespace,
        fromText: typedNamespace,
      };
    });
    return typeof namespace === 'string' ? { ...draft, namespace } : namespace;
  };
}

/** The file's namespace first, also where the cluster does not list it (yet). */
function inFront(names: readonly string[], first: string): readonly string[] {
  return first === '' ? names : [first, ...names.filter((name) => name !== first)];
}

const askName: Step<Draft> = async (draft, place) => {
  const name = await askText(place, {
    prompt: 'Name of the gateway',
    value: draft.name,
    fault: waypointNameFault,
  });
  return typeof name === 'string' ? { ...draft, name } : name;
};

const askEnroll: Step<Draft> = async (draft, place) => {
  const { namespace, name } = draft;
  const enroll = await pick(place, {
    placeholder: `Send all traffic of namespace ${namespace} through ${name}?`,
    items: [
      {
        label: 'Enroll the namespace',
        detail: `Its ServiceEntries and Services go through the gateway (label istio.io/use-waypoint: ${name}).`,
        value: true,
      },
      {
        label: 'Do not enroll it',
        detail: 'Only resources that have the label themselves use the gateway.',
        value: false,
      },
    ],
    active: draft.enroll,
  });
  return typeof enroll === 'boolean' ? { ...draft, enroll } : enroll;
};

const askTraffic: Step<Draft> = async (draft, place) => {
  const chosen = await pick<TrafficType | 'default'>(place, {
    placeholder: 'Which traffic does the gateway handle?',
    items: (['default', ...trafficTypes] as const).map((value) => ({ ...traffic[value], value })),
    active: draft.trafficFor ?? 'default',
  });
  if (chosen === back || chosen === undefined) return chosen;
  return { ...draft, trafficFor: chosen === 'default' ? undefined : chosen };
};

const traffic = {
  default: {
    label: 'Istio default',
    detail: 'No label: requests to Services and ServiceEntries go through the gateway. Recommended for egress.',
  },
  service: { label: 'service', detail: 'Requests to Services and ServiceEntries.' },
  workload: {
    label: 'workload',
    detail: 'Only requests to addresses of pods and VMs. Not for egress.',
  },
  all: { label: 'all', detail: 'Both.' },
  none: { label: 'none', detail: 'No traffic, until you change the label.' },
};
