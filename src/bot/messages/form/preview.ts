import type { ModalView } from '@slack/types';
import type { People } from '../../../jobs/policy.js';
import type { Approvers, Preview } from '../../../jobs/preview.js';
import type { Request } from '../../../jobs/request.js';
import { VIEWS } from '../../ids.js';
import type { Draft } from '../../views/draft.js';
import type { Catalogue } from '../catalogue.js';
import { catalogue, sentenceFor } from '../catalogue.js';
import { placeOf, targetsOf, warningLines, workOf } from '../facts.js';
import { channel, code, type Line, type Paragraph, quoted, say, strong, user, userGroup } from '../line.js';
import { planParagraphs } from '../plan.js';
import { saidLine } from '../said.js';
import { lines, modal } from './elements.js';
import { goBackView } from './pages.js';

type Shown = Exclude<Preview, { kind: 'refused' }>;

/** What would be asked for, before it is. `carries`: the form's content, for the button that sends it. */
export function previewView(preview: Shown, draft: Draft, carries: string): ModalView {
  const { language } = draft;
  const words = catalogue(language);
  const { form } = words;
  const frame = { title: form.previewTitle, close: form.back };
  const submit = { id: VIEWS.preview, carries };
  if (preview.kind === 'unread') {
    if (isForGood(preview)) return goBackView(unreadLines(preview, words), language);
    const blocks = lines(unreadParagraphs(preview, words), language);
    return modal({ ...frame, blocks, submit: { ...submit, words: form.sendUnread } });
  }
  const { request, approvers } = preview;
  if (request.rejection !== undefined) return goBackView([sentenceFor(words.rejections, request.rejection)], language);
  const blocks = lines([...plannedParagraphs(request, words), approvals(request, approvers, words)], language);
  return modal({ ...frame, blocks, submit: { ...submit, words: form.send } });
}

function plannedParagraphs(request: Request, words: Catalogue): Paragraph[] {
  const { form, root } = words;
  const why =
    request.reason === '' ? say`${root.noReason}` : root.reason(quoted(request.reason, request.reason.length));
  const warnings = warningLines(request, words);
  return [
    [say`${strong(form.notSent)}`, form.where(channel(request.channel)), why],
    ...(warnings.length > 0 ? [warnings] : []),
    roads(request, words),
    ...planParagraphs(request, words),
  ];
}

const APPROVERS_SHOWN = 6;

/** How many have to approve, and who may. */
function approvals(request: Request, approvers: readonly Approvers[], { form, formats }: Catalogue): Paragraph {
  return (request.plan?.quorums ?? []).map(({ account, approvals: wanted }) => {
    const people = approvers.find((one) => one.account === account)?.people;
    const all = people === undefined ? [] : everyone(people);
    const more = all.length - APPROVERS_SHOWN;
    const named = [...all.slice(0, APPROVERS_SHOWN), ...(more > 0 ? [say`${form.moreApprovers(more)}`] : [])];
    return form.approvals(code(account), wanted, formats.list(named));
  });
}

const everyone = ({ users, userGroups, schedules }: People): Line[] => [
  ...users.map((id) => say`${user(id)}`),
  ...userGroups.map((id) => say`${userGroup(id)}`),
  ...schedules.map((id) => say`${code(id)}`),
];

/** How many instances go through the same steps. */
function roads(request: Request, { form, steps }: Catalogue): Line[] {
  const counts = new Map<string, number>();
  for (const target of workOf(targetsOf(request))) {
    const road = target.steps.map((step) => steps[step]).join(' → ');
    counts.set(road, (counts.get(road) ?? 0) + 1);
  }
  return [...counts].map(([road, count]) => say`${form.road(count, road)}`);
}

type Unread = Extract<Shown, { kind: 'unread' }>;

/** A request would not get any further. */
const isForGood = ({ why }: Unread): boolean => why.kind === 'fault' && why.fault.repeat === 'never';

const unreadParagraphs = (preview: Unread, words: Catalogue): Paragraph[] => [
  unreadLines(preview, words),
  [say`${words.form.unreadHelp}`],
];

const unreadLines = ({ place, why }: Unread, words: Catalogue): Line[] => [
  say`⚠️ ${words.form.unread(placeOf(place))}`,
  ...because(why, words),
];

function because(why: Unread['why'], words: Catalogue): Line[] {
  if (why.kind === 'late' || why.fault.kind === 'timeout') return [];
  const { hints, readingHints, formats } = words;
  const { hint } = why.fault;
  return [say`${readingHints[hint] ?? hints[hint]}${formats.space}${saidLine(words, why.fault)}`];
}
