// Starts Red Hat's yaml-language-server on all YAML files, as their extension does.
const { join, resolve } = require('node:path');
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');

let client;

exports.activate = async () => {
  const module = join(resolve(__dirname, '../../..'), 'node_modules/yaml-language-server/bin/yaml-language-server');
  client = new LanguageClient(
    'yaml',
    'YAML',
    { command: process.execPath, args: [module, '--stdio'], transport: TransportKind.stdio },
    { documentSelector: [{ language: 'yaml' }], synchronize: { configurationSection: ['yaml'] } },
  );
  await client.start();
};

exports.deactivate = () => client?.dispose();
