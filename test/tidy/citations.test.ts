// What the code cites is in the repository: every `§` number and every link to the pages of server/docs leads to an anchor.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTexts, type Texts } from './texts.ts';

const docs = 'server/docs';
const ambientPage = `${docs}/istio-semantics.md`;
const classicPage = `${docs}/istio-semantics-classic.md`;

/** The page that a number is on: numbers of the ambient page begin with a digit, those of the classic page with a letter. */
function pageOf(number: string): string {
  return /^\d/.test(number) ? ambientPage : classicPage;
}

function anchorOf(number: string): string {
  return `s${number.toLowerCase().replace('.', '-')}`;
}

function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/<a id="([^"]+)"><\/a>/g)].map((match) => match[1]!);
}

const citation = /§ ?([A-Z0-9][A-Z0-9]*(?:\.\d+[a-z]?)?)/g;
const range = /§([A-Z0-9]+\.\d+[a-z]?)[-–]([A-Z0-9]+\.\d+[a-z]?)/g;
const link = /(istio-semantics(?:-classic)?\.md)#([\w-]+)/g;
const ownLink = /\]\(#([\w-]+)\)/g;

/** `path: number` of each citation that leads nowhere. */
function dangling(texts: Texts): readonly string[] {
  const anchors = new Map([ambientPage, classicPage].map((page) => [page, new Set(anchorsOf(texts.get(page) ?? ''))]));
  const missing = (path: string, page: string, anchor: string) =>
    anchors.get(page)?.has(anchor) ? [] : [`${path}: ${page}#${anchor}`];
  return [...texts].flatMap(([path, text]) => {
    const numbers = [
      ...[...text.matchAll(citation)].map((match) => match[1]!),
      ...[...text.matchAll(range)].map((match) => match[2]!),
    ];
    return [
      ...numbers.flatMap((number) => missing(path, pageOf(number), anchorOf(number))),
      ...[...text.matchAll(link)].flatMap(([, page, anchor]) => missing(path, `${docs}/${page!}`, anchor!)),
      ...(anchors.has(path) ? [...text.matchAll(ownLink)].flatMap(([, anchor]) => missing(path, path, anchor!)) : []),
    ];
  });
}

/** Anchors that a page has twice. */
function repeated(page: string): readonly string[] {
  const anchors = anchorsOf(page);
  return anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index);
}

/** Section signs without a number that can be looked up. */
function unnumbered(texts: Texts): readonly string[] {
  return [...texts].flatMap(([path, text]) =>
    [...text.matchAll(/§(?! ?[A-Z0-9])/g)].map(({ index }) => `${path}:${text.slice(0, index).split('\n').length}`),
  );
}

/** This file writes made-up numbers, and the index page writes how a citation looks. */
const real: Texts = new Map(
  [...readTexts()].filter(([path]) => path !== 'test/tidy/citations.test.ts' && path !== `${docs}/README.md`),
);

test('each check finds what it is for', () => {
  const ambient = '<a id="s3"></a>\n<a id="s3-1"></a>**3.1** [3.1](#s3-1)\n<a id="s2-30b"></a>**2.30b**';
  const tree = (text: string): Texts =>
    new Map([
      [ambientPage, ambient],
      [classicPage, '<a id="sc-20"></a>**C.20**'],
      ['server/src/a.ts', text],
    ]);
  for (const text of [
    '§3.1',
    '§3',
    '§2.30b, §C.20',
    '§3.1–§3.1',
    '§3.1.',
    'istio-semantics.md#s3-1',
    '[a](#elsewhere)',
  ])
    assert.deepEqual(dangling(tree(text)), [], text);
  for (const text of [
    '§3.2',
    '§4',
    '§2.30',
    '§C.2',
    '§3.1-3.9',
    'istio-semantics.md#s3-2',
    'istio-semantics-classic.md#s3-1',
  ])
    assert.equal(dangling(tree(text)).length, 1, text);
  assert.equal(dangling(new Map([[ambientPage, '[3.2](#s3-2)']])).length, 1);
  assert.deepEqual(repeated('<a id="a"></a><a id="b"></a><a id="a"></a>'), ['a']);
  assert.deepEqual(unnumbered(tree('a\n§3.1')), []);
  assert.deepEqual(unnumbered(tree('a\n§ numbers')), ['server/src/a.ts:2']);
});

test('every citation of a fact about Istio leads to it', () => {
  assert.ok(real.get(ambientPage)!.includes('id="s3-27"') && real.get(classicPage)!.includes('id="sc-20"'));
  assert.deepEqual(dangling(real), []);
  assert.deepEqual(unnumbered(real), []);
});

test('the tests of mesh and trace are among what is looked through', () => {
  const cited = [...real].filter(([path, text]) => path.startsWith('test/') && /§\d/.test(text));
  assert.ok(cited.length > 100, `${cited.length} files of tests cite a fact`);
});

test('no anchor stands twice', () => {
  for (const page of [ambientPage, classicPage]) assert.deepEqual(repeated(real.get(page)!), []);
});
