import { accessRowJson, operationJson } from '../../eval/access/to-json.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { requestAndClient } from '../../features/facts/request-words.ts';
import type { Cause, Difference } from './difference.ts';

/** The machine format; its shape is a contract and carries a version. `before` or `after` is null where nothing declares the host and port. */
export function differenceJson(found: Difference): string {
  const shape = {
    version: 1,
    before: found.before,
    after: found.after,
    resources: found.resources.map(causeJson),
    access: found.access.map(({ from, host, port, what, before, after, opened, closed, bypasses, causes }) => ({
      what,
      from: from === '*' ? from : { namespace: from.namespace, serviceAccount: from.serviceAccount ?? null },
      host,
      port,
      before: rowJson(before),
      after: rowJson(after),
      opened: opened.map(operationJson),
      closed: closed.map(operationJson),
      bypasses,
      causes: causes.map(causeJson),
    })),
    requests: found.requests.map(({ request, before, after, causes }) => ({
      request: requestAndClient(request),
      before: before.verdict,
      after: after.verdict,
      summary: after.summary,
      causes: causes.map(causeJson),
    })),
    expectations: found.expectations,
    findings: {
      new: found.findings.added.map(({ rule, severity, message, file, range }) => ({
        rule,
        severity,
        message,
        file,
        range,
      })),
      fixed: found.findings.fixed.map(({ rule, severity, message, file, range }) => ({
        rule,
        severity,
        message,
        file,
        range,
      })),
    },
    limits: found.limits,
  };
  return `${JSON.stringify(shape, null, 2)}\n`;
}

function rowJson(row: AccessRow | undefined): object | null {
  if (!row) return null;
  const { via, access, operations, assumed, refused } = accessRowJson(row, () => null);
  const { tls, proxy, bypasses } = row;
  return {
    via,
    access,
    operations,
    tls: tls ?? null,
    proxy: proxy ?? null,
    bypasses: bypasses === true,
    ...(assumed && { assumed }),
    ...(refused && { refused }),
  };
}

function causeJson({ what, resource, file, range }: Cause): object {
  return { what, resource, file, range };
}
