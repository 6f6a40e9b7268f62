// Reads only parts of kinds with private content: kubectl itself filters them, so the rest never reaches this process.
import { parseJson } from '../tools/parse-json.ts';
import { liveObject, type LiveObject } from './live-object.ts';
import { isRecord } from '../../base/is-record.ts';

/** Names of keys only. A go-template, because it alone can walk over keys. */
export const keysTemplate =
  '{{range .items}}{{.metadata.namespace}}{{"\\t"}}{{.metadata.name}}{{"\\t"}}{{.type}}{{range $key, $value := .data}}{{"\\t"}}{{$key}}{{end}}{{"\\n"}}{{end}}';

/** Maps are printed as JSON by jsonpath, which holds no tab; what is not there is empty. */
export const podColumns = rowsOf([
  '.metadata.namespace',
  '.metadata.name',
  '.metadata.labels',
  '.spec.serviceAccountName',
  '.spec.hostNetwork',
  '.spec.containers[*].name',
  '.metadata.ownerReferences[0].kind',
  '.metadata.ownerReferences[0].name',
  '.status.phase',
  '.metadata.annotations.ambient\\.istio\\.io/redirection',
]);

/** A CronJob has its template in `jobTemplate`. */
export const templateColumns = rowsOf([
  '.kind',
  '.metadata.namespace',
  '.metadata.name',
  '.metadata.labels',
  ...['.spec.template', '.spec.jobTemplate.spec.template'].flatMap((at) => [
    `${at}.metadata.labels`,
    `${at}.spec.serviceAccountName`,
    `${at}.spec.hostNetwork`,
    `${at}.spec.containers[*].name`,
  ]),
]);

function rowsOf(paths: readonly string[]): string {
  return `{range .items[*]}${paths.map((path) => `{${path}}`).join('{"\\t"}')}{"\\n"}{end}`;
}

export function readKeys(text: string): readonly LiveObject[] {
  return rows(text).flatMap(([namespace, name, type, ...keys]) => {
    if (!namespace || !name) return [];
    // Empty values under the true names: the keys are all that is known.
    const data = Object.fromEntries(keys.map((key) => [key, '']));
    return (
      liveObject('Secret', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace, name },
        ...(type ? { type } : {}),
        data,
      }) ?? []
    );
  });
}

/** Running pods; of those that one owner made from one template, one. */
export function readPods(text: string): readonly LiveObject[] {
  const seen = new Set<string>();
  return rows(text).flatMap((row) => {
    const [namespace = '', name = '', , , , , ownerKind = '', owner = '', phase = ''] = row;
    const key = `${namespace}/${ownerKind}/${owner}`;
    if (name === '' || phase === 'Succeeded' || phase === 'Failed' || (owner !== '' && seen.has(key))) return [];
    seen.add(key);
    return podOf(row) ?? [];
  });
}

function podOf(row: readonly string[]): LiveObject | undefined {
  const [namespace, name, labels = '', account = '', hostNetwork = '', containers = '', ownerKind, owner = ''] = row;
  const redirection = row[9] ?? '';
  const annotations = redirection === '' ? {} : { annotations: { 'ambient.istio.io/redirection': redirection } };
  const owners = owner === '' ? {} : { ownerReferences: [{ kind: ownerKind, name: owner }] };
  return liveObject('Pod', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, ...labelled(labels), ...annotations, ...owners },
    spec: podSpec(account, hostNetwork, containers),
  });
}

export function readTemplates(text: string): readonly LiveObject[] {
  return rows(text).flatMap((row) => {
    const [kind = '', namespace = '', name = '', labels = '', ...templates] = row;
    if (name === '') return [];
    const isCron = kind === 'CronJob';
    const [podLabels = '', account = '', hostNetwork = '', containers = ''] = isCron ? templates.slice(4) : templates;
    const template = { metadata: labelled(podLabels), spec: podSpec(account, hostNetwork, containers) };
    return (
      liveObject('Workload', {
        apiVersion: isCron ? 'batch/v1' : 'apps/v1',
        kind,
        metadata: { namespace, name, ...labelled(labels) },
        spec: isCron ? { jobTemplate: { spec: { template } } } : { template },
      }) ?? []
    );
  });
}

function podSpec(account: string, hostNetwork: string, containers: string): object {
  const names = containers.split(' ').filter((name) => name !== '');
  return {
    ...(account === '' ? {} : { serviceAccountName: account }),
    ...(hostNetwork === 'true' ? { hostNetwork: true } : {}),
    containers: names.map((name) => ({ name })),
  };
}

function labelled(json: string): object {
  const labels = json === '' ? undefined : parseJson(json);
  return isRecord(labels) ? { labels } : {};
}

function rows(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}

/** kubectl prints several objects one behind the other, each beginning and ending at the edge of a line. */
export function jsonTexts(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.split(/(?<=^\})\n(?=\{)/m);
}
