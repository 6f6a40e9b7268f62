// The commands of the extension: each of the manifest is in `client/src/commands`, and one loop registers them all.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot, readTree } from './source-tree.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly icon?: string }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
  };
}

const client = readTree(['client/src']);
const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest;

/** Commands of the manifest that no file of `commands` names. */
function missing(listed: readonly string[], tree: ReadonlyMap<string, string>): readonly string[] {
  const texts = [...tree].filter(([path]) => path.startsWith('client/src/commands/')).map(([, text]) => text);
  return listed.filter((id) => !texts.some((text) => text.includes(`'${id}'`)));
}

/** Files beside the one loop that register a command of their own. */
function registering(tree: ReadonlyMap<string, string>): readonly string[] {
  return [...tree].filter(([, text]) => /\bregister(TextEditor)?Command\(/.test(text)).map(([path]) => path);
}

test('each check finds what it is for', () => {
  const tree = new Map([['client/src/commands/a.ts', "id: 'x.a', registerCommand('x.b')"]]);
  assert.deepEqual(missing(['x.a', 'x.c'], tree), ['x.c']);
  assert.deepEqual(registering(tree), ['client/src/commands/a.ts']);
});

test('every command of the manifest is in `client/src/commands`', () => {
  // The ids of a followed log's own commands are where its lenses name them.
  const log = client.get('client/src/logs/log-view.ts')!;
  const listed = manifest.contributes.commands.map(({ command }) => command).filter((id) => !log.includes(`'${id}'`));
  assert.ok(listed.length > 15);
  assert.deepEqual(missing(listed, client), []);
});

test('one loop registers the commands', () => assert.deepEqual(registering(client), ['client/src/activate.ts']));

test('every command has an icon, and says when the palette offers it', () => {
  const { commands, menus } = manifest.contributes;
  const offered = new Map(menus.commandPalette.map(({ command, when }) => [command, when]));
  assert.deepEqual(
    commands
      .filter(({ command, icon }) => !icon?.startsWith('$(') || !offered.get(command))
      .map(({ command }) => command),
    [],
  );
});
