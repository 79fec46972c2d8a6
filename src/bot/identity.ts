import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Language } from '../jobs/events.js';
import type { People, Person } from '../jobs/policy.js';
import { normal, type OnCall } from './on-call/on-call.js';

/** Who somebody is, and where, as Slack says at this moment. Nothing is kept: a click is judged by now's facts. */
export type Identity = {
  /** Throws where Slack does not answer: then nobody is anybody, and nothing counts. */
  lookUp(userId: string): Promise<{ person: Person; language: Language | undefined }>;
  /** Where nothing depends on who somebody is: neither groups nor schedules are asked. */
  readLanguage(userId: string): Promise<Language | undefined>;
  /** `chosenBy`: who named the channel, where nothing else shows that they are in it. */
  lookAt(channelId: string, chosenBy?: string): Promise<Place>;
};

export type Place =
  | { kind: 'usable' }
  /** We cannot see it, or are not in it. */
  | { kind: 'not-in-channel' }
  /** It is private, and whoever chose it is not in it. */
  | { kind: 'not-a-member' }
  | { kind: 'archived' }
  /** People of other organisations read along. */
  | { kind: 'shared' };

const userReply = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    deleted: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    locale: z.string().optional(),
    /** Slack tells the address with `users:read.email` only, and of people only. */
    profile: z.object({ email: z.string().optional() }).optional(),
  }),
});
const membersReply = z.object({ users: z.array(z.string()) });
const channelReply = z.object({
  channel: z.object({
    is_member: z.boolean().optional(),
    is_im: z.boolean().optional(),
    is_private: z.boolean().optional(),
    is_archived: z.boolean().optional(),
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
  }),
});

export type IdentityOptions = {
  client: WebClient;
  teamId(): string;
  onCall: OnCall;
  /** The user groups and on-call schedules that people are judged by. */
  judges: Pick<People, 'userGroups' | 'schedules'>;
  /** Slack has this user group no more, or somebody disabled it. */
  onGoneGroup(userGroup: string): void;
};

export function createIdentity({ client, teamId, onCall, judges, onGoneGroup }: IdentityOptions): Identity {
  const { userGroups, schedules } = judges;
  const read = async (user: string) => userReply.parse(await client.users.info({ user, include_locale: true })).user;
  return {
    async lookUp(userId) {
      const [user, memberships, duties] = await Promise.all([
        read(userId),
        Promise.all(userGroups.map(async (id) => ({ id, users: await members(client, id) }))),
        onCall.ask(schedules),
      ]);
      const groups = memberships.filter(({ users }) => users?.includes(userId)).map(({ id }) => id);
      const gone = memberships.filter(({ users }) => users === undefined).map(({ id }) => id);
      gone.forEach(onGoneGroup);
      const kind = kindOf(user, teamId());
      const asMember = kind === 'member' ? { ...dutiesOf(user, schedules, duties), goneGroups: gone } : NO_MEMBER;
      return {
        person: { id: userId, kind, userGroups: groups, ...asMember },
        language: languageOf(user.locale),
      };
    },

    readLanguage: async (userId) => languageOf((await read(userId)).locale),

    async lookAt(channelId, chosenBy) {
      const reply = await client.conversations.info({ channel: channelId }).catch(nothingAt('channel_not_found'));
      if (reply === undefined) return { kind: 'not-in-channel' };
      const { channel } = channelReply.parse(reply);
      if (channel.is_archived) return { kind: 'archived' };
      if (channel.is_ext_shared || channel.is_pending_ext_shared) return { kind: 'shared' };
      if (!channel.is_member) return { kind: 'not-in-channel' };
      const isThere = !channel.is_private || chosenBy === undefined || (await isIn(client, channelId, chosenBy));
      return { kind: isThere ? 'usable' : 'not-a-member' };
    },
  };
}

/** Undefined where the group is deleted or disabled: that holds up nobody who may do something by another name. */
async function members(client: WebClient, usergroup: string): Promise<readonly string[] | undefined> {
  const reply = await client.usergroups.users.list({ usergroup }).catch(nothingAt('no_such_subteam'));
  return reply && membersReply.parse(reply).users;
}

const MEMBERS_PAGE = 999;
const channelMembers = z.object({
  members: z.array(z.string()),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

async function isIn(client: WebClient, channel: string, userId: string): Promise<boolean> {
  for (let cursor: string | undefined; ; ) {
    const from = cursor === undefined ? {} : { cursor };
    const reply = await client.conversations.members({ channel, limit: MEMBERS_PAGE, ...from });
    const { members: listed, response_metadata: more } = channelMembers.parse(reply);
    if (listed.includes(userId)) return true;
    cursor = more?.next_cursor;
    if (!cursor) return false;
  }
}

type SlackUser = z.infer<typeof userReply>['user'];

/** No schedule and no user group gives a right to anybody but members. */
const NO_MEMBER = { schedules: [], unanswered: [], goneGroups: [] };

/** Without an address nobody is on call, and that was not an answer. */
function dutiesOf(
  { profile }: SlackUser,
  schedules: readonly string[],
  duties: ReadonlyMap<string, readonly string[]>,
): Pick<Person, 'schedules' | 'unanswered'> {
  const email = profile?.email === undefined ? undefined : normal(profile.email);
  if (email === undefined) return { schedules: [], unanswered: schedules };
  return {
    schedules: schedules.filter((id) => duties.get(id)?.includes(email)),
    unanswered: schedules.filter((id) => !duties.has(id)),
  };
}

function kindOf(user: SlackUser, home: string): Person['kind'] {
  if (user.deleted) return 'deactivated';
  if (user.is_bot || user.id === 'USLACKBOT') return 'bot';
  if (user.is_stranger || user.team_id !== home) return 'outsider';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}

const languageOf = (locale: string | undefined): Language | undefined =>
  locale === undefined ? undefined : locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';

const slackError = z.object({ code: z.literal('slack_webapi_platform_error'), data: z.object({ error: z.string() }) });

/** Slack says the same of a private channel that we are not in as of one that does not exist. */
const nothingAt =
  (code: 'channel_not_found' | 'no_such_subteam') =>
  (error: unknown): undefined => {
    if (slackError.safeParse(error).data?.data.error === code) return undefined;
    throw error;
  };
