import type { State } from '../state.js';
import type { Methods } from './method.js';

/** `newSocketUrl` makes the one-time address of a Socket Mode connection. */
export const authMethods = (newSocketUrl: () => string): Methods => ({
  'auth.test': {
    token: 'bot',
    scopes: [],
    limit: 'tier4',
    run: (_args, { workspace, origin }: State) => ({
      url: `${origin}/`,
      team: workspace.domain,
      user: workspace.users.get(workspace.botUserId)?.name,
      team_id: workspace.teamId,
      user_id: workspace.botUserId,
      bot_id: workspace.botId,
      is_enterprise_install: false,
    }),
  },
  'apps.connections.open': {
    token: 'app',
    scopes: [],
    limit: 'connections',
    run: () => ({ url: newSocketUrl() }),
  },
});
