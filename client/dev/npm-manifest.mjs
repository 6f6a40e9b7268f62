// What the npm package holds: the command line and the language server. The bundles hold their dependencies, so the package has none.
const taken = ['name', 'version', 'description', 'license', 'repository', 'bugs', 'homepage', 'keywords', 'bin'];

/** Relative to the package. npm adds package.json, README and LICENSE. */
export const npmFiles = [
  'dist/cli.js',
  'dist/commands.js',
  'dist/mcp.js',
  'dist/server.js',
  'dist/engine.js',
  'dist/package.json',
  'dist/THIRD_PARTY_NOTICES.txt',
  'dist/sbom.cdx.json',
  'schemas/output',
  'CHANGELOG.md',
];

/** The npm package's package.json, from the one of the extension: nothing of VS Code's, nothing that is only needed to build. */
export function npmManifest(manifest) {
  return {
    ...Object.fromEntries(taken.map((name) => [name, manifest[name]])),
    files: npmFiles,
    engines: { node: manifest.engines.node },
    publishConfig: { access: 'public', provenance: true },
  };
}
