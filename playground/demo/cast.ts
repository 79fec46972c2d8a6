import { actionsOf } from '../slack/blocks/find.js';
import type { Ephemeral, Message, View } from '../slack/model.js';
import type { GestureResult } from '../slack/person/elements.js';
import type { FormValues } from '../slack/person/form.js';
import { readable, renderMessage, renderView } from '../slack/render.js';
import { CHANNEL, type Stage } from '../stage/stage.js';

/** What people do in the demo, each gesture shown as it is made. */
export type Cast = {
  stage: Stage;
  /** Makes a request by typing; gives its id. */
  types(who: string, words: string): Promise<string>;
  /** Types, and gives what this person alone sees. */
  finds(who: string, words: string): Promise<Ephemeral>;
  /** Makes a request by a button; gives its id. */
  clicks(who: string, screen: Message | Ephemeral, action: string): Promise<string>;
  /** Makes a request by a form behind a button; gives its id. */
  fills(who: string, screen: Ephemeral, form: { button: string; entered: FormValues }): Promise<string>;
  /** Clicks, and gives the private answer. */
  answers(who: string, screen: Message | Ephemeral, action: string): Promise<string>;
  /** The message of the first request, as it is now; and of the newest. */
  first(): Message;
  last(): Message;
  /** The request that a message is about. */
  idOf(message: Message): string;
};

export const hasButton = ({ blocks }: Pick<Message, 'blocks'>, id: string): boolean =>
  JSON.stringify(blocks).includes(`"action_id":"${id}"`);

/** The request's message, once there is one. */
export const rootOf = ({ slack }: Pick<Stage, 'slack'>, id: string): Message | undefined =>
  slack.messages(CHANNEL).find((message) => requestOf(message) === id);

const requestOf = ({ metadata, thread_ts }: Message): unknown =>
  thread_ts === undefined ? metadata?.event_payload.request : undefined;

/** The request that an answer tells of. */
const TAKEN = /[Rr]equest `?([0-9A-Z]{6})\b/;

export function makeCast(stage: Stage, say: (text: string) => void): Cast {
  const { slack } = stage;
  const nameOf = (who: string) => slack.workspace.users.get(who)?.name ?? who;
  const roots = () => slack.messages(CHANNEL).filter((message) => requestOf(message) !== undefined);

  async function answerTo(who: string, gesture: Promise<GestureResult>): Promise<string> {
    const { responses } = await gesture;
    await slack.waitFor(() => responses.length > 0, `the answer to ${nameOf(who)}`);
    return readable(slack.workspace, responses[0]?.text ?? '');
  }
  const type = (who: string, words: string) => {
    say(`${nameOf(who)} types: /detach-key ${words}\n`);
    return answerTo(who, slack.as(who).command(CHANNEL, '/detach-key', words));
  };
  const answers: Cast['answers'] = async (who, screen, action) => {
    const answer = await answerTo(who, slack.as(who).click(screen, action));
    say(`${nameOf(who)} clicks ${labelOf(screen, action)}; only ${nameOf(who)} sees: ${answer}\n`);
    return answer;
  };
  const taken = (answer: string): string => {
    const [, id] = TAKEN.exec(answer) ?? [];
    if (id === undefined) throw new Error(`not taken: ${answer}`);
    return id;
  };
  const onScreen = (who: string, isIt: (view: View) => boolean): Promise<View> =>
    slack.waitFor(
      () => {
        const view = slack.as(who).modal();
        return view && isIt(view) ? view : undefined;
      },
      `a form for ${nameOf(who)}`,
    );
  const at = (place: number): Message => {
    const root = roots().at(place);
    if (root === undefined) throw new Error('there is no request yet');
    return root;
  };

  return {
    stage,
    answers,
    async types(who, words) {
      const answer = await type(who, words);
      say(`only ${nameOf(who)} sees: ${answer}\n`);
      return taken(answer);
    },
    async finds(who, words) {
      await type(who, words);
      const found = slack.ephemerals(CHANNEL, who).at(-1);
      if (found === undefined) throw new Error('nothing was shown');
      say(`${renderMessage(slack.workspace, found)}\n`);
      return found;
    },
    clicks: async (who, screen, action) => taken(await answers(who, screen, action)),
    async fills(who, screen, { button, entered }) {
      const person = slack.as(who);
      await person.click(screen, button);
      const form = await onScreen(who, ({ submit }) => submit !== undefined);
      say(`${nameOf(who)} clicks ${labelOf(screen, button)}, and a form opens:\n`);
      say(`${renderView(slack.workspace, form)}\n`);
      await person.submitView(form, entered);
      const told = await onScreen(who, (view) => TAKEN.test(renderView(slack.workspace, view)));
      const answer = renderView(slack.workspace, told);
      say(`${nameOf(who)} sends it with ${JSON.stringify(entered)}, and is told:\n\n${answer}\n`);
      await person.closeView(told);
      return taken(answer);
    },
    first: () => at(0),
    last: () => at(-1),
    idOf: (message) => String(requestOf(message)),
  };
}

/** What stands on the button. */
function labelOf({ blocks }: Pick<Message, 'blocks'>, action: string): string {
  const found = blocks.flatMap(actionsOf).find(({ action_id }) => action_id === action);
  return found?.type === 'button' ? found.text.text : action;
}
