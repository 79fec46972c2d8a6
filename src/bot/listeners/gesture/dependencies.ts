import type { AccountSigns } from '../../../jobs/account-signs.js';
import type { Choices } from '../../../jobs/choices.js';
import type { Language } from '../../../jobs/events.js';
import type { Finder } from '../../../jobs/find.js';
import type { MessageRef } from '../../../jobs/notifier.js';
import type { Previewer } from '../../../jobs/preview.js';
import type { Reader } from '../../../jobs/request-reader.js';
import type { Requests } from '../../../jobs/requests.js';
import type { Logger } from '../../../logger.js';
import type { StartTimer } from '../../../within.js';
import type { Identity } from '../../identity.js';
import type { ReadRoot } from '../../slack/marks.js';
import type { Speaker } from '../../speaker.js';
import type { Screens } from '../../views/screens.js';

/** What a gesture's listener is given. */
export type ListenerDependencies = {
  requests: Requests;
  reader: Reader;
  /** How each account is, as far as its last calls tell. */
  signs: Pick<AccountSigns, 'read'>;
  /** The message that shows a request; undefined while there is none. */
  rootOf(id: string): Promise<MessageRef | undefined>;
  readRoot: ReadRoot;
  /** Where keys are bound. */
  finder: Finder;
  /** What a form offers, and what would become of it. */
  choices: Choices;
  previewer: Previewer;
  identity: Identity;
  screens: Screens;
  speaker: Pick<Speaker, 'home'>;
  /** For what everyone in a channel reads, and for readers whose own language is not known. */
  language: Language;
  logger: Logger;
  command: string;
  now(): number;
  startTimer: StartTimer;
  /** How long an answer that Slack waits for may take, in milliseconds: less than its three seconds. */
  answerMs: number;
};
