import type { Button, ConfirmationDialog, PlainTextElement } from '@slack/types';
import type { After, Language } from '../../jobs/events.js';
import { countLeft, stillLeft } from '../../jobs/go-on.js';
import { isAtEnd, type Request } from '../../jobs/request.js';
import { ACTIONS, encodeDecision } from '../ids.js';
import { catalogue } from './catalogue.js';
import { costOf, groupsOf, keysOf, losingPassword, targetsOf, warningLines, workOf } from './facts.js';
import { LIMITS } from './limits.js';
import { plainLine } from './render.js';
import type { GoOnWords } from './sentences/sentences.js';
import { clean, clip } from './text.js';

const plain = (text: string, max: number): PlainTextElement => ({
  type: 'plain_text',
  text: clip(text, max) || '–',
  emoji: false,
});

export function decisionButtons(request: Request, language: Language): Button[] {
  const { actions, buttons } = catalogue(language);
  const own = actions[request.action];
  const key = shownKey(request);
  const count = workOf(targetsOf(request)).length;
  const { restarts, powerOffs, restartsOnly } = costOf(request);
  const isRestart = restartsOnly === count;
  const approve = button(request, ACTIONS.approve, buttons.approve, own.approveLabel(key, count));
  const text = own.approveText({
    key,
    place: shownPlace(request),
    count,
    interrupted: restarts + powerOffs,
    restartsOnly,
    losesPassword: losingPassword(request).length > 0,
  });
  const confirm = dialog({
    title: isRestart ? buttons.restartTitle(count) : own.approveTitle(count),
    text: warned(request, text, language),
    confirm: isRestart ? buttons.restartConfirm(count) : own.approveConfirm(count),
    deny: buttons.goBack,
  });
  const deny = button(request, ACTIONS.deny, buttons.deny, own.denyLabel(key));
  return [{ ...approve, style: 'danger', confirm }, deny, withdrawButton(request, language)];
}

/** For whoever asked, most of all: they can neither approve nor deny. */
function withdrawButton(request: Request, language: Language): Button {
  const { buttons } = catalogue(language);
  const { label, title, text, confirm } = buttons.withdraw;
  const cancel = button(request, ACTIONS.cancel, buttons.cancel, label(shownKey(request)));
  return { ...cancel, confirm: dialog({ title, text, confirm, deny: buttons.goBack }) };
}

export function haltButton(request: Request, language: Language): Button {
  const { actions, buttons } = catalogue(language);
  const own = actions[request.action];
  const confirm = dialog({
    title: buttons.cancelTitle,
    text: own.cancelText,
    confirm: buttons.cancelConfirm,
    deny: buttons.goBack,
  });
  return { ...button(request, ACTIONS.cancel, buttons.cancel, own.cancelLabel(shownKey(request))), confirm };
}

/** What is not at its end can be taken back by whoever asked; once. */
export function cancelButton(request: Request, language: Language): Button[] {
  if (isAtEnd(request) || request.halted) return [];
  return [request.state === 'running' ? haltButton(request, language) : withdrawButton(request, language)];
}

/** Once there is a plan: whoever sees the message may look. */
export function showButton(request: Request, language: Language): Button[] {
  if (request.plan === undefined) return [];
  const { instances } = catalogue(language);
  const label = instances.label(shownKey(request), targetsOf(request).length);
  return [button(request, ACTIONS.showInstances, instances.button, label)];
}

/** Ways to go on that have a button. */
export type ButtonReason = Exclude<After['why'], 'undo'>;

const GO_ON = [
  { why: 'retry', action: ACTIONS.retryFailed },
  { why: 'restart', action: ACTIONS.restart },
  { why: 'left-out', action: ACTIONS.requestLeftOut },
] as const satisfies readonly { why: ButtonReason; action: string }[];

/** What is gone on with, and what comes of it. */
export function goOnWords(
  request: Request,
  why: ButtonReason,
  language: Language,
): Pick<GoOnWords, 'text'> & { label: string } {
  const { label, text } = catalogue(language).buttons.goOn[why];
  const left = stillLeft(request, why, []).map(({ key }) => key);
  const key = why === 'left-out' ? shownKeys([...new Set(left)]) : shownKey(request);
  return { label: label(key, countLeft(request, why)), text };
}

/** What a request has left, one button for each way to go on. */
export function goOnButtons(request: Request, language: Language): Button[] {
  const { buttons } = catalogue(language);
  return GO_ON.flatMap(({ why, action }): Button[] => {
    const count = countLeft(request, why);
    if (count === 0) return [];
    const words = buttons.goOn[why];
    const { label, text } = goOnWords(request, why, language);
    return [
      {
        ...button(request, action, words.button(count), label),
        confirm: dialog({ title: words.title(count), text, confirm: words.confirm, deny: buttons.goBack }, 'primary'),
      },
    ];
  });
}

function button(request: Request, action: string, text: string, label: string): Button {
  return {
    type: 'button',
    action_id: action,
    text: plain(text, LIMITS.buttonText),
    accessibility_label: clip(label, LIMITS.accessibilityLabel),
    value: encodeDecision(request),
  };
}

type DialogWords = { title: string; text: string; confirm: string; deny: string };

const dialog = (words: DialogWords, style: 'danger' | 'primary' = 'danger'): ConfirmationDialog => ({
  title: plain(words.title, LIMITS.confirmTitle),
  text: plain(words.text, LIMITS.confirmText),
  confirm: plain(words.confirm, LIMITS.confirmButton),
  deny: plain(words.deny, LIMITS.confirmButton),
  style,
});

/** The warnings come first, where a dialog has the space for them; the message has them always. */
function warned(request: Request, text: string, language: Language): string {
  const lines = warningLines(request, catalogue(language)).map((line) => plainLine(line, language));
  const whole = [...lines, text].join('\n');
  return whole.length <= LIMITS.confirmText ? whole : text;
}

const KEY_SHOWN = 30;
const PLACE_SHOWN = 60;

const shownKeys = (keys: readonly string[]): string => clip(keys.map(clean).join(', '), KEY_SHOWN);
const shownKey = (request: Request): string => shownKeys(keysOf(request));

const shownPlace = (request: Request): string =>
  clip(
    groupsOf(request)
      .map(({ account, region }) => clean(`${account}/${region}`))
      .join(', '),
    PLACE_SHOWN,
  );
