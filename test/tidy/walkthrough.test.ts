// The walkthrough: each step does something that exists, ends by it, and shows a picture that is packaged.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from './source-tree.ts';

interface Step {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly when?: string;
  readonly completionEvents: readonly string[];
  readonly media: { readonly image: string; readonly altText: string };
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly walkthroughs: readonly {
      readonly title: string;
      readonly description: string;
      readonly steps: readonly Step[];
    }[];
  };
}

const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest;
const commands = new Set(manifest.contributes.commands.map(({ command }) => command));
const [walkthrough] = manifest.contributes.walkthroughs;

test('each step of the walkthrough links a command that exists, and is done once one of them has run', () => {
  for (const step of walkthrough!.steps) {
    const linked = [...step.description.matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id!);
    assert.ok(linked.length > 0, step.id);
    for (const id of linked) assert.ok(commands.has(id), `${step.id}: ${id}`);
    const events = step.completionEvents.map((event) => event.replace(/^onCommand:/, ''));
    for (const id of events) assert.ok(commands.has(id), `${step.id}: ${id}`);
    assert.ok(
      linked.every((id) => events.includes(id)),
      step.id,
    );
  }
});

test('six steps are there, whether the sample is open or not, and whether it has a fault', () => {
  const known = ['istioEgress.sampleIsOpen', 'istioEgress.sampleIsBroken'];
  for (const given of [[], known.slice(0, 1), known]) {
    const shown = walkthrough!.steps.filter(({ when }) => {
      if (when === undefined) return true;
      const key = when.replace(/^!/, '');
      assert.ok(known.includes(key), when);
      return given.includes(key) !== when.startsWith('!');
    });
    assert.equal(shown.length, 6, given.join(', '));
  }
});

test('each step has a picture with words for those who do not see it', () => {
  for (const step of walkthrough!.steps) {
    assert.ok(existsSync(join(projectRoot, step.media.image)), step.media.image);
    assert.ok(step.media.altText.length > 20);
    assert.ok(step.title.length > 5);
  }
});
