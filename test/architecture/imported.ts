import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
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
import { readFileSync } from 'node:fs';
const modules = JSON.parse(readFileSync(new URL('modules.json', import.meta.url), 'utf8'));
// Made when they are first looked at.
const streams = [process.stdin, process.stdout, process.stderr];
const environment = { ...process.env };
const listeners = new Set(process.eventNames().map(String));
const handles = process.getActiveResourcesInfo().length;
for (const path of modules) await import('./' + path);
const names = new Set([...Object.keys(environment), ...Object.keys(process.env)]);
process.stdout.write(JSON.stringify({
  imported: modules.length,
  handles: process.getActiveResourcesInfo().slice(handles),
  variables: [...names].filter((name) => environment[name] !== process.env[name]),
  listeners: process.eventNames().map(String).filter((name) => !listeners.has(name)),
}));
`;

const LIMIT_MS = 60_000;

/** Imports all of them in a process of their own, one after the other; rejects when it does not end. */
export async function importAll(sources: readonly Source[]): Promise<Traces> {
  const { folder, modules, remove } = compile(sources);
  try {
    writeFileSync(join(folder, 'modules.json'), JSON.stringify(modules));
    writeFileSync(join(folder, 'probe.js'), PROBE);
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'probe.js')], {
      timeout: LIMIT_MS,
      maxBuffer: 1_000_000,
    });
    return JSON.parse(stdout) as Traces;
  } finally {
    remove();
  }
}
