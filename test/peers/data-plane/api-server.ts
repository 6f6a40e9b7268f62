// Lists of the API server that are kept in sync, and annotations of pods.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: { readonly serviceAccountName?: string };
  readonly status?: { readonly phase?: string; readonly podIP?: string };
  /** Of a Secret, each value in base64. */
  readonly data?: Readonly<Record<string, string>>;
}
interface Event {
  readonly type: string;
  readonly object: KubeObject;
}

export class ApiServer {
  readonly #url: string;
  readonly #ca: Buffer;

  constructor(url: string, ca: string) {
    this.#url = url;
    this.#ca = readFileSync(ca);
  }

  /** Calls back with all objects of that kind at each change of one, for ever. */
  async watch(kind: 'pods' | 'namespaces', onChange: (all: readonly KubeObject[]) => void): Promise<never> {
    for (;;) {
      const all = new Map<string, KubeObject>();
      try {
        for await (const line of createInterface({ input: await this.#get(`/api/v1/${kind}?watch=true`) })) {
          const { type, object } = JSON.parse(line) as Event;
          if (type === 'ERROR') break;
          if (type === 'DELETED') all.delete(object.metadata.uid);
          else all.set(object.metadata.uid, object);
          onChange([...all.values()]);
        }
      } catch (error) {
        console.error(`watching ${kind}: ${String(error)}`);
      }
      await sleep(200);
    }
  }

  async secret(namespace: string, name: string): Promise<KubeObject> {
    let text = '';
    for await (const part of await this.#get(`/api/v1/namespaces/${namespace}/secrets/${name}`)) text += String(part);
    return JSON.parse(text) as KubeObject;
  }

  /** `null` removes. A pod that is gone meanwhile needs none. */
  async annotate({ metadata: { namespace, name } }: KubeObject, annotations: Readonly<Record<string, string | null>>) {
    const body = JSON.stringify({ metadata: { annotations } });
    const answer = await this.#send('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}`, body);
    answer.resume();
  }

  #get(path: string): Promise<IncomingMessage> {
    return this.#send('GET', path, '');
  }

  #send(method: string, path: string, body: string): Promise<IncomingMessage> {
    const headers = { authorization: 'Bearer admin-token', 'content-type': 'application/merge-patch+json' };
    return new Promise((resolve, reject) => {
      request(`${this.#url}${path}`, { method, ca: this.#ca, headers }, resolve).on('error', reject).end(body);
    });
  }
}
