import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import type { Language } from '../../jobs/events.js';
import type { Person } from '../../jobs/policy.js';
import type { Request } from '../../jobs/request.js';
import type { HomeTab } from '../messages/home.js';
import { homeView, noticeView, strangerView } from '../messages/home.js';
import type { Message } from '../messages/render.js';
import { answerGesture, type Gesture } from './gesture/answer.js';
import type { ButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';
import { linked } from './history.js';

type OpenedArguments = Pick<SlackEventMiddlewareArgs<'app_home_opened'> & AllMiddlewareArgs, 'event' | 'body'>;

const shown = z.object({ hash: z.string() });

/** Whoever opens the Home tab sees how things are at that moment. */
export function createHomeListener(dependencies: ListenerDependencies) {
  return async ({ event, body }: OpenedArguments): Promise<void> => {
    if (event.tab !== 'home') return;
    // A view that was put there meanwhile tells more.
    const hash = shown.safeParse(event.view).data?.hash;
    await showHome(dependencies, { userId: event.user, teamId: body.team_id, hash });
  };
}

/** A click on Home brings no place to answer to: its answer stands above what Home shows after it. */
export function answeringOnHome(dependencies: ListenerDependencies, listener: ButtonListener): ButtonListener {
  return (click) => {
    const { body } = click;
    if (body.view?.type !== 'home') return listener(click);
    const reader = { userId: body.user.id, teamId: body.team?.id };
    return listener({ ...click, respond: (answer) => showHome(dependencies, reader, answer) });
  };
}

type HomeReader = Pick<Gesture, 'userId' | 'teamId'> & { hash?: string | undefined };

export async function showHome(
  dependencies: ListenerDependencies,
  { userId, teamId, hash }: HomeReader,
  notice?: Message,
): Promise<void> {
  const publish = (view: HomeTab) => dependencies.screens.showHome(userId, view, hash);
  const respond = async (answer: Message) => publish(noticeView(notice ?? answer));
  await answerGesture(dependencies, { userId, teamId, respond }, async (person, language) => {
    await publish(await viewFor(dependencies, person, language, notice));
    return undefined;
  });
}

const SHOWN = 10;

async function viewFor(
  dependencies: ListenerDependencies,
  person: Person,
  language: Language,
  notice: Message | undefined,
): Promise<HomeTab> {
  const { reader, signs } = dependencies;
  const usable = reader.usableAccounts(person);
  if (person.kind !== 'member' && usable.length === 0) return strangerView(language);
  const viewer = { person };
  const [open, ended, accounts] = await Promise.all([
    reader.listOpen(viewer),
    reader.listEnded(viewer, { filter: { accounts: [], users: [] }, limit: SHOWN }),
    signs.read(usable),
  ]);
  const isWaiting = (request: Request) => reader.waitsFor(request, person);
  const isOwn = ({ requester }: Request) => requester === person.id;
  const withLinks = (requests: readonly Request[]) =>
    Promise.all(requests.map((request) => linked(dependencies, request)));
  const [waiting, own, others, over] = await Promise.all([
    withLinks(open.filter(isWaiting)),
    withLinks(open.filter(isOwn)),
    withLinks(open.filter((request) => !isWaiting(request) && !isOwn(request))),
    withLinks(ended.requests),
  ]);
  const { unanswered } = person;
  return homeView({ unanswered, waiting, own, others, ended: over, accounts }, language, notice);
}
