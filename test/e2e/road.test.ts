import { afterEach, describe, expect, it } from '@jest/globals';
import { KEY, KIND_IDS } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE, type Stage, startStage } from '../../playground/stage/stage.js';
import { renderChannel } from '../../playground/slack/render.js';

const seeds = {
  alibaba: { states: ['running', 'running', 'stopped'] },
  tencent: { states: ['stopped', 'stopped', 'running'] },
  volcengine: { states: ['running', 'stopped'] },
  huawei: { states: ['stopped', 'running'] },
} as const;

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.stop();
  stage = undefined;
});

describe.each(['socket', 'http'] as const)('over %s', (transport) => {
  it('goes the whole road on four clouds', async () => {
    stage = await startStage({ redisUrl: process.env.REDIS_URL ?? '', transport, seeds, tuning: { keyPrefix: `e2e-${transport}-${Date.now()}` } });
    const { slack, clouds } = stage;
    for (const kind of KIND_IDS) {
      const { account } = clouds[kind];
      await slack.as(PEOPLE.requester).command(CHANNEL, '/detach-key', `${account} ${KEY} all --restart --reason laptop stolen`);
      const root = await slack.waitFor(
        () => slack.messages(CHANNEL).find((m) => m.thread_ts === undefined && JSON.stringify(m.blocks).includes('"approve"') && JSON.stringify(m.blocks).includes(account)),
        `the plan for ${account}`,
      );
      await slack.as(PEOPLE.approver).click(root, 'approve');
      await slack.waitFor(() => slack.thread(CHANNEL, root.ts).some((m) => /finished|Done|✅.*all/i.test(m.text)), 'the end', 20000);
    }
    process.stdout.write(`${renderChannel(slack, CHANNEL)}\n`);
    for (const kind of KIND_IDS) {
      for (const instance of clouds[kind].cloud.world.instances.values()) expect([kind, instance.opens]).toEqual([kind, []]);
    }
  });
});
