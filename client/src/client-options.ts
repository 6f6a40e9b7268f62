// Options of the language client that desktop and web share.
import { workspace, type LogOutputChannel } from 'vscode';
import { RevealOutputChannelOn, type DocumentSelector, type LanguageClientOptions } from 'vscode-languageclient';
import {
  configurationSection,
  type ClientSettings,
  type InitializationOptions,
} from '../../server/src/lsp/protocol/settings.ts';
import { confirmRefactoring } from './confirm-refactoring.ts';
import { lensCommands } from './lens-commands.ts';
import { rulePageScheme } from './rule-pages.ts';

export function clientOptions(outputChannel: LogOutputChannel): LanguageClientOptions {
  return {
    documentSelector: documentSelector(),
    outputChannel,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions,
    synchronize: { configurationSection },
    middleware: { ...lensCommands, ...confirmRefactoring },
  };
}

/** Documents of the workspace's own file systems. Without the scheme a version that a diff shows would count as a second copy of its file. */
function documentSelector(): DocumentSelector {
  const schemes = new Set(['file', 'untitled', ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme)]);
  return [...schemes].flatMap((scheme) => [
    { scheme, language: 'yaml' },
    { scheme, language: 'json' },
  ]);
}

function initializationOptions(): InitializationOptions {
  const settings = workspace.getConfiguration().get<ClientSettings>(configurationSection);
  // A plain copy: the editor's own object is a proxy, which cannot be sent to a worker.
  return {
    tellsChanges: true,
    suggestsAgain: true,
    trusted: workspace.isTrusted,
    rulePageBase: `${rulePageScheme}:/`,
    settings: JSON.parse(JSON.stringify(settings ?? {})) as ClientSettings,
  };
}
