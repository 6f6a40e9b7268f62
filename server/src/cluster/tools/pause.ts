/** Waits; ends at once, without a fault, when the signal fires. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}

/** How long to wait before the next attempt: doubles with each failure up to `mostMs`; the jitter (0 to 1) takes up to half of that away. */
export function backOff(baseMs: number, failures: number, jitter: (() => number) | undefined, mostMs = 30_000): number {
  if (failures === 0) return baseMs;
  const whole = Math.min(mostMs, baseMs * 2 ** Math.min(failures, 20));
  return whole - (whole / 2) * Math.min(1, Math.max(0, jitter?.() ?? 0));
}
