#!/usr/bin/env node
/** `npx detach-key <program>`: each program is loaded only when it is asked for. */
const PROGRAMS: Readonly<Record<string, () => Promise<void>>> = {
  start: async () => (await import('../src/main.js')).main(),
  demo: async () => (await import('../playground/demo.js')).main(process.argv.slice(3)),
  config: async () => (await import('./config-check.js')).main(process.argv.slice(3)),
};

const [, , name = ''] = process.argv;
const program = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
if (program === undefined) {
  process.stderr.write('Usage: detach-key start | demo [--keep] | config check\n');
  process.exitCode = 2;
} else {
  await program();
}
