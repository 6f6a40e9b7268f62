// Titles of documents: what is in them, so that tabs can be told from each other.
import { Uri, workspace } from 'vscode';

interface NamedRequest {
  readonly url: string;
  /** Absent: GET. */
  readonly method?: string | undefined;
  /** `NAMESPACE/SERVICE-ACCOUNT` */
  readonly from: string;
}

/** `Trace: GET httpbin.org from default/curl`. */
export function traceTitle(request: NamedRequest): string {
  return `Trace: ${requestName(request)}`;
}

/** `Test: GET httpbin.org from default/curl`. */
export function testTitle(request: NamedRequest): string {
  return `Test: ${requestName(request)}`;
}

function requestName({ url, method = 'GET', from }: NamedRequest): string {
  const target = url.replace(/^https?:\/\//i, '').replace(/\/$/, '');
  return `${/^https?:/i.test(url) ? `${method} ${target}` : target} from ${from}`;
}

interface NamedGateway {
  readonly namespace: string;
  readonly name: string;
}

export function provisionTitle({ namespace, name }: NamedGateway): string {
  return `Plan: provision ${namespace}/${name}`;
}

export function deletionTitle({ namespace, name }: NamedGateway): string {
  return `Plan: delete ${namespace}/${name}`;
}

export function gatewayLogTitle({ namespace, name }: NamedGateway): string {
  return `Gateway log: ${namespace}/${name}`;
}

export function savedLogTitle(file: Uri): string {
  return `Access log: ${workspace.asRelativePath(file)}`;
}

/** Of the folder that has this file; the preview of Markdown needs the ending. */
export function accessTitle(uri: string | null): string {
  return `Access in ${folderOf(uri)}.md`;
}

export function comparisonTitle(uri: string | null, base: string): string {
  return `Access in ${folderOf(uri)} compared with ${base}.md`;
}

function folderOf(uri: string | null): string {
  const own = uri === null ? undefined : workspace.getWorkspaceFolder(Uri.parse(uri));
  return (own ?? workspace.workspaceFolders?.[0])?.name ?? 'open files';
}
