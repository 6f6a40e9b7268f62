/** The server goes on after a promise that nobody owns fails, such as a request that the client refuses: the reason goes to the log. */
export function survives(): void {
  process.on('unhandledRejection', (reason) => {
    process.stderr.write(
      `istio-egress: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}\n`,
    );
  });
}
