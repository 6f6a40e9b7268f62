import { newestVersion, oldestVersion } from '../model/istio-releases.ts';

export const help = `istio-egress: check Istio egress manifests before you apply them.

Usage
  istio-egress check   [PATH...]   report problems (default PATH: .)
  istio-egress fix     [PATH...]   apply safe fixes
  istio-egress migrate [PATH...]   move hosts from an egress gateway of sidecars to a waypoint
  istio-egress trace   URL --from NS[/SA] [PATH...]   show each step of one request
  istio-egress access  [PATH...]   list which clients may call which host, port, method and path
  istio-egress graph   [PATH...]   draw clients, gateways and hosts as SVG
  istio-egress test    [PATH...]   run the expectations in *.egress-test.yaml
  istio-egress log     [FILE|-]    explain access-log lines (default: standard input)
  istio-egress learn   [LOG|-]     write the manifests that let through what leaves by an access log
  istio-egress drift   [PATH...]   show how the cluster differs from the files
  istio-egress diff BASE [HEAD] [PATH...]  show what a change opens and closes: git revisions, BASE...HEAD, two folders;
                                   default HEAD: the files as they are; with --cluster: what applying the files does
  istio-egress new route [FOLDER]  write the manifests of a route to an external host: asks what no option says, shows
                                   the files, the requests and who may call, then asks to write
  istio-egress explain [RULE]      print a rule's page; without RULE, list all rules
  istio-egress lsp --stdio         run the language server for editors
  istio-egress mcp [FOLDER...]     answer agents over the Model Context Protocol (stdio): check, trace, access and explain
                                   for these folders only; nothing is changed
  PATH is a file or a folder; - reads manifests from standard input.

Options
  --format text|json|sarif|github|junit   output format (default text; log, trace: text|json;
                                          access: table|json|csv|markdown; test: text|json|junit;
                                          learn: yaml|diff|json;
                                          graph: svg|mermaid|dot|json;
                                          drift, migrate, new: text|json; diff: text|json|markdown|sarif)
  --fail-on error|warning|information     exit with 1 from this severity on (default warning)
  --fail-on opened,bypass,new-findings    diff: exit with 1 if access is opened, requests bypass a gateway, or there are new
                                          warnings or errors (default: never)
  ${`--istio-version ${oldestVersion}..${newestVersion}`.padEnd(40)}the Istio version that the manifests are for
  --mesh-config FILE                      read mesh settings from MeshConfig, IstioOperator or Helm values
  --complete KIND,...                     kinds that PATH fully covers: what is not in PATH does not exist
  --config FILE                           use FILE; default: the nearest .istio-egress.yaml, upwards
  --rule ID                               check, fix: run only this rule
  --files-from FILE|-                     check, fix: read paths from FILE or standard input, one a line
  --severity RULE=LEVEL,...               check, fix: error, warning, information, hint or off for a rule
  --require-resources                     check: exit with 1 if no Istio or Gateway API resources are found
  --write-baseline FILE                   check: record all findings in FILE
  --baseline FILE                         check: ignore findings recorded in FILE
  --manifests PATH                        log, learn: link lines to these manifests, propose policies; learn: write what
                                          they lack
  --verbose                               log: explain every field of every line
  --host HOST                             access: only this host; new: the host of the route; repeatable
  --tls originate|pass-through|mutual|plain   new: who encrypts: the waypoint, the client, the waypoint with a client
                                          certificate (--secret NAME), nobody
  --port N, --gateway NS/NAME             new: port of the host (default 443, plain: 80); waypoint, also a new one
  --path /P,..., --access-log yes|no      new: allowed paths; access log of the waypoint
  --wide                                  access: one line for each answer with every client and reason
  --from NS[/SA]                          trace, learn: namespace and service account of the client (learn: of clients that
                                          nothing else tells); new: of the clients that may call, separated by commas;
                                          * means all
  --method M, --sni NAME                  trace: HTTP method, TLS server name of the request; new: --method GET,POST
  --header K:V, --label K=V               trace: a request header, a label of the client's pod; repeatable
  --render                                check, trace, access, graph, test, diff: run your helm and kustomize on charts
                                          and overlays, and check the output (nothing is downloaded)
  --cluster                               check, trace, access, graph, diff, learn: also read the current cluster with
                                          your kubectl; its resources are used where no file has the resource; diff
                                          compares it with the files, learn reads the logs of --gateway
  --gateway NS/NAME, --since 10m          learn: the gateway whose logs --cluster reads, and of how long
  --context C, --namespace NS,...         cluster: use this context, read only these namespaces
  --dry-run                               fix, migrate, new: print a diff, change no file
  --unsafe                                fix: also apply the preferred fix of findings at --fail-on or above that have
                                          no safe one; shows the diff and asks
  --yes                                   fix --unsafe, migrate, new: do not ask
  --remove                                migrate: also remove the objects that only the egress gateway needs
  --no-color                              print without colors (also: NO_COLOR; FORCE_COLOR=1 prints with them)
  -h, --help                              show help; istio-egress help COMMAND shows one command's

Exit codes: 0 nothing at or above the threshold; 1 findings (trace: not allowed, drift: differences, migrate: a request
fails afterwards, diff: what --fail-on names, learn: some of the log still does not get out); 2 wrong usage,
unreadable input, or the cluster cannot be read.

Examples
  helm template . | istio-egress check -
  istio-egress trace http://httpbin.org/get --from default/curl examples
`;
