import { findReply } from '../../../../src/bot/messages/find.js';
import { allTakenView, requestAllView } from '../../../../src/bot/messages/form/request-all.js';
import type { Found, SearchAnswer, Searched, Unanswered } from '../../../../src/jobs/find.js';
import type { KeyFlaw } from '../../../../src/jobs/keys/query.js';
import { CREATE_REFUSALS } from '../samples.js';
import type { Scene } from '../scene.js';
import { waiting } from '../stories.js';
import { viewScene } from './view.js';

const place = (account: string) => ({ account, region: 'cn-north-4' });
const found = (account: string, instances: number, running: number): Found => ({
  ...place(account),
  name: 'deploy-2024',
  key: 'deploy-2024',
  instances,
  running,
});
const searched = (more: Partial<Searched>): Searched => ({
  kind: 'searched',
  query: 'deploy-2024',
  asked: 6,
  found: [],
  unanswered: [],
  blind: [],
  differ: false,
  ...more,
});
const late = (account: string): Unanswered => ({ ...place(account), why: { kind: 'late' } });
const unknown: Unanswered[] = [
  ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((account) => late(`late-${account}`)),
  { ...place('web-north'), why: { kind: 'fault', hint: 'grant-permission', code: 'APIGW.0302', message: 'Denied.' } },
  { ...place('feed-bj'), name: 'deploy-2024', why: { kind: 'broken' } },
];
const blind = [
  { ...place('prod-hz'), unknown: 2, hidden: false },
  { ...place('web-north'), unknown: 0, hidden: true },
];

const scene = (title: string, answer: SearchAnswer): Scene => ({
  title,
  message: (language) => findReply(answer, language),
});

const KEY_FLAWS: Readonly<Record<string, KeyFlaw>> = {
  'Not one key': { code: 'no-key' },
  'More than one key': { code: 'several-keys' },
  'No whole public key': { code: 'public-key' },
  'A fingerprint with characters missing': { code: 'fingerprint', algorithm: 'sha256', digits: 41 },
  'A fingerprint with a wrong character': { code: 'fingerprint', algorithm: 'sha256', digits: 43 },
};

const some = searched({ found: [found('prod-hz', 3, 2), found('game-gz', 1, 0), found('feed-bj', 0, 0)] });

export const findScenes: readonly Scene[] = [
  scene('Found in some places', some),
  scene('Found, of one name and different keys', { ...some, differ: true }),
  scene(
    'Found, several of one name in one place',
    searched({ found: ['skey-0001aaaa', 'skey-0002bbbb'].map((key) => ({ ...found('game-gz', 1, 0), key })) }),
  ),
  scene('Found, and bound to nothing', searched({ found: [found('feed-bj', 0, 0)] })),
  scene('Not found', searched({})),
  scene('No place answered', searched({ asked: 1, unanswered: [late('prod-hz')] })),
  scene('What is not known', searched({ asked: 12, found: [found('prod-hz', 3, 2)], unanswered: unknown })),
  scene('What cannot be compared', searched({ query: 'SHA256:Zm9v', found: [found('prod-hz', 3, 3)], blind })),
  scene(
    'Not found, and it may have been meant as a fingerprint',
    searched({ query: 'MD5:31:97:74:60:01', doubt: { code: 'fingerprint', algorithm: 'md5', digits: 10 } }),
  ),
  scene(
    'The same, and no place answered',
    searched({ asked: 1, unanswered: [late('prod-hz')], doubt: { code: 'fingerprint', algorithm: 'md5', digits: 32 } }),
  ),
  ...Object.entries(KEY_FLAWS).map(([title, flaw]) => scene(title, { kind: 'unreadable', flaw })),
  scene('No account', { kind: 'no-accounts' }),
  viewScene('The form behind its button', (language) => requestAllView(some, [], '{}', language)),
  viewScene('The form behind its button, where a policy wants a reason', (language) =>
    requestAllView(some, [CREATE_REFUSALS['reason-wanted']], '{}', language),
  ),
  viewScene('A request was made of it', (language) => allTakenView(waiting.request, true, some, language)),
];
