import { child, childMap, eachMap, number, text, textList, textMap } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { IstioGatewaySpec } from './specs.ts';

export function readIstioGateway(root: YamlMap): IstioGatewaySpec {
  const spec = childMap(root, 'spec');
  return {
    selector: textMap(child(spec, 'selector')),
    servers: eachMap(spec, 'servers', (item) => ({
      span: item.span,
      port: number(child(item, 'port'), 'number'),
      protocol: text(child(item, 'port'), 'protocol'),
      bind: text(item, 'bind'),
      hosts: textList(item, 'hosts'),
      tlsMode: text(child(item, 'tls'), 'mode'),
    })),
  };
}
