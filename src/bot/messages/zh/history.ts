import { say } from '../line.js';
import type { HistorySentences } from '../sentences/overview.js';

export const history: HistorySentences = {
  head: (about) => (about === undefined ? say`已结束的请求，由新到旧：` : say`已结束的请求（${about}），由新到旧：`),
  nothing: (about) =>
    about === undefined ? say`没有你可以查看的已结束请求。` : say`没有你可以查看的已结束请求（${about}）。`,
  notYet: (about) =>
    about === undefined
      ? say`最近的请求中，没有你可以查看的已结束请求，请查看更早的请求。`
      : say`最近的请求中，没有你可以查看的已结束请求（${about}），请查看更早的请求。`,
  line: ({ id, goal, place, state, outcomes, by, at }) =>
    say`• ${id}：${goal}（${place}），${by} 发起，${at} ${state}${outcomes === undefined ? '' : `：${outcomes}`}。`,
  thread: '查看消息列',
  older: '更早的请求',
  whereItIs: (thread) => say`目前的经过：${thread}`,
};
