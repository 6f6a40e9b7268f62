// Lets ajv write the validators as code, and shortens that code: the place of an error and its keyword are all that is asked for.
import { Ajv, _ } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { share } from '../schemas/share.ts';
import type { Structure } from '../schemas/structure.ts';

/** Parts this long stand in a function of their own when more than one place has them; found by trying. */
const worthAFunction = 30;

/** The body of a function that fills `exports` with one validator for each name. */
export function compile(kinds: Readonly<Record<string, Structure>>): string {
  const ajv = newAjv();
  ajv.addSchema({ $id: 'kinds', ...share({ properties: kinds }, worthAFunction) });
  const refs = Object.fromEntries(
    Object.keys(kinds).map((name) => [exportName(name), `kinds#/properties/${name.replaceAll('/', '~1')}`]),
  );
  return shorten(standalone.default(ajv, refs));
}

/** `gateway-api/TLSRoute.v1alpha2` is exported as `gateway_api_TLSRoute_v1alpha2`. */
export function exportName(name: string): string {
  return name.replaceAll(/\W/g, '_');
}

export function newAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    strict: false,
    inlineRefs: false,
    unicodeRegExp: false,
    validateFormats: false,
    code: { source: true, esm: false, optimize: 2 },
  });
  // Both only note what is there; which releases are good enough is decided at run time.
  ajv.addKeyword({
    keyword: 'x-since',
    code: (context) => {
      context.setParams({ since: context.schema as string });
      context.fail(_`true`);
    },
    error: { message: '', params: ({ params }) => _`{since: ${params['since']}}` },
  });
  ajv.addKeyword({
    keyword: 'x-values',
    code: (context) => {
      for (const [value, since] of Object.entries(context.schema as Record<string, string>)) {
        context.setParams({ since });
        context.fail(_`${context.data} === ${value}`);
      }
    },
    error: { message: '', params: ({ params }) => _`{since: ${params['since']}}` },
  });
  return ajv;
}

const errorCode =
  /const (err\d+) = \{instancePath(?::([^;]*?))?,schemaPath:"(?:[^"\\]|\\.)*",keyword:("[^"]*"),params:(\{(?:"(?:[^"\\]|\\.)*"|[^"{};])*\})\};if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}errors\+\+;/g;
const nestedCode =
  /if\(!\((validate\d+)\(([^{}]*?), \{instancePath:([^{}]*?)\}\)\)\)\{vErrors = vErrors === null \? \1\.errors : vErrors\.concat\(\1\.errors\);errors = vErrors\.length;\}/g;
/** What other keywords found wrong stands in the schema, where `validate.ts` looks it up. */
const keywordsWithParams = new Set(['"required"', '"additionalProperties"', '"x-since"', '"x-values"']);

function shorten(code: string): string {
  const short = code
    .replaceAll(
      errorCode,
      (_all, _name, path: string | undefined, keyword: string, params: string) =>
        `vErrors=fail(vErrors,${path ?? 'instancePath'},${keyword}${keywordsWithParams.has(keyword) ? `,${params}` : ''});errors++;`,
    )
    .replaceAll(/,parentData:data\d*,parentDataProperty:[^,]*?,rootData\}/g, '}')
    .replaceAll(nestedCode, 'vErrors=nested(vErrors,$1,$2,$3);')
    .replaceAll('{instancePath="", parentData, parentDataProperty, rootData=data}={}', 'instancePath=""')
    .replaceAll(/let errors = 0;|errors\+\+;/g, '')
    .replaceAll('return errors === 0', 'return vErrors === null')
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', 'codePoints')
    .replace('"use strict";', '');
  for (const left of ['schemaPath:', 'require(', 'instancePath:', 'errors = vErrors.length']) {
    if (short.includes(left))
      throw new Error(
        `ajv writes code of another form than expected: ${short.slice(short.indexOf(left) - 200, short.indexOf(left) + 200)}`,
      );
  }
  return withoutUnused(short);
}

/** Schemas that the code no longer looks at. */
function withoutUnused(code: string): string {
  return code.replaceAll(/const (schema\d+) = (?:"(?:[^"\\]|\\.)*"|[^;"])*;/g, (statement, name: string) =>
    code.split(new RegExp(`\\b${name}\\b`)).length > 2 ? statement : '',
  );
}
