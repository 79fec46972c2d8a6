import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { compile } from '../architecture/compiled.js';
import { readSources, within } from '../architecture/source.js';

/** The command line, run as people run it: a process with an environment, a folder and an exit code. */
export type Program = {
  start(words: readonly string[], options?: Surroundings): Running;
  remove(): void;
};
export type Surroundings = { env?: Record<string, string>; cwd?: string };
export type Running = {
  child: ChildProcess;
  /** What was written so far. */
  said(): { stdout: string; stderr: string };
  /** Resolves when stdout holds these words; rejects when the process ends before. */
  until(words: string): Promise<void>;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
};

export function compileProgram(): Program {
  const { folder, remove } = compile(within(readSources(), 'src', 'bin', 'playground'));
  const started: ChildProcess[] = [];
  return {
    start(words, { env = {}, cwd = folder } = {}) {
      const path = process.env.PATH ?? '';
      const child = spawn(process.execPath, [join(folder, 'bin/detach-key.js'), ...words], {
        cwd,
        env: { PATH: path, ...env },
      });
      started.push(child);
      return watch(child);
    },
    remove() {
      for (const child of started) child.kill('SIGKILL');
      remove();
    },
  };
}

function watch(child: ChildProcess): Running {
  const parts = { stdout: '', stderr: '' };
  const looks = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (part: string) => {
      parts[name] += part;
      for (const look of looks) look();
    });
  }
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code: code as number | null, ...parts }));
  return {
    child,
    said: () => ({ ...parts }),
    ended,
    until: (words) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (parts.stdout.includes(words)) resolve();
        };
        looks.add(look);
        look();
        ended.then(({ stdout, stderr }) => reject(new Error(`ended without “${words}”: ${stdout}${stderr}`)));
      }),
  };
}
