// Differences between two plain objects, by field.
import { sameJson } from '../tools/parse-json.ts';
import { isRecord } from '../../base/is-record.ts';

export interface FieldDifference {
  /** `spec.ports[0].targetPort`, `metadata.labels["istio.io/use-waypoint"]`. */
  readonly path: string;
  /** Undefined if it has none. */
  readonly file: unknown;
  readonly cluster: unknown;
}

/** Goes into maps, and into lists of the same length; else a whole list is one difference. */
export function fieldDifferences(file: unknown, cluster: unknown, path = ''): readonly FieldDifference[] {
  if (sameJson(file, cluster) || (isEmpty(file) && isEmpty(cluster))) return [];
  const [a, b] = [file ?? {}, cluster ?? {}];
  // Of labels and annotations each is a difference of its own, even if one side has none at all.
  const both = isRecord(file) && isRecord(cluster);
  if (isRecord(a) && isRecord(b) && (both || path === '' || /labels$|annotations$/.test(path)))
    return [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .sort()
      .flatMap((key) => fieldDifferences(a[key], b[key], joined(path, key)));
  return listDifferences(file, cluster, path) ?? [{ path, file, cluster }];
}

/** Item by item; undefined unless both are lists of one length. */
function listDifferences(file: unknown, cluster: unknown, path: string): readonly FieldDifference[] | undefined {
  if (!Array.isArray(file) || !Array.isArray(cluster) || file.length !== cluster.length) return undefined;
  return file.flatMap((item, i) => fieldDifferences(item, cluster[i], `${path}[${i}]`));
}

function joined(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** An empty map or list says no more than none. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
