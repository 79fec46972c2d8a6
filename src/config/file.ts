import { z } from 'zod';
import { namesAnybody } from '../jobs/policy.js';
import { accountSchema, endpointSchema } from '../providers/registry.js';
import { durationSchema } from './duration.js';
import { reasonPatternSchema } from './reason-pattern.js';

const ACCOUNT_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
/** The first words of the command: an account of that name could not be told from them. */
const COMMAND_WORDS = ['find', 'status', 'cancel', 'undo', 'history', 'help', 'all'];

const accountName = z
  .string()
  .regex(ACCOUNT_NAME, 'is no name for an account; use a-z, 0-9 and -, at most 40, and do not begin with -')
  .refine((name) => !COMMAND_WORDS.includes(name), 'is a word of the command; give the account another name');

const accountPattern = z
  .string()
  .regex(/^[a-z0-9*-]+$/, 'must be the name of an account, where * stands for any characters');
const userId = z.string().regex(/^[UW][A-Z0-9]+$/, 'must be the id of a user, as in U012AB3CD');
const userGroupId = z.string().regex(/^S[A-Z0-9]+$/, 'must be the id of a user group, as in S012AB3CD');
const scheduleId = z
  .string()
  .regex(
    /^(pagerduty|opsgenie):[A-Za-z0-9-]{1,64}$/,
    'must be an on-call schedule and whose it is, as in pagerduty:PABC123',
  );
const channelId = z.string().regex(/^[CG][A-Z0-9]+$/, 'must be the id of a channel, as in C012AB3CD');

/** `${NAME}` gives text, also where a number is meant. */
const count = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ],
    'must be a whole number of 1 or more',
  )
  .refine((value) => Number.isInteger(value) && value >= 1, 'must be a whole number of 1 or more');

export const EXPIRES_AFTER_MS = 30 * 60_000;
const unique = (list: readonly string[]) => [...new Set(list)];

const peopleSchema = z.strictObject({
  users: z.array(userId).transform(unique).default([]),
  userGroups: z.array(userGroupId).transform(unique).default([]),
  schedules: z.array(scheduleId).transform(unique).default([]),
});
const somebodySchema = peopleSchema.refine(namesAnybody, 'must name a user, a user group or a schedule');

const policySchema = z.strictObject({
  accounts: z.array(accountPattern).min(1),
  channels: z.array(channelId).min(1).exactOptional(),
  requesters: somebodySchema.exactOptional(),
  approvers: somebodySchema,
  notify: peopleSchema.exactOptional(),
  approvals: count.default(1),
  expiresAfter: durationSchema.default(EXPIRES_AFTER_MS),
  remindBefore: durationSchema.exactOptional(),
  escalate: z.strictObject({ after: durationSchema, approvers: somebodySchema }).exactOptional(),
  reason: reasonPatternSchema.exactOptional(),
  reasonExample: z.string().min(1).max(100).exactOptional(),
  maxInstances: count.default(200),
});

const accessKey = z.string().regex(/^\S+$/, 'has a space or a line break in it, or nothing; copy it again');
const onCallSchema = z.strictObject({
  pagerduty: z
    .strictObject({ token: accessKey, endpoint: endpointSchema.default('https://api.pagerduty.com') })
    .exactOptional(),
  opsgenie: z
    .strictObject({ apiKey: accessKey, endpoint: endpointSchema.default('https://api.opsgenie.com') })
    .exactOptional(),
});

/** The config file. */
export const fileSchema = z.strictObject({
  language: z.enum(['en', 'zh']).default('en'),
  thread: z.enum(['full', 'failures']).default('full'),
  accounts: z
    .record(accountName, accountSchema)
    .refine((accounts) => Object.keys(accounts).length > 0, 'must name an account'),
  onCall: onCallSchema.default({}),
  policies: z.array(policySchema).default([]),
});
export type ConfigFile = z.infer<typeof fileSchema>;
