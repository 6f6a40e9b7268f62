import { protocolKind } from '../../names/protocols.ts';
import { since } from '../../mesh/settings.ts';
import { isIntendedForAmbient } from '../shared/intent.ts';
import { defineRule } from '../rule.ts';

export const dynamicDnsTlsDisabled = defineRule({
  id: 'dynamic-dns-tls-disabled',
  stage: 'capture',
  summary: 'A TLS port of a DYNAMIC_DNS host fails unless a feature flag of istiod allows it.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  isOfIstioWaypoints: true,
  inputs: ['Namespace'],

  *check(entry, mesh) {
    if (
      entry.spec.resolution?.value !== 'DYNAMIC_DNS' ||
      !since(mesh.settings, '1.28') ||
      !isIntendedForAmbient(mesh, entry)
    )
      return;
    const protocol = entry.spec.ports.find((port) => protocolKind(port.protocol?.value) === 'tls')?.protocol;
    if (!protocol) return;
    const { istioVersion, wildcardTls } = mesh.settings;
    const isSupported = since(mesh.settings, '1.29');
    if (isSupported && wildcardTls) return;
    // istio@86c9f01 pilot/pkg/features/experimental.go EnableWildcardHostServiceEntriesForTLS.
    yield {
      at: protocol.span,
      message: isSupported
        ? `TLS to this DYNAMIC_DNS host fails ${wildcardTls === false ? 'because istiod does not have' : 'unless istiod has'} ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS=true${istioVersion === '1.29' ? '; Istio 1.29.0 also needs a plaintext port on the waypoint' : ''}.`
        : `TLS to this DYNAMIC_DNS host fails: Istio ${istioVersion} ignores the port; 1.29 and later support it.`,
      ...(isSupported && wildcardTls === undefined ? {} : { severity: 'warning' as const }),
      data: {},
    };
  },
});
