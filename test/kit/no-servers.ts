// For a command line in a test that must start neither the language server nor the tools for agents.
import assert from 'node:assert/strict';

export const noServers = {
  homepage: 'https://istio-egress.example',
  startServer: () => assert.fail('no server is asked for'),
  serveTools: () => assert.fail('no tools are asked for'),
};
