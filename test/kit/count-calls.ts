// How often functions of the server are called while something runs, as the JavaScript engine counts it.
import { Session, type Profiler } from 'node:inspector/promises';

/** `file` is the end of a path, such as `yaml/parse.ts`. */
export async function callsOf(file: string, name: string, run: () => unknown): Promise<number> {
  return (await functionsOf(file, run))
    .filter(({ functionName }) => functionName === name)
    .reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
}

/**
 * How often any function of the server and any block of one runs: a measure of work that no load of the machine changes. Runs twice,
 * as the engine forgets the counts of a function that it collects meanwhile.
 */
export async function workOf(run: () => unknown): Promise<number> {
  let most = 0;
  for (let times = 0; times < 2; times++) {
    const counts = (await functionsOf('.ts', run)).flatMap(({ ranges }) => ranges.map(({ count }) => count));
    most = Math.max(
      most,
      counts.reduce((sum, count) => sum + count, 0),
    );
  }
  return most;
}

async function functionsOf(file: string, run: () => unknown): Promise<readonly Profiler.FunctionCoverage[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    await session.post('Profiler.takePreciseCoverage');
    await run();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return result
      .filter(({ url }) => url.includes('/server/src/') && url.endsWith(file))
      .flatMap(({ functions }) => functions);
  } finally {
    session.disconnect();
  }
}
