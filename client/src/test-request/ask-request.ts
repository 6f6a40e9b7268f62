// The questions before a test request is sent: workload, URL, method.
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import { listNamespaces } from '../../../server/src/cluster/tools/contexts.ts';
import { curlFault } from '../../../server/src/cluster/requests/curl.ts';
import { clientWorkloads, listPods, type PodSummary } from '../../../server/src/cluster/objects/pods.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import { askText, back, pick, pickRead, type PickOptions, type StepPosition, type Step } from '../ui/pick-steps.ts';
import { typedNamespace } from '../ui/typed-namespace.ts';

/** A container that a command can be run in. */
export interface ClientPod {
  readonly namespace: string;
  readonly pod: PodSummary;
  readonly container: string;
}

export interface ClientDraft {
  readonly namespace: string;
  readonly client: ClientPod | undefined;
}

/** Namespace, then workload; `suggested` are namespaces that files show callers in. */
export function askClient<D extends ClientDraft>(
  run: Run,
  context: string,
  tools: Tools,
  suggested: readonly string[],
): readonly Step<D>[] {
  return [
    async (draft, place) => {
      const namespace = await pickRead(place, `Reading the namespaces of context ${context}…`, async () => {
        const found = await listNamespaces(run, context, tools);
        const names = found.ok ? found.value : [];
        const known = suggested.filter((name) => names.length === 0 || names.includes(name));
        return {
          placeholder: found.ok
            ? `Namespace of the client in context ${context}`
            : `Type the namespace of the client. ${found.problem.message}`,
          items: [...new Set([...known, ...names])].map((name) => ({
            label: name,
            value: name,
            description: known.includes(name) ? 'has clients in the files' : '',
          })),
          active: draft.namespace,
          fromText: typedNamespace,
        };
      });
      return typeof namespace === 'string' ? { ...draft, namespace } : namespace;
    },
    async (draft, place) => {
      const client = await askWorkload(run, context, tools, draft.namespace, place);
      return client === back || client === undefined ? client : { ...draft, client };
    },
  ];
}

function askWorkload(run: Run, context: string, tools: Tools, namespace: string, place: StepPosition) {
  return pickRead(place, `Reading the pods of namespace ${namespace}…`, () =>
    workloadsIn(run, context, tools, namespace),
  );
}

async function workloadsIn(
  run: Run,
  context: string,
  tools: Tools,
  namespace: string,
): Promise<PickOptions<ClientPod>> {
  const found = await listPods(run, { context, tools, namespace });
  const clients = found.ok
    ? clientWorkloads(found.value).flatMap(({ workload, pod, containers }) =>
        containers.map((container) => ({ workload, pod, container })),
      )
    : [];
  const invitation =
    clients.length > 0
      ? `Client workload in namespace ${namespace}; curl runs in its pod`
      : `No pod runs in namespace ${namespace}. Go back and choose another namespace.`;
  return {
    placeholder: found.ok ? invitation : `${found.problem.message} ${found.problem.advice}`,
    items: clients.map(({ workload, pod, container }) => ({
      label: workload,
      description: `service account ${pod.serviceAccount}`,
      detail: `pod ${pod.name}, container ${container}${meshNote(pod)}`,
      value: { namespace, pod, container },
    })),
  };
}

function meshNote({ inMesh }: PodSummary): string {
  if (inMesh === 'sidecar') return ', with a sidecar';
  return inMesh === 'ambient' ? ', in the ambient mesh' : '';
}

export function askUrl<D extends { readonly url: string }>(): Step<D> {
  return async (draft, place) => {
    const url = await askText(place, {
      prompt: 'URL that the client calls',
      value: draft.url,
      fault: (text) => curlFault({ url: text.trim() }),
    });
    return typeof url === 'string' ? { ...draft, url: url.trim() } : url;
  };
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export function askMethod<D extends { readonly method: string }>(): Step<D> {
  return async (draft, place) => {
    const method = await pick(place, {
      placeholder: 'Method',
      items: methods.map((value) => ({ label: value, value })),
      active: draft.method,
    });
    return typeof method === 'string' ? { ...draft, method } : method;
  };
}
