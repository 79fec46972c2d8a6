import { describe, expect, test } from '@jest/globals';
import { catalogue } from '../../../src/bot/messages/catalogue.js';
import { saidLine } from '../../../src/bot/messages/said.js';
import { LANGUAGES, type Language } from '../../../src/jobs/events.js';
import { NOT_BUILT, NOT_CONFIGURED } from '../../../src/jobs/reach-account.js';
import { GUARD_ERRORS } from '../../../src/providers/classify.js';
import { judgeCodes } from '../../docs/judge-codes.js';

const textOf = (language: Language, code: string, message: string) =>
  saidLine(catalogue(language), { code, message })
    .map((span) => ('text' in span ? span.text : ''))
    .join('');

describe('whose words they are', () => {
  test.each<[string, string, string, string, string]>([
    ['the cloud’s', 'Busy', 'Try later', 'The cloud says: Busy: Try later', '云平台的说明：Busy：Try later'],
    ['ours', 'Timeout', 'in 9 ms', 'Seen by the bot: Timeout: no answer in time', '机器人记录：Timeout：没有及时应答'],
    [
      'ours, as noted',
      'NotRestarted',
      'ERROR',
      'Seen by the bot: NotRestarted: ERROR',
      '机器人记录：NotRestarted：ERROR',
    ],
    ['nobody’s', 'toString', 'Words', 'The cloud says: toString: Words', '云平台的说明：toString：Words'],
  ])('%s', (_whose, code, message, en, zh) => {
    expect(LANGUAGES.map((language) => [language, textOf(language, code, message)])).toEqual(
      LANGUAGES.map((language) => [language, language === 'en' ? en : zh]),
    );
  });

  test('what an operation of the cloud failed with is the cloud’s; every other code of our own is ours', () => {
    const ours = [
      ...Object.keys(GUARD_ERRORS),
      NOT_BUILT.code,
      NOT_CONFIGURED.code,
      ...judgeCodes().map(({ code }) => code),
    ];
    const theirs = ours.filter((code) => !textOf('en', code, 'Words').startsWith('Seen by the bot: '));
    expect(theirs).toEqual(['OperationFailed']);
  });
});
