import { entryOf } from '../yaml/read.ts';
import { child, childMap, eachMap, keySpan, text, textField, textList, textMap, type Maybe } from './read-field.ts';
import type { Span } from '../base/span.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { SidecarSpec } from './specs.ts';

export function readSidecar(root: YamlMap): SidecarSpec {
  const spec = childMap(root, 'spec');
  const selector = childMap(spec, 'workloadSelector');
  return {
    workloadSelector: selector && textMap(child(selector, 'labels')),
    selectorKey: keySpan(spec, 'workloadSelector'),
    outboundTrafficPolicy: readOutboundTrafficPolicy(spec),
    egressHosts: eachMap(spec, 'egress', (item) => textList(item, 'hosts')).flat(),
    ownListener: eachMap(spec, 'egress', ownListener).find((span) => span !== undefined),
  };
}

function ownListener(item: YamlMap): Span | undefined {
  const mode = text(item, 'captureMode');
  const isOwn = child(item, 'port') ?? text(item, 'bind') ?? (mode === 'DEFAULT' ? undefined : mode);
  return isOwn ? item.span : undefined;
}

function readOutboundTrafficPolicy(spec: Maybe): SidecarSpec['outboundTrafficPolicy'] {
  const entry = entryOf(spec, 'outboundTrafficPolicy');
  if (entry?.value.kind !== 'map') return undefined;
  return {
    key: entry.key.span,
    mode: textField(entry.value, 'mode'),
    egressProxy: keySpan(entry.value, 'egressProxy'),
  };
}
