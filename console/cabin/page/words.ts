import type { Stage } from '../stage.ts';

export interface Both {
  readonly zh: string;
  readonly en: string;
}

export interface StageWords {
  readonly title: Both;
  /** Below the title, unless a calming message is there. */
  readonly more: Both;
}

/** Short: read from across the cabin by somebody who is afraid. Chinese first. */
export const STAGE_WORDS: Readonly<Record<Stage, StageWords>> = {
  pairing: {
    title: { zh: '这块屏幕还没有配对', en: 'This screen is not paired yet' },
    more: { zh: '请输入工程师给出的配对码。', en: 'Enter the code that an engineer has been given.' },
  },
  well: {
    title: { zh: '一切正常', en: 'All is well' },
    more: { zh: '需要帮助时，请按这里。', en: 'If you need help, press here.' },
  },
  sending: {
    title: { zh: '正在发出求助…', en: 'Calling for help …' },
    more: { zh: '请稍等片刻。', en: 'One moment, please.' },
  },
  unsent: {
    title: { zh: '求助还没有送到', en: 'Not got through yet' },
    more: {
      zh: '我们正在不停重试。请同时按电梯的警铃按钮。',
      en: 'We keep trying. Please also press the lift’s own alarm button.',
    },
  },
  running: {
    title: { zh: '求助已记下', en: 'We have heard you' },
    more: {
      zh: '电梯还在正常运行，门开后可以离开。如果停住不开门，会马上报警。',
      en: 'The lift still works: leave when the door opens. If it stands and stays closed, the alarm is raised at once.',
    },
  },
  alarm: {
    title: { zh: '报警已收到', en: 'Your alarm was received' },
    more: { zh: '请放心，您不是一个人。', en: 'You are not alone.' },
  },
  seen: {
    title: { zh: '值班人员已看到', en: 'An operator has seen it' },
    more: { zh: '正在处理，请放心。', en: 'They are dealing with it.' },
  },
  help: {
    title: { zh: '救援正在路上', en: 'Help is on its way' },
    more: { zh: '请安心等一等。', en: 'Please wait calmly.' },
  },
  connecting: {
    title: { zh: '正在接通值班人员', en: 'Connecting you to an operator' },
    more: { zh: '会自动接通，您不用操作。', en: 'This screen answers by itself.' },
  },
  call: {
    title: { zh: '正在与值班人员通话', en: 'You are talking to an operator' },
    more: { zh: '请直接说话，对方听得到，也看得到。', en: 'Just speak. You are heard and seen.' },
  },
  door: {
    title: { zh: '门打开了', en: 'The door is open' },
    more: {
      zh: '先看看地面是否齐平。齐平请慢慢走出；不齐平请留在里面。',
      en: 'Level with the floor? Walk out slowly. If not, please stay inside.',
    },
  },
  over: {
    title: { zh: '电梯已恢复', en: 'The lift is working again' },
    more: {
      zh: '门开后请慢慢走出，注意脚下。',
      en: 'When the door is open, walk out slowly and mind your step.',
    },
  },
  away: {
    title: { zh: '正在重新连接', en: 'Reconnecting' },
    more: {
      zh: '求助键仍可按，接通后马上送出。急需帮助请按电梯的警铃按钮。',
      en: 'You can still press for help; it is sent once we are back. If urgent, press the lift’s own alarm button.',
    },
  },
};

export const WORDS = {
  help: { zh: '求助', en: 'Help' },
  noticed: { zh: '已为您报警', en: 'An alarm was raised for you' },
  live: { zh: '摄像头和麦克风已打开', en: 'Camera and microphone are on' },
  soundOnly: { zh: '麦克风已打开', en: 'Microphone is on' },
  weak: { zh: '信号不好，正在恢复…', en: 'Weak line, restoring …' },
  offline: {
    zh: '网络暂时中断，正在重连。报警不会丢失。',
    en: 'Network down, reconnecting. Your alarm is kept.',
  },
  helpIn: { zh: '救援约 {n} 分钟到达', en: 'Help arrives in about {n} min' },
  minutes: { zh: '约 {n} 分钟', en: 'about {n} min' },
  stepAlarm: { zh: '已报警', en: 'Alarm received' },
  stepSeen: { zh: '有人看到', en: 'Seen' },
  stepHelp: { zh: '救援出发', en: 'On the way' },
  pair: { zh: '配对', en: 'Pair' },
  wrongCode: { zh: '配对码不对，或已过期。', en: 'The code is wrong, used or too old.' },
  cannotPair: { zh: '暂时连接不上，请稍后再试。', en: 'The service cannot be reached. Try again.' },
} as const satisfies Record<string, Both>;
