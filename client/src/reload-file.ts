// The file by which `npm run dev` reloads the extension under development.

/** Set for the editor that `npm run dev` opens. */
export const developmentVariable = 'ISTIO_EGRESS_DEVELOPMENT';

/** Set for the editor that `npm start` opens. */
export const welcomeVariable = 'ISTIO_EGRESS_WELCOME';

/** Written after each build, from the project's root: {@link clientWord} or {@link serverWord}, and the time. */
export const reloadFile = 'dist/reload.txt';

/** A new client needs a new window, a new server only a restart. */
export const clientWord = 'client';
export const serverWord = 'server';
