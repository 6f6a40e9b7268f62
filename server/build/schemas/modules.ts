// The Go modules that the schemas come from, pinned by version and checksum. They are fetched by Go's own client, whose cache
// makes the second run work without a network.
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';

export interface Pin {
  readonly module: string;
  readonly version: string;
  /** As `go.sum` has it. */
  readonly sum: string;
}

export interface MinorPins {
  /** Minor version of Istio. */
  readonly istio: string;
  readonly api: Pin;
  /** The Gateway API that this Istio is built against (its go.mod). */
  readonly gatewayApi: Pin;
}

const api = (version: string, sum: string): Pin => ({ module: 'istio.io/api', version, sum });
const gatewayApi = (version: string, sum: string): Pin => ({ module: 'sigs.k8s.io/gateway-api', version, sum });

const gateway12 = gatewayApi('v1.2.0', 'h1:LrToiFwtqKTKZcZtoQPTuo3FxhrrhTgzQG0Te+YGSo8=');
const gateway121 = gatewayApi('v1.2.1', 'h1:fZZ/+RyRb+Y5tGkwxFKuYuSRQHu9dZtbjenblleOLHM=');
const gateway13 = gatewayApi('v1.3.0', 'h1:q6okN+/UKDATola4JY7zXzx40WO4VISk7i9DIfOvr9M=');
const gateway14 = gatewayApi('v1.4.0', 'h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=');
const gateway15 = gatewayApi('v1.5.1', 'h1:RqVRIlkhLhUO8wOHKTLnTJA6o/1un4po4/6M1nRzdd0=');
const gateway16 = gatewayApi('v1.6.0', 'h1:735YBRj5NXFrOGX0GoSjwzUIzbz8kiEOfADsqHFmHgE=');

/** Oldest first. istio.io/api v1.30.0 is not on the module proxy; v1.30.8 is the one tag of that minor that is. */
export const pins: readonly MinorPins[] = [
  { istio: '1.24', api: api('v1.24.0', 'h1:KH1Xxha9HAFekQILzdHpRF9AB4RY13/Sdi3rmHQWoQI='), gatewayApi: gateway12 },
  { istio: '1.25', api: api('v1.25.0', 'h1:UVQNFUAz4R06NagA+QpEzLmi4sw+m+UuMgD6sIyXawA='), gatewayApi: gateway121 },
  { istio: '1.26', api: api('v1.26.0', 'h1:hYWzFonwfimFkzp3P4iKJ0bCyenIoYvEIOXrLi74tjg='), gatewayApi: gateway13 },
  { istio: '1.27', api: api('v1.27.0', 'h1:KU1DeyIvZkY2k0pF9ZY+6D0ZVB1ZgvimaPkM55NVRWk='), gatewayApi: gateway13 },
  { istio: '1.28', api: api('v1.28.0', 'h1:0fYY9G03CAdFwE/fCkpr0v7kKsy+Hz9OCCjLNBNLbnU='), gatewayApi: gateway14 },
  { istio: '1.29', api: api('v1.29.0', 'h1:E4rokccO3xqtxWd2zmLjlq+sKuWakrzmskhaFNFqCbs='), gatewayApi: gateway14 },
  { istio: '1.30', api: api('v1.30.8', 'h1:/weRNO9YbJsKqFibiGCjXG1i+UwNhJb3vts6ChGR554='), gatewayApi: gateway15 },
  { istio: '1.31', api: api('v1.31.0', 'h1:qGf/hZwCu5LOPK0jGti38NF71E8Eq4jGyhz/l2xsszU='), gatewayApi: gateway16 },
];

/** Folder of each pinned module by `module@version`, or why there is none. */
export async function fetchModules(): Promise<
  { readonly folders: ReadonlyMap<string, string> } | { readonly failed: string }
> {
  const wanted = new Map(pins.flatMap((pin) => [pin.api, pin.gatewayApi]).map((pin) => [nameOf(pin), pin]));
  const folders = new Map<string, string>();
  for (const [name, pin] of wanted) {
    const answer = await download(name);
    if ('failed' in answer) return answer;
    if (answer.sum !== pin.sum) throw new Error(`${name} has checksum ${answer.sum}, pinned is ${pin.sum}`);
    folders.set(name, answer.folder);
  }
  return { folders };
}

export function nameOf(pin: Pin): string {
  return `${pin.module}@${pin.version}`;
}

async function download(
  name: string,
): Promise<{ readonly folder: string; readonly sum: string } | { readonly failed: string }> {
  try {
    // Away from any go.mod, so that no module of ours has a say.
    const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', name], { cwd: tmpdir() });
    const { Dir, Sum } = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string };
    return { folder: Dir, sum: Sum };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { failed: missing ? 'Go is not on this machine' : `go mod download ${name} failed: ${reason(error)}` };
  }
}

function reason(error: unknown): string {
  const { stdout, message } = error as { readonly stdout?: string; readonly message: string };
  return /"Error": "(.*)"/.exec(stdout ?? '')?.[1] ?? message;
}
