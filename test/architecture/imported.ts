import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './compiled.js';
import type { Source } from './source.js';

/** What importing modules did to the process that imported them. */
export type Traces = {
  imported: number;
  /** Kinds of timers, sockets, servers and watchers that were not there before. */
  handles: string[];
  /** Names of environment variables that were added, changed or taken away. */
  variables: string[];
  /** Events of the process that are listened to since. */
  listeners: string[];
};

/** Runs on its own: the process must also come to its end by itself. */
const PROBE = `
import { readFileSync, writeFileSync } from 'node:fs';
const modules = JSON.parse(readFileSync(new URL('modules.json', import.meta.url), 'utf8'));
const environment = { ...process.env };
const listeners = new Set(process.eventNames().map(String));
const known = process.getActiveResourcesInfo();
for (const path of modules) await import('./' + path);
// The loader's own readings may still be under way.
for (let turn = 0; turn < 1000 && process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq')); turn += 1) {
  await new Promise((resolve) => setImmediate(resolve));
}
const names = new Set([...Object.keys(environment), ...Object.keys(process.env)]);
const isNew = (kind) => (known.includes(kind) ? known.splice(known.indexOf(kind), 1).length === 0 : true);
writeFileSync(new URL('traces.json', import.meta.url), JSON.stringify({
  imported: modules.length,
  handles: process.getActiveResourcesInfo().filter(isNew),
  variables: [...names].filter((name) => environment[name] !== process.env[name]),
  listeners: process.eventNames().map(String).filter((name) => !listeners.has(name)),
}));
`;

const LIMIT_MS = 60_000;

/** Imports all of them in a process of their own, one after the other; rejects when it does not end. */
export async function importAll(sources: readonly Source[]): Promise<Traces> {
  const { folder, modules, remove } = compile(sources);
  const said = join(folder, 'stderr.txt');
  try {
    writeFileSync(join(folder, 'modules.json'), JSON.stringify(modules));
    writeFileSync(join(folder, 'probe.js'), PROBE);
    // Files and not pipes: a pipe is a handle, which is made when a library first looks at it.
    const stdio = ['ignore', 'ignore', openSync(said, 'w')] as const;
    const child = spawn(process.execPath, [join(folder, 'probe.js')], { stdio: [...stdio], timeout: LIMIT_MS });
    const [code] = await once(child, 'close');
    closeSync(stdio[2]);
    if (code !== 0) throw new Error(`the import ended with ${code}: ${readFileSync(said, 'utf8')}`);
    return JSON.parse(readFileSync(join(folder, 'traces.json'), 'utf8')) as Traces;
  } finally {
    remove();
  }
}
