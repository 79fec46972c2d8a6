import { describe, expect, test } from '@jest/globals';
import type { Call } from '../../playground/clouds/cloud.js';
import type { KindId } from '../../playground/stage/clouds.js';
import { catalogue } from '../../src/bot/messages/catalogue.js';
import { LANGUAGES, type Language, type RequestEvent } from '../../src/jobs/events.js';
import { isPausing } from '../../src/jobs/holds/holds.js';
import type { Request } from '../../src/jobs/request.js';
import { findRow } from '../../src/providers/classify.js';
import type { ErrorRow, Hint } from '../../src/providers/failures.js';
import { PROVIDERS } from '../../src/providers/registry.js';
import { check, shownText } from '../bot/messages/reading.js';
import { threadMessages } from '../bot/messages/telling.js';
import { type Simulation, type SimulationOptions, startSimulation } from '../jobs/simulation.js';
import { naming } from './play.js';

/**
 * Every code that the documents of the four detach calls list, raised by the local cloud while a request runs:
 * what becomes of the instances, and what the thread says of each.
 */
type Documented = { code: string; words: string; httpStatus?: number };

const documented = (table: string): Documented[] =>
  table
    .trim()
    .split('\n')
    .map((line) => {
      const [code = '', httpStatus = '', words = ''] = line.split('|').map((cell) => cell.trim());
      return { code, words, ...(httpStatus !== '' && { httpStatus: Number(httpStatus) }) };
    });

/** "DetachKeyPair" of ECS. The check for Windows stands in the results as well, with HTTP 200 ("AttachKeyPair"). */
const ALIBABA_CALL = documented(`
  InvalidKeyPairName.NotFound             | 400 | The specified KeyPairName does not exist in our records.
  DependencyViolation.WindowsInstance     | 403 | The instance creating is windows, cannot use ssh key pair to login
  InvalidInstanceIds.ValueNotSupported    | 400 | The specified parameter InstanceIds is not valid.`);
const ALIBABA_INSTANCE = ALIBABA_CALL.filter(({ code }) => code === 'DependencyViolation.WindowsInstance');

/** "DisassociateInstancesKeyPairs" of CVM: always with HTTP 200, always for the whole call. */
const TENCENT = documented(`
  InternalServerError                     | | 操作内部错误。
  InvalidInstance.NotSupported            | | 不被支持的实例。
  InvalidInstanceId.Malformed             | | 无效实例ID。指定的实例ID格式错误。例如实例ID长度错误ins-1122。
  InvalidInstanceId.NotFound              | | 没有找到相应实例。
  InvalidKeyPairId.Malformed              | | 无效密钥对ID。指定的密钥对ID格式错误，例如 ID 长度错误skey-1122。
  InvalidKeyPairId.NotFound               | | 无效密钥对ID。指定的密钥对ID不存在。
  InvalidParameterValue                   | | 无效参数值。参数值格式错误或者参数值不被支持等。
  InvalidParameterValue.LimitExceeded     | | 参数值数量超过限制。
  MissingParameter                        | | 参数缺失。请求没有带必选参数。`);

/** "DetachKeyPair" of ECS 2020-04-01: codes of the call, and codes of one instance in a reply with HTTP 200. */
const VOLCENGINE_CALL = documented(`
  MissingParameter.KeyPairNameAndKeyPairId | 400 | The required parameters KeyPairName and KeyPairId are not supplied.
  MissingParameter.InstanceIds             | 400 | The required parameter InstanceIds is not supplied.
  LimitExceeded.MaximumInstanceIds         | 400 | You've reach the limit on the number of InstanceIds that you can set.
  InvalidClientToken.Malformed             | 400 | The specified ClientToken is malformed.
  IdempotentParameterMismatch              | 400 | The request uses the same client token as a previous, but non-identical request.
  InvalidKeyPair.NotFound                  | 404 | The specified KeyPair does not exist.
  IdempotentProcessing                     | 412 | The request uses the same client token as a previous one that is still in process.
  InternalError                            | 500 | An internal error has occurred.`);
const VOLCENGINE_INSTANCE = documented(`
  InvalidInstance.NotFound                 | | The specified instance does not exist.
  InvalidKeyPairForWindows.Unsupported     | | The OSType of this specified instance is Windows, which does not support key pairs.
  InvalidResetAuthenticationAgent.NotFound | | The specified reset-authentication agent does not install on the instance.
  InvalidInstanceStatus                    | | The status of the specified instance does not support this request.
  FlowLimitExceeded                        | | You've reach the limit on request rate of resources.`);

/** "SSH key pair error codes" of KPS, which "DisassociateKeypair" points to; one call is about one instance. */
const HUAWEI = documented(`
  KPS.0001 | 400 | The taskId is illegal.
  KPS.0002 | 400 | parameter error.
  KPS.0003 | 500 | Dependency service is unavailable.
  KPS.0004 | 500 | Response error.
  KPS.0005 | 400 | Failed task is not found.
  KPS.0006 | 400 | User not found.
  KPS.4016 | 400 | The key pair is not exist.
  KPS.5001 | 500 | Database error.
  KPS.5002 | 500 | Database error.
  KPS.5003 | 500 | Database error.
  KPS.5004 | 500 | Database error.
  KPS.6004 | 400 | No Keypair find.
  KPS.6005 | 400 | No private key managed.
  KPS.6007 | 500 | Create kek failed.
  KPS.6008 | 400 | Encrypt private key failed.
  KPS.6009 | 403 | Keypair verify failed.
  KPS.6010 | 400 | Save privatekey failed.
  KPS.6011 | 400 | The imported private key not match.
  KPS.9001 | 401 | The token is failed to be authenticated.
  KPS.9002 | 401 | Public test service denied.
  KPS.9003 | 403 | No operation permission.
  KPS.9004 | 403 | The account is frozen.
  KPS.9005 | 403 | The account is restricted.
  KPS.9006 | 403 | Unknown user type.`);

const DETACH: Readonly<Record<KindId, string>> = {
  alibaba: 'DetachKeyPair',
  tencent: 'DisassociateInstancesKeyPairs',
  volcengine: 'DetachKeyPair',
  huawei: 'POST /v3/{project_id}/keypairs/disassociate',
};

/** For the whole call; for one instance of it; or, told only later, as the reason why one instance's task failed. */
type Level = 'call' | 'instance' | 'task';
type Case = Documented & { kind: KindId; level: Level };
const casesOf = (kind: KindId, level: Level, codes: readonly Documented[]): Case[] =>
  codes.map((one) => ({ ...one, kind, level }));

/** What no single instance can be the cause of, so that nobody looks for it. */
const EVERYONES = ['InternalServerError', 'InvalidKeyPairId.Malformed', 'InvalidKeyPairId.NotFound'];

const ANSWERED: readonly Case[] = [
  ...casesOf('alibaba', 'call', ALIBABA_CALL),
  ...casesOf('alibaba', 'instance', ALIBABA_INSTANCE),
  ...casesOf('tencent', 'call', TENCENT),
  ...casesOf(
    'tencent',
    'instance',
    TENCENT.filter(({ code }) => !EVERYONES.includes(code)),
  ),
  ...casesOf('volcengine', 'call', VOLCENGINE_CALL),
  ...casesOf('volcengine', 'instance', VOLCENGINE_INSTANCE),
  ...casesOf('huawei', 'call', HUAWEI),
];
/** A task's reason may be without a code: then its state is told ("ListFailedTask", "ListKeypairTask"). */
const STATE: Documented = { code: 'FAILED_UNBIND', words: 'Update public key error' };
const FAILED_TASKS = casesOf('huawei', 'task', [...HUAWEI, STATE]);

const stopped = (count: number) => ({
  states: Array.from({ length: count }, () => 'stopped' as const),
  restart: false,
});

type Played = { request: Request; ids: readonly string[]; calls: Simulation['cloud']['cloud']['calls'] };

async function play(
  kind: KindId,
  options: Pick<SimulationOptions, 'states' | 'restart'>,
  plant: (cloud: Simulation['cloud']) => void,
): Promise<Played> {
  const simulation = await startSimulation({ kind, ...options });
  try {
    plant(simulation.cloud);
    const request = await simulation.drive();
    return { request, ids: simulation.cloud.ids, calls: simulation.cloud.cloud.calls };
  } finally {
    await simulation.stop();
  }
}

/** The second of two instances is the bad one, where there is one. */
const BAD = 1;

function plantCase({ cloud, ids }: Simulation['cloud'], raised: Case, times: number): void {
  const { kind, level, code, words: message, httpStatus } = raised;
  const instanceId = ids[BAD] ?? '';
  const bad = cloud.world.instances.get(instanceId);
  if (level === 'task' && bad) bad.extra.failUnbind = { ...(code !== STATE.code && { code }), message };
  if (level === 'instance') cloud.fail(DETACH[kind], { kind: 'instance-code', instanceId, code, message }, times);
  const status = httpStatus === undefined ? {} : { httpStatus };
  if (level === 'call') cloud.fail(DETACH[kind], { kind: 'code', code, message, ...status }, times);
}

const playCase = (raised: Case, times: number): Promise<Played> =>
  play(raised.kind, stopped(2), (cloud) => plantCase(cloud, raised, times));

function rowOf({ kind, code }: Case): ErrorRow {
  const row = findRow(PROVIDERS[kind].errors, code);
  if (row === undefined) throw new Error(`${code} has no row`);
  return row;
}

const outcomesOf = ({ request, ids }: Played) => ids.map((id) => request.outcomes.get(`0/${id}`));
const DETACHED = { kind: 'detached', effective: 'now' };
const failedAs = (code: string, message: string, hint: Hint) =>
  expect.objectContaining({ kind: 'failed', code, message, hint });

const detaches = ({ calls }: Played, kind: KindId) => calls.filter(({ operation }) => operation === DETACH[kind]);

/** Without the marks that keep a name from being read as markup. */
const plainly = (text: string) => text.replace(/[`']/gu, '');

/** What the thread says in the end, line by line, once from the text and once from the blocks. */
function toldIn({ request }: Played, language: Language): string[][] {
  const outcomes = Object.fromEntries([...request.outcomes].map(([key, outcome]) => [key.replace('0/', ''), outcome]));
  const events: RequestEvent[] = [{ type: 'settled', group: 0, outcomes }, { type: 'finished' }];
  const messages = threadMessages(request, [{ version: request.version, at: 0, events }], language);
  for (const message of messages) check(message);
  const lines = (texts: readonly string[]) => texts.flatMap((text) => plainly(text).split('\n'));
  return [lines(messages.map(({ text }) => text)), lines(messages.map(shownText))];
}

const SAYS: Readonly<Record<Language, (code: string, words: string) => string>> = {
  en: (code, words) => `The cloud says: ${code}: ${words}`,
  zh: (code, words) => `云平台的说明：${code}：${words}`,
};

/** The failed ones stand first, with what it means and what the cloud said; every instance is named once. */
function expectLines(played: Played, failed: readonly string[], wanted: { code: string; words: string; hint: Hint }) {
  for (const language of LANGUAGES) {
    const { hints, outcomes } = catalogue(language);
    for (const lines of toldIn(played, language)) {
      expect(played.ids.map((id) => [id, naming(lines, id)])).toEqual(played.ids.map((id) => [id, 1]));
      const [head = '', meaning, said = '', ...rest] = lines;
      expect(head).toContain(outcomes.failed);
      expect(meaning).toBe(plainly(hints[wanted.hint]));
      const words = plainly(SAYS[language](wanted.code, wanted.words));
      expect(said.slice(0, words.length)).toBe(words);
      const under = failed.length === 1 ? [head] : rest.slice(0, failed.length);
      expect(failed.filter((id) => naming(under, id) === 1)).toEqual(failed);
    }
  }
}

describe.each(ANSWERED)('$kind answers $code for the $level', (raised) => {
  const { level, kind, code, words } = raised;
  const { hint, repeat } = rowOf(raised);
  const isForAll = level === 'call';

  if (isPausing(hint)) {
    test('every time: the account is paused and nothing is told as failed; all are detached once that is over', async () => {
      const simulation = await startSimulation({ kind, ...stopped(2) });
      try {
        plantCase(simulation.cloud, raised, Number.POSITIVE_INFINITY);
        const asked = () => simulation.cloud.cloud.calls.filter(({ operation }) => operation === DETACH[kind]).length;
        const waiting = await simulation.drive(({ pauses }) => pauses.size > 0 && asked() > 2);
        expect([...waiting.outcomes.values()]).toEqual([]);
        const paused = await simulation.eventsOf('paused');
        expect(paused).toMatchObject([{ code, message: words, hint, off: 0 }]);
        for (const language of LANGUAGES) {
          const told = threadMessages(waiting, [{ version: waiting.version, at: 0, events: paused }], language);
          for (const message of told) check(message);
          const [line, ...more] = told.map(({ text }) => plainly(text));
          expect([line, more]).toEqual([expect.stringContaining(plainly(SAYS[language](code, words))), []]);
        }
        simulation.cloud.cloud.clearFaults();
        const { outcomes } = await simulation.drive();
        expect([...outcomes.values()]).toEqual([DETACHED, DETACHED]);
        expect(await simulation.eventsOf('resumed')).toHaveLength(1);
      } finally {
        await simulation.stop();
      }
    });
    return;
  }

  test('every time: that is told as failed, in the words of the cloud; what is left is detached', async () => {
    const played = await playCase(raised, Number.POSITIVE_INFINITY);
    const failure = failedAs(code, words, hint);
    expect(outcomesOf(played)).toEqual([isForAll ? failure : DETACHED, failure]);
    expectLines(played, isForAll ? played.ids : played.ids.slice(BAD), { code, words, hint });
    expect(isRepeated(detaches(played, kind), played.ids[BAD] ?? '')).toBe(repeat !== 'never');
  });

  if (repeat !== 'never') {
    test('once: it is asked again, and all are detached', async () => {
      const played = await playCase(raised, 1);
      expect(outcomesOf(played)).toEqual([DETACHED, DETACHED]);
    });
  }
});

/** Whether two calls for exactly the same instances had this one in them. */
function isRepeated(calls: readonly Call[], id: string): boolean {
  const asked = calls.map(({ instanceIds }) => instanceIds).filter((ids) => ids.includes(id));
  return new Set(asked.map((ids) => ids.join())).size < asked.length;
}

describe('a task of huawei fails', () => {
  test.each(FAILED_TASKS)('with $code: only its instance is told as failed', async (raised) => {
    const { code, words } = raised;
    const played = await playCase(raised, 1);
    const { hint } = rowOf(raised);
    expect(outcomesOf(played)).toEqual([DETACHED, failedAs(code, words, hint)]);
    expectLines(played, played.ids.slice(BAD), { code, words, hint });
  });
});

describe('one bad instance makes tencent refuse the whole call', () => {
  const CODE = 'InvalidInstance.NotSupported';
  const WORDS = '不被支持的实例。';
  const plantAt =
    (operation: string, places: readonly number[]) =>
    ({ cloud, ids }: Simulation['cloud']) => {
      for (const place of places) {
        const fault = { kind: 'instance-code', instanceId: ids[place] ?? '', code: CODE, message: WORDS } as const;
        cloud.fail(operation, fault, Number.POSITIVE_INFINITY);
      }
    };
  const failure = failedAs(CODE, WORDS, 'unsupported-instance');
  const wantedOf = (count: number, places: readonly number[]) =>
    Array.from({ length: count }, (_, place) => (places.includes(place) ? failure : DETACHED));
  /** The whole, and two halves for each time that the part with the bad one in it can be halved. */
  const fewest = (count: number) => 1 + 2 * Math.ceil(Math.log2(count));

  test.each([0, 1, 2, 3, 4, 5, 6, 7])('number %i of 8 is found, the others are detached', async (place) => {
    const played = await play('tencent', stopped(8), plantAt(DETACH.tencent, [place]));
    expect(outcomesOf(played)).toEqual(wantedOf(8, [place]));
    expect(detaches(played, 'tencent')).toHaveLength(fewest(8));
    expectLines(played, played.ids.slice(place, place + 1), { code: CODE, words: WORDS, hint: 'unsupported-instance' });
  });

  test('one of as many as a call takes', async () => {
    const played = await play('tencent', stopped(100), plantAt(DETACH.tencent, [63]));
    expect(outcomesOf(played)).toEqual(wantedOf(100, [63]));
    expect(detaches(played, 'tencent').length).toBeLessThanOrEqual(fewest(100));
  });

  test('two of 8: both are found, with no call that another could have spared', async () => {
    const played = await play('tencent', stopped(8), plantAt(DETACH.tencent, [2, 7]));
    expect(outcomesOf(played)).toEqual(wantedOf(8, [2, 7]));
    const asked = detaches(played, 'tencent').map(({ instanceIds }) => instanceIds.join());
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toHaveLength(11);
  });

  test('already when it is to be stopped: it runs on, the others are stopped, detached and started', async () => {
    const running = { states: Array.from({ length: 8 }, () => 'running' as const), restart: true };
    const played = await play('tencent', running, plantAt('StopInstances', [5]));
    expect(outcomesOf(played)).toEqual(wantedOf(8, [5]));
    const stops = played.calls.filter(({ operation }) => operation === 'StopInstances');
    expect(stops).toHaveLength(fewest(8));
    expect(detaches(played, 'tencent').flatMap(({ instanceIds }) => instanceIds)).not.toContain(played.ids[5]);
    expectLines(played, played.ids.slice(5, 6), { code: CODE, words: WORDS, hint: 'unsupported-instance' });
  });
});
