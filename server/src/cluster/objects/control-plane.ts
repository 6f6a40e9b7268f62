// The version of istiod and the text of the mesh configuration in the cluster.
import { revision as revisionLabel } from '../../model/label-names.ts';
import { succeeded, type Run } from '../tools/command.ts';
import { at, listAt, parseJson, stringAt } from '../tools/parse-json.ts';
import { labelsOf } from './live-gateway.ts';
import { getObjects, kubectl, read, type Limits, type Tools } from '../tools/target.ts';
import type { ControlPlane } from '../../model/cluster-content.ts';

/** Never fails: what cannot be read is undefined. A revision's own Deployment and ConfigMap carry its name. */
export async function readControlPlane(
  run: Run,
  target: { readonly context: string; readonly tools: Tools },
  limits: Limits = {},
): Promise<ControlPlane> {
  const istiod = await findIstiod(run, target, limits);
  const namespace = stringAt(istiod, 'metadata', 'namespace') ?? 'istio-system';
  const revision = istiod === undefined ? undefined : labelsOf(istiod).get(revisionLabel);
  // istio@86c9f01 manifests/charts/istio-control/istio-discovery/templates/configmap.yaml: `istio`, or `istio-REVISION`
  const name = revision === undefined || revision === 'default' ? 'istio' : `istio-${revision}`;
  const [found] = await getObjects(
    run,
    { ...target, namespace },
    [{ resource: 'configmaps', kind: 'ConfigMap', name }],
    limits,
  );
  const map = found?.ok ? found.value : undefined;
  return {
    namespace,
    version: versionOf(istiod) ?? (map && labelsOf(map).get('app.kubernetes.io/version')),
    meshText: stringAt(map, 'data', 'mesh'),
  };
}

async function findIstiod(
  run: Run,
  target: { readonly context: string; readonly tools: Tools },
  limits: Limits,
): Promise<unknown> {
  const result = await read(
    run,
    kubectl(
      target,
      'get',
      'deployments.apps',
      '--all-namespaces',
      '--selector=app=istiod',
      '--output=json',
      '--request-timeout=10s',
    ),
    limits,
  );
  const all = succeeded(result) ? listAt(parseJson(result.stdout), 'items') : [];
  // Of several revisions, namespaces without a revision label get the one without a name or with the name default.
  return all.find((one) => ['default', undefined].includes(labelsOf(one).get(revisionLabel))) ?? all[0];
}

/** The image says what runs; labels are the chart's. */
function versionOf(istiod: unknown): string | undefined {
  const images = listAt(at(istiod, 'spec', 'template', 'spec'), 'containers').flatMap(
    (container) => stringAt(container, 'image') ?? [],
  );
  return (
    images.map((image) => /:v?(\d+\.\d+[\w.-]*)(?:@.*)?$/.exec(image)?.[1]).find((tag) => tag !== undefined) ??
    labelsOf(istiod).get('app.kubernetes.io/version')
  );
}

/** `1.31` of `1.31.0-rc.1`; undefined if it is not a version. */
export function minorVersion(version: string | undefined): string | undefined {
  return /^v?(\d+\.\d+)/.exec(version ?? '')?.[1];
}
