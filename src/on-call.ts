import { createOnCall, type OnCall } from './bot/on-call/on-call.js';
import { createOpsgenie } from './bot/on-call/opsgenie.js';
import { createPagerDuty } from './bot/on-call/pagerduty.js';
import type { Config, OnCallAccess } from './config.js';
import type { Logger } from './logger.js';

/** The services that the config has access to. */
export function buildOnCall({ pagerduty, opsgenie }: Config['onCall'], timeoutMs: number, logger: Logger): OnCall {
  return createOnCall({
    services: {
      ...(pagerduty && { pagerduty: createPagerDuty(revealed(pagerduty)) }),
      ...(opsgenie && { opsgenie: createOpsgenie(revealed(opsgenie)) }),
    },
    timeoutMs,
    onUnanswered: (schedule, error) => logger.warn({ schedule, error }, 'it is not known who is on call'),
  });
}

const revealed = ({ secret, endpoint }: OnCallAccess) => ({ secret: secret.reveal(), endpoint });
