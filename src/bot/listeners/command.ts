import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { Language } from '../../jobs/events.js';
import type { Person } from '../../jobs/policy.js';
import type { Message } from '../messages/render.js';
import {
  createRefusalReply,
  helpReply,
  mistakeReply,
  openRequestsReply,
  placeReply,
  statusReply,
  takenReply,
  unseenReply,
} from '../messages/replies.js';
import { type DetachCommand, type ParsedCommand, parseCommand } from '../typed/command.js';
import { answerCancel } from './cancel.js';
import { answerFind } from './find.js';
import { openFormFromCommand } from './form/open.js';
import { answerAnybody, answerGesture, type Gesture } from './gesture/answer.js';
import type { ListenerDependencies } from './gesture/dependencies.js';
import { placeOf } from './gesture/place.js';
import { answerHistory, linked } from './history.js';
import { answerUndo } from './undo.js';

type CommandArguments = Pick<SlackCommandMiddlewareArgs & AllMiddlewareArgs, 'ack' | 'command'> &
  Pick<Gesture, 'respond'>;

/** `/detach-key …` */
export function createCommandListener(dependencies: ListenerDependencies) {
  return async ({ ack, command, respond }: CommandArguments): Promise<void> => {
    await ack();
    const gesture = { userId: command.user_id, teamId: command.team_id, respond };
    const parsed = parseCommand(command.text);
    if (parsed.kind === 'form') return openFormFromCommand(dependencies, command, gesture);
    if (parsed.kind === 'help') return answerAnybody(dependencies, gesture, helpReply);
    if (parsed.kind === 'mistake') {
      return answerAnybody(dependencies, gesture, (language) => mistakeReply(parsed.mistake, language));
    }
    await answerGesture(dependencies, gesture, (person, language) =>
      run(dependencies, { command, parsed }, person, language),
    );
  };
}

type Typed = Pick<SlackCommandMiddlewareArgs['command'], 'text' | 'channel_id' | 'channel_name' | 'trigger_id'>;

async function run(
  dependencies: ListenerDependencies,
  { command, parsed }: { command: Typed; parsed: Exclude<ParsedCommand, { kind: 'form' | 'help' | 'mistake' }> },
  person: Person,
  language: Language,
): Promise<Message> {
  const { reader } = dependencies;
  const viewer = { person, channel: command.channel_id };
  switch (parsed.kind) {
    case 'find':
      return answerFind(dependencies, parsed.words, viewer, language);
    case 'status': {
      if (parsed.request === undefined) return openRequestsReply(await reader.listOpen(viewer), language);
      const request = await reader.see(parsed.request, viewer);
      if (request === undefined) return unseenReply(person, language);
      return statusReply(request, language, (await linked(dependencies, request)).link);
    }
    case 'history':
      return answerHistory(dependencies, parsed, viewer, language);
    case 'cancel':
      if ((await reader.see(parsed.request, viewer)) === undefined) return unseenReply(person, language);
      return answerCancel(dependencies, parsed.request, { person, language });
    case 'undo':
      return answerUndo(dependencies, parsed, { person, command }, language);
    case 'detach':
      return create(dependencies, command, parsed, person, language);
  }
}

async function create(
  { requests, identity, language: shared }: ListenerDependencies,
  command: Typed,
  { account, region, key, instances, restart, reason }: DetachCommand,
  person: Person,
  language: Language,
): Promise<Message> {
  const place = await placeOf(identity, command);
  if (place.kind !== 'usable') return placeReply(place.kind, language);
  const created = await requests.create({
    origin: `${command.channel_id}/${person.id}/${command.trigger_id}`,
    requester: person,
    channel: command.channel_id,
    language: shared,
    restart,
    reason,
    selections: [{ account, region, key, instances }],
  });
  return created.ok
    ? takenReply(created.request, created.isNew, language)
    : createRefusalReply(created.refusals, language);
}
