import type { Escalation, Mentions } from '../../jobs/awaiting-events.js';
import type { EventOf } from '../../jobs/events.js';
import type { Request } from '../../jobs/request.js';
import type { Catalogue } from './catalogue.js';
import { keyLine, targetsOf, workOf } from './facts.js';
import type { Line } from './line.js';
import { code, joinLines, say, time, user, userGroup } from './line.js';

/** A request that waits for approval: who is at it, who may approve besides, who is called to mind. */

const PEOPLE_SHOWN = 5;
/** Called in the thread; where the root message names them, nobody is. */
const CALLED = 20;
const ACCOUNTS_SHOWN = 6;

/** For the root message, so that everybody knows. */
export function waitingLines(request: Request, words: Catalogue): Line[] {
  return [...escalations(request, words), ...looking(request, words)];
}

/** Who has approved stands elsewhere. */
function looking({ looking, approvals }: Request, { waiting, formats }: Catalogue): Line[] {
  const people = looking.filter((id) => !approvals.some(({ by }) => by === id));
  if (people.length === 0) return [];
  return [waiting.looking(formats.list(people.slice(0, PEOPLE_SHOWN).map((id) => say`${user(id)}`)), people.length)];
}

function escalations({ escalations }: Request, words: Catalogue): Line[] {
  return alike(escalations)
    .slice(0, ACCOUNTS_SHOWN)
    .map(({ accounts, mentions }) =>
      words.waiting.alsoMayApprove(accountsLine(accounts, words), mentionsLine(mentions, PEOPLE_SHOWN)),
    );
}

/** Says nothing where nobody was to be called. */
export function notifiedLines(request: Request, { mentions }: EventOf<'notified'>, words: Catalogue): Line[] {
  const { goalOn } = words.actions[request.action];
  const goal = goalOn(keyLine(request), workOf(targetsOf(request)).length);
  const wanted = words.waiting.notified(goal, time(request.plan?.expiresAt ?? 0));
  const called = calling(mentions);
  return [...(called.length > 0 ? [say`${called}${wanted}`] : []), ...unknownLines([mentions], words)];
}

export function remindedLines(request: Request, { mentions }: EventOf<'reminded'>, words: Catalogue): Line[] {
  const reminder = say`${calling(mentions)}${words.waiting.reminded(time(request.plan?.expiresAt ?? 0))}`;
  return [reminder, ...unknownLines([mentions], words)];
}

export function escalatedLines(request: Request, { escalations }: EventOf<'escalated'>, words: Catalogue): Line[] {
  const expiresAt = time(request.plan?.expiresAt ?? 0);
  const lines = alike(escalations)
    .slice(0, ACCOUNTS_SHOWN)
    .map(
      ({ accounts, mentions }) =>
        say`${calling(mentions)}${words.waiting.escalated(accountsLine(accounts, words), expiresAt)}`,
    );
  return [...lines, ...unknownLines(escalations, words)];
}

function unknownLines(all: readonly Mentions[], { waiting, formats }: Catalogue): Line[] {
  const schedules = [...new Set(all.flatMap(({ unknown }) => unknown ?? []))].slice(0, PEOPLE_SHOWN);
  return schedules.length > 0 ? [waiting.unknownDuty(formats.list(schedules.map((id) => say`${code(id, 80)}`)))] : [];
}

/** Accounts that have the same people are told together. */
function alike(escalations: readonly Escalation[]): { accounts: string[]; mentions: Mentions }[] {
  const groups = new Map<string, { accounts: string[]; mentions: Mentions }>();
  for (const { account, ...mentions } of escalations) {
    const key = JSON.stringify([mentions.users, mentions.userGroups]);
    groups.set(key, { accounts: [...(groups.get(key)?.accounts ?? []), account], mentions });
  }
  return [...groups.values()];
}

const accountsLine = (accounts: readonly string[], { formats }: Catalogue): Line =>
  formats.list(accounts.slice(0, ACCOUNTS_SHOWN).map((account) => say`${code(account, 60)}`));

/** With a space behind it, where anybody is called. */
const calling = (mentions: Mentions): Line => {
  const line = mentionsLine(mentions, CALLED);
  return line.length === 0 ? line : say`${line} `;
};

/** Those named one by one come first: they are few, and known. */
function mentionsLine({ users, userGroups }: Mentions, most: number): Line {
  const all = [...users.map(user), ...userGroups.map(userGroup)];
  return joinLines(
    all.slice(0, most).map((span) => say`${span}`),
    ' ',
  );
}
