#!/usr/bin/env node
// The language server as a process: over the channel that the editor names (--node-ipc, --stdio, --pipe, --socket).
import './host/node/keep-compiled-at-once.ts';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serverHost } from './host/node/server-host.ts';
import { survives } from './host/node/survives.ts';
import { serve } from './main-engine.ts';

// The protocol library ends the process when a stream closes, but not when the channel of --node-ipc does.
process.once('disconnect', () => process.exit(1));
survives();
serve(createConnection(ProposedFeatures.all), serverHost());
