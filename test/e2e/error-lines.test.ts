import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../playground/clouds/cloud.js';
import type { KindId } from '../../playground/stage/clouds.js';
import { catalogue } from '../../src/bot/messages/catalogue.js';
import { threadMessages } from '../../src/bot/messages/thread.js';
import type { Request } from '../../src/jobs/request.js';
import { findRow } from '../../src/providers/classify.js';
import type { ErrorRow } from '../../src/providers/failures.js';
import { PROVIDERS } from '../../src/providers/registry.js';
import { check, shownText } from '../bot/messages/reading.js';
import { type Simulation, startSimulation } from '../jobs/simulation.js';
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

type Level = 'call' | 'instance';
type Case = Documented & { kind: KindId; level: Level };
const casesOf = (kind: KindId, level: Level, codes: readonly Documented[]): Case[] =>
  codes.map((one) => ({ ...one, kind, level }));

const CASES: readonly Case[] = [
  ...casesOf('alibaba', 'call', ALIBABA_CALL),
  ...casesOf('alibaba', 'instance', ALIBABA_INSTANCE),
  ...casesOf('tencent', 'call', TENCENT),
  ...casesOf('tencent', 'instance', TENCENT),
  ...casesOf('volcengine', 'call', VOLCENGINE_CALL),
  ...casesOf('volcengine', 'instance', VOLCENGINE_INSTANCE),
  ...casesOf('huawei', 'call', HUAWEI),
  ...casesOf('huawei', 'instance', HUAWEI),
];

const STOPPED = { states: Array.from({ length: 3 }, () => 'stopped' as const), restart: false };

type Played = { request: Request; ids: readonly string[]; calls: readonly (readonly string[])[] };

async function play(kind: KindId, plant: (simulation: Simulation) => void, options = STOPPED): Promise<Played> {
  const simulation = await startSimulation({ kind, ...options });
  try {
    plant(simulation);
    const request = await simulation.drive();
    const { cloud, ids } = simulation.cloud;
    const calls = cloud.calls.filter(({ operation }) => operation === DETACH[kind]);
    return { request, ids, calls: calls.map(({ instanceIds }) => instanceIds) };
  } finally {
    await simulation.stop();
  }
}

function faultOf({ level, code, words: message, httpStatus }: Case, instanceId: string): Fault {
  if (level === 'instance') return { kind: 'instance-code', instanceId, code, message };
  return { kind: 'code', code, message, ...(httpStatus !== undefined && { httpStatus }) };
}

function rowOf(kind: KindId, code: string): ErrorRow {
  const row = findRow(PROVIDERS[kind].errors, code);
  if (row === undefined) throw new Error(`${code} has no row`);
  return row;
}

const outcomeOf = ({ request }: Played, id: string) => request.outcomes.get(`0/${id}`);

/** Without the marks that keep a name from being read as markup. */
const plainly = (text: string) => text.replace(/[`']/gu, '');

/** What the thread says of these outcomes, line by line, from the text and from the blocks. */
function linesOf({ request }: Played, language: 'en' | 'zh'): { text: string[]; blocks: string[] } {
  const outcomes = Object.fromEntries(
    [...request.outcomes].map(([key, outcome]) => [key.slice(key.indexOf('/') + 1), outcome]),
  );
  const entry = { version: request.version, at: 0, events: [{ type: 'settled' as const, group: 0, outcomes }] };
  const messages = threadMessages(request, [entry], language);
  for (const message of messages) check(message);
  const split = (texts: readonly string[]) => texts.flatMap((text) => plainly(text).split('\n'));
  return { text: split(messages.map(({ text }) => text)), blocks: split(messages.map(shownText)) };
}

const SAYS = { en: (code: string, words: string) => `The cloud says: ${code}: ${words}`, zh: sayInChinese } as const;
function sayInChinese(code: string, words: string): string {
  return `云平台的说明：${code}：${words}`;
}

/** The failed ones stand first, under one heading, with what it means and what the cloud said; each is named once. */
function expectLines(played: Played, { kind, code, words }: Case, failed: readonly string[]): void {
  const { hint } = rowOf(kind, code);
  for (const language of ['en', 'zh'] as const) {
    const { hints, outcomes } = catalogue(language);
    const lines = linesOf(played, language);
    for (const shown of [lines.text, lines.blocks]) {
      expect(played.ids.map((id) => [id, naming(shown, id)])).toEqual(played.ids.map((id) => [id, 1]));
      const [head = '', meaning, said = '', ...rest] = shown;
      expect(head).toContain(outcomes.failed);
      expect(meaning).toBe(plainly(hints[hint]));
      expect(said).toMatch(new RegExp(`^${RegExp.escape?.(plainly(SAYS[language](code, words))) ?? ''}`));
      const under = failed.length === 1 ? [head] : rest.slice(0, failed.length);
      expect(under.map((line) => failed.filter((id) => naming([line], id) === 1)).flat()).toEqual(failed);
    }
  }
}

describe.each(CASES)('$kind answers $code for the $level', (raised) => {
  const { kind, level, code, words } = raised;

  test('every time: the instance is told as failed, in the cloud’s own words; the others are detached', async () => {
    const played = await play(kind, ({ cloud: { cloud, ids } }) =>
      cloud.fail(DETACH[kind], faultOf(raised, ids[1] ?? ''), Number.POSITIVE_INFINITY),
    );
    const failed = level === 'call' ? played.ids : played.ids.slice(1, 2);
    const { hint } = rowOf(kind, code);
    for (const id of played.ids) {
      const wanted = failed.includes(id)
        ? { kind: 'failed', code, message: words, hint }
        : { kind: 'detached', effective: 'now' };
      expect({ id, outcome: outcomeOf(played, id) }).toEqual({ id, outcome: expect.objectContaining(wanted) });
    }
    console.error(kind, level, code, rowOf(kind, code).mayBeDone, rowOf(kind, code).repeat, played.calls.length);
    expectLines(played, raised, failed);
  });
});
