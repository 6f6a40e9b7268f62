import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the value is as expected; fails after about half a minute. */
export async function until<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let i = 0; ; i++) {
    const value = await ask();
    if (holds(value)) return value;
    if (i > 100) assert.fail(`not within time: ${JSON.stringify(value)}`);
    await sleep(300);
  }
}
