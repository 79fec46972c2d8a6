import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { App } from '@slack/bolt';
import { z } from 'zod';
import { makeGate } from '../../../playground/gate.js';
import { ACTIONS, VIEWS } from '../../../src/bot/ids.js';
import { encodeForm } from '../../../src/bot/listeners/deny-form.js';
import { registerListeners } from '../../../src/bot/listeners/register.js';
import { outdatedView } from '../../../src/bot/messages/denial.js';
import { approvedReply, helpReply, outdatedReply } from '../../../src/bot/messages/replies.js';
import type { Request } from '../../../src/jobs/request.js';
import { CHANNEL } from '../../jobs/house.js';
import { ASKER, buttonValueOf, type Desk, LEAD, openDesk } from './desk.js';

/** Which gesture reaches which listener, through Bolt itself; answers go to a response URL, as in Slack. */

let desk: Desk;
let app: App;
let request: Request;
let server: Server;
let answers: { text: string }[];
beforeEach(async () => {
  desk = openDesk();
  request = await desk.waiting();
  answers = [];
  server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    answers.push(z.object({ text: z.string() }).parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    outgoing.writeHead(200, { connection: 'close' }).end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  app = new App({
    authorize: async () => ({ botToken: 'xoxb-test', botUserId: 'U0BOT' }),
    receiver: { init() {}, start: async () => {}, stop: async () => {} },
    convoStore: false,
  });
  registerListeners(app, desk.dependencies);
});
afterEach(async () => {
  const closed = makeGate();
  server.closeAllConnections();
  server.close(() => closed.open());
  await closed.promise;
});

const responseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/respond`;
let acks = 0;
const ack = async () => {
  acks += 1;
};
beforeEach(() => {
  acks = 0;
});

async function click(actionId: string, by: string): Promise<void> {
  const { action, body } = desk.click(by, buttonValueOf(request), { actionId });
  await app.processEvent({ ack, body: { ...body, response_url: responseUrl(), actions: [action] } });
}

describe('a button', () => {
  it.each([
    [ACTIONS.approve, LEAD, 'awaiting-approval', 1],
    [ACTIONS.cancel, ASKER, 'cancelled', 0],
  ])('%s does what it says, is acked once and answered once', async (actionId, by, state, approvals) => {
    await click(actionId, by);
    const after = await desk.store.load(request.id);
    expect([after.state, after.approvals.length]).toEqual([state, approvals]);
    expect([acks, answers.length]).toEqual([1, 1]);
    if (actionId === ACTIONS.approve) expect(answers[0]?.text).toBe(approvedReply({ request: after }, 'en').text);
  });

  it.each(['unknown', 'approve2', 'un_approve', 'approve.', ''])(
    'of the name "%s" is told as outdated',
    async (actionId) => {
      await click(actionId, LEAD);
      expect(await desk.store.load(request.id)).toEqual(request);
      expect(answers.map(({ text }) => text)).toEqual([outdatedReply('en').text]);
      expect(acks).toBe(1);
    },
  );
});

describe('a form', () => {
  const submit = async (callback_id: string, type = 'view_submission') => {
    const { view, body } = desk.send(LEAD, { private_metadata: formOf(request) }, 'wrong key');
    const shown = { ...view, id: 'V1', callback_id, type: 'modal' };
    await app.processEvent({ ack: answered, body: { ...body, type, view: shown } });
  };
  const formOf = (of: Request) => encodeForm({ value: buttonValueOf(of), channel: CHANNEL, language: 'en' });
  let acked: unknown[];
  const answered = async (response?: unknown) => {
    acked.push(response);
  };
  beforeEach(() => {
    acked = [];
  });

  it('that was sent does what it says', async () => {
    await submit(VIEWS.deny);
    expect(await desk.store.load(request.id)).toMatchObject({ state: 'denied', denial: 'wrong key' });
    expect(acked).toEqual([undefined]);
  });

  it.each(['', 'deny2', 'form'])('of the name "%s" is told as outdated in its place', async (name) => {
    await submit(name);
    expect(acked).toEqual([{ response_action: 'update', view: outdatedView('en') }]);
    expect(await desk.store.load(request.id)).toEqual(request);
  });

  it('that was closed is acked', async () => {
    await submit('anything', 'view_closed');
    expect(acked).toEqual([undefined]);
  });
});

describe('what no listener knows', () => {
  const acked: unknown[] = [];
  const send = (more: Record<string, unknown>) => {
    acked.length = 0;
    const { body } = desk.click(LEAD, undefined);
    const { actions: _actions, ...common } = body;
    const answered = async (response?: unknown) => void acked.push(response);
    return app.processEvent({ ack: answered, body: { ...common, trigger_id: 'trigger-9', ...more } });
  };

  it('of searches has no choices', async () => {
    await send({ type: 'block_suggestion', action_id: 'of_old', block_id: 'of_old', value: 'x' });
    expect(acked).toEqual([{ options: [] }]);
  });

  it('of shortcuts is told as outdated', async () => {
    await send({ type: 'shortcut', callback_id: 'of_old' });
    expect(acked).toEqual([undefined]);
    expect(desk.forms).toEqual([{ trigger: 'trigger-9', view: outdatedView('en') }]);
  });
});

describe('the command', () => {
  const type = (command: string) => {
    const typed = desk.type(LEAD, 'help', { command, response_url: responseUrl() });
    return app.processEvent({ ack, body: { ...typed.command } });
  };

  it('is answered', async () => {
    await type('/detach-key');
    expect(answers.map(({ text }) => text)).toEqual([helpReply('en').text]);
    expect(acks).toBe(1);
  });

  it('of another name is none of ours', async () => {
    await type('/detach');
    expect([acks, answers.length]).toEqual([0, 0]);
  });
});
