// Settings as they come over the wire: what is not what it should be counts as not set.
import type { EngineSettings } from '../engine/settings.ts';
import { allKinds } from '../model/kind-of.ts';
import type { Kind } from '../model/kinds.ts';
import { supportedVersions } from '../mesh/settings.ts';
import type { ClientSettings } from './protocol.ts';

const levels: ReadonlySet<unknown> = new Set(['error', 'warning', 'information', 'hint', 'off']);

export function readClientSettings(wire: unknown): ClientSettings {
  const given = isRecord(wire) ? wire : {};
  const { istioVersion, severities, completeKinds, defaultNamespace, codeLens, inlayHints, render } = given;
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
  };
}

function readSwitch(
  name: 'codeLens' | 'inlayHints' | 'render',
  wire: unknown,
): Pick<ClientSettings, 'codeLens' | 'inlayHints' | 'render'> {
  return isRecord(wire) && typeof wire['enabled'] === 'boolean' ? { [name]: { enabled: wire['enabled'] } } : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only what a client set, in the engine's terms. */
export function engineSettings({
  istioVersion,
  severities,
  completeKinds,
  defaultNamespace,
}: ClientSettings): Partial<Omit<EngineSettings, 'mesh'>> & { readonly istioVersion?: string } {
  return {
    ...(istioVersion === undefined ? {} : { istioVersion }),
    ...(severities === undefined ? {} : { severities }),
    ...(completeKinds ? { completeKinds: completeKinds.filter(isKind) } : {}),
    ...(defaultNamespace === undefined ? {} : { defaultNamespace }),
  };
}

function isKind(name: string): name is Kind {
  return (allKinds as readonly string[]).includes(name);
}
