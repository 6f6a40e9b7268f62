// `require:` of `.istio-egress.yaml`. An exception without a reason or a date is an error and does not count.
import { LineIndex } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import { isDomain } from '../names/domains.ts';
import { statements, type RequirementException, type Requirements, type SettingPlace } from '../model/requirements.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../yaml/node.ts';
import { booleanOf, complain, isNull, listOf, oneOf, suggestion, textOf, type ConfigError } from './config-values.ts';

interface Report {
  readonly errors: ConfigError[];
  readonly placeOf: (span: Span) => SettingPlace;
}

type Draft = { -readonly [K in keyof Requirements]: Requirements[K] };
type Setter = (value: YamlNode, draft: Draft, report: Report) => void;

const setters: Readonly<Record<string, Setter>> = {
  ...Object.fromEntries(
    (['throughGateway', 'encrypted', 'notOpenToAll', 'logged'] as const).map((key): [string, Setter] => [
      key,
      (value, draft, report) => {
        draft[key] = booleanOf(value, report) ?? false;
      },
    ]),
  ),
  hosts(value, draft, report) {
    draft.hosts = hostsOf(value, report);
  },
  callers(value, draft, report) {
    draft.callers = mapsIn(value, report).flatMap((map) => {
      const { host, namespaces } = fieldsOf(map, ['host', 'namespaces'], report);
      const name = host && hostOf(host, report);
      const list = namespaces && listOf(namespaces, report);
      if (!namespaces || !host) complain(report, map, 'A caller rule needs `host` and `namespaces`.');
      return name !== undefined && list ? [{ host: name, namespaces: list }] : [];
    });
  },
  exceptions(value, draft, report) {
    draft.exceptions = mapsIn(value, report).flatMap((map) => exceptionOf(map, report) ?? []);
  },
};

/** Undefined where the file requires nothing. */
export function readRequirements(
  value: YamlNode,
  { errors, text, uri }: { readonly errors: ConfigError[]; readonly text: string; readonly uri: string },
): Requirements | undefined {
  const lines = new LineIndex(text);
  const placeOf = (span: Span): SettingPlace => ({
    uri,
    span,
    range: { start: lines.positionAt(span.start), end: lines.positionAt(span.end) },
  });
  const report: Report = { errors, placeOf };
  if (isNull(value)) return undefined;
  if (value.kind !== 'map') {
    complain(report, value, 'Expected requirements as keys and values, such as `encrypted: true`.');
    return undefined;
  }
  const draft: Draft = {
    throughGateway: false,
    encrypted: false,
    notOpenToAll: false,
    logged: false,
    hosts: undefined,
    callers: [],
    exceptions: [],
    places: placesOf(value, placeOf),
  };
  for (const [key, entry] of Object.entries(fieldsOf(value, Object.keys(setters), report)))
    if (!isNull(entry)) setters[key]!(entry, draft, report);
  return draft;
}

function placesOf({ entries }: YamlMap, placeOf: Report['placeOf']): Requirements['places'] {
  return Object.fromEntries(
    entries.flatMap(({ key }) => {
      const statement = statements.find((one) => one === String(key.value));
      return statement === undefined ? [] : [[statement, placeOf(key.span)]];
    }),
  );
}

function exceptionOf(map: YamlMap, report: Report): RequirementException | undefined {
  const given = fieldsOf(map, ['host', 'statement', 'reason', 'until'], report);
  const host = given['host'] && hostOf(given['host'], report);
  const statement = given['statement'] && oneOf(given['statement'], statements, report);
  const reason = given['reason'] && textOf(given['reason'], report);
  const until = given['until'] && dateOf(given['until'], report);
  if (['host', 'statement', 'reason', 'until'].some((key) => given[key] === undefined) || reason?.trim() === '')
    complain(report, map, 'An exception needs `host`, `statement`, `reason` and `until`, such as `until: 2026-12-31`.');
  return host && statement && reason?.trim() && until
    ? { host, statement, reason, until, place: report.placeOf(map.span) }
    : undefined;
}

function dateOf(value: YamlNode, report: Report): string | undefined {
  const text = value.kind === 'scalar' ? String(value.value) : '';
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (date && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return text;
  complain(report, value, 'Expected a date, such as `2026-12-31`.');
  return undefined;
}

function hostsOf(value: YamlNode, report: Report): readonly string[] | undefined {
  if (value.kind === 'seq') return value.items.flatMap((item) => hostOf(item, report) ?? []);
  complain(report, value, 'Expected a list of hosts.');
  return undefined;
}

function hostOf(value: YamlNode, report: Report): string | undefined {
  const host = textOf(value, report)?.toLowerCase();
  if (host === undefined || isDomain(host.replace(/^\*\./, ''))) return host;
  complain(report, value, `\`${host}\` is not a valid host. Write a name or a wildcard, such as \`*.example.com\`.`);
  return undefined;
}

function mapsIn(value: YamlNode, report: Report): readonly YamlMap[] {
  if (value.kind !== 'seq') {
    complain(report, value, 'Expected a list.');
    return [];
  }
  return value.items.flatMap((item) => {
    if (item.kind === 'map') return [item];
    complain(report, item, 'Expected keys and values.');
    return [];
  });
}

function fieldsOf(map: YamlMap, known: readonly string[], report: Report): Readonly<Record<string, YamlNode>> {
  const nameOf = ({ key }: YamlEntry) => String(key.value);
  for (const entry of map.entries)
    if (!known.includes(nameOf(entry)))
      complain(
        report,
        entry.key,
        `\`${nameOf(entry)}\` is not known here.${suggestion(nameOf(entry), known)} Use ${known.join(', ')}.`,
      );
  return Object.fromEntries(
    map.entries.flatMap((entry) => (known.includes(nameOf(entry)) ? [[nameOf(entry), entry.value]] : [])),
  );
}
