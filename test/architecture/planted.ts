import type { RULES } from './rules.js';
import type { Source } from './source.js';

/** Texts on which each rule must speak up, and texts on which it must not. */
type Planted = { bad: Source[][]; good: Source[][] };

const file = (path: string, ...lines: string[]): Source => ({ path, text: `${lines.join('\n')}\n` });
const lines = (count: number) => Array.from({ length: count }, (_, index) => `// ${index}`);

export const PLANTED: Record<keyof typeof RULES, Planted> = {
  'imports go one way': {
    bad: [
      [file('src/jobs/x.ts', "import { a } from '../bot/app.js';")],
      [file('src/jobs/x.ts', "import { guard } from '../providers/guard.js';")],
      [file('src/providers/x/client.ts', "import type { A } from '../y/client.js';")],
      [file('src/providers/x/client.ts', "import type { A } from '../../jobs/request.js';")],
      [file('src/providers/guard.ts', "import { a } from './x/client.js';")],
      [file('src/bot/x.ts', 'import {', '  a,', "} from '../jobs/log.js';")],
      [file('src/bot/x.ts', "import { isBound } from '../providers/contract.js';")],
      [file('src/config/x.ts', "import { a } from '../service.js';")],
      [file('src/x.ts', "export { a } from '../playground/gate.js';")],
      [file('src/service.ts', "import { a } from '../test/x.js';")],
      [file('src/new-part.ts', "import { a } from './config.js';")],
      [file('src/jobs/x.ts', "const a = await import('../bot/app.js');")],
      [file('playground/clouds/x/cloud.ts', "import { a } from '../../../src/providers/contract.js';")],
      [file('playground/clouds/x/cloud.ts', "import { a } from '../y/cloud.js';")],
      [file('playground/demo.ts', "import { a } from '../test/x.js';")],
    ],
    good: [
      [file('src/bot/x.ts', "import type { A } from '../providers/contract.js';")],
      [file('src/bot/x.ts', "import { type A, type B } from '../jobs/events.js';")],
      [file('src/providers/x/provider.ts', "import { a } from './client.js';")],
      [
        file(
          'src/jobs/x.ts',
          "// import { a } from '../bot/app.js';",
          'const a = \'import { b } from "../bot/app.js"\';',
        ),
      ],
    ],
  },
  'adapters are loaded when they are used': {
    bad: [[file('src/providers/registry.ts', "import { createProvider } from './x/provider.js';")]],
    good: [[file('src/providers/registry.ts', "const load = async () => import('./x/provider.js');")]],
  },
  'no file imports itself in a ring': {
    bad: [
      [file('src/a.ts', "import type { B } from './b.js';"), file('src/b.ts', "import { a } from './a.js';")],
      [
        file('src/a.ts', "import { b } from './b.js';"),
        file('src/b.ts', "import { c } from './c.js';"),
        file('src/c.ts', "import { b } from './b.js';"),
      ],
    ],
    good: [[file('src/a.ts', "import { b } from './b.js';"), file('src/b.ts', 'export const b = 1;')]],
  },
  'packages come in by their doors': {
    bad: [
      [file('src/jobs/advance.ts', "import type { Job } from 'bullmq';")],
      [file('src/bot/app.ts', "import { Redis } from 'ioredis';")],
      [file('src/jobs/notifier.ts', "import type { KnownBlock } from '@slack/types';")],
      [file('src/providers/alibaba/provider.ts', "import { Config } from '@alicloud/openapi-core';")],
      [file('src/providers/tencent/client.ts', "import { Config } from '@alicloud/openapi-core';")],
      [file('src/jobs/log.ts', "import { readFileSync } from 'node:fs';")],
      [file('src/logger.ts', "import { left } from 'left-pad';")],
      [file('playground/clouds/x/cloud.ts', "import { Client } from '@volcengine/sdk-core';")],
    ],
    good: [[file('src/jobs/queues.ts', "import { Queue } from 'bullmq';", "import type { Redis } from 'ioredis';")]],
  },
  'the process is touched at its doors': {
    bad: [
      [file('src/jobs/log.ts', 'const a = process.env.REDIS_URL;')],
      [file('src/service.ts', "process.on('SIGTERM', stop);")],
      [file('src/service.ts', 'process.exitCode = 1;')],
      [file('src/bot/app.ts', 'console.log(1);')],
      [file('playground/gate.ts', 'console.log(1);')],
      [file('src/bot/app.ts', "const a = require('fs');")],
      [file('src/bot/app.ts', 'const a = b / process.env.C / d;')],
      [file('src/bot/app.ts', ['const a = `$', '{b.map(() => ({ c: process.exit() }))} /`;'].join(''))],
    ],
    good: [
      [file('src/config.ts', 'const { env } = { env: process.env };')],
      [file('src/jobs/log.ts', "const a = 'process.env';", '// process.env', 'const b = /process.env/;')],
    ],
  },
  'tests write no console': {
    bad: [[file('test/x.test.ts', "console.log('here');")]],
    good: [[file('test/x.test.ts', "test('the console page', run);")]],
  },
  'providers are named at home only': {
    bad: [[file('src/jobs/steps.ts', "if (provider === 'huawei') stop();")]],
    good: [
      [file('src/jobs/steps.ts', "// As 'huawei' does.")],
      [file('src/providers/registry.ts', "const a = 'huawei';")],
    ],
  },
  'pure files import pure files': {
    bad: [
      [file('src/jobs/decide.ts', "import { createLog } from './log.js';")],
      [file('src/jobs/decide.ts', "import { randomUUID } from 'node:crypto';")],
      [file('src/bot/messages/root.ts', "import { App } from '@slack/bolt';")],
      [file('src/providers/x/errors.ts', "import { readFileSync } from 'node:fs';")],
    ],
    good: [
      [
        file(
          'src/jobs/decide.ts',
          "import { createHash } from 'node:crypto';",
          "import { evolve } from './evolve.js';",
        ),
      ],
      [file('src/bot/messages/root.ts', "import type { KnownBlock } from '@slack/types';")],
    ],
  },
  'pure files take time and chance as parameters': {
    bad: [
      [file('src/jobs/evolve.ts', 'const at = Date.now();')],
      [file('src/jobs/evolve.ts', 'const at = new Date();')],
      [file('src/bot/ids.ts', ['const a = `$', '{Math.random()}`;'].join(''))],
      [file('src/jobs/judge.ts', 'setTimeout(run, 1);')],
    ],
    good: [[file('src/jobs/evolve.ts', 'const at = new Date(now);', "const a = 'Date.now';")]],
  },
  'jobs and providers are given their clock': {
    bad: [[file('src/jobs/handlers/batch.ts', 'const at = Date.now();')]],
    good: [[file('src/jobs/handlers/batch.ts', 'const at = dependencies.now();')]],
  },
  'files are short': {
    bad: [[file('src/a.ts', ...lines(251))], [file('test/a.test.ts', ...lines(401))]],
    good: [[file('src/a.ts', ...lines(250))], [file('test/a.test.ts', ...lines(400))]],
  },
  'files are named for what they hold': {
    bad: [
      [file('src/utils.ts')],
      [file('src/jobs/redis-helpers.ts')],
      [file('src/common/log.ts')],
      [file('src/jobs/requestLog.ts')],
      [file('src/a/b/c/d/e.ts')],
    ],
    good: [[file('src/jobs/handlers/survey.ts')], [file('test/jobs/request-log.test.ts')]],
  },
  'there are no barrels': {
    bad: [
      [file('src/jobs/all.ts', "export { a } from './a.js';", 'export type {', '  B,', "} from './b.js';")],
      [file('src/jobs/all.ts', "export * from './a.js';", 'export const b = 1;')],
    ],
    good: [[file('src/jobs/a.ts', "export { a } from './a.js';", 'export const b = 1;')], [file('src/jobs/a.ts', '')]],
  },
  'there are no default exports': {
    bad: [[file('src/a.ts', 'export default 1;')], [file('src/a.ts', 'export { a as default };')]],
    good: [[file('src/a.ts', 'switch (a) {', '  default:', '}')]],
  },
  'modules hold no state': {
    bad: [
      [file('src/a.ts', 'let count = 0;')],
      [file('src/a.ts', 'export var count = 0;')],
      [file('src/a.ts', 'const cache = new Map<string, number>();')],
      [file('src/a.ts', 'const seen: string[] = [];')],
    ],
    good: [[file('src/a.ts', 'const known = new Set([1]);', 'function count() {', '  let sum = 0;', '}')]],
  },
  'modules only declare': {
    bad: [
      [file('src/a.ts', 'run();')],
      [file('src/a.ts', 'await run();')],
      [file('src/a.ts', 'for (const a of [1]) run(a);')],
      [file('src/a.ts', 'if (a) run();')],
    ],
    good: [[file('src/a.ts', '/** run(); */', 'export const a = run(', '  1,', ');', 'const b = `', 'run();', '`;')]],
  },
  'nothing is left open': {
    bad: [
      [file('src/a.ts', '// TODO: later')],
      [file('src/a.ts', '// @ts-ignore')],
      [file('src/a.ts', '// biome-ignore lint: because')],
    ],
    good: [[file('src/a.ts', '// What is still to do.')]],
  },
  'every test runs, and mocks no module': {
    bad: [
      [file('test/a.test.ts', "test.skip('a', run);")],
      [file('test/a.test.ts', "describe.only('a', run);")],
      [file('test/a.test.ts', "test.only.each([1])('a', run);")],
      [file('test/a.test.ts', "jest.mock('node:fs');")],
    ],
    good: [[file('test/a.test.ts', "test('may skip(', run);")]],
  },
  'nothing is decided by the words of a message': {
    bad: [
      [file('src/a.ts', "if (error.message.includes('timeout')) retry();")],
      [file('src/a.ts', 'if (error.message.match(/x/)) retry();')],
      [file('src/a.ts', 'if (/x/.test(error.message)) retry();')],
      [file('src/a.ts', "if (error.message === 'x') retry();")],
    ],
    good: [[file('src/a.ts', "if (error.code === 'x') retry(error.message);")]],
  },
  'nothing is any': {
    bad: [
      [file('src/a.ts', 'const a: any = 1;')],
      [file('src/a.ts', 'const a = b as any;')],
      [file('test/a.ts', 'const a: Map<string, any> = b;')],
    ],
    good: [[file('src/a.ts', '// any', "const a: Kind = 'any';", 'const b = { any: 1 };')]],
  },
};
