// A case of an `*.egress-test.yaml` as text.

export interface ExpectedRequest {
  readonly url: string;
  readonly from: string;
  readonly method: string;
}

export function expectationText({ url, from, method }: ExpectedRequest, verdict: string): string {
  const isHttp = /^https?:/i.test(url);
  const target = url.replace(/^https?:\/\//i, '').replace(/\/$/, '');
  const name = `${isHttp ? `${method} ` : ''}${target} from ${from}`;
  const request =
    isHttp && method !== 'GET' ? `\n    url: ${scalar(url)}\n    method: ${scalar(method)}` : ` ${scalar(url)}`;
  return `- name: ${scalar(name)}\n  from: ${scalar(from)}\n  request:${request}\n  expect: ${verdict}\n`;
}

/** Behind the cases that are there, with a blank line between. */
export function appended(text: string, expectation: string): string {
  const before = text.trimEnd();
  return before === '' ? expectation : `${before}\n\n${expectation}`;
}

/** Plain where YAML reads it as the same text; JSON's form of a string is one of YAML's too. */
function scalar(text: string): string {
  return /^[a-z][\w./?=&%+~-]*(:[\w./?=&%+~-]+)*( [\w./?=&%+~-]+(:[\w./?=&%+~-]+)*)*$/i.test(text)
    ? text
    : JSON.stringify(text);
}
