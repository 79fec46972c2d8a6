import type { Language } from '../../../jobs/events.js';
import { leftAccounts } from '../../../jobs/go-on.js';
import type { Request } from '../../../jobs/request.js';
import { decodeRequest } from '../../ids.js';
import type { ButtonReason } from '../../messages/buttons.js';
import type { Message } from '../../messages/render.js';
import { createRefusalReply, placeReply, takenReply } from '../../messages/replies.js';
import { type ButtonListener, createButtonListener } from '../gesture/button.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';
import { drawGoOn } from './form.js';
import { goOn, type WentOn } from './go-on.js';

/**
 * A button under a request's message: whoever clicks becomes the requester of a new one. Where the earlier reason will not
 * do, a form asks for another. Whether it will is the same for everybody, so it is known before the trigger is old.
 */
export function createGoOnListener(dependencies: ListenerDependencies, why: ButtonReason): ButtonListener {
  return createButtonListener(dependencies, {
    decode: decodeRequest,
    answer: async (id, { person, language }) => inWords(await goOn(dependencies, { id, why, person }), language),
    async opens(id) {
      const earlier = await withoutReason(dependencies, id, why);
      return earlier && ((person, language) => drawGoOn(dependencies, earlier, { why, person, language }));
    },
  });
}

/** The earlier request, where its reason will not do. */
async function withoutReason(
  { requests, choices, logger }: ListenerDependencies,
  id: string,
  why: ButtonReason,
): Promise<Request | undefined> {
  try {
    const earlier = await requests.get(id);
    if (earlier === undefined) return undefined;
    const { channel, reason } = earlier;
    const wanted = choices.reasonsWanted({ accounts: leftAccounts(earlier, why), channel, reason });
    return wanted.length > 0 ? earlier : undefined;
  } catch (error) {
    // What cannot be read now is told where the request is to be made.
    logger.warn({ error, request: id }, 'whether a reason is wanted is not known');
    return undefined;
  }
}

function inWords(went: WentOn, language: Language): Message {
  switch (went.kind) {
    case 'taken':
      return takenReply(went.request, true, language);
    case 'reason-wanted':
      return createRefusalReply(went.wanted, language);
    case 'refused':
      return createRefusalReply(went.refusals, language);
    case 'wrong-place':
      return placeReply(went.place, language);
  }
}
