import type { View } from '../../playground/slack/model.js';
import type { FormValues } from '../../playground/slack/person/form.js';
import type { Submitted } from '../../playground/slack/person/submit.js';
import { CHANNEL, PEOPLE } from '../../playground/stage/stage.js';
import { COMMAND, type Play } from './play.js';

/** A person who fills the form in. */

export type Filler = {
  /** The modal on top. */
  screen(): View;
  /** Waits until the modal on top shows these words or this field. */
  shows(part: string): Promise<View>;
  /** Chooses, and waits until the form shows what hangs on it. */
  choose(field: string, value: string, then: string): Promise<View>;
  /** The words of what a search offers. */
  search(field: string, typed: string): Promise<string[]>;
  submit(values?: FormValues): Promise<Submitted>;
};

export function filler(play: Play, by: string = PEOPLE.requester): Filler {
  const person = play.slack.as(by);
  const screen = () => {
    const view = person.modal();
    if (view === undefined) throw new Error('no modal is open');
    return view;
  };
  const shows = (part: string) =>
    play.slack.waitFor(() => {
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
    search: async (field, typed) => (await person.suggest(screen(), field, typed)).map(({ text }) => text.text),
    submit: (values = {}) => person.submitView(screen(), values),
  };
}

/** Types the command alone, and waits for the form. */
export async function openForm(
  play: Play,
  { by = PEOPLE.requester, channel = CHANNEL }: { by?: string; channel?: string } = {},
): Promise<Filler> {
  const form = filler(play, by);
  await play.slack.as(by).command(channel, COMMAND);
  await form.shows('form_channel');
  return form;
}

/** The form with account and key pair chosen. */
export async function chosenForm(
  play: Play,
  { account, key }: { account: string; key: string },
  by: string = PEOPLE.requester,
): Promise<Filler> {
  const form = await openForm(play, { by });
  await form.choose('form_account', `n:${account}`, 'form_key');
  const known = form.screen().hash;
  await play.slack.as(by).choose(form.screen(), 'form_key', `n:${key}`);
  await play.slack.waitFor(() => form.screen().hash !== known, 'the form with its key pair');
  return form;
}

export const wordsOn = (view: View): string => JSON.stringify([view.title, view.blocks, view.submit, view.close]);
