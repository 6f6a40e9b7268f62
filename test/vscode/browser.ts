// Chromium for tests: the machine's own, driven by Playwright.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { delimiter, extname, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

export function startBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? onPath('chromium', 'chromium-browser', 'google-chrome');
  if (executablePath === undefined)
    throw new Error('There is no Chromium: install the package chromium, or set CHROMIUM to its executable.');
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, headless: true, args });
}

function onPath(...names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

const types: Readonly<Record<string, string>> = {
  '.cjs': 'text/javascript',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
};

/** A folder's files for the browser. The editor's page reaches them through the editor's own `/proxy/PORT/`, the one origin that it lets in. */
export async function serveFolder(folder: string): Promise<{ readonly port: number; readonly close: () => void }> {
  const server: Server = createServer((request, response) => {
    const path = join(folder, decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname));
    if (!path.startsWith(folder) || !existsSync(path) || !statSync(path).isFile())
      return void response.writeHead(404).end();
    response
      .writeHead(200, { 'Cache-Control': 'no-store', 'Content-Type': types[extname(path)] ?? 'text/plain' })
      .end(readFileSync(path));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, close: () => server.close() };
}

/**
 * Loads what `serveFolder` serves as a web extension. No part of an address does that, so the page's own settings are edited before
 * the workbench reads them.
 */
export async function loadWebExtension(page: Page, port: number, testsPath: string): Promise<void> {
  await page.addInitScript({
    content: `{
    const uri = (path) => ({ scheme: 'http', authority: location.host, path: '/proxy/${port}/' + path });
    if (window === window.top) document.addEventListener('readystatechange', () => {
      const meta = document.getElementById('vscode-workbench-web-configuration');
      if (document.readyState !== 'interactive' || !meta) return;
      const settings = JSON.parse(meta.dataset.settings);
      settings.developmentOptions = { ...settings.developmentOptions, extensions: [uri('')], extensionTestsPath: uri('${testsPath}') };
      meta.dataset.settings = JSON.stringify(settings);
    });
  }`,
  });
}
