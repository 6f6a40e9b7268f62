// Pods and all kinds that create pods, read as their pods.
import { child, childMap, eachMap, isTrue, text, textField, textFields, type Maybe } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { PodSpec } from './specs.ts';

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
  };
}
