import { HUAWEI_DOMAIN_ID } from '../../playground/clouds/huawei/iam.js';
import { type KindId, type StageCloud, settingsFor } from '../../playground/stage/clouds.js';
import { type Account, accountSchema } from '../../src/providers/registry.js';

/** A role of each cloud: how the config names it, how the local cloud does, and by which call it is assumed. */
export const ROLES = {
  alibaba: {
    names: { roleArn: 'acs:ram::1234567890123456:role/detacher' },
    role: 'acs:ram::1234567890123456:role/detacher',
    operation: 'AssumeRole',
  },
  tencent: {
    names: { roleArn: 'qcs::cam::uin/100000000001:roleName/detacher' },
    role: 'qcs::cam::uin/100000000001:roleName/detacher',
    operation: 'AssumeRole',
  },
  volcengine: {
    names: { roleTrn: 'trn:iam::2100000001:role/detacher' },
    role: 'trn:iam::2100000001:role/detacher',
    operation: 'AssumeRole',
  },
  huawei: {
    names: { domainId: HUAWEI_DOMAIN_ID, agencyName: 'detacher', agencyDomainName: 'games' },
    role: 'games/detacher',
    operation: 'POST /v3.0/OS-CREDENTIAL/securitytokens',
  },
} as const satisfies Record<KindId, { names: Record<string, string>; role: string; operation: string }>;

/** The account of a local cloud, with its role, and `more` beside its keys. */
export function settingsWithRole(stage: StageCloud, more: Record<string, unknown> = {}) {
  const own = settingsFor(stage);
  return { ...own, credentials: { ...own.credentials, ...ROLES[stage.kind].names, ...more } };
}

export const accountWithRole = (stage: StageCloud): Account => accountSchema.parse(settingsWithRole(stage));
