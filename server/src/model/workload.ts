// Pods and all kinds that create pods, read as their pods.
import type { Span } from '../base/span.ts';
import {
  child,
  childMap,
  eachMap,
  isTrue,
  number,
  numberField,
  text,
  textField,
  textFields,
  type Maybe,
} from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { PodSpec } from './specs.ts';

const PROXY_USER = 1337;

export function readPod(root: YamlMap): PodSpec {
  return readTemplate(root);
}

/** Deployment, StatefulSet, DaemonSet, ReplicaSet and Job hold the template in their spec, a CronJob one job deeper. */
export function readWorkload(root: YamlMap): PodSpec {
  const spec = childMap(root, 'spec');
  const job = childMap(childMap(spec, 'jobTemplate'), 'spec');
  return readTemplate(childMap(job ?? spec, 'template'));
}

function readTemplate(template: Maybe): PodSpec {
  const metadata = childMap(template, 'metadata');
  const spec = childMap(template, 'spec');
  return {
    labels: textFields(child(metadata, 'labels')),
    annotations: textFields(child(metadata, 'annotations')),
    // `serviceAccount` is the old name; the API server sets both to the same value, and the new one wins.
    serviceAccount: textField(spec, 'serviceAccountName') ?? textField(spec, 'serviceAccount'),
    hostNetwork: isTrue(spec, 'hostNetwork'),
    containers: eachMap(spec, 'containers', (container) => text(container, 'name') ?? ''),
    initContainers: eachMap(spec, 'initContainers', (container) => textField(container, 'name')).filter(
      (name) => name !== undefined,
    ),
    proxyUser: readProxyUser(spec),
  };
}

/** istio@86c9f01 pkg/config/analysis/analyzers/deployment/pod.go ApplicationUIDAnalyzer; groups: tools/istio-iptables. */
function readProxyUser(spec: Maybe): Span | undefined {
  const ofPod = proxyUserIn(spec);
  const own = eachMap(spec, 'containers', (container) => ({
    at: proxyUserIn(container),
    isOther: number(childMap(container, 'securityContext'), 'runAsUser') !== undefined,
  }));
  if (ofPod) return own.every(({ at, isOther }) => at || !isOther) ? ofPod : undefined;
  return own.every(({ at }) => at) ? own[0]?.at : undefined;
}

function proxyUserIn(node: Maybe): Span | undefined {
  const context = childMap(node, 'securityContext');
  const fields = [numberField(context, 'runAsUser'), numberField(context, 'runAsGroup')];
  return fields.find((field) => field?.value === PROXY_USER)?.span;
}
