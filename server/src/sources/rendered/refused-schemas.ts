// Charts whose schemas of values name an address: helm fetches it, also for a dependency, and also for one that is packed.
// helm@v4.2.0 pkg/chart/common/util/jsonschema.go ValidateAgainstSchema; pkg/chart/v2/loader/load.go LoadFiles.
import { decodeText } from '../decode.ts';
import type { Failure, FileSystem } from '../file-system.ts';
import { join } from '../paths.ts';
import { packedFiles, type PackedFile } from './packed-files.ts';
import { remoteSchemaIn } from './remote-schema.ts';

/** Why a chart is not rendered: a clause for messages. */
export type Refused = { readonly refused?: string };

/** Of all packed charts of a folder together: to unpack more would hold up typing. Most are under 1 MB. */
const mostUnpacked = 128 * 1024 * 1024;
const deepest = 5;

const schemaName = 'values.schema.json';

export function refusal(remote: string | undefined): Refused {
  return remote === undefined ? {} : { refused: `it needs ${remote}, and nothing is downloaded` };
}

/** What is there and cannot be read may name addresses. */
export function unreadable(files: FileSystem, path: string, reason: string): Refused {
  const kind = files.stat(path)?.kind;
  return kind === 'file' || kind === 'other' ? { refused: `${path} cannot be read: ${reason}` } : {};
}

export class SchemaSearch {
  readonly #files: FileSystem;
  #left = mostUnpacked;

  constructor(files: FileSystem) {
    this.#files = files;
  }

  /** Of a chart and those in it, wherever helm looks for them and whatever the settings ignore. */
  refusedIn(folder: string, seen = new Set<string>()): Refused {
    const files = this.#files;
    const real = files.stat(folder)?.real;
    if (real === undefined || seen.has(real)) return {};
    seen.add(real);
    const path = join(folder, schemaName);
    const read = files.read(path);
    const own = read.ok ? refusal(remoteSchemaIn(read.text)) : unreadable(files, path, read.reason);
    if (own.refused !== undefined) return own;
    const inside = files.list(join(folder, 'charts'));
    for (const { name } of 'ok' in inside ? [] : inside) {
      const chart = join(folder, `charts/${name}`);
      const found = isPacked(name) ? this.#refusedInPacked(chart, chart, 1) : this.refusedIn(chart, seen);
      if (found.refused !== undefined) return found;
    }
    return {};
  }

  /** `name` is how messages call what is packed: a path, or its content. */
  #refusedInPacked(name: string, packed: string | Uint8Array, depth: number): Refused {
    const why = (reason: string) => ({ refused: `${name} cannot be searched for addresses: ${reason}` });
    if (depth > deepest) return why('charts are packed in it too deep');
    const unpacked = this.#files.unzip?.(packed, this.#left) ?? cannotUnzip;
    if (!unpacked.ok) return why(unpacked.reason);
    this.#left -= unpacked.bytes.length;
    for (const file of packedFiles(unpacked.bytes)) {
      const found = file ? this.#refusedFile(name, file, depth) : why('not a valid tar archive');
      if (found.refused !== undefined) return found;
    }
    return {};
  }

  #refusedFile(chart: string, { names, content }: PackedFile, depth: number): Refused {
    const path = `${chart}/${names[0]!}`;
    if (names.some(isPacked)) return this.#refusedInPacked(path, content, depth + 1);
    if (!names.some((name) => name.endsWith(schemaName))) return {};
    const read = decodeText(content);
    return read.ok ? refusal(remoteSchemaIn(read.text)) : { refused: `${path} cannot be read: ${read.reason}` };
  }
}

const cannotUnzip: Failure = { ok: false, reason: 'it is packed' };

function isPacked(name: string): boolean {
  return name.endsWith('.tgz');
}
