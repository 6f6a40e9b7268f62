// Envoy's bootstrap as the agent in a waypoint's pod writes it, without what only Istio's own build of Envoy knows.

/** `socket` is the relay's, `ip` the pod's. */
export function bootstrap(socket: string, ip: string): object {
  return {
    node: { id: 'waypoint', cluster: 'waypoint' },
    bootstrap_extensions: [
      {
        name: 'envoy.bootstrap.internal_listener',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener',
        },
      },
    ],
    // In this network each address is local, and the kernel would take the called one as the caller's.
    cluster_manager: { upstream_bind_config: { source_address: { address: ip, port_value: 0 } } },
    dynamic_resources: {
      lds_config: { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: '0s' },
      cds_config: { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: '0s' },
      ads_config: {
        api_type: 'GRPC',
        transport_api_version: 'V3',
        set_node_on_first_message_only: true,
        grpc_services: [{ envoy_grpc: { cluster_name: 'xds-grpc' } }],
      },
    },
    static_resources: { clusters: [byPipe('xds-grpc', socket), byPipe('sds-grpc', socket)] },
  };
}

function byPipe(name: string, path: string): object {
  const options = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    name,
    type: 'STATIC',
    connect_timeout: '5s',
    typed_extension_protocol_options: {
      [options]: {
        '@type': `type.googleapis.com/${options}`,
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path } } } }] }],
    },
  };
}
