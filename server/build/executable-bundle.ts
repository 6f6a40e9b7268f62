// The command line and the language server as one script that loads no other file: a single executable can load only what is Node's own.
import { build } from 'esbuild';
import { singleFile } from './bundles.ts';

await build(singleFile({ minify: true }, process.argv[2]!));
