import type { EventOf, PlanGroup } from '../../../src/jobs/events.js';
import type { Unplannable } from '../../../src/jobs/planning/events.js';
import { group, NOW, planned, requested, settled, started, target, then } from '../../bot/messages/requests.js';

/** Requests over several accounts, of which some cannot be planned. */

const hangzhou: PlanGroup = group([target(1), target(2)]);
const busy = { hint: 'cloud-trouble', cloudCode: 'InternalError', message: 'Try again later.' } as const;
const denied = { hint: 'grant-permission', cloudCode: 'UnauthorizedOperation', message: 'No permission.' } as const;
const expired = { hint: 'renew-credentials', cloudCode: 'InvalidSecurityToken.Expired', message: 'Expired.' } as const;
const other = (account: string, region: string): PlanGroup => group([target(3)], { account, region });
const guangzhou = other('game-gz', 'ap-guangzhou');
const beijing = other('video-bj', 'cn-beijing');
const all = [hangzhou, guangzhou, beijing];

const unread = (selection: number): EventOf<'unread'> => ({ type: 'unread', selection, ...busy });
const without = (selection: number, why: Unplannable): EventOf<'left-out'> => ({ type: 'left-out', selection, why });
const failed = (place: PlanGroup, complaint: typeof busy | typeof denied): Unplannable => ({
  code: 'cloud-failed',
  account: place.account,
  region: place.region,
  ...complaint,
});
const LEFT_OUT = [
  without(1, failed(guangzhou, busy)),
  without(2, { code: 'nothing-bound', account: 'video-bj', region: 'cn-beijing', key: 'deploy-2024' }),
];

/** Two of three places stand in no plan. */
export const partly = planned([hangzhou], {}, 2, { among: all, leftOut: LEFT_OUT });
export const partlyDone = then(
  settled(started(planned([hangzhou], {}, 1, { among: all, leftOut: LEFT_OUT }), 'UBOB'), {
    'i-0001': NOW,
    'i-0002': NOW,
  }),
  { type: 'finished' },
);
const TWO = [without(1, failed(guangzhou, busy)), without(2, failed(beijing, denied))];
export const twoMissing = then(
  settled(started(planned([hangzhou], {}, 1, { among: all, leftOut: TWO }), 'UBOB'), { 'i-0001': NOW, 'i-0002': NOW }),
  { type: 'finished' },
);
const twenty = Array.from({ length: 20 }, (_, place) => other(`shop-${place + 1}`, 'ap-guangzhou'));
/** More places than a message gives reasons for. */
export const manyMissing = planned([hangzhou], {}, 2, {
  among: [hangzhou, ...twenty],
  leftOut: twenty.map((place, index) => without(index + 1, failed(place, busy))),
});
export const trying = then(then(requested(all), unread(1)), without(2, failed(beijing, denied)));
export const shutAlone = then(requested([hangzhou]), { ...unread(0), ...expired });
export const unreadAlone = then(requested([hangzhou]), unread(0));
export const nothingPlanned = then(
  requested([guangzhou, beijing]),
  without(0, failed(guangzhou, busy)),
  without(1, failed(beijing, denied)),
  { type: 'rejected', rejection: { code: 'nothing-planned' } },
);
