#!/usr/bin/env node
// The language server as a process: over the channel that the editor names (--node-ipc, --stdio, --pipe, --socket).
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import manifest from '../../package.json' with { type: 'json' };
import { serverHost } from './host/node/server-host.ts';
import { startServer } from './lsp/server.ts';
import { documentRules, pages, rules } from './rules/index.gen.ts';

startServer(createConnection(ProposedFeatures.all), { rules: { rules, documentRules }, pages: new Map(Object.entries(pages)), ...serverHost(), version: manifest.version });
