/** What is known of a thrown value: where it was thrown too, if it is an error. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
