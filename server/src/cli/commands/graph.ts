import { drained } from '../../base/steps.ts';
import { visibleJson } from '../../base/visible.ts';
import type { Snapshot } from '../../cluster/snapshot/snapshot.ts';
import { dotOf } from '../../diagram/dot.ts';
import type { EgressGraph } from '../../diagram/graph.ts';
import { mermaidOf } from '../../diagram/mermaid.ts';
import { svgOf } from '../../diagram/svg.ts';
import { egressGraphInSteps } from '../../features/egress-graph.ts';
import type { Arguments } from '../args.ts';
import { tellNothingFound } from '../counts.ts';
import { displayPath } from '../display-path.ts';
import type { CliHost } from '../host.ts';
import { noteAnswering } from '../note-answering.ts';
import { loadChecked } from '../load.ts';
import { placer, type Placed } from '../position.ts';
import type { RuleBook } from '../rule-book.ts';

/** A picture is for reading: a table with more rows is shortened sooner than that of `access`. */
const mostDrawn = 5000;

/** Draws clients, gateways and hosts with what flows between them. Exit code 0. */
export function graph(args: Arguments, host: CliHost, book: RuleBook, cluster?: Snapshot): number {
  const loaded = loadChecked(args, host, book, cluster);
  tellNothingFound(loaded, host, cluster);
  const { workspace } = loaded;
  const place = placer(loaded, host);
  const found = drained(
    egressGraphInSteps<Placed>(workspace.mesh, {
      place: ({ resource, span }) => place(resource, span),
      findings: [...workspace.uris].sort().flatMap((uri) => workspace.findings(uri)),
      placeOfFinding: ({ uri, range, resource }) => ({
        file: displayPath(uri, host),
        range,
        resource: { kind: resource?.kind ?? '', namespace: resource?.namespace ?? '', name: resource?.name ?? '' },
      }),
      ...(args.format === 'json' ? {} : { most: mostDrawn }),
    }),
    noteAnswering(host),
  );
  host.stdout(write(found, args.format));
  if (found.short && args.format !== 'json') host.stderr(`${shortened}\n`);
  return 0;
}

const shortened =
  'The mesh is large. Clients that are treated as their namespace or as “all other clients” are omitted. --format json lists more.';

function write(found: EgressGraph<Placed>, format: Arguments['format']): string {
  switch (format) {
    case 'json':
      return `${visibleJson(JSON.stringify({ version: 1, ...found }, null, found.short ? 0 : 2))}\n`;
    case 'mermaid':
      return mermaidOf(found);
    case 'dot':
      return dotOf(found);
    default:
      return svgOf(found);
  }
}
