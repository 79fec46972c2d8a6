import type { MessageRef } from '../../jobs/notifier.js';

/** The address of a message, in the form that Slack gives (docs.slack.dev, chat.getPermalink), without a call for each. */
export const permalink = (workspaceUrl: string, { channel, id }: MessageRef): string =>
  `${workspaceUrl.replace(/\/$/u, '')}/archives/${channel}/p${id.replace('.', '')}`;
