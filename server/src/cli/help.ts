export const help = `istio-egress: know what leaves the mesh before anything is applied.

Usage
  istio-egress check   [PATH...]   report what is wrong (default PATH: .)
  istio-egress fix     [PATH...]   apply the fixes that are safe
  istio-egress trace   URL --from NS[/SA] [PATH...]   what this request does, and why
  istio-egress access  [PATH...]   who may call which host, port, method and path
  istio-egress test    [PATH...]   run the expectations in *.egress-test.yaml
  istio-egress log     [FILE|-]    explain lines of an access log (default: standard input)
  istio-egress drift   [PATH...]   how the cluster differs from the files
  istio-egress explain [RULE]      a rule's page; without RULE, all rules
  istio-egress lsp --stdio         language server for editors
  PATH is a file or a folder; - reads manifests from standard input.

Options
  --format text|json|sarif|github|junit   what stdout carries (default text; log, trace: text|json;
                                          access: table|json|csv|markdown; test: text|json|junit;
                                          drift: text|json)
  --fail-on error|warning|information     exit with 1 from this severity on (default warning)
  --istio-version 1.24..1.31              the version that manifests are for
  --mesh-config FILE                      MeshConfig, IstioOperator or Helm values to read mesh settings from
  --complete KIND,...                     kinds of which PATH holds all there are
  --config FILE                           instead of the .istio-egress.yaml found upwards
  --rule ID                               only this rule
  --write-baseline FILE                   check: note all findings in FILE as known
  --baseline FILE                         check: leave out what FILE knows; the rest counts
  --manifests PATH                        log: link lines to these manifests, propose policies
  --from NS[/SA]                          trace: who sends the request
  --method M, --sni NAME                  trace: of the request
  --header K:V, --label K=V               trace: a header, a label of the client's pod; repeatable
  --render                                check, trace, access, test: run your helm and kustomize on charts and
                                          overlays, and look at what they print (nothing is downloaded)
  --cluster                               check, trace, access: also what the current cluster holds, by your
                                          kubectl; files say more about an object than the cluster does
  --context C, --namespace NS,...         of the cluster: this context, only these namespaces
  --dry-run                               fix: print a diff, write nothing
  --no-color                              plain text

Exit code: 0 nothing at or above the threshold, 1 findings (trace: not allowed, drift: differences), 2 bad usage, unreadable
input or a cluster that cannot be asked.
`;
