import type { Mistake } from '../../../src/bot/typed/command.js';
import type { Refusal } from '../../../src/jobs/decide.js';
import type { GoOnRefusal } from '../../../src/jobs/go-on.js';
import type { Rejection } from '../../../src/jobs/planning/events.js';
import type { RequestState } from '../../../src/jobs/request.js';
import { START } from '../../bot/messages/requests.js';

/** One of each code; a code without one does not pass the type check. */
type OneOfEach<T extends { code: string }> = { [C in T['code']]: Extract<T, { code: C }> };

const where = { account: 'prod-hz', region: 'cn-hangzhou' };
const instances = ['i-0001', 'i-0002'];

export const REJECTIONS: OneOfEach<Rejection> = {
  'key-pair-not-found': { code: 'key-pair-not-found', ...where, key: 'deploy-2024' },
  'key-pair-replaced': { code: 'key-pair-replaced', ...where, key: 'deploy-2024' },
  'instances-not-shown': { code: 'instances-not-shown', ...where, instances },
  'instances-malformed': { code: 'instances-malformed', ...where, instances: ['web 1'] },
  'nothing-bound': { code: 'nothing-bound', ...where, key: 'deploy-2024' },
  'nothing-to-do': { code: 'nothing-to-do', needStop: 3 },
  'nothing-to-attach': { code: 'nothing-to-attach' },
  'too-many': { code: 'too-many', count: 300, max: 200 },
  'cloud-failed': {
    code: 'cloud-failed',
    ...where,
    hint: 'grant-permission',
    cloudCode: 'Forbidden.RAM',
    message: 'User not authorized.',
  },
  'account-not-usable': { code: 'account-not-usable', account: 'prod-hz' },
  'nothing-planned': { code: 'nothing-planned' },
};

/** Why a place could not be read, where that is told in other words than a failed write. */
const unread = { ...REJECTIONS['cloud-failed'], cloudCode: 'Timeout', message: 'no answer within 10000 ms' };
export const UNREAD: Readonly<Record<string, Rejection>> = {
  'not-reached': { ...unread, hint: 'not-reached', cloudCode: 'ConnectionRefused', message: 'no connection' },
  'no-answer': { ...unread, hint: 'no-answer' },
  'sent-twice': {
    ...unread,
    hint: 'sent-twice',
    cloudCode: 'SignatureNonceUsed',
    message: 'The specified signature nonce was used already.',
  },
  'report-bug': { ...unread, hint: 'report-bug', cloudCode: 'Bug', message: 'TypeError at provider.js:12' },
  'cloud-trouble': { ...unread, hint: 'cloud-trouble', cloudCode: 'InternalError', message: 'Try again later.' },
};

export const REFUSALS: OneOfEach<Refusal> = {
  'wrong-state': { code: 'wrong-state', state: 'denied', by: 'UBOB', at: START },
  'own-request': { code: 'own-request' },
  'not-an-approver': { code: 'not-an-approver' },
  'already-approved': { code: 'already-approved' },
  'plan-changed': { code: 'plan-changed' },
  exists: { code: 'exists' },
  'unknown-request': { code: 'unknown-request' },
  'not-yours': { code: 'not-yours' },
  stale: { code: 'stale' },
};

const unanswered = ['pagerduty:PABC123'];
const goneGroups = ['S012AB3CD'];

/** What somebody reads who may be on call, where that could not be found out. */
export const DOUBTS: Readonly<Record<string, Refusal>> = {
  'not-an-approver': { code: 'not-an-approver', unanswered },
  'already-approved': { code: 'already-approved', unanswered },
  'not-yours': { code: 'not-yours', unanswered },
  'unknown-request': { code: 'unknown-request', unanswered },
  'not-an-approver, where a user group is gone': { code: 'not-an-approver', goneGroups },
};
export const CREATE_DOUBTS: Readonly<Record<string, GoOnRefusal>> = {
  'not-a-requester': { code: 'not-a-requester', account: 'prod-hz', unanswered },
  'reason-wanted, without an example': { code: 'reason-wanted', account: 'prod-hz', pattern: '^INC-\\d+' },
};

/** What a click is told that comes too late, or too early. */
export const TOO_LATE: Readonly<Record<RequestState | 'halted', Extract<Refusal, { code: 'wrong-state' }>>> = {
  none: { code: 'wrong-state', state: 'none', at: START },
  planning: { code: 'wrong-state', state: 'planning', at: START },
  'awaiting-approval': { code: 'wrong-state', state: 'awaiting-approval', at: START },
  running: { code: 'wrong-state', state: 'running', by: 'UBOB', at: START },
  halted: { code: 'wrong-state', state: 'running', halted: true, by: 'UANNA', at: START },
  finished: { code: 'wrong-state', state: 'finished', by: 'UBOB', at: START },
  rejected: { code: 'wrong-state', state: 'rejected', at: START },
  denied: { code: 'wrong-state', state: 'denied', by: 'UBOB', at: START },
  expired: { code: 'wrong-state', state: 'expired', at: START },
  cancelled: { code: 'wrong-state', state: 'cancelled', by: 'UANNA', at: START },
};

export const CREATE_REFUSALS: OneOfEach<GoOnRefusal> = {
  'unknown-account': { code: 'unknown-account', account: 'prod', known: ['prod-hz', 'game-gz'] },
  'region-needed': { code: 'region-needed', account: 'prod-hz', regions: ['cn-hangzhou', 'cn-beijing'] },
  'unknown-region': { code: 'unknown-region', ...where, region: 'cn-berlin', regions: ['cn-hangzhou', 'cn-beijing'] },
  'wrong-channel': { code: 'wrong-channel', account: 'prod-hz', channels: ['C0INCIDENT'] },
  'no-policy': { code: 'no-policy', account: 'prod-hz' },
  'not-a-requester': { code: 'not-a-requester', account: 'prod-hz' },
  'reason-wanted': {
    code: 'reason-wanted',
    account: 'prod-hz',
    pattern: '^INC-\\d+',
    example: 'INC-4211 laptop stolen',
  },
  'too-many': { code: 'too-many', count: 300, max: 200 },
  'unknown-request': { code: 'unknown-request' },
  'not-ended': { code: 'not-ended' },
  'nothing-left': { code: 'nothing-left', last: 'B4XR2M' },
  'goes-on-already': { code: 'goes-on-already', request: 'B4XR2M' },
  'nothing-to-undo': { code: 'nothing-to-undo' },
  'is-an-undo': { code: 'is-an-undo', selection: { ...where, key: 'deploy-2024', instances } },
};

export const MISTAKES: OneOfEach<Mistake> = {
  'private-key': { code: 'private-key' },
  'bad-place': { code: 'bad-place', place: '/cn-hangzhou' },
  'missing-key': { code: 'missing-key', place: 'prod-hz' },
  'missing-instances': { code: 'missing-instances', place: 'prod-hz', key: 'deploy-2024' },
  'all-mixed': { code: 'all-mixed', instances },
  'unknown-option': { code: 'unknown-option', option: '--retsart', nearest: '--restart' },
  'unterminated-quote': { code: 'unterminated-quote', words: '"deploy 2024 i-0001' },
  'empty-reason': { code: 'empty-reason' },
  'reason-too-long': { code: 'reason-too-long', length: 1_200, max: 1_000 },
  'missing-search': { code: 'missing-search' },
  'missing-request': { code: 'missing-request' },
  'unknown-person': { code: 'unknown-person', words: '@anna' },
  'extra-words': { code: 'extra-words', word: 'status', words: 'please' },
};
