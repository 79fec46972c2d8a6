import type { View } from '../../playground/slack/model.js';
import type { FormValues } from '../../playground/slack/person/form.js';
import type { Submitted } from '../../playground/slack/person/submit.js';
import { makeChannel } from '../../playground/slack/workspace.js';
import { CHANNEL, PEOPLE, type StageOptions } from '../../playground/stage/stage.js';
import { COMMAND, type Play } from './play.js';

/** A person who fills the form in. */

/** Nothing is answered by a clock: what is shown is what came. */
export const PATIENT: Pick<StageOptions, 'slack' | 'tuning'> = {
  slack: { rateLimits: false, ackLimitMs: 60_000 },
  tuning: {
    form: { waitMs: 30_000, answerMs: 40_000, loadMs: 30_000, freshMs: 30_000, failedMs: 0, previewMs: 30_000 },
  },
};

export type Filler = {
  /** The modal on top. */
  screen(): View;
  /** Waits until the modal on top shows this. */
  shows(part: string): Promise<View>;
  /** Chooses, and waits until the form shows what hangs on it. */
  choose(field: string, value: string, then: string): Promise<View>;
  /** Chooses a key pair, and waits until the form has taken note of it. */
  chooseKey(key: string): Promise<View>;
  /** The words of what a search offers. */
  search(field: string, typed: string): Promise<string[]>;
  submit(values?: FormValues): Promise<Submitted>;
};

export function fillerOf({ slack }: Pick<Play, 'slack'>, by: string = PEOPLE.requester): Filler {
  const person = slack.as(by);
  const screen = () => {
    const view = person.modal();
    if (view === undefined) throw new Error('no modal is open');
    return view;
  };
  const shows = (part: string) =>
    slack.waitFor(() => {
      const view = person.modal();
      return view && wordsOn(view).includes(part) ? view : undefined;
    }, `a modal with ${part}`);
  return {
    screen,
    shows,
    async choose(field, value, then) {
      await person.choose(screen(), field, value);
      return shows(then);
    },
    async chooseKey(key) {
      await person.choose(screen(), 'form_key', `n:${key}`);
      return slack.waitFor(() => {
        const view = person.modal();
        return view?.private_metadata.includes(JSON.stringify(key)) ? view : undefined;
      }, `the form with key pair ${key}`);
    },
    search: async (field, typed) => (await person.suggest(screen(), field, typed)).map(({ text }) => text.text),
    submit: (values = {}) => person.submitView(screen(), values),
  };
}

/** Types the command alone, and waits for the form. */
export async function openForm(
  { slack }: Pick<Play, 'slack'>,
  { by = PEOPLE.requester, channel = CHANNEL }: { by?: string; channel?: string } = {},
): Promise<Filler> {
  return opened({ slack }, by, () => slack.as(by).command(channel, COMMAND));
}

/** Waits for the form that a gesture opens. */
export async function opened(
  { slack }: Pick<Play, 'slack'>,
  by: string,
  gesture: () => Promise<unknown>,
): Promise<Filler> {
  const before = slack.as(by).modal()?.id;
  await gesture();
  await slack.waitFor(() => {
    const view = slack.as(by).modal();
    return view && view.id !== before && wordsOn(view).includes('form_channel');
  }, 'the form');
  return fillerOf({ slack }, by);
}

/** The form with account and key pair chosen. */
export async function chosenForm(
  play: Pick<Play, 'slack'>,
  { account, key, by }: { account: string; key: string; by?: string },
): Promise<Filler> {
  const form = await openForm(play, by === undefined ? {} : { by });
  await form.choose('form_account', `n:${account}`, 'form_key');
  await form.chooseKey(key);
  return form;
}

export const wordsOn = (view: View): string => JSON.stringify([view.title, view.blocks, view.submit, view.close]);

/** What stands in a view to be read. */
export function textOn(view: View | undefined): string {
  const texts = (view?.blocks ?? []).flatMap((block) => (block.type === 'rich_text' ? block.elements : []));
  return [...JSON.stringify(texts).matchAll(/"(?:text|fallback)":("(?:[^"\\]|\\.)*")/gu)]
    .map(([, text = '""']) => JSON.parse(text) as string)
    .join('');
}

/** The id of the request that a view tells of. */
export function takenIn(view: View | undefined): string {
  const [, id] = /[Rr]equest ([0-9A-Z]{6})\b/.exec(textOn(view)) ?? [];
  if (id === undefined) throw new Error(`not taken: ${textOn(view)}`);
  return id;
}

export const otherChannel = (id: string, more: Parameters<typeof makeChannel>[3] = {}, withBot = true) =>
  makeChannel(id, id.toLowerCase(), [...Object.values(PEOPLE), ...(withBot ? ['U0BOT'] : [])], more);
