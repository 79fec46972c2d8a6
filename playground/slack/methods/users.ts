import type { Args } from '../args.js';
import { SlackRefusal } from '../refusal.js';
import type { State } from '../state.js';
import type { User } from '../workspace.js';
import type { Methods } from './method.js';

function body(user: User, state: State, options: { locale: boolean }) {
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.deleted,
    real_name: user.realName,
    tz: user.timeZone,
    profile: {
      real_name: user.realName,
      display_name: user.name,
      ...(state.workspace.scopes.has('users:read.email') && !user.isBot && { email: user.email }),
    },
    is_admin: user.isAdmin,
    is_bot: user.isBot,
    is_app_user: false,
    is_restricted: user.isRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    ...(user.isStranger && { is_stranger: true }),
    ...(options.locale && { locale: user.locale }),
  };
}

function info(args: Args, state: State) {
  const user = state.workspace.users.get(args.required('user'));
  if (!user) throw new SlackRefusal('user_not_found');
  return { user: body(user, state, { locale: args.flag('include_locale') }) };
}

function lookupByEmail(args: Args, state: State) {
  const email = args.required('email').toLowerCase();
  const user = [...state.workspace.users.values()].find(
    (one) => !one.isBot && !one.deleted && one.email.toLowerCase() === email,
  );
  if (!user) throw new SlackRefusal('users_not_found');
  return { user: body(user, state, { locale: false }) };
}

export const userMethods: Methods = {
  'users.info': { token: 'bot', scopes: ['users:read'], limit: 'tier4', run: info },
  'users.lookupByEmail': { token: 'bot', scopes: ['users:read.email'], limit: 'tier3', run: lookupByEmail },
};
