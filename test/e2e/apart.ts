import { makeChannel } from '../../playground/slack/workspace.js';
import { KIND_IDS, type KindId } from '../../playground/stage/clouds.js';
import { PEOPLE, type StageOptions } from '../../playground/stage/stage.js';
import { openPlay, type Play } from './play.js';

/** A stage on which each cloud plays its story in a channel of its own, as Slack lets one message a second into each. */

export const channelOf = (kind: KindId) => `C0${kind.toUpperCase()}`;

/** The requester and the approver may both ask and approve. */
export function openApart(seeds: NonNullable<StageOptions['seeds']>): Promise<Play> {
  const members = [...Object.values(PEOPLE), 'U0BOT'];
  const channels = KIND_IDS.map((kind) => makeChannel(channelOf(kind), kind, members));
  const both = { users: [PEOPLE.requester, PEOPLE.approver] };
  return openPlay({
    seeds,
    slack: { rateLimits: false, workspace: { channels: new Map(channels.map((one) => [one.id, one])) } },
    config: (file) => ({
      ...file,
      policies: file.policies.map(({ channels: _, ...policy }) => ({ ...policy, requesters: both, approvers: both })),
    }),
  });
}
