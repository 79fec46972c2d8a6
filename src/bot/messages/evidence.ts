import type { Request } from '../../jobs/request.js';
import { catalogue } from './catalogue.js';
import { code, say } from './line.js';
import { type Message, render } from './render.js';

/** Beside the files. */
export function filesMessage({ language }: Pick<Request, 'language'>): Message {
  return render({ paragraphs: [[say`${catalogue(language).thread.files}`]] }, language);
}

export function noFilesMessage({ language }: Pick<Request, 'language'>, why: string): Message {
  const { noFiles } = catalogue(language).thread;
  return render({ paragraphs: [[noFiles(code(why, 60))]] }, language);
}
