import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import { ROOT, type Source } from './source.js';

export type Compiled = {
  folder: string;
  /** Paths of the modules below it. */
  modules: string[];
  remove(): void;
};

/** The sources as modules that Node runs by itself, in a folder of their own outside the repository. */
export function compile(sources: readonly Source[]): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'detach-key-compiled-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const modules = sources.map((source) => writeModule(folder, source));
  return { folder, modules, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function writeModule(folder: string, { path, text }: Source): string {
  const isScript = path.endsWith('.mjs');
  const name = path.replace(/\.ts$/, '.js');
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), isScript ? text : transpile(path, text));
  return name;
}

const transpile = (filename: string, text: string): string =>
  transformSync(text, {
    filename,
    swcrc: false,
    configFile: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  }).code;
