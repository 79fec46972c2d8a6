import type { ReasonWanted } from '../../../jobs/terms.js';
import type { Field } from '../../ids.js';
import type { Line, Part } from '../line.js';

export type FormSentences = {
  /** At most 24 characters, as are all titles and buttons of views. */
  title: string;
  previewTitle: string;
  takenTitle: string;
  goOnTitle: string;
  preview: string;
  send: string;
  sendUnread: string;
  cancel: string;
  back: string;
  close: string;
  opening: string;
  openedLate: Line;
  intro: string;
  fields: Readonly<Record<Field, FieldWords>>;
  scopeAll: string;
  scopeNamed: string;
  mayRestart: string;
  changed: string;
  choose: Readonly<Record<'channel' | 'account' | 'region' | 'key' | 'instances', string>>;
  tooMuch: string;
  reasonWanted(told: ReasonWanted): Line;
  /** The earlier request's reason is not what is wanted now. */
  otherReason(id: Part): Line;
  options: OptionSentences;
  reading: string;
  notSent: string;
  where(channel: Part): Line;
  road(count: number, steps: string): string;
  approvals(account: Part, count: number, by: Line): Line;
  moreApprovers(count: number): string;
  goBack: string;
  unread(place: Part): Line;
  unreadHelp: string;
  taken(id: Part, channel: Part): Line;
  sending: string;
};

/** `hint` stands under the field. */
export type FieldWords = { label: string; placeholder?: string; hint?: string };

/** Lines among what can be chosen; at most 75 characters. */
export type OptionSentences = {
  asTyped(words: string): string;
  more(count: number): string;
  late: string;
  failed: string;
  tooLong(count: number): string;
  none: string;
  chooseFirst: string;
  privateKey: string;
  unchecked: string;
};
