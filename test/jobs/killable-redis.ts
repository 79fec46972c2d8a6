import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedisServer } from '../../playground/redis/server.mjs';

export const hasRedisServer = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** A redis-server with AOF, as production has it, that can be killed and started again on what it wrote. */
export type KillableRedis = {
  url: string;
  /** SIGKILL, and a new process on the same port and folder. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
};

export async function startKillableRedis(): Promise<KillableRedis> {
  const temporary = mkdtempSync(join(tmpdir(), 'detach-key-killed-'));
  const first = await startRedisServer({ temporary });
  const [folder = ''] = readdirSync(temporary);
  const settings = { port: first.port, bind: '127.0.0.1', dir: join(temporary, folder), save: '' };
  const durable = { ...settings, appendonly: 'yes', appendfsync: 'always' };
  let second: ChildProcess | undefined;
  return {
    url: first.url,
    async killAndRestart() {
      process.kill(first.pid, 'SIGKILL');
      const args = Object.entries(durable).flatMap(([name, value]) => [`--${name}`, String(value)]);
      second = spawn('redis-server', args, { stdio: 'ignore' });
      await once(second, 'spawn');
    },
    async stop() {
      await first.stop();
      if (second !== undefined && second.exitCode === null) {
        const left = once(second, 'exit');
        second.kill('SIGKILL');
        await left;
      }
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}
