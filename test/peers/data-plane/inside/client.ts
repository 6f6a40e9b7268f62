import { existsSync, readFileSync } from 'node:fs';
import type { Client } from '../capture.ts';

/** The client's pod; undefined before it runs. */
export function readClient(file: string): Client | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Client) : undefined;
}
