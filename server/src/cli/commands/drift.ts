import { readDrift, type Drift, type FileObject } from '../../cluster/snapshot/drift.ts';
import { mayHoldMore, plainObject } from '../../features/file-objects.ts';
import type { AnyResource } from '../../model/resource.ts';
import { clusterUri, isClusterUri } from '../../sources/cluster-files.ts';
import type { ClusterAnswers } from '../cluster-answers.ts';
import type { Arguments } from '../args.ts';
import { driftJson, driftText, type DriftReport, type ReportedDrift } from '../drift-report.ts';
import type { CliHost } from '../host.ts';
import { load, type Loaded } from '../load.ts';
import { placer } from '../position.ts';
import type { RuleBook } from '../rule-book.ts';

/** How the files differ from the cluster. Exit code 0 none, 1 differences, 2 something could not be compared. */
export async function drift(
  args: Arguments,
  host: CliHost,
  book: RuleBook,
  { snapshot, tools }: ClusterAnswers,
): Promise<number> {
  const loaded = load(args, host, book);
  const resources = resourcesOf(loaded);
  const files = resources.flatMap((resource): readonly FileObject[] => {
    const object = plainObject(loaded.workspace, resource, loaded.textOf);
    return object === undefined
      ? []
      : [{ id: String(resource.id), kind: resource.kind, namespace: resource.namespace, name: resource.name, object }];
  });
  const found = await readDrift(host.run, {
    snapshot,
    tools,
    files,
    mayHoldMore: mayHoldMore(loaded.workspace),
  });
  const byId = new Map(resources.map((resource) => [String(resource.id), resource]));
  const place = placer(loaded, host);
  const report: DriftReport = {
    context: snapshot.context,
    takenAt: snapshot.takenAt,
    compared: files.length,
    drift: found.map((one) =>
      reported(one, snapshot.context, (id) => {
        const resource = byId.get(id)!;
        return place(resource, resource.at.name);
      }),
    ),
  };
  host.stdout(args.format === 'json' ? driftJson(report) : driftText(report, args.detail === 'quiet'));
  if (report.drift.some(({ what }) => what !== 'not-compared')) return 1;
  return report.drift.some(({ byDesign }) => byDesign === false) ? 2 : 0;
}

function resourcesOf({ workspace }: Loaded): readonly AnyResource[] {
  return [...workspace.uris]
    .filter((uri) => !isClusterUri(uri))
    .sort()
    .flatMap((uri) => workspace.documents(uri))
    .flatMap(({ record }) => record.resources);
}

function reported(
  drift: Drift,
  context: string,
  placeOf: (id: string) => {
    readonly file: string;
    readonly range: ReportedDrift['range'];
    readonly resource: ReportedDrift['resource'];
  },
): ReportedDrift {
  if (drift.what === 'extra') {
    const { kind, namespace, name, object } = drift.live;
    const written = (object as { readonly kind?: string }).kind ?? kind;
    return {
      what: 'extra',
      resource: { kind: written, namespace, name },
      file: clusterUri(context, drift.live),
      range: null,
    };
  }
  const { file, range, resource } = placeOf(drift.file.id);
  return {
    what: drift.what,
    resource,
    file,
    range,
    ...(drift.what === 'different' && { fields: drift.fields }),
    ...(drift.what === 'not-compared' && { why: drift.why, byDesign: drift.byDesign }),
  };
}
