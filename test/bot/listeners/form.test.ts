import { describe, expect, it } from '@jest/globals';
import type { BlockSuggestion, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import type { ModalView, PlainTextOption } from '@slack/types';
import { makeGate } from '../../../playground/gate.js';
import { FIELDS } from '../../../src/bot/ids.js';
import { createCommandListener } from '../../../src/bot/listeners/command.js';
import { createChangeFormListener } from '../../../src/bot/listeners/form/change.js';
import { createOpenFormShortcut } from '../../../src/bot/listeners/form/open.js';
import { createPreviewListener } from '../../../src/bot/listeners/form/preview.js';
import { createSuggestListener } from '../../../src/bot/listeners/form/suggest.js';
import { answerView, type ViewAnswer } from '../../../src/bot/listeners/form/view-answer.js';
import type { ListenerDependencies } from '../../../src/bot/listeners/gesture/dependencies.js';
import { openingView, readingView, uncheckedView } from '../../../src/bot/messages/form/pages.js';
import { formLateReply } from '../../../src/bot/messages/replies.js';
import { blockIds, type Draft, emptyDraft, encodeChoices } from '../../../src/bot/views/draft.js';
import { CHANNEL } from '../../jobs/house.js';
import { ASKER, answerOf, openDesk, TEAM } from './desk.js';

type Desk = ReturnType<typeof openDesk>;
const PLACE = { account: 'prod-hz', region: 'cn-hangzhou' };
const CHOSEN: Draft = { ...emptyDraft('en', CHANNEL), ...PLACE };

/** Replacements of views, as they were asked for. */
function withScreens(desk: Desk, more: Partial<ListenerDependencies['screens']> = {}) {
  const shown: { at: unknown; view: ModalView }[] = [];
  const take = async (at: unknown, view: ModalView) => {
    desk.steps.push('show');
    shown.push({ at, view });
    return true;
  };
  const screens = { ...desk.dependencies.screens, replace: take, replaceComing: take, ...more };
  return { dependencies: { ...desk.dependencies, screens }, shown };
}

const shortcut = (teamId = TEAM) =>
  ({
    ack: async () => {},
    shortcut: {
      type: 'shortcut',
      callback_id: 'open_form',
      trigger_id: 'trigger-1',
      user: { id: ASKER, username: 'asker', team_id: teamId },
      team: { id: teamId, domain: 'local' },
      token: '',
      action_ts: '1',
    },
  }) satisfies Parameters<ReturnType<typeof createOpenFormShortcut>>[0];

describe('opening', () => {
  it('puts a view up before anything is asked, and then shows the form in it', async () => {
    const desk = openDesk();
    const { dependencies, shown } = withScreens(desk);
    await createCommandListener(dependencies)(desk.type(ASKER, ''));
    expect(desk.steps).toEqual(['ack', 'open', 'look', 'look', 'show']);
    expect(desk.forms).toEqual([{ trigger: 'trigger-1', view: openingView('en') }]);
    expect(shown).toMatchObject([{ at: { id: 'V1' }, view: { callback_id: 'detach_form' } }]);
    expect(desk.answers).toEqual([]);
  });

  it('of a direct message leaves the channel to be chosen', async () => {
    const desk = openDesk();
    const { dependencies, shown } = withScreens(desk);
    await createCommandListener(dependencies)(desk.type(ASKER, '', { channel_name: 'directmessage' }));
    expect(shown[0]?.view.private_metadata).toBe(encodeChoices(emptyDraft('en')));
  });

  it('shows somebody of another workspace nothing', async () => {
    const desk = openDesk();
    const { dependencies, shown } = withScreens(desk);
    await createOpenFormShortcut(dependencies)(shortcut('T0ELSE'));
    expect(shown).toEqual([{ at: { id: 'V1' }, view: uncheckedView('en') }]);
    expect(desk.steps).not.toContain('look');
  });

  it.each([
    ['late', 1],
    ['again', 0],
  ] as const)('that is %s is answered %d times', async (kind, times) => {
    const desk = openDesk();
    const { dependencies } = withScreens(desk, { open: async () => ({ kind }) });
    await createCommandListener(dependencies)(desk.type(ASKER, ''));
    expect(desk.answers).toHaveLength(times);
    if (times > 0) expect(answerOf(desk)).toMatchObject(formLateReply('en'));
    await createOpenFormShortcut(dependencies)(shortcut());
    expect(desk.answers).toHaveLength(times);
  });
});

describe('a search', () => {
  function searching(desk: Desk, more: Partial<ListenerDependencies> = {}) {
    let time = 0;
    const asked: unknown[] = [];
    const dependencies: ListenerDependencies = {
      ...desk.dependencies,
      choices: {
        accounts: () => [{ account: PLACE.account, regions: [PLACE.region], wanted: [] }],
        keys: async (place, asker) => {
          asked.push({ place, asker: asker.person.id });
          return { items: [{ key: 'kp-1', name: 'deploy' }] };
        },
        instances: async () => undefined,
        reasonsWanted: () => [],
      },
      now: () => time,
      ...more,
    };
    const listener = createSuggestListener(dependencies);
    const search = async (actionId: string, typed: string, draft: Draft = CHOSEN): Promise<string[]> => {
      const answers: PlainTextOption[][] = [];
      const body = {
        type: 'block_suggestion',
        action_id: actionId,
        block_id: 'b',
        value: typed,
        team: { id: TEAM, domain: 'local' },
        user: { id: ASKER, name: 'asker' },
        view: { private_metadata: encodeChoices(draft) },
      } as unknown as BlockSuggestion;
      const ack = async (response: unknown) => void answers.push((response as { options: PlainTextOption[] }).options);
      await listener({ ack: ack as never, body });
      return (answers[0] ?? []).map(({ text }) => text.text);
    };
    return { search, asked, pass: (ms: number) => (time += ms) };
  }

  it('asks Slack about a person once for some letters, and the choices for whoever it is', async () => {
    const desk = openDesk();
    const { search, asked, pass } = searching(desk);
    expect(await search(FIELDS.key, 'd')).toEqual(['deploy', 'As typed: d']);
    expect(await search(FIELDS.key, 'de')).toEqual(['deploy', 'As typed: de']);
    expect(desk.steps).toEqual(['look']);
    pass(20_000);
    await search(FIELDS.key, 'dep');
    expect(desk.steps).toEqual(['look', 'look']);
    expect(asked).toEqual(Array(3).fill({ place: PLACE, asker: ASKER }));
  });

  it('offers nothing where Slack does not say who it is', async () => {
    const desk = openDesk();
    const { search, asked } = searching(desk);
    desk.loseSlack();
    expect(await search(FIELDS.key, 'd')).toEqual(['Slack did not say who you are. Type again in a moment']);
    expect(asked).toEqual([]);
  });

  it('answers in time when Slack is slow', async () => {
    const desk = openDesk();
    const gate = desk.park();
    const { search } = searching(desk);
    const searched = search(FIELDS.key, 'd');
    desk.ringTimers();
    expect(await searched).toEqual(['⏳ The cloud is slow. Type again in a moment, or the exact name.']);
    gate.open();
  });

  it('offers what is known without a cloud, and says what is missing', async () => {
    const desk = openDesk();
    const { search } = searching(desk);
    expect(await search(FIELDS.account, 'hz')).toEqual(['prod-hz']);
    expect(await search(FIELDS.region, 'cn')).toEqual(['cn-hangzhou']);
    expect(await search(FIELDS.key, '', emptyDraft('en', CHANNEL))).toEqual([
      'Choose the account and the region first',
    ]);
    expect(await search(FIELDS.key, '', emptyDraft('en'))).toEqual(['Choose the account and the region first']);
    expect(await search(FIELDS.instances, 'web', { ...CHOSEN, key: 'kp-1' })).toEqual(['Nothing found']);
  });
});

describe('a choice', () => {
  const choose = (view: object | undefined) =>
    ({
      ack: async () => {},
      body: { user: { id: ASKER }, team: { id: TEAM }, view },
    }) as unknown as Parameters<ReturnType<typeof createChangeFormListener>>[0];
  const accounts = () => [{ account: PLACE.account, regions: [PLACE.region, 'cn-beijing'], wanted: [] }];
  const account = { [FIELDS.account]: { type: 'static_select', selected_option: { value: 'n:prod-hz' } } };

  it('draws what hangs on it, unless the view has changed since', async () => {
    const desk = openDesk();
    const { dependencies, shown } = withScreens(desk);
    const values = { [blockIds({ channel: CHANNEL }).account]: account };
    const view = {
      id: 'V1',
      hash: 'h1',
      private_metadata: encodeChoices(emptyDraft('en', CHANNEL)),
      state: { values },
    };
    await createChangeFormListener({ ...dependencies, choices: { ...dependencies.choices, accounts } })(choose(view));
    expect(shown).toMatchObject([{ at: { id: 'V1', hash: 'h1' } }]);
    expect(JSON.stringify(shown[0]?.view.blocks)).toContain('n:cn-beijing');
    expect(shown[0]?.view.private_metadata).toContain('"account":"prod-hz"');
  });

  it('in a form that is none of ours closes it', async () => {
    const { dependencies, shown } = withScreens(openDesk());
    await createChangeFormListener(dependencies)(choose({ id: 'V1', hash: 'h1', private_metadata: '', state: {} }));
    expect(shown[0]?.view.submit).toBeUndefined();
    await createChangeFormListener(dependencies)(choose(undefined));
    expect(shown).toHaveLength(1);
  });
});

describe('a submitted form', () => {
  it('with a private key in it is refused before anybody is looked up', async () => {
    const desk = openDesk();
    const acks: unknown[] = [];
    const view = {
      id: 'V1',
      private_metadata: encodeChoices(CHOSEN),
      blocks: [],
      state: {
        values: { reason: { [FIELDS.reason]: { type: 'plain_text_input', value: '-----BEGIN PRIVATE KEY-----' } } },
      },
    };
    await createPreviewListener(desk.dependencies)({
      ack: (async (response: unknown) => void acks.push(response)) as never,
      body: { user: { id: ASKER }, team: { id: TEAM } } as ViewSubmitAction,
      view: view as never,
    });
    expect(acks).toMatchObject([
      { response_action: 'errors', errors: { reason: expect.stringMatching(/private key/) } },
    ]);
    expect(desk.steps).toEqual([]);
  });
});

describe('an answer to a view', () => {
  const errors: ViewAnswer = { kind: 'errors', errors: { reason: 'Too long.' } };
  const waiting = { kind: 'push', view: readingView('en'), language: 'en' } as const;

  it('is the ack where it comes in time', async () => {
    const acks: ViewResponseAction[] = [];
    const { dependencies, shown } = withScreens(openDesk());
    await answerView(dependencies, async (response) => void acks.push(response), Promise.resolve(errors), waiting);
    expect(acks).toEqual([{ response_action: 'errors', errors: { reason: 'Too long.' } }]);
    expect(shown).toEqual([]);
  });

  it('that comes late replaces the page to wait on, with mistakes in words', async () => {
    const desk = openDesk();
    const acks: ViewResponseAction[] = [];
    const { dependencies, shown } = withScreens(desk);
    const gate = makeGate<ViewAnswer>();
    const acked = makeGate();
    const ack = async (response: ViewResponseAction) => {
      acks.push(response);
      acked.open();
    };
    const answering = answerView(dependencies, ack, gate.promise, waiting);
    desk.ringTimers();
    await acked.promise;
    gate.open(errors);
    await answering;
    const externalId = shown[0]?.at;
    expect(acks).toEqual([{ response_action: 'push', view: { ...readingView('en'), external_id: externalId } }]);
    expect(JSON.stringify(shown[0]?.view)).toContain('Too long.');
  });
});
