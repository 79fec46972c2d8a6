import { readProcessConfig } from '../src/config.js';

/** `detach-key config check`: says what is wrong with the config, or that nothing is. */
export async function main(words: readonly string[]): Promise<void> {
  if (words.length !== 1 || words[0] !== 'check') {
    process.stderr.write('Usage: detach-key config check\n');
    process.exitCode = 2;
    return;
  }
  const read = readProcessConfig();
  const lines = read.ok ? read.config.warnings : read.faults;
  for (const line of lines) process.stdout.write(`${read.ok ? 'warning' : 'fault'}: ${line}\n`);
  if (read.ok) process.stdout.write(`The config is good: ${read.config.accounts.size} accounts.\n`);
  else process.exitCode = 1;
}
