import { makeGate } from '../gate.js';
import type { LocalSlack } from './local-slack.js';
import { renderChannel } from './render.js';

const LIMIT_MS = 10_000;

/** Asks again at each change, so that nothing has to sleep; what it says when it gives up shows what there was instead. */
export async function waitFor<T>(
  slack: LocalSlack,
  nextChange: () => Promise<void>,
  find: (slack: LocalSlack) => T | undefined | null | false,
  description: string,
  limitMs = LIMIT_MS,
): Promise<T> {
  const late = makeGate<'late'>();
  const timer = setTimeout(() => late.open('late'), limitMs);
  try {
    for (;;) {
      const change = nextChange();
      const found = find(slack);
      if (found !== undefined && found !== null && found !== false) return found;
      if ((await Promise.race([change, late.promise])) === 'late')
        throw new Error(`waited ${limitMs} ms for ${description}\n\n${dump(slack)}`);
    }
  } finally {
    clearTimeout(timer);
  }
}

function dump(slack: LocalSlack): string {
  const channels = [...slack.workspace.channels.keys()].filter((id) => slack.messages(id).length > 0);
  const calls = slack.calls.slice(-30).map(({ method, reply }) => `${method}: ${reply ? (reply.error ?? 'ok') : '…'}`);
  const told = slack.deliveries.map(({ envelope, ack }) => `${envelope.type}: ${ack ? 'acked' : 'not acked'}`);
  return [
    ...channels.map((id) => renderChannel(slack, id)),
    `last calls of the Web API:\n  ${calls.join('\n  ') || 'none'}`,
    `told to the app:\n  ${told.join('\n  ') || 'nothing'}`,
  ].join('\n\n');
}
