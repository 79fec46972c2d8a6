import { formatsFor } from '../formats.js';
import type { Sentences } from '../sentences/sentences.js';
import { attach } from './attach.js';
import { buttons } from './buttons.js';
import { hints, instanceStates, outcomes, readingHints, skips, steps } from './clouds.js';
import { denial } from './denial.js';
import { detach } from './detach.js';
import { find } from './find.js';
import { form } from './form.js';
import { history } from './history.js';
import { holds } from './holds.js';
import { home } from './home.js';
import { instances } from './instances.js';
import { leftOut } from './left-out.js';
import { own } from './own.js';
import { createRefusals, mistakes, refusals, rejections } from './refusals.js';
import { replies } from './replies.js';
import { root, states } from './root.js';
import { thread } from './thread.js';
import { waiting } from './waiting.js';
import { some } from './words.js';

export const en: Sentences = {
  formats: formatsFor('en', { instances: some, comma: ', ', space: ' ' }),
  hints,
  readingHints,
  skips,
  steps,
  instanceStates,
  states,
  actions: { detach, attach },
  outcomes,
  own,
  root,
  buttons,
  thread,
  instances,
  rejections,
  leftOut,
  refusals,
  createRefusals,
  mistakes,
  replies,
  denial,
  waiting,
  find,
  holds,
  history,
  form,
  home,
};
