import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type ClientRequest, createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { HUAWEI_DOMAIN_ID, makeHuaweiDomainId } from '../../../playground/clouds/huawei/iam.js';
import { guard } from '../../../src/providers/guard.js';
import type { HuaweiOptions } from '../../../src/providers/huawei/provider.js';
import { credentials, makeServer, REGION, startWorld } from './harness.js';

/** What is said to IAM for an agency, and how its answers are read. What all clouds' roles do is in assumed-roles.test.ts. */

const AGENCY = { ...credentials, domainId: HUAWEI_DOMAIN_ID, agencyName: '运维 O&M', agencyDomainName: 'games' };
const call = { region: REGION, signal: new AbortController().signal };

let world: Awaited<ReturnType<typeof startWorld>>;
let servers: Server[];
beforeEach(async () => {
  servers = [];
  world = await startWorld([makeServer(1)]);
  world.cloud.sessions.roles.add('games/运维 O&M');
});
afterEach(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  await world.close();
});

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** An IAM that only ever says this. */
async function answering(status: number, body: unknown) {
  const asked: { method?: string; url?: string; headers: Record<string, unknown>; body: unknown }[] = [];
  const server = createServer((incoming, outgoing) => {
    void textOf(incoming).then((text) => {
      const { method, url, headers } = incoming;
      asked.push({ ...(method && { method }), ...(url && { url }), headers, body: JSON.parse(text) });
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { asked, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function answerOf(options: Partial<HuaweiOptions>) {
  const provider = world.open({ credentials: AGENCY, ...options });
  const guarded = guard(provider, { account: 'web', timeoutMs: 10_000, secrets: [], now: Date.now });
  return guarded.findKeyPair({ nameOrId: 'oncall' }, { region: REGION });
}

describe('IAM is asked', () => {
  const identity = (role: Record<string, unknown>) => ({
    auth: { identity: { methods: ['assume_role'], assume_role: { agency_name: AGENCY.agencyName, ...role } } },
  });

  test.each([
    [
      'the account by its name',
      {},
      { domain_name: 'games', duration_seconds: 3600, session_user: { name: 'detach-key' } },
    ],
    [
      'the account by its id, and a name for the session',
      { agencyDomainName: undefined, agencyDomainId: makeHuaweiDomainId('games'), agencySessionName: 'on-call' },
      { domain_id: makeHuaweiDomainId('games'), duration_seconds: 3600, session_user: { name: 'on-call' } },
    ],
  ])('with %s', async (_what, more, role) => {
    const iam = await answering(500, {});
    await answerOf({ endpoint: iam.endpoint, credentials: { ...AGENCY, ...more } });
    expect(iam.asked).toHaveLength(1);
    const [asked] = iam.asked;
    expect(asked).toMatchObject({ method: 'POST', url: '/v3.0/OS-CREDENTIAL/securitytokens', body: identity(role) });
    expect(asked?.headers).toMatchObject({ 'x-domain-id': HUAWEI_DOMAIN_ID });
    expect(asked?.headers['x-security-token']).toBe(credentials.securityToken);
    expect(asked?.headers).not.toHaveProperty('x-project-id');
    expect(await answerOf({ credentials: { ...AGENCY, ...more } })).toMatchObject({ ok: true });
  });

  test('and nobody else, whatever the SDK would look up', async () => {
    const addresses: string[] = [];
    const note = (message: unknown) => {
      const { request } = message as { request: ClientRequest };
      addresses.push(`${request.method} ${request.protocol}//${request.host}${request.path.replace(/\?.*/, '')}`);
    };
    subscribe('http.client.request.start', note);
    try {
      expect(await answerOf({})).toMatchObject({ ok: true });
      expect(await answerOf({ credentials: { ...AGENCY, domainId: undefined } })).toMatchObject({ ok: false });
    } finally {
      unsubscribe('http.client.request.start', note);
    }
    const iam = 'POST http://127.0.0.1/v3.0/OS-CREDENTIAL/securitytokens';
    expect(addresses).toEqual([iam, expect.stringMatching(/^GET http:\/\/127\.0\.0\.1\/v3\/\w+\/keypairs$/), iam]);
  });

  test('with nothing left behind in the SDK', async () => {
    await answerOf({});
    expect([DefaultHttpClient.httpReqParam, DefaultHttpClient.httpResponse]).toEqual([undefined, undefined]);
  });

  test('for no region that has no project id', async () => {
    const provider = world.open({ credentials: AGENCY });
    await expect(provider.listKeyPairs({}, { ...call, region: 'cn-east-3' })).rejects.toMatchObject({
      facts: { code: 'ProjectIdMissing' },
    });
    expect(world.cloud.calls).toEqual([]);
  });

  test('once where nobody waits for the answer any longer', async () => {
    const operation = 'POST /v3.0/OS-CREDENTIAL/securitytokens';
    const provider = world.open({ credentials: AGENCY });
    const held = world.cloud.hold(operation);
    const controller = new AbortController();
    const given = provider.listKeyPairs({}, { ...call, signal: controller.signal }).catch((error: unknown) => error);
    await held.arrived;
    controller.abort();
    expect(await given).toMatchObject({ facts: { transport: 'aborted', unsent: true } });
    held.release();
    expect((await provider.listKeyPairs({}, call)).items).not.toHaveLength(0);
    expect(world.cloud.calls.map((one) => one.operation)).toEqual([operation, 'GET /v3/{project_id}/keypairs']);
  });
});

const stone = (code: number, message: string, title: string) => ({ error: { code, message, title } });
const coded = (error_code: string, error_msg: string) => ({ error_code, error_msg });

describe('an answer of IAM', () => {
  test.each([
    [400, stone(400, 'No domain.', 'Bad Request'), { code: 'Http400', hint: 'check-role' }],
    [404, stone(404, 'No agency.', 'Not Found'), { code: 'Http404', hint: 'check-role' }],
    [401, stone(401, 'Who are you?', 'Unauthorized'), { code: 'Http401', hint: 'check-credentials' }],
    [403, stone(403, 'Action Forbidden', 'Forbidden'), { code: 'Http403', hint: 'check-role' }],
    [403, coded('IAM.0003', 'Policy'), { code: 'IAM.0003', hint: 'check-role' }],
    [404, coded('IAM.0004', 'Could not find agency'), { code: 'IAM.0004', hint: 'check-role' }],
    [400, coded('IAM.0073', 'Invalid input'), { code: 'IAM.0073', hint: 'check-role' }],
    [400, coded('IAM.1108', 'Expired'), { code: 'IAM.1108', hint: 'renew-credentials' }],
    [429, coded('IAM.0012', 'Slow down'), { code: 'IAM.0012', hint: 'rate-limited', repeat: 'later' }],
    [429, stone(429, 'Slow down', 'Too Many'), { code: 'Http429', hint: 'rate-limited', repeat: 'later' }],
    [500, coded('IAM.0006', 'Odd'), { code: 'IAM.0006', hint: 'cloud-trouble', repeat: 'later' }],
    [503, {}, { code: 'Http503', hint: 'cloud-trouble', repeat: 'later' }],
    [201, { credential: { access: 'a', secret: 'b' } }, { code: 'Malformed', repeat: 'later' }],
    [401, coded('APIGW.0301', 'Incorrect IAM'), { code: 'APIGW.0301', hint: 'check-credentials' }],
  ])('%d %j is told', async (status, body, fault) => {
    const iam = await answering(status, body);
    const answer = await answerOf({ endpoint: iam.endpoint });
    expect(answer).toMatchObject({ ok: false, fault: { repeat: 'never', ...fault } });
    expect(answer).toMatchObject({ fault: { message: expect.stringMatching(/^no credentials for the role: /) } });
  });

  test('that will not change leaves a write undone, and is not waited for', async () => {
    world.cloud.sessions.roles.clear();
    const provider = world.open({ credentials: AGENCY });
    const guarded = guard(provider, { account: 'web', timeoutMs: 10_000, secrets: [], now: Date.now });
    const [id = ''] = world.cloud.world.instances.keys();
    const input = { instanceIds: [id], token: 't', keyPair: { name: 'oncall' } };
    const { instances } = await guarded.detach(input, { region: REGION });
    expect(instances.get(id)).toMatchObject({ kind: 'refused', fault: { code: 'Http403', repeat: 'never' } });
  });
});
