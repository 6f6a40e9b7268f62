// Runs an expectations file: the given one, otherwise the one in the editor.
import { Uri, window } from 'vscode';
import type { EgressCommand } from '../extension-context.ts';

export const runTestsCommand = 'istioEgress.runTests';

export const runTests: EgressCommand = {
  id: runTestsCommand,
  run({ tests }, given) {
    const uri = given instanceof Uri ? given : window.activeTextEditor?.document.uri;
    return uri && /\.egress-test\.ya?ml$/.test(uri.path) ? tests.runFile(uri) : undefined;
  },
};
