// What meshes can differ in besides, a kind at a time, so that the meshes of the others stay what they are.
import type { Profile } from '../generate.ts';
import { canary } from './canary.ts';
import { flags, settings, visibility } from './settings.ts';
import { routes } from './routes.ts';
import { services } from './services.ts';
import { sidecar } from './sidecar.ts';
import { telemetry } from './telemetry.ts';

export const profiles: Readonly<Record<string, Profile>> = {
  telemetry,
  services,
  canary,
  visibility,
  settings,
  flags,
  sidecar,
  routes,
};
