// Guesses the kinds in text that cannot be parsed. When in doubt, a kind counts as possibly present.
import { isOurGroup, kindOf, kindsNamed } from './kind-of.ts';
import type { Kind } from './kinds.ts';

/** Kinds that the text's `kind:` lines name under the `apiVersion:` lines beside them; in any group if the apiVersion is unknown. */
export function sniffKinds(text: string): readonly Kind[] {
  const apiVersions = values(text, /^[ \t]*(?:- )?["']?apiVersion["']?[ \t]*:[ \t]*(.*)$/gm);
  const kinds = values(text, /^[ \t]*(?:- )?["']?kind["']?[ \t]*:[ \t]*(.*)$/gm).filter((kind) => /^\w+$/.test(kind));
  const known = apiVersions.filter((apiVersion) => /^[\w./-]+$/.test(apiVersion));
  if (known.length < apiVersions.length) return [...new Set(kinds.flatMap(kindsNamed))];
  const ours = known.filter(isOurGroup);
  return [
    ...new Set(
      ours.flatMap((apiVersion) => kinds.map((kind) => kindOf(apiVersion, kind)).filter((kind) => kind !== undefined)),
    ),
  ];
}

function values(text: string, line: RegExp): readonly string[] {
  return [...text.matchAll(line)].map((match) =>
    (match[1] ?? '')
      .replace(/\s+#.*$/, '')
      .replace(/,\s*$/, '')
      .trim()
      .replace(/^["'](.*)["']$/, '$1'),
  );
}
