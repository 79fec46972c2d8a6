import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY } from '../../playground/stage/clouds.js';
import { CHANNEL } from '../../playground/stage/stage.js';
import { openForm, wordsOn } from './filling.js';
import { eventsOf, openPlay, type Play, planned, requestsIn } from './play.js';

let play: Play;
const SEEDS = {
  alibaba: { states: ['running', 'running', 'stopped'] },
  tencent: { states: ['stopped'] },
  volcengine: { states: ['running'] },
  huawei: { states: ['stopped'] },
} as const;

describe.each(['socket', 'http'] as const)('the form over %s', (transport) => {
  beforeAll(async () => {
    play = await openPlay({ transport, slack: { rateLimits: false }, seeds: SEEDS });
  });
  afterAll(() => play.stop());

  it('asks for what is chosen in it, and the plan is what the preview showed', async () => {
    const form = await openForm(play);
    await form.choose('form_account', 'n:prod-hz', 'form_key');
    expect(await form.search('form_key', 'dep')).toContain(KEY);
    await form.choose('form_key', `n:${KEY}`, 'form_scope');
    const { next } = await form.submit({ form_reason: 'laptop  stolen', form_restart: ['restart'] });
    expect(next && wordsOn(next)).toContain('laptop stolen');
    const { next: taken } = await form.submit();
    const [, id = ''] = /"(\w{6})"/.exec(taken ? wordsOn(taken) : '') ?? [];
    const root = await planned(play, id);
    expect(root.channel).toBe(CHANNEL);
    expect(await requestsIn(play)).toEqual([id]);
    expect(await eventsOf(play, id)).toMatchObject([
      { type: 'requested', reason: 'laptop stolen', restart: true },
      {},
      {},
    ]);
  });
});
