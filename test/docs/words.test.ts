import { describe, expect, test } from '@jest/globals';
import { catalogue } from '../../src/bot/messages/catalogue.js';
import { LIMITS } from '../../src/bot/messages/limits.js';
import { LANGUAGES } from '../../src/jobs/events.js';
import { messagesPage } from './messages/page.js';

/** One word for one thing, in all that the bot says. */

const lines = messagesPage().split('\n');
const having = (pattern: RegExp) => lines.filter((line) => pattern.test(line));

describe('Chinese', () => {
  test.each([
    ['消息列', /讨论串|话题|帖子/],
    ['请求', /申请/],
    ['故障', /事故/],
    ['维护者', /管理者/],
    ['解绑', /解除绑定|卸载/],
    ['地域', /(?<!账号\/)区域/],
    // What is bound is a pair; alone, the word is what opens, or the account's access key.
    ['密钥对', /(?:绑定|解绑)(?:了)?(?:这个|该)?密钥(?!对)/],
  ])('says %s, and no other word for it', (_, others) => {
    expect(having(others)).toEqual([]);
  });

  test('puts no space beside its own signs, and one between a name and "和"', () => {
    expect(having(/[，。：；！？、] (?=\p{Script=Han})|\p{Script=Han} （|[\w)>]和|和[\w@]/u)).toEqual([]);
  });
});

test.each(LANGUAGES)('what stands above a screen and on its buttons fits: %s', (language) => {
  const { form, denial, instances } = catalogue(language);
  const titles = [form.title, form.previewTitle, form.takenTitle, instances.title, denial.title('K7QM2X')];
  const onScreens = [form.preview, form.send, form.sendUnread, form.cancel, form.back, form.close];
  const all = [...titles, ...onScreens, instances.close, denial.submit, denial.goBack];
  expect(all.filter(({ length }) => length > Math.min(LIMITS.viewTitle, LIMITS.viewButton))).toEqual([]);
});

test.each(LANGUAGES)('a button of a message is short enough for a phone: %s', (language) => {
  const { buttons, find, history, home, instances } = catalogue(language);
  const { retry, restart } = buttons.goOn;
  const all = [buttons.approve, buttons.deny, buttons.cancel, retry.button(1_000), restart.button(1_000)];
  const others = [instances.button, find.requestAll, history.older, home.ask];
  expect([...all, ...others].filter(({ length }) => length > 30)).toEqual([]);
});
