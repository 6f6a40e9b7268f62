import { nearest } from '../../base/nearest.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { Field } from '../../model/field.ts';
import { targetOfProvider } from '../../mesh/hosts/provider-service.ts';
import type { Resource } from '../../model/resource.ts';
import { builtInProviders } from '../../references/forms/selectors.ts';
import { defineRule } from '../rule.ts';

export const unknownTelemetryProvider = defineRule({
  id: 'unknown-telemetry-provider',
  stage: 'reference',
  summary: 'A Telemetry has no effect, because it names a provider that the mesh does not have.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['Telemetry'],
  inputs: ['ServiceEntry', 'Service'],

  *check(telemetry, mesh) {
    const { settings } = mesh;
    // Names compare in lower case. istio@86c9f01 pilot/pkg/model/telemetry.go fetchProvider.
    const known = new Set([...builtInProviders, ...settings.extensionProviders].map((name) => name.toLowerCase()));
    const isAssumed = settings.origin === 'default';
    const isSure = !isAssumed && isAbove(settings.origin, telemetry.uri);
    for (const { field, path } of providersOf(telemetry)) {
      const target = targetOfProvider(mesh, field.value);
      if (target.state === 'unusable')
        yield {
          at: field.span,
          message: `This entry has no effect: Istio does not find the service of provider ${field.value}, because ${target.why}.`,
          data: { path, alike: undefined },
          ...(!isSure && { severity: 'information' as const }),
        };
      if (known.has(field.value.toLowerCase())) continue;
      const alike = nearest(field.value, [...builtInProviders, ...settings.extensionProviders]);
      const finding = {
        at: field.span,
        message: isAssumed
          ? `This entry has no effect unless the mesh configuration defines provider ${field.value}: it is not built in, and these files have no mesh configuration.`
          : `This entry has no effect: the mesh configuration has no provider ${field.value}.`,
        data: { path, alike },
      };
      // A mesh configuration that is not in the files, or is for another folder, may define the provider; a typo in a built-in name is reported anyway.
      yield !isSure && alike === undefined ? { ...finding, severity: 'information' } : finding;
    }
  },

  *fixes({ path, alike }, telemetry) {
    if (alike !== undefined)
      yield {
        title: `Change the provider to ${alike}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: telemetry, path, value: alike }],
      };
  },
});

/** Settings in a file apply to its folder and the folders below it; those of a cluster or of options apply to all. */
function isAbove(origin: string, uri: string): boolean {
  return !origin.startsWith('file:') || uri.startsWith(origin.slice(0, origin.lastIndexOf('/') + 1));
}

function* providersOf({
  spec,
}: Resource<'Telemetry'>): Generator<{ readonly field: Field<string>; readonly path: FieldPath }> {
  for (const section of ['accessLogging', 'metrics', 'tracing'] as const) {
    for (const [i, { providers }] of spec[section].entries()) {
      for (const [j, field] of providers.entries()) yield { field, path: ['spec', section, i, 'providers', j, 'name'] };
    }
  }
}
