import { child, childMap, eachMap, isTrue, textField } from './read-field.ts';
import { readTargetRefs, readWorkloadSelector } from './selectors.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { Field } from './field.ts';
import type { TelemetrySpec } from './specs.ts';

export function readTelemetry(root: YamlMap): TelemetrySpec {
  const spec = childMap(root, 'spec');
  return {
    targetRefs: readTargetRefs(spec),
    selector: readWorkloadSelector(spec, 'selector'),
    accessLogging: eachMap(spec, 'accessLogging', (item) => ({
      span: item.span,
      mode: textField(child(item, 'match'), 'mode'),
      providers: readProviders(item),
      disabled: isTrue(item, 'disabled'),
    })),
    metrics: eachMap(spec, 'metrics', (item) => ({ span: item.span, providers: readProviders(item) })),
    tracing: eachMap(spec, 'tracing', (item) => ({
      span: item.span,
      providers: readProviders(item),
      disableContextPropagation: isTrue(item, 'disableContextPropagation'),
    })),
  };
}

function readProviders(item: YamlMap): readonly Field<string>[] {
  return eachMap(item, 'providers', (provider) => textField(provider, 'name')).filter((name) => name !== undefined);
}
