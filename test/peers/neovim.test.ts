// A real Neovim with the configuration of the page about other editors, through what a user does in a day. NEOVIM names other Neovims.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { recipe } from '../kit/editor-recipe.ts';
import { root } from '../kit/lsp-client.ts';
import { Neovim, neovims } from '../kit/neovim.ts';
import { linkCommand, serversEnd } from '../kit/installed-command.ts';

const found = neovims();
if (found.length === 0) test('Neovim', { skip: 'Neovim is not installed (Debian and Ubuntu: apt-get install neovim)' });

for (const { program, version } of found)
  describe(`Neovim ${version.join('.')}`, { timeout: 60_000 }, () => {
    const home = mkdtempSync(join(tmpdir(), 'neovim-'));
    const folder = join(home, 'repository');
    let editor: Neovim;

    before(async () => {
      cpSync(join(root, 'examples'), folder, { recursive: true });
      mkdirSync(join(folder, '.git'));
      const env = { ...process.env, PATH: `${linkCommand(join(home, 'bin'))}${delimiter}${process.env['PATH'] ?? ''}` };
      const init = recipe(version[0] > 0 || version[1] >= 11 ? 'Neovim 0.11 or later' : 'Neovim 0.7 to 0.10');
      editor = await Neovim.start({ program, home: join(home, 'editor'), init, cwd: folder, env });
    });
    after(async () => {
      await editor.quit();
      await serversEnd(join(home, 'bin'));
      rmSync(home, { recursive: true, force: true });
    });

    const buffer = (file: string) => (editor.lua(`return vim.fn.getbufline('${file}', 1, '$')`) as string[]).join('\n');
    const codes = (file: string) =>
      editor.lua(
        `return vim.tbl_map(function(d) return d.code end, vim.diagnostic.get(vim.fn.bufnr('${file}')))`,
      ) as string[];
    const quickfix = () =>
      editor.lua(
        `return vim.tbl_map(function(i) return vim.fn.fnamemodify(vim.fn.bufname(i.bufnr), ':t') .. ': ' .. i.text end, vim.fn.getqflist())`,
      ) as string[];
    /** The answers to questions that the editor asks with a menu or an input line. */
    const answerMenu = (text: string) =>
      editor.lua(
        `vim.ui.select = function(items, options, choose)
           for index, item in ipairs(items) do
             if (options.format_item or tostring)(item):find('${text}', 1, true) then return choose(item, index) end
           end
           choose(nil, nil)
         end
         return true`,
      );

    test('the server starts with the file, and a sound folder has no finding', async () => {
      editor.open('service-entry.yaml');
      await editor.until('the server is ready', () =>
        editor.lua(
          `return vim.tbl_count(vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = 0 }) or vim.lsp.buf_get_clients(0)) > 0`,
        ),
      );
      await editor.until('the file is known to the server', () => symbols().length > 0);
      assert.deepEqual(codes('service-entry.yaml'), []);
    });

    function symbols(): string[] {
      editor.lua(
        'vim.fn.setqflist({}) vim.fn.setloclist(0, {}) vim.lsp.buf.document_symbol() vim.wait(300) return true',
      );
      const list = `vim.tbl_map(function(i) return i.text end, #vim.fn.getloclist(0) > 0 and vim.fn.getloclist(0) or vim.fn.getqflist())`;
      const found = editor.lua(`return ${list}`) as string[];
      editor.run('cclose | silent lclose');
      return found;
    }
    test('document symbols list the resource', () => {
      assert.ok(
        symbols().some((text) => text.includes('httpbin')),
        symbols().join(),
      );
    });

    test('an edit in one file shows its finding in the other', async () => {
      editor.open('destination-rule.yaml');
      editor.goTo('trafficPolicy');
      editor.run('.,$delete');
      editor.open('service-entry.yaml');
      await editor.until('the finding', () => codes('service-entry.yaml').includes('plaintext-to-tls-port'));
    });

    test('the code action repairs the other file, and the finding goes', async () => {
      answerMenu('Originate TLS');
      editor.goTo('443\\$');
      editor.lua('vim.lsp.buf.code_action() return true');
      await editor.until('the fix', () => buffer('destination-rule.yaml').includes('mode: SIMPLE'));
      await editor.until('no finding', () => codes('service-entry.yaml').length === 0);
      editor.run('wall');
    });

    test('completion offers the ServiceEntry that a policy can name', async () => {
      editor.open('authorization-policy.yaml');
      editor.goTo('    name: httpbin');
      editor.type('$bDA<C-x><C-o>');
      const offered = await editor.until('the menu', () => {
        const items = editor.lua(
          `return vim.tbl_map(function(i) return i.word end, vim.fn.complete_info({'items'}).items)`,
        );
        return (items as string[]).length > 0 && (items as string[]);
      });
      assert.ok(offered.includes('httpbin'), offered.join());
      // Neovim writes the first one as it opens the menu.
      editor.type('<Esc>');
      await editor.until('the name is written', () => /^ {4}name: httpbin$/m.test(buffer('authorization-policy.yaml')));
    });

    test('definition leads to the ServiceEntry', async () => {
      editor.goTo('httpbin\\n  action');
      editor.lua('vim.lsp.buf.definition() return true');
      await editor.until('the other file', () => editor.lua(`return vim.fn.expand('%:t')`) === 'service-entry.yaml');
    });

    test('references list all files that name the host', async () => {
      editor.goTo('httpbin.org\\$');
      editor.lua('vim.fn.setqflist({}) vim.lsp.buf.references() return true');
      const list = await editor.until('the list', () => quickfix().length > 1 && quickfix());
      assert.ok(
        list.some((entry) => entry.startsWith('destination-rule.yaml: ')),
        list.join('\n'),
      );
      editor.run('cclose');
    });

    test('hover explains the host', async () => {
      editor.open('service-entry.yaml');
      editor.goTo('httpbin.org\\$');
      editor.lua('vim.lsp.buf.hover() return true');
      const shown = await editor.until('the window', () => {
        const texts = editor.lua(
          `local texts = {}
           for _, window in ipairs(vim.api.nvim_list_wins()) do
             if vim.api.nvim_win_get_config(window).relative ~= '' then
               texts = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
             end
           end
           return texts`,
        ) as string[];
        return texts.length > 0 && texts.join('\n');
      });
      assert.match(shown, /DestinationRule.*httpbin/);
    });

    test('rename changes the host in every file', async () => {
      editor.open('service-entry.yaml');
      editor.goTo('httpbin.org\\$');
      editor.lua(`vim.lsp.buf.rename('httpbingo.org') return true`);
      await editor.until('the new name', () => /^ {2}- httpbingo\.org$/m.test(buffer('service-entry.yaml')));
      await editor.until('the new name elsewhere', () =>
        buffer('destination-rule.yaml').includes('host: httpbingo.org'),
      );
      editor.run('wall');
    });

    test('workspace symbols find a resource by its name', async () => {
      editor.lua(`vim.fn.setqflist({}) vim.lsp.buf.workspace_symbol('egress-gateway') return true`);
      const list = await editor.until('the list', () => quickfix().length > 0 && quickfix());
      assert.ok(
        list.some((entry) => entry.startsWith('waypoint.yaml: ')),
        list.join('\n'),
      );
      editor.run('cclose');
    });

    test('the editor reports no error of the client', () => {
      assert.doesNotMatch(String(editor.lua(`return vim.api.nvim_exec('messages', true)`)), /Error executing|E\d+:/);
    });
  });
