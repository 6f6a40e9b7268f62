// The request in fields that can be changed one by one; each change asks for the trace again.
import { element, fill } from '../../kit/page/element.ts';
import type { ShownRequest } from '../protocol.ts';
import { joinUrl, schemes, splitUrl } from '../url-parts.ts';

interface RequestForm {
  readonly element: HTMLElement;
  /** Shows a request without asking for it; a field that is being edited stays as it is. */
  readonly set: (request: ShownRequest) => void;
  readonly offer: (choices: { readonly urls: readonly string[]; readonly clients: readonly string[] }) => void;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
/** Of typing, before the request is traced. */
const pauseMs = 400;

export function requestForm(changed: (request: ShownRequest) => void): RequestForm {
  const hosts = element('datalist', { id: 'hosts' });
  const clients = element('datalist', { id: 'clients' });
  const fields = {
    from: element('input', { id: 'from', type: 'text' }),
    method: element('select', { id: 'method' }),
    scheme: element('select', { id: 'scheme' }),
    host: element('input', { id: 'host', type: 'text' }),
    port: element('input', { id: 'port', type: 'text' }),
    path: element('input', { id: 'path', type: 'text' }),
  };
  fields.from.setAttribute('list', 'clients');
  fields.host.setAttribute('list', 'hosts');
  options(fields.method, methods);
  options(fields.scheme, schemes);
  let shown = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = (): ShownRequest => ({
    url: joinUrl({
      scheme: fields.scheme.value,
      host: fields.host.value.trim(),
      port: fields.port.value.trim(),
      path: fields.path.value.trim(),
    }),
    from: fields.from.value.trim(),
    method: fields.method.value,
  });
  const ask = (): void => {
    clearTimeout(timer);
    const request = read();
    const key = keyOf(request);
    if (key === shown) return;
    shown = key;
    changed(request);
  };
  const put = (field: HTMLInputElement | HTMLSelectElement, value: string): void => {
    if (field instanceof HTMLSelectElement && value !== '') addOption(field, value);
    if (document.activeElement !== field || field.value === '') field.value = value;
  };
  const putUrl = (url: string): void => {
    const parts = splitUrl(url);
    if (!parts) return put(fields.host, url);
    for (const name of ['scheme', 'host', 'port', 'path'] as const) put(fields[name], parts[name]);
    for (const field of [fields.method, fields.path]) field.disabled = parts.scheme === 'tcp';
  };
  // A whole URL that is pasted or chosen as the host is taken apart.
  fields.host.addEventListener('input', () => {
    const parts = splitUrl(fields.host.value);
    if (!parts) return;
    fields.host.value = '';
    putUrl(joinUrl(parts));
  });
  const form = element(
    'div',
    {
      class: 'request',
      role: 'group',
      'aria-label': 'Request',
      on: {
        change: ask,
        input() {
          clearTimeout(timer);
          timer = setTimeout(ask, pauseMs);
        },
      },
    },
    labelled('Client', fields.from, 'wide'),
    labelled('Method', fields.method),
    labelled('Scheme', fields.scheme),
    labelled('Host', fields.host, 'wide'),
    labelled('Port', fields.port, 'narrow'),
    labelled('Path', fields.path, 'wide'),
    hosts,
    clients,
  );
  return {
    element: form,
    set({ url, from, method }) {
      put(fields.from, from);
      put(fields.method, method);
      putUrl(url);
      // Not what the fields say now: someone may be typing the next request already.
      const parts = splitUrl(url);
      shown = keyOf({ url: parts ? joinUrl(parts) : url, from, method });
    },
    offer(choices) {
      fill(hosts, choices.urls.map(listOption));
      fill(clients, choices.clients.map(listOption));
    },
  };
}

function keyOf({ url, from, method }: ShownRequest): string {
  return JSON.stringify([url, from, method]);
}

function labelled(text: string, field: HTMLElement, size = ''): HTMLElement {
  return element('label', { class: `field ${size}`.trim(), for: field.id }, element('span', {}, text), field);
}

function listOption(value: string): HTMLElement {
  return element('option', { value });
}

function options(select: HTMLSelectElement, values: readonly string[]): void {
  for (const value of values) addOption(select, value);
}

/** Requests may have methods and schemes that are not in the list. */
function addOption(select: HTMLSelectElement, value: string): void {
  const isThere = [...select.options].some((option) => option.value === value);
  if (!isThere) select.append(element('option', { value }, value));
}
