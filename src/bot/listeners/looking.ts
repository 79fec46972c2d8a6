import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import { forPerson } from './gesture/answer.js';
import type { ListenerDependencies } from './gesture/dependencies.js';

type Reacted = SlackEventMiddlewareArgs<'reaction_added' | 'reaction_removed'>;
export type ReactionArguments = Pick<Reacted & AllMiddlewareArgs, 'event' | 'body'>;

const EYES = 'eyes';

/**
 * :eyes: on a request says "I am looking". What is under the message when it is read counts, and not which event told of
 * it: Slack may send one again, late, and in any order. Nobody asked anything, so nobody is answered.
 */
export function createLookingListener(dependencies: ListenerDependencies) {
  const { requests, readRoot, speaker, logger } = dependencies;
  return async ({ event, body }: ReactionArguments): Promise<void> => {
    const { user, reaction, item, item_user: author } = event;
    if (reaction !== EYES || author !== speaker.home().botUserId) return;
    const work = async (person: Parameters<typeof requests.look>[1]) => {
      const root = await readRoot({ channel: item.channel, id: item.ts });
      if (root === undefined) return;
      const isLooking = root.reactions.some(({ name, users }) => name === EYES && users.includes(user));
      const { request } = root;
      const decided = await (isLooking ? requests.look(request, person) : requests.lookAway(request, user));
      logger.debug({ request, user, ...(!decided.ok && { refusal: decided.refusal }) }, 'eyes came or went');
    };
    await forPerson(dependencies, { userId: user, teamId: body.team_id }, work, SILENCE);
  };
}

const SILENCE = { unchecked: () => undefined, trouble: () => undefined };
