import { say } from '../line.js';
import type { LeftOutSentences } from '../sentences/left-out.js';

export const leftOut: LeftOutSentences = {
  left: (why) => say`⚠️ 未列入计划：${why}`,
  others: (places) => say`⚠️ 同样未列入计划，原因见消息列：${places}`,
  tryingAgain: (place, said) => say`🔁 暂时无法读取 ${place}，正在重试。${said}`,
  notLetIn: (place, cause, said) => say`🔁 暂时无法读取 ${place}：${cause}。正在重试。${said}`,
  atEnd: (places) => say`⚠️ 未列入计划，因此没有做任何改动：${places}。原因见上文。`,
};
