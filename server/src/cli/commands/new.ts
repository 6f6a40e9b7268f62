import { Draft } from '../../engine/draft.ts';
import { asItIs } from '../../engine/to-source.ts';
import { newRoute, type NewRoute } from '../../features/new-route/new-route.ts';
import type { RouteAnswers } from '../../features/new-route/route-answers.ts';
import { UsageError, type Arguments } from '../args.ts';
import { displayPath } from '../display-path.ts';
import { fixHostOf } from '../fix-host.ts';
import type { CliHost } from '../host.ts';
import { load, rootsOf, type Loaded } from '../load.ts';
import { askRoute } from '../new-route/ask-route.ts';
import { optionOf } from '../new-route/route-options.ts';
import { routeJson, routeText } from '../new-route/route-report.ts';
import { diffOf, writeFiles, type PlannedFiles } from '../planned-files.ts';
import { placer } from '../position.ts';
import type { RuleBook } from '../rule-book.ts';
import { UserError } from '../user-error.ts';
import { usualWidth } from './access.ts';

/**
 * Writes the manifests of a new route, after a look at them and at what they do. Exit code 1 where a request of the chosen clients
 * does not do what was asked for.
 */
export async function newObject(args: Arguments, host: CliHost, book: RuleBook): Promise<number> {
  const paths = pathsOf(args);
  const mustAsk = !args.yes && !args.dryRun;
  if (mustAsk && !host.canAsk)
    throw new UserError(
      'new route asks before it writes files, and this is not a terminal: add --yes to write them, or --dry-run to see them',
    );
  const [home = ''] = rootsOf({ paths }, host);
  if (!host.isFolder(host.toPath(home))) throw new UsageError(`${paths[0]}: not a folder`);
  const { plan, draft } = await complete(args, host, load({ ...args, paths }, host, book), home);
  if (!plan || !draft) {
    host.stderr('No file changed.\n');
    return 0;
  }
  const planned = {
    before: new Map(plan.files.map(({ uri, before }) => [uri, before])),
    after: new Map(plan.files.map(({ uri, after }) => [uri, after])),
  };
  const names = plan.files.map(({ uri }) => displayPath(uri, host));
  const place = placer({ workspace: draft, textOf: draft.textOf, toSource: asItIs }, host);
  const report = { plan, place, diff: diffOf(planned, host) };
  host.stdout(
    args.format === 'json'
      ? routeJson(report, names)
      : routeText(report, { color: args.color && host.color, width: host.columns ?? usualWidth }),
  );
  if (!args.dryRun) await write(planned, names, mustAsk, host);
  return plan.requests.every(({ isAsAsked }) => isAsAsked) ? 0 : 1;
}

function pathsOf({ paths: [what, ...paths] }: Arguments): readonly string[] {
  if (what !== 'route') throw new UsageError('new writes routes: istio-egress new route');
  if (paths.length > 1 || paths[0] === '-') throw new UsageError('new route writes into one folder: give one FOLDER');
  return paths;
}

async function write(planned: PlannedFiles, names: readonly string[], mustAsk: boolean, host: CliHost): Promise<void> {
  const question = `Write ${names.length === 1 ? names[0] : `${names.length} files`}? [y/N] `;
  if (mustAsk && !(await host.ask(question))) {
    host.stderr('No file changed.\n');
    return;
  }
  writeFiles(planned, host, 'new route');
  host.stderr(`Written: ${names.join(', ')}.\n`);
}

type Planned = ReturnType<typeof newRoute>;

/** Asks at a terminal; elsewhere takes the likeliest answer, and needs an option where there is none. Without a plan the user has left. */
async function complete(args: Arguments, host: CliHost, loaded: Loaded, home: string): Promise<Planned> {
  const { workspace, textOf } = loaded;
  const fixHost = fixHostOf(loaded, host);
  const context = { workspace, home, textOf, newDraft: () => new Draft(workspace, fixHost) };
  const asks = host.canAsk && !args.yes;
  let answers: RouteAnswers = args.route;
  for (;;) {
    const found = newRoute(context, answers);
    if (found.problem !== null) throw new UserError(found.problem);
    if (!found.question) return found;
    const answer = asks ? await askRoute(found.question, host) : withoutAsking(found.question);
    if (answer === undefined) return found;
    answers = { ...answers, [found.question.name]: answer };
  }
}

function withoutAsking({ name, value, problem, title }: NonNullable<NewRoute['question']>): string {
  if (problem !== null) throw new UsageError(`${optionOf[name]}: ${problem}`);
  if (value === '') throw new UsageError(`new route needs ${optionOf[name]} (${title})`);
  return value;
}
