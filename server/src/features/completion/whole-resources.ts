// Whole resources where a document has nothing in it yet: what the mesh lacks, templates, then the first keys.
import type { Span } from '../../base/span.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { isKustomizationName } from '../../sources/kustomize-facts.ts';
import { NearValues } from '../templates/near-values.ts';
import { textOf } from '../templates/offer.ts';
import { offersFor } from '../templates/offers.ts';
import type { ManifestChoice } from './choice.ts';

export function* wholeResources(
  workspace: Workspace,
  uri: string,
  text: string,
  replace: Span,
): Generator<ManifestChoice> {
  // A file that a tool reads in another form holds no manifests.
  if (workspace.facts(uri).leftAlone !== undefined || isKustomizationName(uri.slice(uri.lastIndexOf('/') + 1))) return;
  const near = new NearValues(workspace.mesh);
  const inStyle = (written: string) => (text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written);
  for (const offer of offersFor(workspace, uri)) {
    const { content, title, detail } = offer;
    const plain = textOf(offer);
    yield {
      label: title,
      kind: 'resource',
      detail,
      preview: `\`\`\`yaml\n${plain}\`\`\``,
      newText: inStyle(plain),
      ...('template' in content
        ? { snippet: inStyle(near.snippet(content.template, content.values, offer.isNeeded)) }
        : {}),
      replace,
      // Kinds and the id of the template find it too.
      filter: `${title} istio-${offer.id} ${kindsIn(plain)}`,
    };
  }
  for (const key of ['apiVersion', 'kind'])
    yield { label: key, kind: 'key', detail: 'string, required', newText: `${key}: `, replace };
}

function kindsIn(text: string): string {
  return [...text.matchAll(/^kind: (\w+)/gm)].map(([, kind]) => kind).join(' ');
}
