/** What Slack takes (docs.slack.dev, Block Kit reference and chat.postMessage), and what we allow ourselves. */
export const LIMITS = {
  blocks: 50,
  /** Of a modal or the Home tab. */
  viewBlocks: 100,
  /** `chat.update` refuses more. */
  text: 4_000,
  /** Serialised. Slack names no figure; somewhat above 13,000 bytes it answers `msg_blocks_too_long`. */
  blockBytes: 12_000,
  sectionText: 3_000,
  header: 150,
  buttonText: 75,
  buttonValue: 2_000,
  accessibilityLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  viewTitle: 24,
  viewButton: 24,
  fieldLabel: 2_000,
  options: 100,
  optionText: 75,
  optionValue: 75,
  optionDescription: 75,
  placeholder: 150,
} as const;

/** Longest that a denial's reason may be; it is always shown whole. */
export const DENIAL_LENGTH = 500;
/** Longest that one name, id or code from outside is shown. */
export const NAME_LENGTH = 120;
/** Longest that the cloud's own words about one failure are shown. */
export const CLOUD_WORDS_LENGTH = 300;
