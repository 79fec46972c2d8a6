/** The people and places of the local Slack. Tests edit these maps to change who is who. */

export type User = {
  id: string;
  name: string;
  realName: string;
  email: string;
  locale: string;
  timeZone: string;
  teamId: string;
  deleted: boolean;
  isBot: boolean;
  isAdmin: boolean;
  /** A guest of several channels, of one channel, or from another organisation. */
  isRestricted: boolean;
  isUltraRestricted: boolean;
  isStranger: boolean;
};

export type UserGroup = { id: string; handle: string; name: string; users: string[]; disabled: boolean };

export type Channel = {
  id: string;
  name: string;
  isPrivate: boolean;
  isArchived: boolean;
  /** Shared with another organisation. */
  isExtShared: boolean;
  /** A direct message between the app and one person. */
  isIm: boolean;
  locale: string;
  members: Set<string>;
};

export type Workspace = {
  teamId: string;
  domain: string;
  appId: string;
  botId: string;
  botUserId: string;
  users: Map<string, User>;
  userGroups: Map<string, UserGroup>;
  channels: Map<string, Channel>;
  /** Scopes of the bot token. `chat:write.public` is not among them unless it is put there. */
  scopes: Set<string>;
};

const SCOPES = [
  'commands',
  'chat:write',
  'usergroups:read',
  'users:read',
  'users:read.email',
  'im:write',
  'im:history',
  'channels:read',
  'channels:history',
  'groups:read',
  'groups:history',
  'files:write',
  'reactions:read',
  'reactions:write',
] as const;

export function makeUser(id: string, name: string, more: Partial<User> = {}): User {
  return {
    id,
    name,
    realName: name,
    email: `${name}@example.com`,
    locale: 'en-US',
    timeZone: 'Europe/London',
    teamId: 'T0LOCAL',
    deleted: false,
    isBot: false,
    isAdmin: false,
    isRestricted: false,
    isUltraRestricted: false,
    isStranger: false,
    ...more,
  };
}

export function makeUserGroup(
  id: string,
  handle: string,
  users: readonly string[],
  more: Partial<UserGroup> = {},
): UserGroup {
  return { id, handle, name: handle, users: [...users], disabled: false, ...more };
}

export function makeChannel(id: string, name: string, members: Iterable<string>, more: Partial<Channel> = {}): Channel {
  return {
    id,
    name,
    isPrivate: false,
    isArchived: false,
    isExtShared: false,
    isIm: false,
    locale: 'en-US',
    members: new Set(members),
    ...more,
  };
}

const byId = <T extends { id: string }>(items: readonly T[]) => new Map(items.map((item) => [item.id, item]));

/** A workspace with one incident channel, where four people and the app are; what is given wins. */
export function makeWorkspace(given: Partial<Workspace> = {}): Workspace {
  const botUserId = given.botUserId ?? 'U0BOT';
  const people = [
    makeUser('U0ALICE', 'alice'),
    makeUser('U0BOB', 'bob'),
    makeUser('U0CAROL', 'carol'),
    makeUser('U0DAN', 'dan', { locale: 'zh-CN', timeZone: 'Asia/Shanghai' }),
  ];
  const workspace: Workspace = {
    teamId: 'T0LOCAL',
    domain: 'local',
    appId: 'A0LOCAL',
    botId: 'B0BOT',
    botUserId,
    users: byId(people),
    userGroups: byId([makeUserGroup('S0ONCALL', 'oncall-leads', ['U0BOB', 'U0CAROL'])]),
    channels: byId([makeChannel('C0INCIDENT', 'incident', [...people.map(({ id }) => id), botUserId])]),
    scopes: new Set(SCOPES),
    ...given,
  };
  if (!workspace.users.has(botUserId))
    workspace.users.set(
      botUserId,
      makeUser(botUserId, 'detach-key', { isBot: true, teamId: workspace.teamId, email: '' }),
    );
  return workspace;
}

/** The conversation that an id stands for: a channel, or the direct message with a person, made when it is first used. */
export function conversation(workspace: Workspace, id: string): Channel | undefined {
  const found = workspace.channels.get(id);
  if (found || !workspace.users.has(id)) return found;
  const direct = `D${id.slice(1)}`;
  const opened =
    workspace.channels.get(direct) ??
    makeChannel(direct, id, [id, workspace.botUserId], { isIm: true, isPrivate: true });
  workspace.channels.set(direct, opened);
  return opened;
}
