import { GlobalCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/GlobalCredentials.js';
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js';
import { type Logger, LogLevel } from '@huaweicloud/huaweicloud-sdk-core/logger/index.js';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HUAWEI_DOMAIN_ID, makeHuaweiDomainId } from '../../../playground/clouds/huawei/iam.js';
import { credentials, makeServer, REGION, startWorld } from './harness.js';

/** What the local IAM holds against a request that the SDK signed. */

let world: Awaited<ReturnType<typeof startWorld>>;
beforeEach(async () => {
  world = await startWorld([makeServer(1)]);
  world.cloud.sessions.roles.add('games/detacher');
});
afterEach(() => world.close());

const ignore = () => {};
const quiet: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  setLevel: ignore,
  getLevel: () => LogLevel.ERROR,
  setName: ignore,
};

const ROLE = { agency_name: 'detacher', domain_name: 'games' };

async function ask(role: Record<string, unknown>, domainId: string | undefined = HUAWEI_DOMAIN_ID) {
  const { accessKeyId: ak, secretAccessKey: sk, securityToken } = credentials;
  const address = [world.cloud.url];
  const http = new DefaultHttpClient({ logger: quiet }, address);
  const credential = new GlobalCredentials({ ak, sk, securityToken, ...(domainId && { domainId }) });
  const answer: unknown = await new HcClient(http)
    .withCredential(credential)
    .withEndpoints(address)
    .sendRequest({
      method: 'POST',
      url: '/v3.0/OS-CREDENTIAL/securitytokens',
      contentType: 'application/json',
      queryParams: {},
      pathParams: {},
      headers: {},
      data: { auth: { identity: { methods: ['assume_role'], assume_role: role } } },
    })
    .catch((error: { httpStatusCode: number; errorCode: unknown }) => ({
      status: error.httpStatusCode,
      code: error.errorCode,
    }));
  return answer;
}

test.each([
  ['900 seconds where none are named', {}, 900],
  ['as many as were asked for', { duration_seconds: 86_400 }, 86_400],
])('gives keys for %s', async (_what, more, seconds) => {
  const before = Date.now();
  expect(await ask({ ...ROLE, ...more })).toMatchObject({
    httpStatusCode: 201,
    credential: {
      access: expect.any(String),
      secret: expect.any(String),
      securitytoken: expect.any(String),
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    },
  });
  const [session] = world.cloud.sessions.given;
  expect(session?.expiresAt).toBeGreaterThanOrEqual(before + seconds * 1000);
  expect(session?.expiresAt).toBeLessThanOrEqual(Date.now() + seconds * 1000);
});

test('knows the account of an agency by its id, too', async () => {
  const byId = { agency_name: 'detacher', domain_id: makeHuaweiDomainId('games') };
  expect(await ask(byId)).toMatchObject({ httpStatusCode: 201 });
  expect(await ask({ ...byId, domain_id: makeHuaweiDomainId('news') })).toEqual({ status: 403, code: 403 });
});

const forbidden = { status: 403, code: 403 };
const missing = { status: 400, code: 'IAM.0072' };
const invalid = { status: 400, code: 'IAM.0073' };

test.each([
  ['an agency that is not there', { ...ROLE, agency_name: 'other' }, forbidden],
  ['an account that is not there', { ...ROLE, domain_name: 'news' }, forbidden],
  ['no agency', { domain_name: 'games' }, missing],
  ['no account', { agency_name: 'detacher' }, missing],
  ['too short a time', { ...ROLE, duration_seconds: 899 }, invalid],
  ['too long a time', { ...ROLE, duration_seconds: 86_401 }, invalid],
  ['half a second', { ...ROLE, duration_seconds: 900.5 }, invalid],
  ['too short a name of the session', { ...ROLE, session_user: { name: 'abcd' } }, invalid],
  ['too long a name of the session', { ...ROLE, session_user: { name: 'a'.repeat(65) } }, invalid],
  ['a name that begins with a digit', { ...ROLE, session_user: { name: '1abcd' } }, invalid],
])('refuses %s', async (_what, role, refusal) => {
  expect(await ask(role)).toEqual(refusal);
  expect(world.cloud.sessions.given).toEqual([]);
});

test('refuses a request that does not name the account of its keys', async () => {
  expect(await ask(ROLE, '')).toEqual(forbidden);
  expect(await ask(ROLE, makeHuaweiDomainId('games'))).toEqual(forbidden);
});

test('lets keys that may assume an agency do nothing else', async () => {
  const call = { region: REGION, signal: new AbortController().signal };
  await expect(world.provider.listKeyPairs({}, call)).rejects.toMatchObject({ facts: { code: 'KPS.9003' } });
  world.cloud.sessions.roles.clear();
  expect((await world.provider.listKeyPairs({}, call)).items).not.toHaveLength(0);
});

test('refuses keys without the permission', async () => {
  world.cloud.fail(/securitytokens/, { kind: 'forbidden' });
  expect(await ask(ROLE)).toEqual({ status: 403, code: 'IAM.0003' });
});
