import { type Bot, createBot } from '../bot/app.js';
import { httpTransport, socketTransport } from '../bot/transport.js';
import type { HealthRoute } from '../health.js';
import { createChoices } from '../jobs/choices.js';
import { createFinder } from '../jobs/find.js';
import { judgesOf } from '../jobs/policy.js';
import { createPreviewer } from '../jobs/preview.js';
import { createReader } from '../jobs/request-reader.js';
import { createRequests } from '../jobs/requests.js';
import { startTimer } from '../within.js';
import type { Parts } from './parts.js';

export async function buildBot(parts: Parts, routes: readonly HealthRoute[]): Promise<Bot | undefined> {
  const { config, tuning, logger, slackFetch, limit, speaker, onCall, signs, accounts, house, log, told, store } =
    parts;
  const { mode, apiUrl, botToken } = config.slack;
  if (config.role === 'worker' || mode.kind === 'none') return undefined;
  const { boltLogger } = speaker;
  const { previewMs, answerMs, ...limits } = tuning.form;
  const reading = { ...accounts, house, startTimer, now: tuning.now };
  const finder = createFinder({
    ...reading,
    limits: tuning.find,
    onBroken: (place, error) => logger.error({ ...place, error }, 'an account could not be searched'),
  });
  return createBot({
    token: botToken.reveal(),
    apiUrl,
    fetch: slackFetch,
    transport:
      mode.kind === 'socket'
        ? socketTransport({ appToken: mode.appToken.reveal(), apiUrl, fetch: slackFetch, logger: boltLogger })
        : httpTransport({ signingSecret: mode.signingSecret.reveal(), port: config.port, routes, logger: boltLogger }),
    speaker,
    limit,
    requests: createRequests(store, { house, now: tuning.now }),
    reader: createReader(store, { log, house }),
    signs,
    rootOf: async (id) => (await told.load(id)).root,
    finder,
    choices: createChoices({ ...reading, limits }),
    previewer: createPreviewer({ ...reading, limitMs: previewMs }),
    onCall,
    judges: judgesOf(config.policies),
    language: config.language,
    logger,
    now: tuning.now,
    startTimer,
    answerMs,
  });
}
