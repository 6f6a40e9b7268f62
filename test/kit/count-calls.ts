// How often functions of the server are called while something runs, as the JavaScript engine counts it.
import { Session, type Profiler } from 'node:inspector/promises';

/** `file` is the end of a path, such as `yaml/parse.ts`. */
export async function callsOf(file: string, name: string, run: () => unknown): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    await session.post('Profiler.takePreciseCoverage');
    await run();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return countIn(result, file, name);
  } finally {
    session.disconnect();
  }
}

function countIn(scripts: readonly Profiler.ScriptCoverage[], file: string, name: string): number {
  return scripts
    .filter(({ url }) => url.endsWith(file))
    .flatMap(({ functions }) => functions)
    .filter(({ functionName }) => functionName === name)
    .reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
}
