import type { Arguments } from '../args.ts';
import type { CliHost } from '../host.ts';
import type { Report } from '../report.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

export function format(
  report: Report,
  args: Pick<Arguments, 'format' | 'failOn' | 'color' | 'detail'>,
  host: Pick<CliHost, 'color' | 'columns' | 'links'>,
): string {
  switch (args.format) {
    case 'json':
      return json(report);
    case 'sarif':
      return sarif(report);
    case 'github':
      return github(report);
    case 'junit':
      return junit(report, args.failOn);
    default:
      return text(report, {
        color: args.color && host.color,
        columns: host.columns,
        detail: args.detail,
        failOn: args.failOn,
        links: host.links,
      });
  }
}
