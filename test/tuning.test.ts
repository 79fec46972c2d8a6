import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { durationSchema } from '../src/config/duration.js';
import { TUNING } from '../src/tuning.js';

const { stopLimitMs, stopGraceMs, stopLastMs, slackMs, timing, find } = TUNING;

it('a stop is over before the process ends as it is, and that before it is killed', () => {
  expect(stopLastMs).toBeGreaterThan(stopLimitMs + stopGraceMs);
  const { services } = parse(readFileSync('docker-compose.yml', 'utf8'));
  const grace: string = services['detach-key'].stop_grace_period;
  expect(durationSchema.parse(grace)).toBeGreaterThan(stopLastMs);
  const readme = readFileSync('README.md', 'utf8');
  expect(readme).toContain(`stop_grace_period: ${grace}`);
  expect(readme).toContain(`terminationGracePeriodSeconds: ${Number.parseInt(grace, 10)}`);
});

it('what runs at a stop and is well ends by itself before the limit', () => {
  for (const ms of [slackMs, timing.callMs, find.totalMs]) expect(ms).toBeLessThan(stopLimitMs);
});
