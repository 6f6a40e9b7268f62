import { entryOf } from '../yaml/read.ts';
import { child, childMap, eachMap, isTrue, keySpan, number, textField, textList, textMap, text } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { GatewayServer, GatewayServerTls, IstioGatewaySpec } from './specs.ts';

export function readIstioGateway(root: YamlMap): IstioGatewaySpec {
  const spec = childMap(root, 'spec');
  return {
    selector: textMap(child(spec, 'selector')),
    selectorKey: keySpan(spec, 'selector'),
    servers: eachMap(spec, 'servers', readServer),
  };
}

function readServer(item: YamlMap, index: number): GatewayServer {
  return {
    span: item.span,
    index,
    port: number(child(item, 'port'), 'number'),
    protocol: textField(child(item, 'port'), 'protocol'),
    bind: text(item, 'bind'),
    hosts: textList(item, 'hosts'),
    tls: readTls(item),
  };
}

function readTls(server: YamlMap): GatewayServerTls | undefined {
  const entry = entryOf(server, 'tls');
  if (entry?.value.kind !== 'map') return undefined;
  const tls = entry.value;
  return {
    key: entry.key.span,
    mode: textField(tls, 'mode'),
    httpsRedirect: isTrue(tls, 'httpsRedirect'),
    credentialName: textField(tls, 'credentialName'),
    credentialNames: textList(tls, 'credentialNames'),
    caCertCredentialName: textField(tls, 'caCertCredentialName'),
  };
}
