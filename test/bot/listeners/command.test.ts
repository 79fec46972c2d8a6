import { describe, expect, it } from '@jest/globals';
import type { Place } from '../../../src/bot/identity.js';
import { createCommandListener } from '../../../src/bot/listeners/command.js';
import {
  cancelReply,
  createRefusalReply,
  helpReply,
  mistakeReply,
  openRequestsReply,
  placeReply,
  refusalReply,
  statusReply,
  takenReply,
} from '../../../src/bot/messages/replies.js';
import { CHANNEL, member } from '../../jobs/house.js';
import { ASKER, answerOf, type Desk, openDesk } from './desk.js';

const run = (desk: Desk, text: string, more: Parameters<Desk['type']>[2] = {}, by = ASKER) =>
  createCommandListener(desk.dependencies)(desk.type(by, text, more));
const open = (desk: Desk) => desk.dependencies.reader.listOpen({ person: member(ASKER) });

describe('detach', () => {
  it('makes a request of what was typed', async () => {
    const desk = openDesk();
    await run(desk, 'prod-two/cn-beijing deploy i-1,i-2 --restart --reason laptop stolen');
    const [request, ...others] = await open(desk);
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      state: 'planning',
      requester: ASKER,
      channel: CHANNEL,
      restart: true,
      reason: 'laptop stolen',
      selections: [{ account: 'prod-two', region: 'cn-beijing', key: 'deploy', instances: ['i-1', 'i-2'] }],
    });
    if (request) expect(answerOf(desk)).toMatchObject(takenReply(request, true, 'en'));
  });

  it('that Slack delivers twice makes one request', async () => {
    const desk = openDesk();
    await Promise.all([run(desk, 'prod-hz deploy all'), run(desk, 'prod-hz deploy all')]);
    await run(desk, 'prod-hz deploy all');
    const [request, ...others] = await open(desk);
    expect(others).toEqual([]);
    if (request) expect(desk.answers.at(-1)).toMatchObject(takenReply(request, false, 'en'));
    await run(desk, 'prod-hz deploy all', { trigger_id: 'trigger-2' });
    expect(await open(desk)).toHaveLength(2);
  });

  it('is written in the language that all share', async () => {
    const desk = openDesk({ language: 'zh' });
    const known = desk.people.get(ASKER);
    if (known) desk.people.set(ASKER, { ...known, language: 'en' });
    await run(desk, 'prod-hz deploy all');
    const [request] = await open(desk);
    expect(request?.language).toBe('zh');
    if (request) expect(answerOf(desk)).toMatchObject(takenReply(request, true, 'en'));
  });

  it.each<Place['kind']>(['not-in-channel', 'archived', 'shared'])('makes none in a place that is %s', async (kind) => {
    if (kind === 'usable') throw new Error('that one is');
    const desk = openDesk();
    desk.places.set(CHANNEL, { kind });
    await run(desk, 'prod-hz deploy all');
    expect(answerOf(desk)).toMatchObject(placeReply(kind, 'en'));
    expect(await open(desk)).toEqual([]);
  });

  it('makes none in a direct message, which is not even looked at', async () => {
    const desk = openDesk();
    await run(desk, 'prod-hz deploy all', { channel_id: 'D0ASKER', channel_name: 'directmessage' });
    expect(answerOf(desk)).toMatchObject(placeReply('not-in-channel', 'en'));
    expect(desk.steps).toEqual(['ack', 'look', 'answer']);
  });

  it('makes none of what the config does not allow, and says why', async () => {
    const desk = openDesk();
    await run(desk, 'nowhere deploy all');
    const refusals = [{ code: 'unknown-account', account: 'nowhere', known: ['prod-hz', 'prod-two'] }] as const;
    expect(answerOf(desk)).toMatchObject(createRefusalReply(refusals, 'en'));
    expect(await open(desk)).toEqual([]);
  });

  it('makes none of what cannot be read', async () => {
    const desk = openDesk();
    await run(desk, 'prod-hz deploy');
    expect(await open(desk)).toEqual([]);
    expect(desk.steps).toEqual(['ack', 'look', 'answer']);
  });
});

describe('undo', () => {
  it('is refused with a sentence of its own, and asks about the place first', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    await run(desk, `undo ${request.id.toLowerCase()} --restart`);
    await run(desk, 'undo ZZZZZZ');
    await run(desk, `undo ${request.id}`, { channel_id: 'D0ASKER', channel_name: 'directmessage' });
    expect(desk.answers).toMatchObject([
      createRefusalReply([{ code: 'not-ended' }], 'en'),
      refusalReply({ code: 'unknown-request' }, 'en'),
      placeReply('not-in-channel', 'en'),
    ]);
    expect(await open(desk)).toEqual([request]);
  });

  it('gives what was typed to the request', async () => {
    const desk = openDesk();
    const asked: unknown[] = [];
    desk.dependencies.requests.goOn = async (...given) => {
      asked.push(given);
      return { ok: false, refusals: [{ code: 'nothing-to-undo' }] };
    };
    await desk.waiting();
    await run(desk, 'undo k7m2qx —restart —reason wrong key');
    const wanted = { channel: CHANNEL, restart: true, reason: 'wrong key' };
    expect(asked).toMatchObject([['k7m2qx', 'undo', { id: ASKER }, wanted]]);
    expect(answerOf(desk)).toMatchObject(createRefusalReply([{ code: 'nothing-to-undo' }], 'en'));
  });
});

describe('the other words', () => {
  it('help', async () => {
    const desk = openDesk();
    await run(desk, 'help');
    expect(answerOf(desk)).toMatchObject(helpReply('en'));
  });

  it('help and mistakes are answered in their reader’s language, and while Slack knows nobody', async () => {
    const desk = openDesk({ language: 'zh' });
    const asker = desk.people.get(ASKER);
    if (asker) desk.people.set(ASKER, { ...asker, language: 'en' });
    const texts = ['help', 'prod-hz deploy'];
    for (const text of texts) await run(desk, text);
    desk.loseSlack();
    for (const text of texts) await run(desk, text);
    const mistake = { code: 'missing-instances', place: 'prod-hz', key: 'deploy' } as const;
    expect(desk.answers).toMatchObject([
      helpReply('en'),
      mistakeReply(mistake, 'en'),
      helpReply('zh'),
      mistakeReply(mistake, 'zh'),
    ]);
  });

  it('status, of one in any writing, of all, and of none', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    await run(desk, 'status k7m2qx');
    await run(desk, 'status');
    await run(desk, 'status ZZZZZZ');
    expect(desk.answers).toMatchObject([
      statusReply(request, 'en'),
      openRequestsReply([request], 'en'),
      refusalReply({ code: 'unknown-request' }, 'en'),
    ]);
  });

  it('cancel, by who may and by who may not', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    await run(desk, `cancel ${request.id}`, {}, 'U0OTHER');
    expect(await desk.store.load(request.id)).toEqual(request);
    await run(desk, `cancel ${request.id.toLowerCase()}`);
    const after = await desk.store.load(request.id);
    expect(after.state).toBe('cancelled');
    expect(desk.answers).toMatchObject([refusalReply({ code: 'not-yours' }, 'en'), cancelReply(after, 'en')]);
  });

  it('cancel, of what somebody may not see', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    await run(desk, `cancel ${request.id}`, { channel_id: 'C0ELSEWHERE' }, 'U0OTHER');
    expect(answerOf(desk)).toMatchObject(refusalReply({ code: 'unknown-request' }, 'en'));
  });
});
