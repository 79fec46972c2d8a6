import type { Args } from '../args.js';
import { SlackRefusal } from '../refusal.js';
import type { State } from '../state.js';
import type { Methods } from './method.js';

function list(args: Args, { workspace }: State) {
  const groups = [...workspace.userGroups.values()].filter((group) => !group.disabled || args.flag('include_disabled'));
  return {
    usergroups: groups.map((group) => ({
      id: group.id,
      team_id: workspace.teamId,
      is_usergroup: true,
      name: group.name,
      handle: group.handle,
      date_delete: group.disabled ? 1 : 0,
      ...(args.flag('include_users') && { users: group.users }),
      ...(args.flag('include_count') && { user_count: group.users.length }),
    })),
  };
}

function listUsers(args: Args, { workspace }: State) {
  const group = workspace.userGroups.get(args.required('usergroup'));
  if (!group || (group.disabled && !args.flag('include_disabled'))) throw new SlackRefusal('no_such_subteam');
  return { users: group.users };
}

const read = { token: 'bot', scopes: ['usergroups:read'], limit: 'tier2' } as const;

export const userGroupMethods: Methods = {
  'usergroups.list': { ...read, run: list },
  'usergroups.users.list': { ...read, run: listUsers },
};
