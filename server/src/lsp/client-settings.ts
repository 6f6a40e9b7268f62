// Reads the client's settings; a malformed value counts as not set.
import type { EngineSettings } from '../engine/settings.ts';
import { isKind } from '../model/kind-of.ts';
import { supportedVersions } from '../model/istio-releases.ts';
import type { ClientSettings, InitializationOptions } from './protocol/settings.ts';
import { isRecord } from '../base/is-record.ts';

const levels: ReadonlySet<unknown> = new Set(['error', 'warning', 'information', 'hint', 'off']);

/** What a JSON schema of the object would report as well. */
const structuralOff: NonNullable<ClientSettings['severities']> = {
  'unknown-field': 'off',
  'missing-field': 'off',
  'invalid-type': 'off',
  'invalid-value': 'off',
};

export function readClientSettings(wire: unknown): ClientSettings {
  const given = isRecord(wire) ? wire : {};
  const { istioVersion, severities, completeKinds, defaultNamespace, codeLens, inlayHints, render, schemaChecks } =
    given;
  return {
    ...((supportedVersions as readonly unknown[]).includes(istioVersion)
      ? { istioVersion: istioVersion as string }
      : {}),
    ...(isRecord(severities)
      ? {
          severities: Object.fromEntries(
            Object.entries(severities).filter(([, level]) => levels.has(level)),
          ) as NonNullable<ClientSettings['severities']>,
        }
      : {}),
    ...(Array.isArray(completeKinds)
      ? { completeKinds: completeKinds.filter((kind): kind is string => typeof kind === 'string') }
      : {}),
    ...(typeof defaultNamespace === 'string' && defaultNamespace !== '' ? { defaultNamespace } : {}),
    ...readSwitch('codeLens', codeLens),
    ...readSwitch('inlayHints', inlayHints),
    ...readSwitch('render', render),
    ...(schemaChecks === 'off' ? { schemaChecks } : {}),
  };
}

/** What is not what it should be counts as not said. */
export function readInitializationOptions(wire: unknown): InitializationOptions {
  const { settings, trusted, rulePageBase, tellsChanges, suggestsAgain } = isRecord(wire) ? wire : {};
  return {
    settings: readClientSettings(settings),
    trusted: trusted === true,
    tellsChanges: tellsChanges === true,
    suggestsAgain: suggestsAgain === true,
    ...(typeof rulePageBase === 'string' ? { rulePageBase } : {}),
  };
}

function readSwitch(
  name: 'codeLens' | 'inlayHints' | 'render',
  wire: unknown,
): Pick<ClientSettings, 'codeLens' | 'inlayHints' | 'render'> {
  return isRecord(wire) && typeof wire['enabled'] === 'boolean' ? { [name]: { enabled: wire['enabled'] } } : {};
}

/** Only what a client set, in the engine's terms. */
export function engineSettings({
  istioVersion,
  severities,
  completeKinds,
  defaultNamespace,
  schemaChecks,
}: ClientSettings): Partial<Omit<EngineSettings, 'mesh'>> & { readonly istioVersion?: string } {
  return {
    ...(istioVersion === undefined ? {} : { istioVersion }),
    ...(severities === undefined && schemaChecks !== 'off'
      ? {}
      : { severities: { ...(schemaChecks === 'off' ? structuralOff : {}), ...severities } }),
    ...(completeKinds ? { completeKinds: completeKinds.filter(isKind) } : {}),
    ...(defaultNamespace === undefined ? {} : { defaultNamespace }),
  };
}
