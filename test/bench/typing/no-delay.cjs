// Loaded before yaml-language-server: the 200 ms that it waits after each change are none.
const original = globalThis.setTimeout;
globalThis.setTimeout = (work, ms, ...given) => original(work, ms === 200 ? 0 : ms, ...given);
